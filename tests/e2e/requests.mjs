// Prints `PATH MODEL` of each completion request in the upstream's LOG, then the values of the named
// headers; `user` is the one in the body. Usage: node requests.mjs LOG [HEADER…]
import { readFileSync } from "node:fs";

const [log, ...names] = process.argv.slice(2);
for (const line of readFileSync(log, "utf8").split("\n").filter(Boolean)) {
  const { method, path, headers, model, user } = JSON.parse(line);
  if (method === "POST") console.log([path, model, ...names.map((name) => (name === "user" ? user : headers[name]))].join(" "));
}
