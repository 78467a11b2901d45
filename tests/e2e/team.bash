# Sourced by run: a team file tested against Portkey's own description of its admin API and against the
# real OpenClaw, and what Portkey's own client sends for the same.
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # run sets what this uses, and uses what this sets

team_cases=(team_api team_prune sdk team_developer)

# Its UUID: a slug isn't a workspace_id in the document's POST /configs.
workspace=5f0c1f0e-6d0f-4c43-9d3e-2f1a7b0c9e11

# team_file: a team file and its gateway config. A provider's rates are left out, as in admin_api.
team_file() {
  cat >"$home/team.json5" <<TEAM
// Ours.
{
  workspace: "$workspace",
  providers: { gemini: { budget: "500 usd/month" } },
  configs: { main: "gateway.json" }, // its id comes here
  keys: {
    alice: {
      user: "alice@example.com",
      config: "main",
      pin: true,
      budget: "20 usd/month",
      rate: ["60/min", "100k tokens/hour"],
      metadata: { team: "backend" },
      expires: "2099-06-30",
      alert: "lead@example.com",
    },
    ci: { service: "ci", budget: "5M tokens/week", metadata: { team: "backend" } },
    ops: { agent: "ops", budget: "20 usd/14 days", expires: "90d" },
  },
}
TEAM
  tool gateway-config new -o "$home/gateway.json" --force --fallback @a/m,@b/n --timeout 60s
}

team() {
  local action=$1
  shift
  at_portkey team "$action" "$home/team.json5" "$@"
}

# planned: the counts of `team plan`, as `CREATE CHANGE UNCHANGED UNKNOWN`.
planned() {
  team plan --format json | node -e '
    const { summary } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    console.log(summary.create, summary.change, summary.unchanged, summary.unknown);'
}

# writes: the calls that changed something since the last time, without ids.
seen=0
writes() {
  sed -n "$((seen + 1)),\$p" "$prism_log" | node -e '
    const lines = require("fs").readFileSync(0, "utf8").trim().split("\n").filter(Boolean);
    const calls = lines.map((line) => JSON.parse(line).call).filter((call) => !call.startsWith("GET"));
    const bare = (call) => call.split("?")[0].replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID").replace(/pc-.*/, "pc-…");
    console.log(calls.map(bare).join("\n"));'
}
writes_seen() { seen=$(wc -l <"$prism_log"); }

# From nothing to the state in the file, and then only what changes in the file.
case_team_api() {
  control_plane
  at_portkey provider add gemini --key-env VENDOR_KEY --yes --workspace "$workspace"
  team_file
  expect "$(planned)" "4 1 0 0"
  writes_seen
  team apply --yes
  expect "$(writes)" "PUT /providers/gemini
POST /configs
POST /api-keys/workspace/user
POST /api-keys/workspace/service
POST /api-keys/workspace/service"
  grep -F 'configs: { main: { file: "gateway.json", id: "pc-main' "$home/team.json5"
  grep -F '// its id comes here' "$home/team.json5"
  expect "$(cat "$home"/team-keys/*.key | grep -c '^pk-')" 3

  unchanged() {
    expect "$(planned)" "0 0 5 0"
    writes_seen
    cp "$home/team.json5" "$home/team.before"
    team apply --yes
    expect "$(writes)" ""
    cmp "$home/team.json5" "$home/team.before"
  }
  unchanged

  # A budget, a pin, metadata, and the contents of the config.
  sed -i.old -E 's|500 usd|600 usd|; s|pin: true|pin: false|; s|ops: \{ |&metadata: { team: "ops" }, |' "$home/team.json5"
  tool gateway-config new -o "$home/gateway.json" --force --fallback @a/m,@c/o --retry 1
  expect "$(planned)" "0 4 1 0"
  writes_seen
  team apply --yes
  expect "$(writes)" "PUT /providers/gemini
PUT /configs/pc-…
PUT /api-keys/ID
PUT /api-keys/ID"
  at_portkey gateway-config list | grep -F main
  unchanged

  # The keys are still the ones that were issued.
  expect "$(find "$home/team-keys" -name '*.key' -newer "$home/team.json5" | wc -l)" 0
  no_violations 45
}

# What isn't in the file is removed after a yes to each, and stays after a no.
case_team_prune() {
  command -v python3 >/dev/null || skip "python3 is needed to answer at a terminal"
  control_plane
  at_portkey provider add gemini --key-env VENDOR_KEY --yes --workspace "$workspace"
  team_file
  team apply --yes
  at_portkey key create --service left -o "$home/left.key" --yes --workspace "$workspace"
  at_portkey key create --service kept -o "$home/kept.key" --yes --workspace "$workspace"
  cp "$home/gateway.json" "$home/old.json"
  at_portkey gateway-config push "$home/old.json" --yes --no-probe --workspace "$workspace"

  # If no one can answer, or there is no one to ask, nothing is removed.
  if team apply --prune </dev/null; then return 1; fi
  if team apply --prune --yes; then return 1; fi
  expect "$(names)" "alice ci kept left ops | main old"

  writes_seen
  env -i HOME="$home" PATH="$PATH" PORTKEY_ADMIN_API_KEY="$admin_key" python3 "$here/answer.py" \
    "no key left=y" "no key kept=n" "no config old=y" -- \
    "$tool" team apply "$home/team.json5" --prune --admin-url "$admin_url"
  expect "$(writes)" "DELETE /api-keys/ID
DELETE /configs/pc-…"
  expect "$(names)" "alice ci kept ops | main"
  expect "$(planned)" "0 0 5 0"
  writes_seen
  team apply --yes
  expect "$(writes)" ""
  no_violations 45
}

