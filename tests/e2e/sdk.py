"""What Portkey's own Python client sends for an intent, compared with what the tool sends.

Usage: python3 sdk.py TOOL HOME PLANE KEY; PLANE is the base URL of a control plane without `/v1`.

Both go through a recorder to that control plane. Method, path, query, body and the header with the
key are compared field by field. Every difference must be in the intent's table below with its
reason: an unlisted difference fails, and so does a listed one that doesn't occur. Prints the table.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import portkey_ai
from loopback import Loopback

TOOL, HOME, PLANE, KEY = sys.argv[1:]
HERE = Path(__file__).resolve().parent
WORKSPACE = "5f0c1f0e-6d0f-4c43-9d3e-2f1a7b0c9e11"
MISSING = "-"


@dataclass
class Call:
    method: str
    path: str
    query: dict
    body: object
    key: str

    def fields(self):
        found = {"method": self.method, "path": self.path, "key": self.key}
        found |= {f"query.{name}": value for name, value in self.query.items()}
        flatten("body", self.body, found)
        return found


def flatten(name, value, found):
    """Every leaf by its path. Texts in a list form a set: their order has no meaning."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            flatten(f"{name}.{key}", inner, found)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        found[name] = json.dumps(sorted(value))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            flatten(f"{name}[{index}]", inner, found)
    elif value is not None or name != "body":
        found[name] = json.dumps(value)


class Recorder(Loopback):
    def __init__(self):
        self.calls = []
        super().__init__()

    def take(self):
        with self.lock:
            calls, self.calls = self.calls, []
        return calls

    def reply(self, request, text):
        url = urlsplit(request.path)
        with self.lock:
            self.calls.append(Call(
                request.command, url.path, dict(parse_qsl(url.query, keep_blank_values=True)),
                json.loads(text) if text else None, request.headers.get("x-portkey-api-key", MISSING)))
        plane = urlsplit(PLANE)
        connection = http.client.HTTPConnection(plane.hostname, plane.port, timeout=10)
        connection.request(request.command, request.path.removeprefix("/v1"), text or None,
                           {"x-portkey-api-key": request.headers.get("x-portkey-api-key", "")})
        answer = connection.getresponse()
        return answer.status, answer.read()


RECORDER = Recorder()


def tool(*arguments, answers=()):
    """What the tool sends for a command line; `answers` are for questions at a terminal."""
    RECORDER.take()
    environment = {"HOME": HOME, "PATH": os.environ["PATH"], "PORTKEY_ADMIN_API_KEY": KEY,
                   "VENDOR_KEY": "sk-e2e-0123456789abcdef"}
    command = [TOOL, *arguments, "--admin-url", RECORDER.url]
    if answers:
        command = [sys.executable, str(HERE / "answer.py"), *answers, "--", *command]
    done = subprocess.run(command, env=environment, cwd=HOME, text=True, timeout=90, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}")
    return RECORDER.take()


