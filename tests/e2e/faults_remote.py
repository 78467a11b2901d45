"""The part of faults for commands that also change something at Portkey: `key create` and `team apply`.

Each trial has its own control plane on loopback. Files are compared with it: a key in a file must
work, and a working key must be in a file or reported for the user to revoke.
"""

import json
import os
import re
from dataclasses import dataclass

from loopback import Loopback

# Keys are numbered, to see which one a file contains.
ISSUED = re.compile(rb"pk-faults-issued-\d+")
ADMIN_KEY = "pk-faults-admin-0123456789abcdef"
USER = "11111111-1111-4111-8111-111111111111"
# The port of a trial's plane, in the files of all trials.
PORT = "@PORT@"


class Plane(Loopback):
    """Gateway configs, keys and one provider, for the duration of a trial."""

    def __init__(self):
        self.keys, self.configs, self.writes, self.issued = [], [], [], 0
        self.provider = {"slug": "gemini", "name": "gemini", "status": "active"}
        super().__init__(poll=0.01)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        """A killed program leaves its connection behind."""

    def reply(self, request, text):
        parts = request.path.split("?")[0].removeprefix("/v1").strip("/").split("/")
        with self.lock:
            found = self.answer(request.command, parts, json.loads(text) if text else None)
        if found is None:
            return 404, json.dumps({"success": False, "data": {"errorCode": "AB02"}}).encode()
        return 200, json.dumps(found).encode()

    def issue(self):
        self.issued += 1
        return f"pk-faults-issued-{self.issued}"

    def answer(self, method, parts, body):
        """The reply to a request; None if there is no such thing."""
        kind, rest = parts[0], parts[1:]
        if method != "GET":
            self.writes.append(f"{method} /{'/'.join(parts)}")
        if kind == "models":
            return {"object": "list", "total": 1, "data": [{"id": "@openai/gpt-4.1", "slug": "gpt-4.1"}]}
        if kind == "admin":
            return {"total": 1, "data": [{"id": USER, "email": "alice@example.com"}]}
        if kind == "providers":
            if method == "PUT":
                self.provider |= body
            return self.provider if rest else {"total": 1, "data": [self.provider]}
        if kind == "configs":
            return self.config(method, rest, body)
        if kind == "api-keys":
            return self.key(method, rest, body)
        return None

    def config(self, method, rest, body):
        if method == "POST":
            number = len(self.configs) + 1
            self.configs.append({"id": f"00000000-0000-4000-8000-{number:012}", "slug": f"pc-main-{number}",
                                 "status": "active", **body})
            return {"success": True, "data": {"id": self.configs[-1]["id"], "version_id": "v"}}
        if not rest:
            return {"success": True, "data": self.configs}
        found = next((one for one in self.configs if one["slug"] == rest[0]), None)
        if found and method == "PUT":
            found |= body
        return found and {"success": True, "data": found}

    def key(self, method, rest, body):
        shown = [{name: value for name, value in key.items() if name != "value"} for key in self.keys]
        if method == "POST" and rest[-1] == "rotate":
            found = next(key for key in self.keys if key["id"] == rest[0])
            found["value"] = self.issue()
            return {"id": found["id"], "key": found["value"]}
        if method == "POST":
            value = self.issue()
            self.keys.append({"id": f"00000000-0000-4000-9000-{self.issued:012}", "type": f"workspace-{rest[1]}",
                              "status": "active", "value": value, **body})
            return {"id": self.keys[-1]["id"], "key": value}
        if not rest:
            return {"total": len(shown), "data": shown}
        if method == "DELETE":
            self.keys = [key for key in self.keys if key["id"] != rest[0]]
            return {}
        found = next((key for key in self.keys if key["id"] == rest[0]), None)
        if found and method == "PUT":
            found |= body
            return {}
        return next((key for key in shown if key["id"] == rest[0]), None)


@dataclass
class Trying:
    """A home and a plane, and how to run the program there."""

    home: object
    plane: Plane
    run: object  # (arguments, wrapper) -> (status, output)
    tree: object  # () -> path -> (contents, mode)

    def files(self):
        """Contents without the port, and without files that are only kept next to them."""
        port = str(self.plane.server_port).encode()
        return {path: contents.replace(b"127.0.0.1:" + port, b"127.0.0.1:" + PORT.encode())
                for path, (contents, _) in self.tree().items() if not is_side(path)}

    def alike(self):
        """The same, with every new key replaced by the same text."""
        return {path: ISSUED.sub(b"NEW", contents) for path, contents in self.files().items()}


def is_side(path):
    name = os.path.basename(path)
    return ".portkey." in name or name.endswith((".tmp", ".asked", ".gitignore")) or ".lock" in name


