// Builds the npm packages: one that people install, and one per platform with the program.
//
//   node packaging/npm/build.mjs OUT PLATFORM=PROGRAM…
//
// PLATFORM is a key of platforms.json. The folders in OUT are ready for `npm pack` and `npm publish`;
// publish the platforms' packages before the one that depends on them.

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const platforms = JSON.parse(readFileSync(join(here, "platforms.json"), "utf8"));
const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
const field = (name) => manifest.match(new RegExp(`^${name} = "(.*)"$`, "m"))[1];
const version = field("version");

const [out, ...programs] = process.argv.slice(2);
if (!out || programs.length === 0) {
  console.error("usage: node packaging/npm/build.mjs OUT PLATFORM=PROGRAM…");
  process.exit(2);
}

function write(name, extra, fill) {
  const folder = join(out, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "bin"), { recursive: true });
  fill(folder);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  const common = { name, version, description: field("description"), license: field("license") };
  // The registry requires the repository if provenance is published.
  const { GITHUB_REPOSITORY: repository } = process.env;
  const origin = repository
    ? { repository: { type: "git", url: `git+https://github.com/${repository}.git` } }
    : {};
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...common, ...origin, ...extra }, null, 2)}\n`);
}

for (const pair of programs) {
  const [platform, program] = pair.split(/=(.*)/s);
  if (!(platform in platforms)) {
    console.error(`no platform ${platform}; there are ${Object.keys(platforms).join(", ")}`);
    process.exit(2);
  }
  const { os, cpu } = platforms[platform];
  write(`openclaw-portkey-${platform}`, { os: [os], cpu: [cpu], preferUnplugged: true }, (folder) => {
    const name = os === "win32" ? "openclaw-portkey.exe" : "openclaw-portkey";
    copyFileSync(program, join(folder, "bin", name));
    chmodSync(join(folder, "bin", name), 0o755);
    const text = `The program of \`openclaw-portkey\` for ${platform}; install \`openclaw-portkey\` instead.\n`;
    writeFileSync(join(folder, "README.md"), text);
  });
}

const names = Object.keys(platforms).map((platform) => [`openclaw-portkey-${platform}`, version]);
const main = {
  keywords: ["openclaw", "portkey", "llm", "gateway"],
  bin: { "openclaw-portkey": "bin/openclaw-portkey.js" },
  engines: { node: ">=18" },
  optionalDependencies: Object.fromEntries(names),
};
write("openclaw-portkey", main, (folder) => cpSync(join(here, "openclaw-portkey"), folder, { recursive: true }));
