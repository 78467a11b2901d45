#!/usr/bin/env python3
"""Writes src/rules/keys.tsv: the keys that each OpenClaw version knows below `models` and `agents`.

    scripts/keys.py FOLDER > src/rules/keys.tsv

FOLDER holds one file a version, `schema-<version>.json`, each the output of `openclaw config
schema`. Versions before 2026.4.15 have no such command; there the `OpenClawSchema` that their
`dist/config-*.js` exports gives the same: `OpenClawSchema.toJSONSchema({target: "draft-07",
unrepresentable: "any", io: "input"})`.

Where OpenClaw accepts at run time what its schema no longer has, that is added here (`ACCEPTED`, and
`agents.list` as another spelling of `agents.entries`). It was found by giving every key of every
version to every other version's own validation.
"""

import json
import pathlib
import re
import sys

# Keys that versions mend in memory although their schema lacks them: (object, key, first, last).
EIGHT, LATER = (2026, 8, 1), (9999, 0, 0)
ACCEPTED = [
    (("agents", "defaults"), "contextTokens", EIGHT, LATER),
    (("agents", "defaults", "sandbox"), "perSession", (2026, 4, 15), (2026, 4, 15)),
    (("agents", "entries", "*"), "contextTokens", EIGHT, LATER),
    (("agents", "list", "[]"), "contextTokens", EIGHT, LATER),
    (("agents", "list", "[]"), "id", EIGHT, LATER),
    (("agents", "list", "[]", "sandbox"), "perSession", (2026, 4, 15), (2026, 4, 15)),
    (("models", "providers", "*"), "contextTokens", EIGHT, LATER),
    (("models", "providers", "*"), "contextWindow", EIGHT, LATER),
]

HEAD = """\
# The keys that each OpenClaw version knows below `models` and `agents`.
# Written by scripts/keys.py from the versions' own schemas; change that instead.
# A line for each different object, its columns: its number; the versions that refuse every other
# key; the number of the object behind every other key, `-` for none; and its keys, sorted, each
# as KEY:VERSIONS, with :NUMBER where its value, or the items of its value, are an object.
# VERSIONS are bits in hexadecimal, the lowest for the oldest version.
"""


def read(folder):
    """The schemas, oldest first: (version, schema)."""
    found = []
    for path in pathlib.Path(folder).glob("schema-*.json"):
        match = re.fullmatch(r"schema-(\d+)\.(\d+)\.(\d+)\.json", path.name)
        if match:
            schema = json.loads(path.read_text())
            found.append((tuple(map(int, match.groups())), schema.get("schema", schema)))
    return sorted(found, key=lambda one: one[0])


def walk(schema, root, path, objects):
    """Gathers into `objects` what may stand at a path: {path: [keys, closed]}."""
    while "$ref" in schema:
        target = root
        for step in schema["$ref"].lstrip("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        schema = target
    for word in ("anyOf", "oneOf", "allOf"):
        for choice in schema.get(word, []):
            walk(choice, root, path, objects)
    properties = schema.get("properties", {})
    if properties or schema.get("type") == "object":
        entry = objects.setdefault(path, [set(), True])
        entry[0].update(properties)
        rest = schema.get("additionalProperties", True)
        if rest is not False:
            entry[1] = False
        if isinstance(rest, dict):
            walk(rest, root, (*path, "*"), objects)
        for key, value in properties.items():
            walk(value, root, (*path, key), objects)
    if isinstance(schema.get("items"), dict):
        walk(schema["items"], root, (*path, "[]"), objects)


def objects_of(version, schema):
    objects = {}
    for key in ("models", "agents"):
        walk(schema["properties"][key], schema, (key,), objects)
    agents = objects[("agents",)][0]
    if "entries" in agents and "list" not in agents:
        # The list is turned into entries before anything is checked.
        agents.add("list")
        entries = ("agents", "entries", "*")
        for path in [path for path in objects if path[:3] == entries]:
            keys, closed = objects[path]
            objects[("agents", "list", "[]", *path[3:])] = [set(keys), closed]
    for path, key, first, last in ACCEPTED:
        if first <= version <= last and path in objects:
            objects[path][0].add(key)
    return objects


class Table:
    """The objects of all versions, each different one once."""

    def __init__(self, versions):
        self.versions = versions
        self.rows = []
        self.index = {}

    def add(self, path):
        """The index of the object at a path, or None."""
        bits = {bit: objects[path] for bit, objects in enumerate(self.versions) if path in objects}
        items = self.add((*path, "[]")) if self.leads((*path, "[]")) else None
        if not bits:
            return items
        known = sorted(set().union(*(keys for keys, _ in bits.values())))
        keys = []
        for key in known:
            mask = sum(1 << bit for bit, (keys_then, _) in bits.items() if key in keys_then)
            child = (*path, key)
            keys.append((key, mask, self.add(child) if self.leads(child) else None))
        closed = sum(1 << bit for bit, (_, closed) in bits.items() if closed)
        rest = self.add((*path, "*")) if self.leads((*path, "*")) else None
        row = (tuple(keys), closed, rest)
        if row not in self.index:
            self.index[row] = len(self.rows)
            self.rows.append(row)
        return self.index[row]

    def leads(self, path):
        return any(other[: len(path)] == path for objects in self.versions for other in objects)


def number(index):
    return "-" if index is None else str(index)


def lines(versions, models, agents, rows):
    """The lines of the file, without its head."""
    yield "versions\t" + " ".join(".".join(map(str, version)) for version in versions)
    yield f"models\t{models}"
    yield f"agents\t{agents}"
    for index, (keys, closed, rest) in enumerate(rows):
        texts = [
            f"{key}:{mask:02x}" + ("" if child is None else f":{child}") for key, mask, child in keys
        ]
        yield f"{index}\t{closed:02x}\t{number(rest)}\t{' '.join(texts)}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    schemas = read(sys.argv[1])
    if not 0 < len(schemas) <= 8:
        sys.exit(f"{len(schemas)} schemas found, 1 to 8 wanted")
    table = Table([objects_of(version, schema) for version, schema in schemas])
    models, agents = table.add(("models",)), table.add(("agents",))
    versions = [version for version, _ in schemas]
    print(HEAD + "\n".join(lines(versions, models, agents, table.rows)))


if __name__ == "__main__":
    main()
