# Sourced by run: the cases. Each runs with $version, $home, $config, $gateway, $provider and $log set,
# under `set -e`; its output is shown if it fails.
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # run sets what this uses, and uses what this sets

quick_cases=(init wrong_key wrong_key_catalogue wild allow_list unwire)
newest_cases=("${quick_cases[@]}" gateway_config models_complete skill lsp upgrade fixes)
middle_cases=(init unwire doctor_healthy)
oldest_cases=(init wild allow_list unwire failing_primary)
slow_cases=(failing_primary)
# Run with every version in versions/all.
version_cases=(init wild unwire doctor_healthy)

# The main job: after one command, the next message goes through Portkey with the key and the headers.
# The second time there is nothing to do.
case_init() {
  init_once() {
    init --model "$primary" --model "$fallback" --primary "$primary" --fallback "$fallback" \
      --metadata team=backend --header x-portkey-forward-headers=x-portkey-metadata
  }
  init_once
  accepted
  grep -F "$key" "$home/.openclaw/.env"
  absent "$key" "$config"

  say_hi
  expect "$(requests authorization x-portkey-metadata)" \
    "/v1/chat/completions $primary Bearer $key {\"team\":\"backend\"}"

  cp "$config" "$home/once"
  cp "$home/.openclaw/.env" "$home/env-once"
  init_once
  cmp "$config" "$home/once"
  cmp "$home/.openclaw/.env" "$home/env-once"
}

# Facts about a model reach OpenClaw: it lists window and input, and sends an image from a message. It
# holds the image back for a model that only accepts text or has no facts.
case_models_complete() {
  init --model "$primary" --model "$fallback" --primary "$fallback"
  accepted
  local listed
  listed=$(openclaw models list --json)
  echo "$listed"
  node -e '
    const { models } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const of = (key) => models.find((model) => model.key === key);
    const flash = of("portkey/@gemini/gemini-2.5-flash");
    const ok = flash.contextWindow === 1048576 && /image/.test(flash.input);
    process.exitCode = ok ? 0 : 1;
  ' <<<"$listed"

  # An image of a single pixel.
  local picture=$home/dot.png
  base64 -d >"$picture" <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
  openclaw infer model run --local --model "portkey/$fallback" --prompt "What is this?" --file "$picture"
  expect "$(images)" 1

  : >"$log"
  openclaw infer model run --local --model "portkey/$primary" --prompt "What is this?" --file "$picture" || true
  expect "$(images)" 0

  # The same model without its facts.
  tool set-primary "$primary" --offline --yes
  tool remove-model "$fallback" --yes
  tool add-model "$fallback" --offline --no-metadata --yes
  openclaw infer model run --local --model "portkey/$fallback" --prompt "What is this?" --file "$picture" || true
  expect "$(images)" 0
}

# images: the number of images that reached the upstream in completions.
images() {
  node -e '
    const lines = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n");
    console.log(lines.map((line) => JSON.parse(line).images ?? 0).reduce((a, b) => a + b, 0));
  ' "$log"
}

# The skill: OpenClaw accepts it, and offers it to the model if the program is installed.
case_skill() {
  mkdir -p "$home/.openclaw" "$home/bin"
  echo '{}' >"$config"
  openclaw skills install "$repo/skills/openclaw-portkey"
  local visible='const { modelVisible } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    process.exitCode = modelVisible.includes("openclaw-portkey") ? 0 : 1;'
  if openclaw skills check --json | node -e "$visible"; then return 1; fi
  ln -s "$tool" "$home/bin/openclaw-portkey"
  PATH=$home/bin:$PATH openclaw skills check --json | node -e "$visible"
}

# A key that Portkey rejects stops init before it writes anything.
case_wrong_key() {
  local status=0 said
  said=$(tool_key=pk-e2e-this-one-is-wrong init --model "$primary" 2>&1) || status=$?
  echo "$said"
  expect "$status" 1
  [[ $said != *this-one-is-wrong* ]]
  # A real request: the gateway passed it on, to the control plane or to the provider.
  grep -E '"path":"/v[12]/models"' "$log"
  expect "$(find "$home" -mindepth 1)" ""
}

# The same without a provider hint queries the control plane, whose refusal is Portkey's own.
case_wrong_key_catalogue() {
  local status=0
  tool_key=pk-e2e-this-one-is-wrong tool init --yes --base-url "$gateway" --api-key-env PORTKEY_API_KEY \
    --model "$primary" || status=$?
  expect "$status" 1
  grep -F '"path":"/v2/models"' "$log"
  expect "$(find "$home" -mindepth 1)" ""
}

