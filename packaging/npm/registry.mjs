// A registry for tests: serves the packed packages in a folder on loopback, runs a command with npm
// pointed at it, and exits with that command's status.
//
//   node packaging/npm/registry.mjs FOLDER COMMAND ARGUMENT…

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [folder, command, ...args] = process.argv.slice(2);

const packages = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith(".tgz"))) {
  const bytes = readFileSync(join(folder, file));
  const text = execFileSync("tar", ["-xzOf", join(folder, file), "package/package.json"]);
  packages.set(JSON.parse(text).name, { manifest: JSON.parse(text), file, bytes });
}

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://x").pathname).slice(1);
  const packed = [...packages.values()].find(({ file }) => path === file);
  const found = packages.get(path);
  if (packed) {
    response.end(packed.bytes);
  } else if (found) {
    const { manifest, file, bytes } = found;
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    const dist = { tarball: `http://${request.headers.host}/${file}`, integrity };
    response.setHeader("content-type", "application/json");
    const versions = { [manifest.version]: { ...manifest, dist } };
    response.end(JSON.stringify({ name: path, "dist-tags": { latest: manifest.version }, versions }));
  } else {
    response.statusCode = 404;
    response.end("{}");
  }
});

server.listen(0, "127.0.0.1", () => {
  const registry = `http://127.0.0.1:${server.address().port}/`;
  const env = { ...process.env, npm_config_registry: registry };
  const child = spawn(command, args, { env, stdio: "inherit" });
  child.on("exit", (code) => {
    server.close();
    process.exitCode = code ?? 1;
  });
});