def sdk(send):
    """What the client sends for a call."""
    RECORDER.take()
    client = portkey_ai.Portkey(base_url=RECORDER.url, api_key=KEY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        send(client)
    return RECORDER.take()


# Reasons shared by several intents.
PAGE = "the tool asks for no page until the answer says that there are more"
BARE = "the path or the key says it; the document has no such field in the body"

RESET = "the tool clears the other kind of reset; the document has null for that"
OLDER = "virtual keys are the older name of providers; the document has both"
LIST = "Terraform's provider sends a list, and answers have one; the document has one object for a provider"
EMPTY = "the client drops empty texts; the document requires the field"
TWO = "there are two, so that each has one to delete"


@dataclass
class Intent:
    """What a user wants, in both ways. `theirs` gets the client and the tool's calls of the same
    kind."""

    name: str
    ours: tuple
    theirs: object
    at: str  # METHOD and a path pattern: the tool's calls to compare
    # Field -> (the client's value or None, the tool's or None, why); `*` is any value.
    expected: dict = field(default_factory=dict)
    answers: tuple = ()


def compare(intent):
    """The rows of the table, and what is wrong."""
    arguments = [argument() if callable(argument) else argument for argument in intent.ours]
    answers = [answer() if callable(answer) else answer for answer in intent.answers]
    method, pattern = intent.at.split(" ")
    all_ours = tool(*arguments, answers=answers)
    ours = [call for call in all_ours if call.method == method and re.fullmatch(f"/v1{pattern}", call.path)]
    theirs = sdk(lambda client: intent.theirs(client, ours))
    sent = [f"{call.method} {call.path}" for call in theirs]
    if not ours or len(ours) != len(theirs):
        mine = [f"{call.method} {call.path}" for call in all_ours]
        return [], [f"{intent.name}: the client sent {sent}, the tool {mine}"]
    left = list(ours)
    rows, wrong, seen = [], [], set()
    for call in theirs:
        a = call.fields()
        # The tool may send them in another order: use the most similar one.
        own = min(left, key=lambda one: len(set(a.items()) ^ set(one.fields().items())))
        left.remove(own)
        b = own.fields()
        for name in sorted({*a, *b}):
            pair = (a.get(name), b.get(name))
            if pair[0] == pair[1]:
                continue
            known = intent.expected.get(name)
            if known and fits(known[0], pair[0]) and fits(known[1], pair[1]):
                if name not in seen:
                    rows.append((intent.name, name, *pair, known[2]))
                seen.add(name)
            else:
                wrong.append(f"{intent.name}, {call.method} {call.path}: {name} is "
                             f"{pair[0]} of the client and {pair[1]} of the tool")
    wrong += [f"{intent.name}: {name} no longer differs" for name in intent.expected.keys() - seen]
    if not rows and not wrong:
        rows.append((intent.name, "", "", "", "no difference"))
    return rows, wrong


def fits(wanted, value):
    return value is not None if wanted == "*" else wanted == value


def last(calls):
    """The last path segment of the only call."""
    return calls[0].path.rsplit("/", 1)[1]


def at_plane(path):
    """The state of the control plane, not recorded."""
    plane = urlsplit(PLANE)
    connection = http.client.HTTPConnection(plane.hostname, plane.port, timeout=10)
    connection.request("GET", path, headers={"x-portkey-api-key": KEY})
    return json.loads(connection.getresponse().read())["data"]


def slug(index=0):
    return at_plane("/configs")[index]["slug"]


def key_id(name):
    return next(key["id"] for key in at_plane("/api-keys") if key["name"] == name)


FIRST = {"strategy": {"mode": "fallback"}, "targets": [
    {"override_params": {"model": "@a/m"}}, {"override_params": {"model": "@b/n"}}]}
SECOND = {**FIRST, "retry": {"attempts": 2}}
IN_WORKSPACE = ("--workspace", WORKSPACE)
YES = ("--yes",)
SCOPES = ["completions.write", "virtual_keys.list"]


def saved(config):
    """A file with a gateway config, written when needed."""
    def write():
        path = Path(HOME) / "main.json"
        path.write_text(json.dumps(config))
        return str(path)
    return write


def empty_team():
    path = Path(HOME) / "empty.json5"
    path.write_text("{}\n")
    return str(path)


def window(calls):
    names = ("time_of_generation_min", "time_of_generation_max", "workspace_slug")
    return {name: calls[0].query[name] for name in names}


def day_graphs(client, calls):
    for graph in ("requests", "tokens", "cost"):
        getattr(client.analytics.graphs, graph)(**window(calls))


def key_graphs(client, calls):
    for call in calls:
        graph = getattr(client.analytics.graphs, call.path.rsplit("/", 1)[1])
        only = {name: call.query[name] for name in ("api_key_ids",) if name in call.query}
        graph(**window(calls), **only)


INTENTS = [
    Intent("create a gateway config",
           ("gateway-config", "push", saved(FIRST), "--no-probe", *YES, *IN_WORKSPACE),
           lambda client, _: client.configs.create(name="main", config=FIRST, workspace_id=WORKSPACE),
           "POST /configs"),
    Intent("list the gateway configs",
           ("gateway-config", "list", *IN_WORKSPACE),
           lambda client, _: client.configs.list(workspace_id=WORKSPACE),
           "GET /configs"),
    Intent("read a gateway config",
           ("gateway-config", "show", slug),
           lambda client, calls: client.configs.retrieve(slug=last(calls)),
           "GET /configs/pc-[^/]+"),
    Intent("read a gateway config of a workspace",
           ("gateway-config", "show", slug, *IN_WORKSPACE),
           lambda client, calls: client.configs.retrieve(slug=last(calls)),
           "GET /configs/pc-[^/]+",
           {"query.workspace_id": (None, WORKSPACE, "an organisation's key has to say which; the client has no room for it")}),
    Intent("change a gateway config",
           ("gateway-config", "push", saved(SECOND), "--name", slug, "--no-probe", *YES),
           lambda client, calls: client.configs.update(slug=last(calls), config=SECOND),
           "PUT /configs/[^/]+",
           {"body.slug": ("*", None, BARE)}),
    Intent("delete a gateway config",
           ("team", "apply", empty_team, "--prune"),
           lambda client, _: client.configs.delete(slug=slug()),
           "DELETE /configs/[^/]+",
           {"path": ("*", "*", TWO)},
           answers=(lambda: f"({slug(0)})=y", lambda: f"({slug(1)})=n")),
    Intent("find a person",
           ("key", "create", "--user", "alice@example.com", "-o", "alice.key", *YES),
           lambda client, _: client.admin.users.list(email="alice@example.com"),
           "GET /admin/users",
           {"query.currentPage": ("0", None, PAGE)}),
    Intent("find a person in a workspace",
           ("key", "create", "--user", "alice@example.com", "--name", "alice-2", "-o", "alice-2.key", *YES, *IN_WORKSPACE),
           lambda client, _: client.admin.workspaces.users.list(workspace_id=WORKSPACE, email="alice@example.com"),
           "GET /admin/workspaces/[^/]+/users",
           {"query.current_page": ("0", None, PAGE)}),
    Intent("create a person's key",
           ("key", "create", "--user", "alice@example.com", "--name", "alice-3", "-o", "alice-3.key", *YES,
            "--budget", "20 usd/month", *IN_WORKSPACE),
           lambda client, calls: client.api_keys.create(
               type="workspace", sub_type="user", name="alice-3", user_id=calls[0].body["user_id"], scopes=SCOPES,
               usage_limits={"type": "cost", "credit_limit": 20, "periodic_reset": "monthly"},
               workspace_id=WORKSPACE),
           "POST /api-keys/workspace/user",
           {"body.type": ('"workspace"', None, BARE), "body.sub-type": ('"user"', None, BARE)}),
    Intent("create a program's key",
           ("key", "create", "--service", "ci", "-o", "ci.key", *YES, "--budget", "20 usd/14 days",
            "--rate", "60/min", "--rate", "100k tokens/hour", "--alert", "me@example.com", "--alert-at", "80%",
            "--expires", "2099-06-30", "--metadata", "team=backend", "--gateway-config", "pc-main-000000", "--pin"),
           lambda client, _: client.api_keys.create(
               type="workspace", sub_type="service", name="ci", scopes=SCOPES,
               usage_limits={"type": "cost", "credit_limit": 20, "periodic_reset_days": 14, "alert_threshold": 16},
               rate_limits=[{"type": "requests", "unit": "rpm", "value": 60},
                            {"type": "tokens", "unit": "rph", "value": 100000}],
               alert_emails=["me@example.com"], expires_at="2099-06-30T23:59:59Z",
               defaults={"metadata": {"team": "backend"}, "config_id": "pc-main-000000", "allow_config_override": False}),
           "POST /api-keys/workspace/service",
           {"body.type": ('"workspace"', None, BARE), "body.sub-type": ('"service"', None, BARE)}),
    Intent("list the keys",
           ("key", "list"),
           lambda client, _: client.api_keys.list(),
           "GET /api-keys",
           {"query.current_page": ("0", None, PAGE)}),
    Intent("list the keys of a workspace",
           ("key", "list", *IN_WORKSPACE),
           lambda client, _: client.api_keys.list(workspace_id=WORKSPACE),
           "GET /api-keys",
           {"query.current_page": ("0", None, PAGE)}),
    Intent("read a key",
           ("key", "show", lambda: key_id("ci")),
           lambda client, calls: client.api_keys.retrieve(id=last(calls)),
           "GET /api-keys/[^/]+"),
    Intent("change a program's key",
           ("key", "update", lambda: key_id("ci"), "--budget", "10M tokens/week", "--rate", "none", "--reset-usage", *YES),
           lambda client, calls: client.api_keys.update(
               id=last(calls), rate_limits=None, reset_usage=True,
               usage_limits={"type": "tokens", "credit_limit": 10_000_000, "periodic_reset": "weekly"}),
           "PUT /api-keys/[^/]+",
           {"body.id": ("*", None, BARE), "body.usage_limits.periodic_reset_days": (None, "null", RESET),
            "body.usage_limits.alert_threshold": (None, "8000000", "an alert stays the same part of another budget")}),
    Intent("change a person's key",
           ("key", "update", lambda: key_id("alice-3"), "--metadata", "team=web", *YES),
           lambda client, calls: client.api_keys.update(id=last(calls), defaults={"metadata": {"team": "web"}}),
           "PUT /api-keys/[^/]+",
           {"body.id": ("*", None, BARE)}),
    Intent("delete a program's key",
           ("key", "revoke", lambda: key_id("ci"), *YES),
           lambda client, calls: client.api_keys.delete(id=key_id("ci")),
           "DELETE /api-keys/[^/]+",
           {"path": ("*", "*", TWO)}),
    Intent("delete a person's key",
           ("key", "revoke", lambda: key_id("alice-3"), *YES),
           lambda client, calls: client.api_keys.delete(id=key_id("alice-3")),
           "DELETE /api-keys/[^/]+",
           {"path": ("*", "*", TWO)}),
    Intent("add a provider",
           ("provider", "add", "gemini", "--key-env", "VENDOR_KEY", *YES, *IN_WORKSPACE),
           lambda client, _: client.integrations.create(
               name="gemini", slug="gemini", ai_provider_id="google", key="sk-e2e-0123456789abcdef",
               workspace_id=WORKSPACE, create_default_provider=True, default_provider_slug="gemini"),
           "POST /integrations"),
    Intent("list the providers",
           ("provider", "list", *IN_WORKSPACE),
           lambda client, _: client.providers.list(workspace_id=WORKSPACE),
           "GET /providers",
           {"query.current_page": ("0", None, PAGE), "query.page_size": ("50", None, PAGE)}),
    Intent("read a provider",
           ("provider", "limits", "gemini", *IN_WORKSPACE),
           lambda client, _: client.providers.retrieve(slug="gemini", workspace_id=WORKSPACE),
           "GET /providers/[^/]+"),
    Intent("limit a provider",
           ("provider", "limits", "gemini", "--budget", "500 usd/month", "--rate", "100/min", *YES, *IN_WORKSPACE),
           lambda client, _: client.providers.update(
               slug="gemini", workspace_id=WORKSPACE,
               usage_limits={"type": "cost", "credit_limit": 500, "periodic_reset": "monthly"},
               rate_limits={"type": "requests", "unit": "rpm", "value": 100}),
           "PUT /providers/[^/]+",
           {"body.usage_limits.periodic_reset_days": (None, "null", RESET),
            "body.rate_limits.type": ('"requests"', None, LIST), "body.rate_limits[0].type": (None, '"requests"', LIST),
            "body.rate_limits.unit": ('"rpm"', None, LIST), "body.rate_limits[0].unit": (None, '"rpm"', LIST),
            "body.rate_limits.value": ("100", None, LIST), "body.rate_limits[0].value": (None, "100", LIST)}),
    Intent("add a provider as a virtual key",
           ("provider", "add", "mistral", "--vendor", "mistral-ai", "--key-env", "VENDOR_KEY", *YES),
           lambda client, _: client.virtual_keys.create(
               name="mistral", provider="mistral-ai", key="sk-e2e-0123456789abcdef"),
           "POST /integrations",
           {"path": ("/v1/virtual-keys", "/v1/integrations", OLDER),
            "body.provider": ('"mistral-ai"', None, OLDER), "body.ai_provider_id": (None, '"mistral-ai"', OLDER),
            "body.slug": (None, '"mistral"', "it is what a model id names after the @"),
            "body.create_default_provider": (None, "true", "the provider that a model id names; a virtual key is one itself"),
            "body.default_provider_slug": (None, '"mistral"', "the provider that a model id names; a virtual key is one itself")}),
    Intent("list the providers as virtual keys",
           ("provider", "list"),
           lambda client, _: client.virtual_keys.list(),
           "GET /providers",
           {"path": ("/v1/virtual-keys", "/v1/providers", OLDER)}),
    Intent("create a guardrail",
           ("guardrail", "new", "pii", "--redact", *YES, *IN_WORKSPACE),
           lambda client, _: client.guardrails.create(
               name="pii", workspace_id=WORKSPACE,
               checks=[{"id": "portkey.pii", "parameters": {"redact": True, "categories": [
                   "EMAIL_ADDRESS", "PHONE_NUMBER", "LOCATION_ADDRESS", "NAME", "IP_ADDRESS", "CREDIT_CARD", "SSN"]}}],
               actions={"deny": False, "async": False,
                        "on_success": {"feedback": {"value": 5, "weight": 1, "metadata": ""}},
                        "on_fail": {"feedback": {"value": -5, "weight": 1, "metadata": ""}}}),
           "POST /guardrails",
           {"body.actions.on_success.feedback.metadata": (None, '""', EMPTY),
            "body.actions.on_fail.feedback.metadata": (None, '""', EMPTY)}),
    Intent("list the guardrails",
           ("guardrail", "list", *IN_WORKSPACE),
           lambda client, _: client.guardrails.list(workspace_id=WORKSPACE),
           "GET /guardrails",
           {"query.current_page": ("0", None, PAGE), "query.page_size": ("100", None, PAGE)}),
    Intent("usage by day", ("usage", "--by", "day", *IN_WORKSPACE), day_graphs, "GET /analytics/graphs/[a-z]+"),
    Intent("usage by key", ("usage", "--by", "key", *IN_WORKSPACE), key_graphs, "GET /analytics/graphs/[a-z]+"),
    Intent("usage by agent", ("usage", "--by", "agent", *IN_WORKSPACE),
           lambda client, calls: client.analytics.groups.metadata(metadata_key="agent", **window(calls)),
           "GET /analytics/groups/metadata/agent"),
    Intent("usage by user", ("usage", "--by", "user", *IN_WORKSPACE),
           lambda client, calls: client.analytics.groups.users(**window(calls)),
           "GET /analytics/groups/users"),
    Intent("usage by model", ("usage", "--by", "model", *IN_WORKSPACE),
           lambda client, calls: client.analytics.groups.ai_models(**window(calls)),
           "GET /analytics/groups/ai-models"),
]


def main():
    rows, wrong = [], []
    for intent in INTENTS:
        some, amiss = compare(intent)
        rows += some
        wrong += amiss
    if hasattr(portkey_ai.Portkey(base_url=RECORDER.url, api_key=KEY).api_keys, "rotate"):
        wrong.append("the client can rotate keys now: compare it with `key rotate`")
    alike = sum(1 for row in rows if not row[1])
    print(f"portkey-ai {portkey_ai.version.VERSION} and the tool: {len(INTENTS)} intents, {alike} without a difference")
    print("| intent | field | the client | the tool | why |\n|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(str(MISSING if cell is None else cell) for cell in row) + " |")
    for one in wrong:
        print(f"UNEXPECTED {one}")
    sys.exit(1 if wrong else 0)


main()
