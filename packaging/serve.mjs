// A web server for tests: serves the files in a folder on loopback, runs a command with its URL in
// SERVER, and exits with that command's status. A file NAME.location redirects NAME.
//
//   node packaging/serve.mjs FOLDER COMMAND ARGUMENT…

import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

const [folder, command, ...args] = process.argv.slice(2);

const server = createServer((request, response) => {
  const path = join(folder, normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
  if (existsSync(path) && statSync(path).isFile()) {
    response.end(readFileSync(path));
  } else if (existsSync(`${path}.location`)) {
    const location = readFileSync(`${path}.location`, "utf8").trim();
    response.writeHead(302, { location: new URL(location, `http://${request.headers.host}${request.url}`).href });
    response.end();
  } else {
    response.statusCode = 404;
    response.end();
  }
});

server.listen(0, "127.0.0.1", () => {
  const env = { ...process.env, SERVER: `http://127.0.0.1:${server.address().port}` };
  const child = spawn(command, args, { env, stdio: "inherit" });
  child.on("exit", (code) => {
    server.close();
    server.closeAllConnections();
    process.exitCode = code ?? 1;
  });
});
