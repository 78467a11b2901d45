"""Writes a config that repeats one element until it reaches a size.

    python3 shapes.py              the names of the shapes
    python3 shapes.py SHAPE BYTES
"""
import sys

PROVIDER = "baseUrl: 'https://api.portkey.ai/v1', apiKey: '${PORTKEY_API_KEY}', api: 'openai-completions'"
ROUTED = "{models: {providers: {portkey: {" + PROVIDER + ", models: [{id: '@a/b', name: 'B'}]}}}, agents: {defaults: {model: {primary: 'portkey/@a/b'"

# The start, the repeated element with its number for %d, and the end.
SHAPES = {
    "agents": ("{agents: {list: [", "{id: 'a%d', workspace: '~/w/%d', model: {primary: 'portkey/@a/b'}}, // %d\n", "]}}"),
    "models": ("{models: {providers: {portkey: {" + PROVIDER + ", models: [", "{id: '@a/m%d', name: 'M %d'},\n", "]}}}}"),
    "models without @": ("{models: {providers: {portkey: {" + PROVIDER + ", models: [", "{id: 'm%d', nam: 'M'},\n", "]}}}}"),
    "allow-list": (ROUTED + "}, models: {", "'portkey/@a/m%d': {alias: 'm%d'},\n", "}}}}"),
    "fallbacks": (ROUTED + ", fallbacks: [", "'openai/m%d',\n", "]}}}}"),
    "headers": ("{models: {providers: {portkey: {" + PROVIDER + ", headers: {", "'x-portkey-foo-%d': 'v',\n", "}}}}}"),
    "providers": ("{models: {providers: {", "p%d: {" + PROVIDER + ", models: [{id: '@a/b', name: 'B'}]},\n", "}}}"),
    "variables": ("{env: {vars: {", "A_%d_KEY: 'v%d',\n", "}}}"),
    "unknown keys": ("{", "unknown%d: {a: 1},\n", "}"),
    "repeated keys": ("{a: {", "k%d: 1, k: 2,\n", "}}"),
    "comments": ("{", "// openclaw-portkey-ignore unknown-key: %d\n", "}"),
    "bindings": ("{bindings: [", "{agentId: 'b%d', match: {channel: 'telegram', accountId: 'x'}},\n", "]}"),
    "groups": ("{channels: {telegram: {groups: {", "'%d': {requireMention: true, x: 1},\n", "}}}}"),
}


def main():
    if len(sys.argv) == 1:
        print("\n".join(SHAPES))
        return
    beginning, repeated, end = SHAPES[sys.argv[1]]
    size, number = len(beginning), 0
    sys.stdout.write(beginning + "\n")
    while size < int(sys.argv[2]):
        text = repeated.replace("%d", str(number))
        sys.stdout.write(text)
        size += len(text)
        number += 1
    sys.stdout.write(end + "\n")


main()
