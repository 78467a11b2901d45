# Sourced by run: cases in which the real OpenClaw fails and doctor reports the cause, and healthy ones.
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # run sets what this uses, and uses what this sets

doctor_cases=(doctor_healthy doctor_wrong_key doctor_no_key doctor_unknown_slug
  doctor_model_not_found doctor_not_declared doctor_allow_list doctor_wrong_base_url doctor_auth_profile
  doctor_placeholder doctor_two_lines doctor_old_profiles doctor_variable_unset)
slow_doctor_cases=(doctor_private_address doctor_quotes doctor_env_vars
  doctor_profile_of_agent doctor_cut doctor_empty doctor_profile_variable)

# A wired home in which only .env has the key.
wire() {
  init --model "$primary" --model "$fallback" --primary "$primary" --fallback "$fallback"
}

# doctor [FLAG…]: runs it like a user in a shell with OpenClaw on its PATH and no key.
doctor() {
  local bin=$cache/openclaw-$version/node_modules/.bin
  env -i HOME="$home" PATH="$bin:$PATH" "$tool" doctor "$@"
}

# finds STATUS [ID…]: exactly these causes, with this exit status; flags for doctor in $flags. The
# open-source gateway needs the provider in a header, and doctor rightly explains what that means.
finds() {
  local status=0 want=$1 told
  shift
  told=$(doctor --format json "${flags[@]}") || status=$?
  echo "$told"
  expect "$(node -e '
    const { checks } = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const amiss = checks.filter(({ cause, level }) =>
      (level === "error" || level === "warning") && cause !== "provider-header-overrides-slug");
    console.log([...new Set(amiss.map(({ cause }) => cause))].sort().join(" "));
  ' <<<"$told")" "$*"
  expect "$status" "$want"
}
flags=()

# OpenClaw's turn ends without an answer.
fails() {
  if say_hi; then
    echo "OpenClaw answered"
    return 1
  fi
}

# first_key: the key of the first completion that reached the provider.
first_key() {
  requests authorization | sed -n '1s/.*Bearer //p'
}

# rewrite SCRIPT: applies a sed script to the config.
rewrite() {
  sed -E -i.old "$1" "$config"
  rm "$config.old"
  accepted
}

case_doctor_healthy() {
  wire
  say_hi
  finds 0
  local flags=(--probe)
  finds 0
  # Two more requests, one for each model.
  expect "$(requests | sort -u | wc -l | tr -d ' ')" 2
}

case_doctor_wrong_key() {
  wire
  echo PORTKEY_API_KEY=pk-e2e-this-one-is-wrong >"$home/.openclaw/.env"
  fails
  finds 1 invalid-key
}

case_doctor_no_key() {
  wire
  rm "$home/.openclaw/.env"
  fails
  finds 1 no-api-key
}

# The guide's placeholder instead of the key: OpenClaw sends it.
case_doctor_placeholder() {
  wire
  echo PORTKEY_API_KEY=YOUR_PORTKEY_API_KEY >"$home/.openclaw/.env"
  fails
  expect "$(first_key)" YOUR_PORTKEY_API_KEY
  finds 1 api-key-placeholder invalid-key
}

# The new key was added above the old one.
case_doctor_two_lines() {
  wire
  printf 'PORTKEY_API_KEY=%s\n' "$key" pk-e2e-this-one-is-old >"$home/.openclaw/.env"
  fails
  [[ $(first_key) == *this-one-is-old ]]
  finds 1 invalid-key key-repeated
}

# A key pasted with typographic quotes: OpenClaw sends them too.
case_doctor_quotes() {
  wire
  printf 'PORTKEY_API_KEY=“%s”\n' "$key" >"$home/.openclaw/.env"
  fails
  finds 1 api-key-malformed unsendable
}

# The config's own env is read last, so the old line in .env wins.
case_doctor_env_vars() {
  wire
  rewrite 's|"models": \{|"env": { "vars": { "PORTKEY_API_KEY": "'"$key"'" } },\n  "models": {|'
  echo PORTKEY_API_KEY=pk-e2e-this-one-is-old >"$home/.openclaw/.env"
  fails
  [[ $(first_key) == *this-one-is-old ]]
  finds 1 env-vars-overridden invalid-key
}

# Another agent's profile, which OpenClaw's own doctor moves into that agent's database: the config's key
# is still sent first, and doctor raises no false alarm.
case_doctor_profile_of_agent() {
  wire
  rewrite 's|"agents": \{|"agents": { "ownership": "explicit", "entries": { "main": {}, "ops": {} },|'
  local folder=$home/.openclaw/agents/ops/agent
  mkdir -p "$folder"
  echo '{"version":1,"profiles":{"portkey:default":{"type":"api_key","provider":"portkey","key":"pk-e2e-this-one-is-wrong"}}}' \
    >"$folder/auth-profiles.json"
  openclaw doctor --fix --non-interactive
  openclaw agent --local --agent ops --message hi
  expect "$(first_key)" "$key"
  finds 0
}

