# Sourced by run: gateway configs tested against the real gateway, the real OpenClaw, and Portkey's own
# description of its admin API.
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # run sets what this uses, and uses what this sets

gateway_config_cases=(admin_api simulator fallback_in_portkey fallback_proved)
# Each takes minutes and has its own lane.
measured_cases=(fallback_measured_401 fallback_measured_429 fallback_measured_hang)

admin_key=pk-e2e-admin-0123456789abcdef

# control_plane: starts one behind Prism, which validates both sides of every call against Portkey's
# OpenAPI document (MIT licence) and turns a violation into an error. Sets $admin_url and $prism_log, and
# $plane_url, which bypasses Prism and has no /v1.
control_plane() {
  local port ports
  prism_log=$home/prism.jsonl
  : >"$prism_log"
  port=$(free_port)
  node "$here/admin.mjs" "$prism_log" "$admin_key" "$port" "$key" >"$home/ports" &
  eventually test -s "$home/ports"
  read -r -a ports <"$home/ports"
  node "$cache/prism/node_modules/@stoplight/prism-cli/dist/index.js" proxy --errors -h 127.0.0.1 -p "$port" \
    "$here/fixtures/admin-openapi.json" "http://127.0.0.1:${ports[0]}" >"$home/prism.log" 2>&1 &
  eventually grep -q "is listening" "$home/prism.log"
  admin_url=http://127.0.0.1:${ports[1]}/v1
  plane_url=http://127.0.0.1:${ports[0]}
}

# at_portkey ARGUMENT…: runs the tool with an admin key for the control plane.
at_portkey() {
  env -i HOME="$home" PATH="$PATH" PORTKEY_ADMIN_API_KEY="$admin_key" VENDOR_KEY=sk-e2e-0123456789abcdef \
    "$tool" "$@" --admin-url "$admin_url"
}