# names: the keys and gateway configs of the workspace.
names() {
  local list='const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
    console.log((all.keys ?? all.configs).map(({ name }) => name).sort().join(" "));'
  echo "$(at_portkey key list --workspace "$workspace" --format json | node -e "$list") |" \
    "$(at_portkey gateway-config list --workspace "$workspace" --format json | node -e "$list")"
}

# From the lead's file to a developer's request: the key that `team apply` created, the team's metadata,
# and the agent's user; and lint reports what violates the team's rules.
case_team_developer() {
  control_plane
  at_portkey provider add gemini --key-env VENDOR_KEY --yes --workspace "$workspace"
  team_file
  # The open-source gateway needs the provider in a header, and forwards no metadata itself.
  sed -i.old '$d' "$home/team.json5"
  cat >>"$home/team.json5" <<TEAM
  openclaw: {
    baseUrl: "$gateway",
    models: ["$primary", "$fallback"],
    primary: "$primary",
    fallbacks: ["$fallback"],
    metadata: { team: "backend" },
    headers: {
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": "$provider",
      "x-portkey-forward-headers": "x-portkey-metadata",
    },
  },
  policy: {
    requiredMetadata: ["team", "owner"],
    allowedModels: ["@mistral/*", "@gemini/*"],
    noPlaintextKeys: true,
    noBypass: true,
  },
}
TEAM
  team apply --yes

  from_team() { tool init --from "$home/team.json5" --api-key-file "$home/team-keys/alice.key" --yes "$@"; }
  if from_team; then return 1; fi
  from_team --metadata owner=alice
  accepted
  absent "$key" "$config"
  cp "$config" "$home/once"
  from_team --metadata owner=alice
  cmp "$config" "$home/once"
  lint_team() { tool lint --policy "$home/team.json5" "$config"; }
  lint_team

  say_hi
  local metadata='{"team":"backend","owner":"alice"}'
  expect "$(requests authorization x-portkey-metadata user)" \
    "/v1/chat/completions $primary Bearer $key-alice $metadata "

  # Two agents with one key, distinguished as in docs/costs.md.
  sed -i.old -E 's|"agents": \{|&\
    "entries": { "main": { "default": true }, "ops": { "params": { "extra_body": { "user": "ops" } } } },|' "$config"
  accepted
  lint_team
  : >"$log"
  openclaw agent --local --agent ops --message hi
  say_hi
  expect "$(requests authorization x-portkey-metadata user)" \
    "/v1/chat/completions $primary Bearer $key-alice $metadata ops
/v1/chat/completions $primary Bearer $key-alice $metadata "

  # One of them gets its own key.
  at_portkey key create --agent ops --budget '20 usd/month' --yes --workspace "$workspace"
  accepted
  : >"$log"
  openclaw agent --local --agent ops --message hi
  say_hi
  expect "$(requests authorization x-portkey-metadata user)" \
    "/v1/chat/completions $primary Bearer $key-openclaw-ops $metadata ops
/v1/chat/completions $primary Bearer $key-alice $metadata "
  lint_team
  cp "$config" "$home/good"

  # breaks RULE SCRIPT: a sed script that violates the rule.
  breaks() {
    local status=0 said
    sed -E "$2" "$home/good" >"$config"
    accepted
    said=$(lint_team) || status=$?
    echo "$said"
    expect "$status" 1
    [[ $said == *"error[$1]"* ]]
    # Without the team's file it isn't an error.
    if tool lint "$config" | grep -F "$1"; then return 1; fi
  }
  # shellcheck disable=SC2016 # literal text
  breaks policy-key 's|"\$\{PORTKEY_API_KEY\}"|"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"|'
  breaks policy-metadata 's|backend|web|'
  breaks policy-primary 's|"primary": "portkey/@mistral/[^"]*"|"primary": "portkey/@gemini/gemini-2.5-flash"|'
  breaks policy-model 's|"id": "@gemini/gemini-2.5-flash"|"id": "@openai/gpt-5"|'
  breaks policy-bypass 's|"main": \{|&"model": "anthropic/claude-sonnet-4-5", |'
  no_violations 15
}

# Portkey's own Python client compared with the tool, intent by intent: sdk.py lists the differences and
# their reasons.
case_sdk() {
  python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' ||
    skip "Portkey's client needs python3, 3.10 or later, with venv"
  install_sdk
  control_plane
  env -u PORTKEY_API_KEY NO_PROXY=127.0.0.1 "$python" "$here/sdk.py" "$tool" "$home" "$plane_url" "$admin_key" |
    tee "$home/table"
  cat "$home/table" >>"$measured"
}