@dataclass
class KeyCreate:
    """The key goes into .env, and for an agent its own provider goes into the config."""

    name: str
    folder: str = ".openclaw"

    def held(self, trying):
        """The new keys in files."""
        return [key.decode() for contents in trying.files().values() for key in ISSUED.findall(contents)]

    def wrong(self, trying, status, output, before, after, signal):
        """What is wrong after the trial, or None."""
        now, held = trying.alike(), self.held(trying)
        live = [key["value"] for key in trying.plane.keys]
        for path in {*before, *now, *after}:
            if now.get(path) not in (before.get(path), after.get(path)):
                return f"{path} is neither old nor new"
        # A file that can't be restored is reported as well.
        is_said = status == 2 and "is still changed" in output
        if any(key not in live for key in held) and not is_said:
            return "a file has a key that does not work"
        # A killed program can't report a new key; the next run does.
        if signal == "SIGKILL":
            return None if status in (0, -9) else "an exit code that means nothing"
        if signal:
            if live and not held:
                return "a key that works is in no file"
            return None if status in (0, 130) else "an exit code that means nothing"
        if status == 0 and (now != after or held != live):
            return "the exit code says done, but the key is not where it belongs"
        if status != 0 and live and not held and "key revoke" not in output:
            return "a key that works is in no file, and nobody is told"
        if status != 0 and now not in (before, after) and not is_said:
            return "some files are old and some new"
        if status not in (0, 1, 2):
            return "an exit code that means nothing"
        return None

    def next(self, trying, args, before, after):
        """The next command completes it, or says what to do first; and undo reverts it."""
        if trying.alike() == after and self.is_right(trying):
            was = before
        else:
            if trying.plane.keys:
                files = trying.alike()
                status, output = trying.run(args)
                if status == 0 or self.name not in output or trying.alike() != files:
                    return f"a key that is not in use is not named ({status}):\n{output}"
                status, output = trying.run(["key", "revoke", self.name])
                if status != 0:
                    return f"it cannot be revoked ({status}):\n{output}"
            was = trying.alike()
            # Its line may already be in .env.
            status, output = trying.run(args if "--replace-key" in args else [*args, "--replace-key"])
            if status != 0:
                return f"afterwards it ended with {status}:\n{output}"
            if trying.alike() != after or not self.is_right(trying):
                return f"afterwards it came to something else: {trying.files()}"
        status, output = trying.run(["undo"])
        # What was half done counts as part of the write that completed it.
        if status != 0 or trying.alike() not in (was, before):
            return f"undo does not go back ({status}):\n{output}"
        return None

    def is_right(self, trying):
        """Whether the files have the one working key."""
        return self.held(trying) == [key["value"] for key in trying.plane.keys]


@dataclass
class TeamApply:
    """Keys go to files next to the team file, which gets the id of the gateway config."""

    names: tuple = ("alice", "ci")
    folder: str = "team"

    def complete(self, trying, after):
        """What is missing, or None."""
        plane, files = trying.plane, trying.files()
        found = sorted(key["name"] for key in plane.keys)
        if found != sorted(self.names):
            return f"Portkey has the keys {found}"
        if len(plane.configs) != 1:
            return f"Portkey has {len(plane.configs)} gateway configs"
        if trying.alike() != after:
            return f"the files are {files}"
        for key in plane.keys:
            if files[f"team/team-keys/{key['name']}.key"] != f"{key['value']}\n".encode():
                return f"the file of {key['name']} has another key"
        modes = {mode for path, (_, mode) in trying.tree().items() if path.endswith(".key")}
        return None if modes == {0o600} else f"the modes are {modes}"

    def wrong(self, trying, status, output, before, after, signal):
        now = trying.alike()
        for path in {*before, *now}:
            if now.get(path) not in (before.get(path), after.get(path)):
                return f"{path} is neither old nor new"
        if signal == "SIGKILL":
            return None
        if status == 0:
            return self.complete(trying, after)
        if signal:
            # Before it has sent anything, it may just exit.
            return None if status == 130 or (status == -15 and not trying.plane.writes) else "an exit code that means nothing"
        if status != 2:
            return "an exit code that means nothing"
        return None

    def next(self, trying, args, before, after):
        """The next run completes it, and the one after that has nothing to do."""
        status, output = trying.run(args)
        missing = self.complete(trying, after)
        if status != 0 or missing:
            return f"the next run ended with {status}, {missing}:\n{output}"
        writes = len(trying.plane.writes)
        status, output = trying.run(args)
        if status != 0 or len(trying.plane.writes) != writes:
            return f"there was more to do ({status}): {trying.plane.writes[writes:]}\n{output}"
        return self.complete(trying, after)