# no_violations COUNT: at least this many calls were made, only missing things were refused, and no call
# violates the document. Prices are public, but this copy of the document requires a key for every call.
no_violations() {
  cat "$prism_log"
  expect "$(node -e '
    const [log, least] = process.argv.slice(1);
    const all = require("fs").readFileSync(log, "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const lines = all.filter(({ call }) => !call.startsWith("GET /model-configs/pricing/"));
    const bad = lines.filter(({ status, violations, call }) => violations || (status !== 200 && !call.includes("pc-none")));
    console.log(lines.length >= Number(least) ? "enough" : lines.length, bad.length);
  ' "$prism_log" "$1")" "enough 0"
}

case_admin_api() {
  control_plane
  local id version
  admin() { at_portkey gateway-config "$@"; }
  tool gateway-config new -o "$home/main.json" --fallback @a/m,@b/n --timeout 60s
  admin list
  admin push "$home/main.json" --yes --no-probe
  id=$(admin list --format json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8")).configs[0].id)')
  admin show "$id"
  tool gateway-config new -o "$home/main.json" --force --fallback @a/m,@c/o --retry 1
  expect "$(admin diff "$home/main.json" "$id" >"$home/diff"; echo $?)" 1
  admin push "$home/main.json" --yes --no-probe
  admin push "$home/main.json" --yes --no-probe
  admin diff "$home/main.json" "$id"
  expect "$(admin history "$id" | wc -l)" 2
  version=$(admin history "$id" --format json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8")).versions[1].versionId)')
  admin rollback "$id" --to "$version" --yes --no-probe
  admin pull "$id" -o "$home/pulled.json"
  grep -F @b/n "$home/pulled.json"
  expect "$(admin list | wc -l)" 1
  if admin show pc-none-000000; then return 1; fi

  keys_providers_and_usage

  no_violations 61
}

# What the document says about keys, providers, guardrails and usage. A provider's rates are left out:
# the document has a single one where Portkey's own clients send a list.
keys_providers_and_usage() {
  at_portkey key create --service ci -o "$home/ci.key" --yes --budget '20 usd/month' --rate 60/min \
    --rate '100k tokens/hour' --alert me@example.com --alert-at 80% --expires 90d --metadata team=backend \
    --gateway-config pc-main-000000 --pin
  grep ^pk- "$home/ci.key"
  at_portkey key create --user alice@example.com -o "$home/alice.key" --yes
  at_portkey key update ci --yes --budget '10M tokens/14 days' --rate none --reset-usage
  at_portkey key update alice@example.com --yes --metadata team=web
  at_portkey key rotate ci -o "$home/new.key" --overlap 1h --yes
  at_portkey key show ci
  expect "$(at_portkey key list | wc -l)" 2
  at_portkey key revoke ci --yes
  expect "$(at_portkey key list | wc -l)" 1
  at_portkey provider add gemini --key-env VENDOR_KEY --yes --budget '500 usd/month'
  at_portkey provider limits gemini --yes --budget '100 usd' --alert-at 50%
  expect "$(at_portkey provider list | wc -l)" 1
  at_portkey guardrail new pii --redact --yes
  expect "$(at_portkey guardrail list | wc -l)" 1
  local by
  for by in day agent model user key; do at_portkey usage --by "$by" --workspace ws-main; done
}

# Generated configs and answers: the simulator matches the gateway.
case_simulator() {
  node "$here/simulate.mjs" "$tool" "$cache/gateway/node_modules/@portkey-ai/gateway/build/start-server.js" \
    "${SIMULATED:-240}" "$home"
}

# inline MODEL…: the gateway config that `set-fallback --in portkey` composes from these models, inline,
# since the open-source gateway has no saved configs: each target with its provider, key and URL.
inline() {
  local models
  models=$(IFS=,; echo "$*")
  tool gateway-config new --fallback "$models" --timeout 5s | node -e '
    const [key, host] = process.argv.slice(1);
    const config = JSON.parse(require("fs").readFileSync(0, "utf8"));
    config.targets = config.targets.map((target) => ({ provider: "openai", api_key: key, custom_host: host, ...target }));
    console.log(JSON.stringify(config));
  ' "$key" "$provider"
}

# fall_back MODEL: a turn whose first target fails like this model; prints the milliseconds.
fall_back() {
  local started
  rm -rf "$home/.openclaw"
  tool init --yes --base-url "$gateway" --api-key-env PORTKEY_API_KEY --dynamic \
    --gateway-config "$(inline "$1" "$fallback")" >&2
  accepted >&2
  : >"$log"
  started=$(date +%s%N)
  say_hi >&2
  echo $((($(date +%s%N) - started) / 1000000))
  routed "$1" "$fallback" >&2
}

# The primary's key is rejected, it is out of quota, or it hangs: the second target answers.
case_fallback_in_portkey() {
  local failure
  for failure in status-401 status-429 hang; do
    echo "$failure: $(fall_back "@mistral/$failure") ms"
  done
}

# doctor makes the first target fail on purpose, and the gateway's headers say that the second answered.
case_fallback_proved() {
  local report
  tool init --yes --base-url "$gateway" --api-key-env PORTKEY_API_KEY --dynamic \
    --gateway-config "$(inline "$primary" "$fallback")"
  : >"$log"
  report=$(doctor --prove-fallback --wait 0) || true
  echo "$report"
  [[ $(tr -s ' \n' ' ' <<<"$report") == *"@mistral/fails-on-purpose failed on purpose, and Portkey used the next target, which answered in "*"target 1 of the config"* ]]
  requests | grep -q ' @mistral/fails-on-purpose$'
}

# The same next to OpenClaw's own fallback, which gets three minutes.
case_fallback_measured_401() { fallback_measured status-401; }
case_fallback_measured_429() { fallback_measured status-429; }
case_fallback_measured_hang() { fallback_measured hang; }

fallback_measured() {
  local failure=$1 inside outside started
  inside=$(fall_back "@mistral/$failure")
  rm -rf "$home/.openclaw"
  init --model "@mistral/$failure" --model "$fallback" --primary "@mistral/$failure" --fallback "$fallback"
  : >"$log"
  started=$(date +%s%N)
  outside="no answer"
  if timeout 180 env -i HOME="$home" PATH="$PATH" \
    "$cache/openclaw-$version/node_modules/.bin/openclaw" agent --local --agent main --message hi </dev/null; then
    [[ $(requests | tail -n 1) != *"$fallback" ]] || outside="the fallback"
  fi
  outside="$outside after $((($(date +%s%N) - started) / 1000000)) ms and $(requests | wc -l) requests"
  echo "measured $failure: inside Portkey $inside ms; OpenClaw's own: $outside" | tee -a "$measured" >&2
}
