#!/usr/bin/env node
// Starts the program from this platform's package.
"use strict";

const { spawn } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;

function program() {
  const ending = process.platform === "win32" ? ".exe" : "";
  try {
    return require.resolve(`openclaw-portkey-${platform}/bin/openclaw-portkey${ending}`);
  } catch {
    const supported = Object.keys(require("../package.json").optionalDependencies).map((name) =>
      name.replace("openclaw-portkey-", ""),
    );
    const hint = supported.includes(platform)
      ? "npm was told to leave out optional dependencies; install again with --include=optional"
      : `there is no build for ${platform} (only for ${supported.join(", ")}); build it with cargo`;
    console.error(`error: the program itself is not installed\n  → ${hint}`);
    process.exit(2);
  }
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });

// A terminal sends these to the program as well, which cleans up and decides how to exit.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}

child.on("error", (error) => {
  console.error(`error: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exitCode = code;
  }
});
