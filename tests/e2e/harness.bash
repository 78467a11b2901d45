# Sourced by run: one Portkey per lane, one home per case, and the helpers of the cases.
# shellcheck shell=bash disable=SC2154,SC2119,SC2120 # run sets what this uses

key=pk-e2e-0123456789abcdefghij
primary=@mistral/open-mixtral-8x7b
fallback=@gemini/gemini-2.5-flash

free_port() {
  node -e 'const s = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })'
}

# eventually COMMAND…: waits up to a minute until it succeeds.
eventually() {
  local tries
  for ((tries = 0; tries < 300; tries += 1)); do
    if "$@"; then return; fi
    sleep 0.2
  done
  echo "not within a minute: $*" >&2
  return 1
}

# portkey_up: starts an upstream and a Portkey gateway in front of it, for this lane, and sets $gateway
# (its base URL), $provider (the upstream's) and $log (the requests that reached the upstream).
portkey_up() {
  local folder port
  folder=$(mktemp -d "$work/portkey.XXXXXX")
  log=$folder/requests.jsonl
  : >"$log"
  node "$here/upstream.mjs" "$log" "$key" "$primary" "$fallback" @mistral/{status-{500,404,401,429},hang,cut,empty} \
    >"$folder/upstream.port" &
  eventually test -s "$folder/upstream.port"
  upstream=http://127.0.0.1:$(<"$folder/upstream.port")
  provider=$upstream/v1

  port=$(free_port)
  ALBUS_BASEPATH=$upstream node "$cache/gateway/node_modules/@portkey-ai/gateway/build/start-server.js" \
    --port="$port" --headless >"$folder/gateway.log" 2>&1 &
  gateway=http://127.0.0.1:$port/v1
  node -e '
    (async () => {
      for (let tries = 0; tries < 150; tries += 1) {
        if (await fetch(process.argv[1]).then((answer) => answer.ok, () => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      process.exitCode = 1;
    })();' "http://127.0.0.1:$port/" || {
    cat "$folder/gateway.log" >&2
    return 1
  }
}

# run_case NAME: runs the function case_NAME with a fresh home, traced into a file.
run_case() {
  local name=$1 status=0
  local result=$work/$name-$version
  home=$(mktemp -d "$work/home.XXXXXX")
  config=$home/.openclaw/openclaw.json
  : >"$log"
  # In the background, since `set -e` is off in a function whose status is tested. The trace has its own
  # descriptor, so that a case can check a program's stderr.
  (
    exec 9>&1
    BASH_XTRACEFD=9
    set -x
    "case_$name"
  ) >"$result.trace" 2>&1 &
  wait $! || status=$?
  if [[ $status == 0 ]]; then
    touch "$result.passed"
  elif [[ $status == "$skip_status" && -e $result.skipped ]]; then
    return 0
  else
    touch "$result.failed"
    {
      echo "--- $name, OpenClaw $version: FAILED (status $status); what it ran, said and sent:"
      cat "$result.trace"
      echo "--- requests that reached the upstream:"
      requests
      echo "--- end of $name, OpenClaw $version"
    } >&2
  fi
}

# skip WHY: ends a case that can't run here; it counts as skipped rather than passed.
skip_status=77
skip() {
  echo "$*" >"$result.skipped"
  exit "$skip_status"
}

# Neither program sees more of the caller's environment than this, and OpenClaw never sees the key.
tool() {
  env -i HOME="$home" PATH="$PATH" PORTKEY_API_KEY="${tool_key:-$key}" "$tool" "$@"
}

openclaw() {
  local bin=$cache/openclaw-$version/node_modules/.bin
  env -i HOME="$home" PATH="$PATH" "$bin/openclaw" "$@" </dev/null
}

# say_hi: one turn of the main agent.
say_hi() {
  openclaw agent --local --agent main --message hi
}

# accepted: OpenClaw accepts the config, and finds the variables that it refers to.
accepted() {
  local verdict
  verdict=$(openclaw config validate --json) || true
  if [[ $verdict != *'"valid":'* ]]; then
    # Older versions have no `config validate`; any `config get` checks the whole file first.
    openclaw config get agents.defaults.maxConcurrent
    return
  fi
  [[ $verdict == *'"valid":true'* && $verdict != *"Missing env var"* ]]
}

# requests [HEADER…]: `PATH MODEL` of each completion that reached the upstream, then the named headers;
# `user` is the one in the body.
requests() {
  node "$here/requests.mjs" "$log" "$@"
}

# expect ACTUAL EXPECTED
expect() {
  [[ $1 == "$2" ]] && return
  printf 'expected:\n%s\nfound:\n%s\n' "$2" "$1"
  return 1
}

# absent TEXT FILE: ignoring case. (`! grep` would not stop a script under `set -e`.)
absent() {
  if grep -iF "$1" "$2"; then return 1; fi
}

# start_from FIXTURE: a config that OpenClaw accepts before the tool changes it.
start_from() {
  mkdir -p "$home/.openclaw"
  sed "s|@UPSTREAM@|$upstream|g" "$here/fixtures/$1" >"$config"
  accepted
  cp "$config" "$home/before"
}

# init [FLAG…]: wires OpenClaw to this lane's gateway, which needs the provider in a header.
init() {
  tool init --yes --base-url "$gateway" --api-key-env PORTKEY_API_KEY \
    --header x-portkey-provider=openai --header "x-portkey-custom-host=$provider" "$@"
}

# routed MODEL…: exactly these went through Portkey, in this order (repeats of one count once), and
# nothing went elsewhere.
routed() {
  expect "$(requests | uniq)" "$(printf '/v1/chat/completions %s\n' "$@")"
}
