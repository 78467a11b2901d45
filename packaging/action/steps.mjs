// Runs the scripts of action.yml as a runner would, in the current folder, with the inputs' defaults,
// each step's `env`, and the outputs of earlier steps. Exits with the status of the first step that
// fails. Steps with `uses:` are skipped.
//
//   ACTION_REPOSITORY=OWNER/NAME ACTION_REF=REF \
//     node packaging/action/steps.mjs RUNNER_TEMP INPUT=VALUE…
//
// Supports only as much YAML as action.yml uses, and rejects the rest.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [temp, ...given] = process.argv.slice(2);

function scalar(text) {
  if (text.startsWith('"')) return JSON.parse(text);
  if (/^['>|&*!{[]/.test(text)) throw new Error(`action.yml: cannot read ${text}`);
  return text;
}

// The lines below `KEY:`, up to one that isn't indented further.
function section(lines, key, indent) {
  const start = lines.indexOf(`${" ".repeat(indent)}${key}:`);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.search(/\S/) <= indent);
  return end < 0 ? rest : rest.slice(0, end);
}

function mapping(lines, indent) {
  const pairs = lines
    .filter((line) => line.search(/\S/) === indent)
    .map((line) => line.trim().match(/^([\w-]+):(?: (.*))?$/).slice(1, 3));
  return Object.fromEntries(pairs.map(([key, value]) => [key, scalar(value ?? "")]));
}

const text = readFileSync(join(root, "action.yml"), "utf8");
const lines = text.split("\n").filter((line) => !/^\s*(#.*)?$/.test(line));
const inputs = {};
const declared = section(lines, "inputs", 0);
for (const name of Object.keys(mapping(declared, 2))) {
  inputs[name] = mapping(section(declared, name, 2), 4).default;
}
for (const pair of given) {
  const [name, value] = pair.split(/=(.*)/s);
  if (!(name in inputs)) throw new Error(`action.yml has no input ${name}`);
  inputs[name] = value;
}

const steps = [];
for (const line of section(section(lines, "runs", 0), "steps", 2)) {
  if (line.startsWith("    - ")) steps.push([]);
  steps.at(-1).push(line.replace(/^ {4}- /, "      "));
}

const { ACTION_REPOSITORY: repository = "", ACTION_REF: ref = "" } = process.env;
const values = { "github.action_repository": repository, "github.action_ref": ref, "runner.temp": temp };
for (const [name, value] of Object.entries(inputs)) values[`inputs.${name}`] = value;

function evaluate(value) {
  return value.replace(/\$\{\{ (\S+) \}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`action.yml: unknown value ${name}`);
    return values[name];
  });
}

for (const lines of steps) {
  const step = mapping(lines, 6);
  if (!step.run) {
    console.log(`skipped: ${step.name} (${step.uses})`);
    continue;
  }
  if (step.shell !== "bash" || step.if) throw new Error(`action.yml: cannot run ${step.name}`);
  const output = join(temp, "output");
  writeFileSync(output, "");
  const env = { ...process.env, GITHUB_ACTION_PATH: root, RUNNER_TEMP: temp, GITHUB_OUTPUT: output };
  // action.yml has to pass these on: a runner sets its own to empty in such steps.
  for (const name of ["ACTION_REPOSITORY", "ACTION_REF", "DOWNLOAD_URL"]) {
    delete env[name];
    delete env[`GITHUB_${name}`];
  }
  for (const [name, value] of Object.entries(mapping(section(lines, "env", 6), 8))) env[name] = evaluate(value);
  const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", evaluate(step.run)], {
    env,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
  for (const line of readFileSync(output, "utf8").split("\n").filter(Boolean)) {
    const [name, value] = line.split(/=(.*)/s);
    values[`steps.${step.id}.outputs.${name}`] = value;
  }
}