# The stream breaks off after its first chunk: OpenClaw treats it as a failure.
case_doctor_cut() {
  wire
  rewrite 's|@mistral/open-mixtral-8x7b|@mistral/cut|; /"fallbacks"/,/]/d'
  fails
  local flags=(--probe)
  finds 1 answer-cut
}

# An answer without content.
case_doctor_empty() {
  wire
  rewrite 's|@mistral/open-mixtral-8x7b|@mistral/empty|; /"fallbacks"/,/]/d'
  fails
  local flags=(--probe)
  finds 1 answer-empty
}

# The variable alone changes no path, for OpenClaw and for doctor.
case_doctor_profile_variable() {
  local bin=$cache/openclaw-$version/node_modules/.bin file told
  wire
  file=$(env -i HOME="$home" PATH="$bin:$PATH" OPENCLAW_PROFILE=work openclaw config file | tail -n 1)
  expect "${file/#\~/$home}" "$config"
  told=$(env -i HOME="$home" PATH="$bin:$PATH" OPENCLAW_PROFILE=work "$tool" doctor --format json)
  expect "$(node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).config.path' <<<"$told")" "$config"
}

# Profiles in the file of older versions: no request is sent until they are migrated.
case_doctor_old_profiles() {
  wire
  local folder=$home/.openclaw/agents/main/agent
  mkdir -p "$folder"
  echo '{"version":1,"profiles":{"portkey:default":{"type":"api_key","provider":"portkey","key":"'"$key"'"}}}' \
    >"$folder/auth-profiles.json"
  fails
  expect "$(requests)" ""
  finds 1 auth-profiles-legacy
  openclaw doctor --fix --non-interactive
  say_hi
  finds 0
}

# OpenClaw starts, and sends the text instead of a value.
case_doctor_variable_unset() {
  wire
  # shellcheck disable=SC2016 # literal text
  sed -E -i.old 's|"headers": \{|"headers": { "x-portkey-trace-id": "${NOWHERE}",|' "$config"
  finds 1 variable-unset
  echo NOWHERE=here >>"$home/.openclaw/.env"
  say_hi
  finds 0
}

# The slug is in no catalogue, and no header replaces it with a provider.
case_doctor_unknown_slug() {
  wire
  rewrite 's|@mistral/|@mistrall/|; /x-portkey-(provider|custom-host)/d'
  fails
  finds 1 slug-unknown
}

# Every check passes, but the provider refuses: only a request shows that.
case_doctor_model_not_found() {
  wire
  rewrite 's|open-mixtral-8x7b|open-mixtral-9x|'
  rewrite '/"fallbacks"/,/]/d'
  fails
  finds 0
  local flags=(--probe)
  finds 1 model-not-found
}

case_doctor_not_declared() {
  wire
  rewrite 's|"portkey/@mistral/open-mixtral-8x7b"|"portkey/@mistral/open-mixtral-9x"|'
  rewrite '/"fallbacks"/,/]/d'
  fails
  finds 0 primary-undeclared
}

# OpenClaw silently uses the other provider, with the other provider's key.
case_doctor_allow_list() {
  wire
  rewrite 's|"defaults": \{|"defaults": { "modelPolicy": { "allow": ["other/*"] },|
    s|"providers": \{|"providers": { "other": { "baseUrl": "'"$provider"'", "apiKey": "'"$key"'", "models": [{ "id": "'"$fallback"'", "name": "Other" }] },|'
  say_hi
  # Directly to the provider, bypassing the gateway.
  [[ $(requests x-portkey-provider) != *openai* ]]
  finds 1 allowlist-bypasses-portkey
}

case_doctor_wrong_base_url() {
  wire
  rewrite 's|/v1"|/v2"|'
  fails
  finds 1 base-url-without-v1
}

# OpenClaw's own doctor keeps the key in a profile, which is then tried before the config's new one.
case_doctor_auth_profile() {
  wire
  rewrite 's|\$\{PORTKEY_API_KEY}|pk-e2e-this-one-is-wrong|'
  openclaw doctor --fix --non-interactive
  rewrite "s|pk-e2e-this-one-is-wrong|$key|"
  say_hi
  [[ $(first_key) == *this-one-is-wrong ]]
  # It uses the config's key after a refusal.
  finds 1 auth-profile invalid-key
  openclaw models auth logout portkey:default --yes
  : >"$log"
  say_hi
  expect "$(first_key)" "$key"
  finds 0
}

# A host name that resolves to a private address: OpenClaw tries for a while, then gives up.
case_doctor_private_address() {
  local name
  name=$(hostname)
  node -e 'require("dns").lookup(process.argv[1], (error, at) => process.exit(error || !/^(127|10|192\.168)\./.test(at)))' "$name" || {
    echo "the name of this machine leads to no private address; nothing to show"
    return 0
  }
  wire
  rewrite "s|http://127.0.0.1|http://$name|"
  fails
  expect "$(requests)" ""
  local flags=(--insecure-http)
  finds 1 "base-url-insecure" "private-address"
}
