# Sourced by run and boundaries: their npm packages, the tool, and their working folder.
# shellcheck shell=bash disable=SC2154,SC2034 # they set what this uses, and use what this sets

die() {
  echo "e2e: $*" >&2
  exit 2
}
# install NAME: installs the packages of versions/NAME into the cache, once per lock file.
install() {
  local name=$1 target=$cache/$1 staging=$cache/.$1.$$
  if cmp -s "$here/versions/$name/package-lock.json" "$target/package-lock.json"; then return; fi
  echo "e2e: installing $name" >&2
  rm -rf "$target" "$staging"
  mkdir -p "$staging"
  cp "$here/versions/$name/package.json" "$here/versions/$name/package-lock.json" "$staging"
  if ! (cd "$staging" && npm ci --no-audit --no-fund >npm.log 2>&1); then
    tail -n 30 "$staging/npm.log" >&2
    rm -rf "$staging"
    die "npm could not install $name"
  fi
  mv "$staging" "$target"
}

# install_openclaw VERSION: as pinned in versions/; an unpinned one with whatever npm resolves.
install_openclaw() {
  local name=openclaw-$1 target=$cache/openclaw-$1 staging=$cache/.openclaw-$1.$$
  if [[ -d $here/versions/$name ]]; then
    install "$name"
    return
  fi
  if [[ -x $target/node_modules/.bin/openclaw ]]; then return; fi
  echo "e2e: installing $name" >&2
  rm -rf "$target" "$staging"
  mkdir -p "$staging"
  # A dependency of the older versions is on GitHub, in a form that npm can't install.
  echo '{"private":true,"dependencies":{"openclaw":"'"$1"'"},"overrides":{"libsignal":"npm:libsignal@6.0.0"}}' \
    >"$staging/package.json"
  if ! (cd "$staging" && npm install --no-audit --no-fund >npm.log 2>&1); then
    tail -n 30 "$staging/npm.log" >&2
    rm -rf "$staging"
    die "npm could not install $name"
  fi
  mv "$staging" "$target"
}

# install_sdk: Portkey's Python client, as pinned in versions/sdk. Sets $python, which has it.
install_sdk() {
  local wanted=$here/versions/sdk/requirements.txt target=$cache/sdk
  python=$target/bin/python3
  if cmp -s "$wanted" "$target/requirements.txt"; then return; fi
  echo "e2e: installing sdk" >&2
  rm -rf "$target"
  # A virtual environment contains its path, so create it in its final place, and mark it when complete.
  python3 -m venv "$target"
  "$python" -m pip install --quiet --disable-pip-version-check -r "$wanted" >"$target/pip.log" 2>&1 || {
    tail -n 30 "$target/pip.log" >&2
    return 1
  }
  cp "$wanted" "$target/requirements.txt"
}

# find_tool: sets $tool.
find_tool() {
  if [[ -n ${OPENCLAW_PORTKEY_BIN:-} ]]; then
    [[ -x $OPENCLAW_PORTKEY_BIN ]] || die "OPENCLAW_PORTKEY_BIN: no program at $OPENCLAW_PORTKEY_BIN"
    tool=$(cd "$(dirname "$OPENCLAW_PORTKEY_BIN")" && pwd)/$(basename "$OPENCLAW_PORTKEY_BIN")
  else
    command -v cargo >/dev/null || die "cargo is needed to build the tool; or name a built one in OPENCLAW_PORTKEY_BIN"
    (cd "$repo" && cargo build --release --locked --quiet)
    tool=${CARGO_TARGET_DIR:-$repo/target}/release/openclaw-portkey
  fi
}

# set_up: Node and the Portkey gateway from npm, the tool, and $work, which is removed when the script
# ends.
set_up() {
  command -v npm >/dev/null || die "npm is needed: it brings OpenClaw, the Portkey gateway and Node 24"
  find_tool
  mkdir -p "$cache"
  install node
  export PATH=$cache/node/node_modules/.bin:$PATH
  install gateway
  work=$(mktemp -d)
  lanes=()
  trap cleanup EXIT
  trap 'exit 130' INT TERM
}

# A lane leads its own process group, so that nothing it started outlives it.
end_lanes() {
  local lane
  for lane in "${lanes[@]}"; do
    kill -- "-$lane" 2>/dev/null || true
  done
  lanes=()
}

cleanup() {
  end_lanes
  wait 2>/dev/null || true
  # Killed processes may still be writing.
  rm -rf "$work" 2>/dev/null || { sleep 1 && rm -rf "$work"; }
}
