// Generated gateway configs and scripted answers, each run by the real open-source gateway and by the
// simulator; prints the differences, and fails if there are any.
// Usage: node simulate.mjs TOOL START_SERVER COUNT FOLDER [SEED]
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as listen } from "node:net";
import { join } from "node:path";

const [tool, gateway, count, folder, seed = "7"] = process.argv.slice(2);
// The gateway's random numbers, one process for each.
const DICE = [0.1, 0.5, 0.93];
// How far a call's time may differ from the simulator's, in milliseconds: the machine is shared.
const TOLERANCE = 900;
const PARALLEL = 16;
const UPSTREAMS = ["a", "b", "c", "d"];

let state = Number(seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const one = (list) => list[below(list.length)];
const chance = (share) => random() < share;

function retry() {
  const made = { attempts: below(3) };
  if (chance(0.5)) made.on_status_codes = [one([429, 500]), one([503, 404, 401])];
  return made;
}

function settings(target) {
  if (chance(0.25)) target.retry = retry();
  if (chance(0.15)) target.request_timeout = 1000;
  return target;
}

function leaf() {
  const upstream = one(UPSTREAMS);
  const target = chance(0.5)
    ? { provider: `@${upstream}` }
    : { provider: `@${upstream}`, override_params: { model: one(["m1", "m2"]) } };
  return settings(target);
}

function group(depth) {
  const inner = () => (depth > 0 && chance(0.25) ? group(depth - 1) : leaf());
  const targets = Array.from({ length: 1 + below(4) }, inner);
  const mode = one(["fallback", "fallback", "loadbalance", "conditional", "single"]);
  const strategy = { mode };
  if (mode === "fallback" && chance(0.4)) strategy.on_status_codes = [one([429, 500, 401]), one([503, 408, 200, 404])];
  if (mode === "loadbalance") {
    for (const target of targets) if (chance(0.7)) target.weight = 1 + below(5);
  }
  if (mode === "conditional") {
    targets.forEach((target, at) => (target.name = `t${at}`));
    strategy.conditions = Array.from({ length: 1 + below(2) }, () => ({ query: query(), then: `t${below(targets.length)}` }));
    if (chance(0.8)) strategy.default = `t${below(targets.length)}`;
  }
  return settings({ strategy, targets });
}

function query() {
  const path = one(["metadata.agent", "metadata.none", "params.model", "params.user"]);
  const test = one([
    { $eq: one(["ops", "m"]) },
    { $ne: "ops" },
    { $in: ["ops", "dev"] },
    { $nin: ["ops"] },
    { $regex: "^o" },
    "ops",
  ]);
  return chance(0.2) ? { $or: [{ [path]: test }, { "metadata.agent": { $eq: "ops" } }] } : { [path]: test };
}

function answers() {
  const answer = () => {
    if (chance(0.06)) return { close: true };
    const made = { status: one([200, 200, 400, 401, 403, 404, 408, 412, 429, 429, 500, 500, 502, 503, 504, 529]) };
    if (chance(0.12)) made.latency = 2500;
    return made;
  };
  return Array.from({ length: 1 + below(3) }, answer);
}

function generate(id) {
  return {
    id,
    random: one(DICE),
    config: chance(0.1) ? leaf() : group(2),
    script: Object.fromEntries(UPSTREAMS.filter(() => chance(0.8)).map((name) => [name, answers()])),
    request: {
      body: chance(0.5) ? { user: "ops" } : {},
      headers: chance(0.7) ? { "x-portkey-metadata": JSON.stringify({ agent: one(["ops", "dev"]) }) } : {},
    },
  };
}

const cases = Array.from({ length: Number(count) }, (_, at) => generate(`c${at}`));
const byId = new Map(cases.map((made) => [made.id, { ...made, calls: [], asked: {} }]));

// The scripted upstreams: /CASE/UPSTREAM/…
const upstream = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const [, id, name] = request.url.split("/");
    const run = byId.get(id);
    const script = run.script[name] ?? [{ status: 200 }];
    const asked = run.asked[name] ?? 0;
    run.asked[name] = asked + 1;
    const answer = script[Math.min(asked, script.length - 1)];
    const body = JSON.parse(Buffer.concat(parts).toString("utf8"));
    run.calls.push({ target: name, status: answer.close ? "closed" : answer.status, model: body.model, at: Date.now() - run.started });
    setTimeout(() => {
      if (answer.close) return request.socket.destroy();
      const { status } = answer;
      const reply =
        status === 200
          ? { id: "x", object: "chat.completion", created: 1, model: body.model, choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }
          : { error: { message: "scripted", type: "scripted" } };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(reply));
    }, answer.latency ?? 0);
  });
});

