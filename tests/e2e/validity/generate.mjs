// Generates configs from an OpenClaw's own schema, valid and broken, one JSON line each: { id, text }.
//
//   node generate.mjs SCHEMA COUNT SEED OUT [FOLDER…]
//
// SCHEMA is the output of `openclaw config schema`; OUT gets a file for each. Files in the folders are
// used both as they are and broken.
import fs from 'node:fs';
import path from 'node:path';

const [schemaFile, count, seed, target, ...folders] = process.argv.slice(2);
const parsed = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
const schema = parsed.schema ?? parsed;

let state = Number(seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const chance = (p) => random() < p;
const pick = (list) => list[Math.floor(random() * list.length)];

const WORDS = ['main', 'ops', 'portkey', 'openai', 'default', 'a', 'Main', 'x y', 'telegram', 'discord', 'slack', 'telegram:123', 'whatsapp:*', 'openai/gpt-5', 'google/gemini-2.0-flash', 'portkey/@openai-prod/gpt-5', 'portkey/*', '30m', '1h30m', '7d', '10', '0s', '08:30', '24:00', '25:99', '10mb', '512kb', '/usr/bin/op', './op', 'op', '~/x', 'C:\\op', 'https://example.com', 'https://example.com/v1', 'http://example.com', 'http://127.0.0.1:8080', 'ws://host', 'PORTKEY_API_KEY', 'A', 'env', 'value', '/a/b', '#aabbcc', '127.0.0.1', '0.0.0.0', 'host', 'bridge', 'container:x', '*', '', ' ', '-', 'last', 'none', '2026-09-06', '2026-09-06T10:00:00Z', '123456', '+15551234567', 'user@example.com', 'github.com/a/b', 'brave', 'ok', 'é', '0', 'text', 'open', 'pairing', 'data:image/png;base64,AA', '../x', 'avatar.png', 'unconfined', 'stdio'];
const NUMBERS = [0, 1, 2, 5, 10, 60, 100, 1000, 4000, 16000, 18789, 65535, 128000, 0.5, -1, 1.5, 1e9];

function resolved(node, roots) {
  if (!node?.$ref) return [node, roots];
  for (const root of roots) {
    let at = root;
    for (const step of node.$ref.replace(/^#\/?/, '').split('/').filter(Boolean)) at = at?.[step];
    if (at !== undefined) return [at, roots];
  }
  return [{}, roots];
}

function make(node, depth, roots, fill) {
  [node, roots] = resolved(node, roots);
  if (node === true || node === undefined || node === false) return pick(WORDS);
  if (node.$defs) roots = [node, ...roots];
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return make(pick(choices), depth, roots, fill);
  if ('const' in node) return node.const;
  if (node.enum) return pick(node.enum);
  switch ([node.type].flat()[0]) {
    case 'string': return text(node);
    case 'integer': case 'number': return number(node);
    case 'boolean': return chance(0.5);
    case 'null': return null;
    case 'array': return array(node, depth, roots, fill);
    case 'object': return object(node, depth, roots, fill);
    default: return node.properties ? object(node, depth, roots, fill) : pick([...WORDS, 1, true, {}, []]);
  }
}

function text(node) {
  const fits = (word) => (!node.pattern || matches(node.pattern, word)) && word.length >= (node.minLength ?? 0) && word.length <= (node.maxLength ?? 1e9) && (node.format !== 'uri' || URL.canParse(word));
  const found = WORDS.filter(fits);
  return found.length > 0 ? pick(found) : pick(WORDS);
}

function matches(pattern, word) {
  try { return new RegExp(pattern).test(word); } catch { return true; }
}

function number(node) {
  const low = node.minimum ?? (node.exclusiveMinimum !== undefined ? node.exclusiveMinimum + 1 : -Infinity);
  const high = node.maximum ?? (node.exclusiveMaximum !== undefined ? node.exclusiveMaximum - 1 : Infinity);
  const found = [...NUMBERS, low, high].filter((one) => Number.isFinite(one) && Math.abs(one) < 1e15 && one >= low && one <= high && (node.type !== 'integer' || Number.isInteger(one)));
  return found.length > 0 ? pick(found) : low;
}

function array(node, depth, roots, fill) {
  if (Array.isArray(node.items)) return node.items.map((item) => make(item, depth - 1, roots, fill));
  const length = Math.max(node.minItems ?? 0, depth > 0 ? pick([0, 1, 1, 2]) : 0);
  return Array.from({ length }, () => make(node.items ?? {}, depth - 1, roots, fill));
}

function object(node, depth, roots, fill) {
  const made = {};
  const required = new Set(node.required ?? []);
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    if (required.has(key) || (depth > 0 && chance(fill))) made[key] = make(child, depth - 1, roots, fill);
  }
  if (node.additionalProperties && typeof node.additionalProperties === 'object' && depth > 0) {
    for (let at = pick([0, 1, 1, 2]); at > 0; at -= 1) made[text(node.propertyNames ?? {}) || 'k'] = make(node.additionalProperties, depth - 1, roots, fill);
  }
  return made;
}

function whole() {
  const roots = [schema];
  const config = {};
  const keys = Object.keys(schema.properties).filter((key) => key !== '$schema');
  const wanted = new Set(chance(0.5) ? ['models', 'agents'] : []);
  for (let at = pick([1, 1, 2, 3, 5]); at > 0; at -= 1) wanted.add(pick(keys));
  const fill = pick([0.06, 0.12, 0.25]);
  for (const key of wanted) {
    const [node] = resolved(schema.properties[key], roots);
    config[key] = key === 'channels' || key === 'plugins' ? sparse(node, roots, key === 'plugins' ? 6 : 4, fill) : make(node, 5, roots, fill);
  }
  return config;
}

/** Picks a few of many channels or plugins. */
function sparse(node, roots, depth, fill) {
  const made = {};
  if (node.properties?.entries) {
    const entries = node.properties.entries;
    made.entries = sparse(entries, roots, depth - 1, fill);
    for (const key of Object.keys(node.properties)) if (key !== 'entries' && chance(fill)) made[key] = make(node.properties[key], 3, roots, fill);
    return made;
  }
  for (let at = pick([1, 1, 2]); at > 0; at -= 1) {
    const key = pick(Object.keys(node.properties ?? { x: 1 }));
    made[key] = make(node.properties?.[key] ?? {}, depth, roots, fill);
  }
  return made;
}

// ---- breaking valid configs

function places(value, found = [], parent = null, key = null) {
  if (parent) found.push([parent, key]);
  if (value && typeof value === 'object') for (const next of Object.keys(value)) places(value[next], found, value, next);
  return found;
}

const UNKNOWN = ['foo', 'enable', 'baseURL', 'apikey', 'comment', '_note', 'timeout', 'provider', 'model', 'enabled', 'description', 'id', 'name', 'mode'];

function break1(config) {
  const all = places(config);
  if (all.length === 0) return { ...config, foo: 1 };
  const [parent, key] = pick(all);
  const value = parent[key];
  const kind = Math.floor(random() * 9);
  if (kind === 0) { if (Array.isArray(parent)) parent.splice(Number(key), 1); else delete parent[key]; }
  else if (kind === 1) parent[key] = pick([null, true, false, 0, 1, -1, 1.5, '', 'x', [], {}, ['x'], { x: 1 }]);
  else if (kind === 2 && !Array.isArray(parent)) { delete parent[key]; parent[`${key}s`] = value; }
  else if (kind === 3 && value && typeof value === 'object' && !Array.isArray(value)) value[pick(UNKNOWN)] = pick(['x', 1, true, {}, []]);
  else if (kind === 4) parent[key] = typeof value === 'number' ? pick([...NUMBERS, value + 1, value - 1, -value, 1e12, 1e17]) : typeof value === 'string' ? pick(WORDS) : value;
  else if (kind === 5 && !Array.isArray(parent)) parent[pick(UNKNOWN)] = pick(WORDS);
  else if (kind === 6) { const [other, otherKey] = pick(all); parent[key] = structuredClone(other[otherKey]); }
  else if (kind === 7 && Array.isArray(value)) value.push(pick([...WORDS, 1, {}]));
  else parent[key] = pick(WORDS);
  return config;
}

const out = [];
const given = [];
for (const folder of folders) {
  for (const file of fs.readdirSync(folder).filter((name) => /\.json5?$/.test(name)).sort()) {
    const raw = fs.readFileSync(path.join(folder, file), 'utf8');
    if (raw.includes('$include')) continue;
    out.push({ id: `${path.basename(folder)}-${file.replace(/5$/, '')}`, text: raw });
    try { given.push(JSON.parse(raw)); } catch { /* Broken ones in JSON only. */ }
  }
}
for (let at = 0; out.length < Number(count); at += 1) {
  let config = given.length > 0 && chance(0.2) ? structuredClone(pick(given)) : whole();
  const faults = chance(0.4) ? 0 : pick([1, 1, 2]);
  for (let fault = 0; fault < faults; fault += 1) config = break1(config);
  out.push({ id: `made-${at}.json`, text: JSON.stringify(config, null, 2) });
}
// A folder that isn't empty may belong to someone else.
if (fs.readdirSync(target).length > 0) throw new Error(`${target} is not empty`);
for (const { id, text } of out) fs.writeFileSync(path.join(target, id), text);
process.stdout.write(out.map((one) => `${JSON.stringify(one)}\n`).join(''));