# A config as people write them: comments, other providers, agents, an agent with its own model.
case_wild() {
  start_from wild.json5
  init --model "$primary" --primary "$primary" >"$home/said" 2>&1
  cat "$home/said"
  # This agent has its own model, and so bypasses Portkey.
  grep clerk "$home/said"
  accepted
  expect "$(grep -o '// .*' "$config")" "$(grep -o '// .*' "$home/before")"
  say_hi
  routed "$primary"

  tool undo --yes
  cmp "$config" "$home/before"
  accepted
}

# An allow-list in effect that omits Portkey. The newest OpenClaw would silently use the other provider
# with the other provider's key; the oldest would never reach the fallback.
case_allow_list() {
  # The newest falls back immediately on a 404, the oldest on a 401; both wait for a long time on a 500.
  local refused=@mistral/status-404
  [[ $version == "$newest" ]] || refused=@mistral/status-401
  start_from "allow-list-$version.json5"
  init --model "$refused" --model "$fallback" --primary "$refused" --fallback "$fallback"
  accepted
  say_hi
  routed "$refused" "$fallback"
}

# After unwiring, OpenClaw still accepts the file, and nothing in it mentions Portkey.
case_unwire() {
  start_from wild.json5
  init --model "$primary" --model "$fallback" --primary "$primary" --fallback "$fallback"
  accepted
  tool unwire --yes
  accepted
  absent portkey "$config"
  expect "$(grep -o '// .*' "$config")" "$(grep -o '// .*' "$home/before")"
}

# The fallback answers if the primary fails. OpenClaw retries the primary for a while first.
case_failing_primary() {
  init --model @mistral/status-500 --model "$fallback" \
    --primary @mistral/status-500 --fallback "$fallback"
  accepted
  say_hi
  routed @mistral/status-500 "$fallback"
}

# A gateway config that falls back inside Portkey, and the virtual model that leaves the choice to it.
case_gateway_config() {
  local target='{"provider":"openai","api_key":"%s","custom_host":"%s","override_params":{"model":"%s"}}'
  local targets
  # shellcheck disable=SC2059 # the format is the template above
  targets=$(printf "$target,$target" "$key" "$provider" @mistral/status-404 "$key" "$provider" "$fallback")
  tool init --yes --base-url "$gateway" --api-key-env PORTKEY_API_KEY --dynamic \
    --gateway-config '{"strategy":{"mode":"fallback"},"targets":['"$targets"']}'
  accepted
  say_hi
  routed @mistral/status-404 "$fallback"
}

# version_table: the result of each case with each version, as a Markdown table.
version_table() {
  local version case row="| OpenClaw |" line="|---|"
  for case in "${version_cases[@]}"; do
    row+=" $case |"
    line+="---|"
  done
  printf '%s\n' "$row" "$line"
  for version in "${every_version[@]}"; do
    row="| $version |"
    for case in "${version_cases[@]}"; do
      if [[ -e $work/$case-$version.passed ]]; then
        row+=" works |"
      elif [[ -e $work/$case-$version.failed ]]; then
        row+=" fails |"
      else
        row+=" not run |"
      fi
    done
    echo "$row"
  done
}

# OpenClaw accepts lint's fixes of its own rules' examples.
case_fixes() {
  mkdir "$home/examples"
  node "$here/fixes.mjs" "$tool" "$cache/openclaw-$version/node_modules/openclaw" "$home/examples" | tee -a "$measured"
}

# An old file is upgraded like by OpenClaw's own doctor, and keeps its comments.
case_upgrade() {
  mkdir -p "$home/.openclaw" "$home/other/.openclaw"
  cp "$here/fixtures/upgrade.json5" "$config"
  cp "$config" "$home/other/.openclaw/openclaw.json"
  echo "PORTKEY_API_KEY=$key" >"$home/.openclaw/.env"
  if accepted; then return 1; fi
  tool lint --fix --openclaw-version "$version" "$config"
  accepted
  expect "$(grep -c // "$config")" "$(grep -c // "$here/fixtures/upgrade.json5")"
  home=$home/other openclaw doctor --fix --non-interactive
  node "$here/upgraded.mjs" "$config" "$home/other/.openclaw/openclaw.json" \
    "$cache/openclaw-$version/node_modules/openclaw"
}

# The language server works with a client from npm, like an editor's.
case_lsp() {
  node "$here/lsp.mjs" "$cache/lsp/node_modules" "$tool" "$home" | tee -a "$measured"
}