const freePort = () =>
  new Promise((resolve) => {
    const server = listen().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

// The open-source gateway has no saved providers: each target carries its own.
function inline(config, port, id) {
  const made = structuredClone(config);
  const visit = (target) => {
    for (const inner of target.targets ?? []) visit(inner);
    const slug = /^@(\w+)$/.exec(target.provider ?? "");
    if (!slug) return;
    target.provider = "openai";
    target.api_key = "sk-x";
    target.custom_host = `http://127.0.0.1:${port}/${id}/${slug[1]}/v1`;
  };
  visit(made);
  return made;
}

async function start(dice) {
  const preload = join(folder, `dice-${dice}.cjs`);
  writeFileSync(preload, `Math.random = () => ${dice};\n`);
  const port = await freePort();
  const child = spawn(process.execPath, ["--require", preload, gateway, `--port=${port}`, "--headless"], { stdio: "ignore" });
  for (let tries = 0; tries < 200; tries += 1) {
    if (await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.ok, () => false)) return { port, child };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the gateway does not start");
}

async function run(id, gateways, port) {
  const made = byId.get(id);
  Object.assign(made, { calls: [], asked: {}, started: Date.now() });
  const answer = await fetch(`http://127.0.0.1:${gateways.get(made.random).port}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-portkey-config": JSON.stringify(inline(made.config, port, id)), ...made.request.headers },
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }], ...made.request.body }),
    signal: AbortSignal.timeout(60_000),
  });
  await answer.text();
  return {
    calls: made.calls,
    status: answer.status,
    index: answer.headers.get("x-portkey-last-used-option-index") ?? undefined,
    retries: answer.headers.get("x-portkey-retry-attempt-count") ?? undefined,
  };
}

function difference(seen, simulated) {
  const what = (call) => `${call.target} ${call.status} ${call.model}`;
  const list = (calls) => calls.map(what).join(", ");
  if (list(seen.calls) !== list(simulated.calls)) return `calls: ${list(seen.calls)} / ${list(simulated.calls)}`;
  for (const key of ["status", "index", "retries"]) {
    if (seen[key] !== simulated[key]) return `${key}: ${seen[key]} / ${simulated[key]}`;
  }
  const late = seen.calls.findIndex((call, at) => Math.abs(call.at - simulated.calls[at].at) > TOLERANCE);
  return late < 0 ? "" : `call ${late} at ${seen.calls[late].at} / ${simulated.calls[late].at} ms`;
}

mkdirSync(folder, { recursive: true });
const file = join(folder, "cases.json");
writeFileSync(file, JSON.stringify({ cases }));
const simulated = JSON.parse(execFileSync(tool, ["gateway-config", "simulate", "--case", file], { maxBuffer: 1 << 28 })).cases;
await new Promise((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const { port } = upstream.address();
const gateways = new Map();
for (const dice of DICE) gateways.set(dice, await start(dice));

const left = simulated.map((one) => one);
const again = [];
let wrong = 0;
let calls = 0;
async function worker() {
  for (let next = left.shift(); next; next = left.shift()) {
    calls += next.observed.calls.length;
    if (await compare(next)) again.push(next);
  }
}

const compare = async ({ id, observed }) =>
  difference(await run(id, gateways, port).catch((error) => ({ calls: [], status: String(error) })), observed);

await Promise.all(Array.from({ length: PARALLEL }, worker));
// On a busy machine a call may be late: try once more, alone.
for (const next of again) {
  let said = await compare(next);
  if (said) said = await compare(next);
  if (!said) continue;
  wrong += 1;
  const { config, script, request, random } = byId.get(next.id);
  console.log(`${next.id}: gateway / simulator differ in ${said}\n  ${JSON.stringify({ config, script, request, random })}`);
}
for (const { child } of gateways.values()) child.kill();
upstream.close();
console.log(`${cases.length} configs and scripts, ${calls} calls: ${wrong} differ`);
process.exit(wrong === 0 && cases.length >= 1 ? 0 : 1);
