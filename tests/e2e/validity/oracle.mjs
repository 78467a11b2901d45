// OpenClaw's own verdicts on configs, thousands per minute, because a single process checks them all.
//
//   node oracle.mjs OPENCLAW OUT <CONFIGS
//
// OPENCLAW is node_modules/openclaw of an installed version, CONFIGS has a JSON line { id, text } for
// each. OUT gets { id, valid, issues } for each. The verdict is that of `config validate`, including
// plugins; the environment only has HOME, so `${VAR}` is unset.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const [dir, out] = process.argv.slice(2);
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'validity-'));
process.env.HOME = home;
for (const name of Object.keys(process.env)) if (/^(OPENCLAW|CLAWDBOT|PORTKEY)/.test(name)) delete process.env[name];
console.log = console.info = console.warn = console.error = () => {};

/** The function that reads configs; before 2026.5.28 no module exports it under its name. */
async function reader() {
  const own = path.join(dir, 'dist/config/config.js');
  const files = fs.readdirSync(path.join(dir, 'dist')).filter((name) => /\.m?js$/.test(name));
  for (const file of [...(fs.existsSync(own) ? [own] : []), ...files.map((name) => path.join(dir, 'dist', name))]) {
    const text = fs.readFileSync(file, 'utf8');
    if (file !== own && !text.includes('function createConfigIO(')) continue;
    const found = /export \{[^}]*?\bcreateConfigIO(?: as (\w+))?[^}]*\}/s.exec(text);
    if (!found) continue;
    const module = await import(pathToFileURL(file).href);
    return module[found[1] ?? 'createConfigIO'];
  }
  throw new Error(`no createConfigIO in ${dir}`);
}

const createConfigIO = await reader();
const quiet = { info() {}, warn() {}, error() {}, debug() {} };
const configPath = path.join(home, '.openclaw', 'openclaw.json');
fs.mkdirSync(path.dirname(configPath), { recursive: true });
const lines = [];
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, text } = JSON.parse(line);
  fs.writeFileSync(configPath, text);
  try {
    const io = createConfigIO({ configPath, env: { HOME: home, PATH: process.env.PATH }, homedir: () => home, logger: quiet });
    const snapshot = await io.readConfigFileSnapshot();
    lines.push({ id, valid: snapshot.valid, issues: (snapshot.issues ?? []).map((issue) => `${issue.path}: ${issue.message}`) });
  } catch (error) {
    lines.push({ id, valid: null, issues: [String(error).slice(0, 200)] });
  }
}
fs.writeFileSync(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
fs.rmSync(home, { recursive: true, force: true });
process.exit(0);
