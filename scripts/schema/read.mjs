// Writes the settings that an installed OpenClaw accepts, as JSON: { nodes, root, unknown }.
//
//   node read.mjs NODE_MODULES/openclaw OUT.json
//
// They come from the running package, not from its documentation: the zod schema itself with the
// functions that it calls, plus what `openclaw config schema` adds for channels and plugins.
import fs from 'node:fs';
import path from 'node:path';
import os from 'node:os';
import { execFileSync } from 'node:child_process';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { AFTER, MISSING_PLUGINS, nameOf } from './checks.mjs';

const [dir, out] = process.argv.slice(2);
const dist = path.join(dir, 'dist');

// zod hides the function behind `superRefine` in a closure; keep it here.
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (loaded.source && url.startsWith('file:')) {
      const source = loaded.source.toString();
      if (source.includes('payload.addIssue')) {
        loaded.source = source.replace(
          /(return fn\(payload\.value, payload\);\s*\}(?:, params)?\);)(\s*return ch;)/g,
          '$1 ch._zod.fn = fn;$2',
        );
      }
    }
    return loaded;
  },
});

// Some modules start a timer or print when they are loaded.
console.log = console.info = console.warn = console.error = () => {};
process.env.HOME = fs.mkdtempSync(path.join(os.tmpdir(), 'schema-'));
process.on('exit', () => fs.rmSync(process.env.HOME, { recursive: true, force: true }));

const nodes = [];
const ids = new Map();
const unknown = [];

function intern(node) {
  const key = JSON.stringify(node);
  let id = ids.get(key);
  if (id === undefined) {
    id = nodes.length;
    nodes.push(node);
    ids.set(key, id);
  }
  return id;
}

const ANY = intern({ kind: 'any' });
const STRING = intern({ kind: 'string' });

function checked(node, checks) {
  return checks.length > 0 ? intern({ kind: 'checked', node, checks }) : node;
}

function allOf(parts) {
  const left = [...new Set(parts)].filter((part) => part !== ANY);
  if (left.length === 0) return ANY;
  return left.length === 1 ? left[0] : intern({ kind: 'all', parts: left });
}

function anyOf(options) {
  // Adjacent literals form one enumeration.
  const values = [];
  const rest = [];
  for (const option of new Set(options)) {
    const node = nodes[option];
    if (node.kind === 'values') values.push(...node.values);
    else if (node.kind === 'union') rest.push(...node.options);
    else rest.push(option);
  }
  if (values.length > 0) rest.unshift(intern({ kind: 'values', values: [...new Set(values)] }));
  if (rest.includes(ANY)) return ANY;
  return rest.length === 1 ? rest[0] : intern({ kind: 'union', options: rest });
}

// ---- zod

const accepts = (schema, value) => schema.safeParse(value).success;
const open = new Set();
const done = new Map();

function zod(schema, at) {
  if (done.has(schema)) return done.get(schema);
  // A recursive value: any JSON.
  if (open.has(schema)) return ANY;
  open.add(schema);
  const id = zodChecked(schema, at);
  open.delete(schema);
  done.set(schema, id);
  return id;
}

function zodChecked(schema, at) {
  const { def } = schema._zod;
  const checks = [];
  const bounds = {};
  for (const check of [...(def.check ? [schema] : []), ...(def.checks ?? [])]) {
    const kind = check._zod.def;
    const more = bound(kind, bounds);
    if (more === undefined) {
      const fn = check._zod.fn ?? kind.fn;
      checks.push(fn ? named(fn, at) : `?${kind.check}`);
    }
  }
  return checked(zodNode(schema, def, bounds, at), checks.filter(Boolean));
}

function named(fn, at) {
  const name = nameOf(fn.toString(), at);
  if (name === undefined) unknown.push({ at, source: fn.toString() });
  return name === undefined ? '?' : name;
}

function bound(def, bounds) {
  const set = (key, value) => (bounds[key] = value);
  switch (def.check) {
    case 'min_length': case 'min_size': return set('min', Math.max(def.minimum, bounds.min ?? 0));
    case 'max_length': case 'max_size': return set('max', Math.min(def.maximum, bounds.max ?? Infinity));
    case 'length_equals': bounds.min = def.length; return set('max', def.length);
    case 'greater_than': return set(def.inclusive ? 'ge' : 'gt', def.value);
    case 'less_than': return set(def.inclusive ? 'le' : 'lt', def.value);
    case 'multiple_of': return set('multiple', def.value);
    case 'number_format': return set('int', true);
    case 'overwrite': return bounds.min === undefined && !bounds.patterns ? set('trim', true) : true;
    case 'string_format':
      if (def.format === 'url') return set('url', true);
      return set('patterns', [...(bounds.patterns ?? []), regex(def.pattern)]);
    case 'describe': case 'meta': return true;
    default: return undefined;
  }
}

function regex({ source, flags }) {
  // A file's text can't contain a lone surrogate.
  const plain = source.replaceAll('[^\\p{Cs}]', '[\\s\\S]').replaceAll('\\p{Cs}', '').replaceAll('\\p{Cc}', '\\x00-\\x1f\\x7f-\\x9f');
  if (/\\p\{/i.test(plain)) throw new Error(`no rewrite for ${source}`);
  return flags.includes('i') ? `(?i)${plain}` : plain;
}

function zodNode(schema, def, bounds, at) {
  switch (def.type) {
    case 'any': case 'unknown': return ANY;
    case 'never': case 'undefined': return intern({ kind: 'never' });
    case 'string': return intern({ kind: 'string', ...bounds });
    case 'number': case 'int': return intern({ kind: 'number', ...bounds });
    case 'boolean': return intern({ kind: 'boolean' });
    case 'null': return intern({ kind: 'values', values: [null] });
    case 'literal': return intern({ kind: 'values', values: def.values });
    case 'enum': return intern({ kind: 'values', values: Object.values(def.entries) });
    case 'array': return intern({ kind: 'array', item: zod(def.element, `${at}[]`), ...bounds });
    case 'tuple': return intern({ kind: 'tuple', items: def.items.map((item) => zod(item, `${at}[]`)) });
    case 'union': return anyOf(def.options.map((option, index) => zod(option, `${at}|${index}`)));
    case 'intersection': return allOf([zod(def.left, at), zod(def.right, at)]);
    case 'nullable': return anyOf([zod(def.innerType, at), intern({ kind: 'values', values: [null] })]);
    case 'optional': case 'default': case 'prefault': case 'nonoptional': case 'readonly': case 'catch':
      return zod(def.innerType, at);
    case 'lazy': return zod(def.getter(), at);
    case 'custom': return ANY;
    case 'pipe': return pipe(def, at);
    case 'object': return zodObject(def, at);
    case 'record': return record(def, bounds, at);
    default: throw new Error(`zod type ${def.type} at ${at}`);
  }
}

/** Whether a schema's output differs from its input. */
function transforms(schema) {
  const { def } = schema._zod;
  if (def.innerType) return transforms(def.innerType);
  return def.type === 'pipe' && (def.out._zod.def.type === 'transform' || transforms(def.out));
}

function pipe(def, at) {
  if (def.out._zod.def.type === 'transform' || transforms(def.in)) return zod(def.in, at);
  if (def.in._zod.def.type !== 'transform') return allOf([zod(def.in, at), zod(def.out, at)]);
  const name = named(def.in._zod.def.transform, at);
  // A list of lines is joined before it is checked.
  if (name === 'joined') return anyOf([zod(def.out, at), intern({ kind: 'array', item: ANY })]);
  return checked(zod(def.out, at), [name].filter(Boolean));
}

function zodObject(def, at) {
  const properties = {};
  for (const [key, child] of Object.entries(def.shape)) {
    properties[key] = { node: zod(child, `${at}.${key}`), required: !accepts(child, undefined) };
  }
  const rest = def.catchall;
  const strict = rest?._zod.def.type === 'never';
  return intern({ kind: 'object', properties: sorted(properties), rest: strict ? null : rest ? zod(rest, `${at}.*`) : ANY });
}

function record(def, bounds, at) {
  const value = zod(def.valueType, `${at}.*`);
  const values = def.keyType._zod.values;
  if (values && def.mode !== 'loose') {
    const required = def.keyType._zod.def.type !== 'optional' && !accepts(def.valueType, undefined) && def.partial !== true;
    const properties = Object.fromEntries([...values].map((key) => [key, { node: value, required }]));
    return intern({ kind: 'object', properties: sorted(properties), rest: null });
  }
  const key = zod(def.keyType, `${at}.#`);
  return intern({ kind: 'record', key: key === STRING ? null : key, value, ...bounds });
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

// ---- JSON schema, of channels and plugins

function json(schema, roots) {
  if (schema === true) return ANY;
  if (schema === false) return intern({ kind: 'never' });
  if (schema.$defs ?? schema.definitions) roots = [schema, ...roots];
  const parts = [];
  if (schema.$ref) {
    const target = resolve(schema.$ref, roots);
    if (open.has(target)) return ANY;
    open.add(target);
    parts.push(json(target, roots));
    open.delete(target);
  }
  for (const part of schema.allOf ?? []) parts.push(json(part, roots));
  for (const word of ['anyOf', 'oneOf']) {
    if (schema[word]) parts.push(anyOf(schema[word].map((option) => json(option, roots))));
  }
  if (schema.not) parts.push(intern({ kind: 'not', node: json(schema.not, roots) }));
  if (schema.if) {
    parts.push(intern({
      kind: 'if', test: json(schema.if, roots),
      then: schema.then ? json(schema.then, roots) : ANY, else: schema.else ? json(schema.else, roots) : ANY,
    }));
  }
  if ('const' in schema) parts.push(intern({ kind: 'values', values: [schema.const] }));
  else if (schema.enum) parts.push(intern({ kind: 'values', values: schema.enum }));
  else {
    const types = schema.type === undefined ? [undefined] : [schema.type].flat();
    parts.push(anyOf(types.map((type) => typed(type, schema, roots))));
  }
  return allOf(parts);
}

function resolve(ref, roots) {
  for (const root of roots) {
    let at = root;
    for (const step of ref.replace(/^#\/?/, '').split('/').filter(Boolean)) at = at?.[step.replace(/~1/g, '/').replace(/~0/g, '~')];
    if (at !== undefined) return at;
  }
  throw new Error(`no ${ref}`);
}

const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== false));

function typed(type, schema, roots) {
  switch (type) {
    case 'string': return intern({ kind: 'string', ...defined({ min: schema.minLength, max: schema.maxLength, url: schema.format === 'uri', patterns: schema.pattern && [regex({ source: schema.pattern, flags: '' })] }) });
    case 'integer': case 'number':
      return intern({ kind: 'number', ...defined({ int: type === 'integer', ge: schema.minimum, gt: schema.exclusiveMinimum, le: schema.maximum, lt: schema.exclusiveMaximum, multiple: schema.multipleOf }) });
    case 'boolean': return intern({ kind: 'boolean' });
    case 'null': return intern({ kind: 'values', values: [null] });
    case 'array':
      if (Array.isArray(schema.items)) return intern({ kind: 'tuple', items: schema.items.map((item) => json(item, roots)) });
      return intern({ kind: 'array', item: schema.items ? json(schema.items, roots) : ANY, ...defined({ min: schema.minItems, max: schema.maxItems, unique: schema.uniqueItems }) });
    case 'object': case undefined: {
      if (type === undefined && !schema.properties && !schema.required) return ANY;
      return jsonObject(type === undefined, schema, roots);
    }
    default: throw new Error(`JSON type ${type}`);
  }
}

function jsonObject(partial, schema, roots) {
  const required = new Set(schema.required ?? []);
  const properties = {};
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    properties[key] = { node: json(child, roots), required: required.has(key) && child.default === undefined };
  }
  for (const key of required) properties[key] ??= { node: ANY, required: true };
  const rest = schema.additionalProperties;
  const value = rest === undefined || rest === true ? ANY : rest === false ? null : json(rest, roots);
  const names = schema.propertyNames ? json(schema.propertyNames, roots) : STRING;
  const counts = defined({ min: schema.minProperties, max: schema.maxProperties });
  const object = intern({ kind: 'object', ...(partial ? { partial } : {}), properties: sorted(properties), rest: value });
  if (Object.keys(properties).length === 0 && !partial && value !== null) {
    return intern({ kind: 'record', key: names === STRING ? null : names, value, ...counts });
  }
  if (names === STRING && Object.keys(counts).length === 0) return object;
  return allOf([object, intern({ kind: 'record', key: names === STRING ? null : names, value: ANY, ...counts })]);
}

// ---- combining them

/** An export of a package module, whatever the bundler calls it there. */
async function exported(name, fits) {
  for (const file of fs.readdirSync(dist).filter((one) => /\.m?js$/.test(one))) {
    const text = fs.readFileSync(path.join(dist, file), 'utf8');
    if (!new RegExp(`\\b${name} = `).test(text)) continue;
    const found = new RegExp(`export \\{[^}]*?\\b${name}(?: as (\\w+))?[^}]*\\}`, 's').exec(text);
    if (!found) continue;
    const module = await import(pathToFileURL(path.resolve(dist, file)).href);
    const value = module[found[1] ?? name];
    if (fits(value)) return value;
  }
  return undefined;
}

async function zodRoot() {
  const schema = await exported('OpenClawSchema', (value) => value?._zod);
  if (!schema) throw new Error('no OpenClawSchema found');
  return schema;
}

function jsonRoot() {
  try {
    const text = execFileSync(process.execPath, [path.join(dir, 'openclaw.mjs'), 'config', 'schema'], { env: { HOME: process.env.HOME, PATH: process.env.PATH }, maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
    const schema = JSON.parse(text.toString());
    return schema.schema ?? schema;
  } catch {
    return null;
  }
}

/** `node` with the values of some keys restricted further. */
function narrowed(id, keys) {
  const node = nodes[id];
  if (node.kind === 'checked') return intern({ ...node, node: narrowed(node.node, keys) });
  if (node.kind === 'union') return intern({ ...node, options: node.options.map((option) => (['object', 'record', 'checked', 'all'].includes(nodes[option].kind) ? narrowed(option, keys) : option)) });
  if (node.kind === 'all') return intern({ ...node, parts: [narrowed(node.parts[0], keys), ...node.parts.slice(1)] });
  if (node.kind === 'record') return narrowed(intern({ kind: 'object', properties: {}, rest: node.value }), keys);
  if (node.kind !== 'object') throw new Error(`${node.kind} cannot be narrowed`);
  const properties = { ...node.properties };
  for (const [key, part] of Object.entries(keys)) {
    const known = properties[key] ?? { node: node.rest ?? ANY, required: false };
    properties[key] = { ...known, node: typeof part === 'function' ? part(known.node) : allOf([known.node, part]) };
  }
  return intern({ ...node, properties: sorted(properties) });
}

function pluginSchemas() {
  const found = {};
  for (const folder of ['dist/extensions', 'extensions']) {
    const base = path.join(dir, folder);
    if (!fs.existsSync(base)) continue;
    for (const name of fs.readdirSync(base)) {
      const file = path.join(base, name, 'openclaw.plugin.json');
      if (!fs.existsSync(file)) continue;
      const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
      found[manifest.id] ??= manifest;
    }
  }
  return found;
}

/** All source text of the package that may define a function. */
function sources() {
  return fs.readdirSync(dist).filter((name) => /\.m?js$/.test(name)).map((name) => fs.readFileSync(path.join(dist, name), 'utf8'));
}

/** The strings of a set that the package defines. */
function setOf(texts, name) {
  for (const text of texts) {
    const found = new RegExp(`const ${name} = [^[]*\\[([^\\]]*)\\]`).exec(text);
    if (found) return [...found[1].matchAll(/"([^"]*)"/g)].map((match) => match[1]);
  }
  return [];
}

const listed = (values) => intern({ kind: 'values', values: [...new Set(values)].sort() });

const root = zod(await zodRoot(), '');
const plugins = {};
const channels = {};
const schema = jsonRoot();
if (schema) {
  const roots = [schema];
  const listed = schema.properties.channels?.properties ?? {};
  for (const [id, child] of Object.entries(listed)) if (!['defaults', 'modelByChannel'].includes(id)) channels[id] = json(child, roots);
}
const manifests = pluginSchemas();
for (const [id, manifest] of Object.entries(manifests)) {
  if (manifest.configSchema) plugins[id] = json(manifest.configSchema, [manifest.configSchema]);
}
const entry = (config) => (node) => narrowed(node, { config });
const withPlugins = (node) => narrowed(node, { entries: (entries) => narrowed(entries, Object.fromEntries(Object.entries(plugins).map(([id, config]) => [id, entry(config)]))) });
const texts = sources();
const has = (name) => texts.some((text) => text.includes(`function ${name}(`) || text.includes(`const ${name} = (`));
const after = AFTER.filter(([, name]) => has(name)).map(([name]) => name);
const manifested = (read) => Object.values(manifests).flatMap((manifest) => read(manifest) ?? []);
const bundled = (await exported('GENERATED_BUNDLED_CHANNEL_CONFIG_METADATA', Array.isArray)) ?? [];
const configurable = bundled.filter((one) => one.configurable !== false);
const channelIds = [
  ...configurable.map((one) => one.channelId.toLowerCase()),
  ...manifested((manifest) => manifest.channels),
  ...setOf(texts, 'CHAT_CHANNEL_ORDER'),
];
const aliases = configurable.flatMap((one) => one.aliases ?? []);
const lists = {
  'custom-providers': setOf(texts, 'BUILT_IN_MODEL_PROVIDER_OVERLAY_IDS'),
  'search-provider': manifested((manifest) => manifest.contracts?.webSearchProviders),
  'heartbeat-targets': [...channelIds, ...aliases].map((id) => id.toLowerCase()),
  'channel-ids': channelIds,
  'suppressed-models': manifested((manifest) => manifest.modelCatalog?.suppressions)
    .filter((one) => !one.when)
    .map((one) => `${one.provider}/${one.model}`.toLowerCase()),
  ...Object.fromEntries(MISSING_PLUGINS.map(([name]) => [name, Object.keys(manifests)])),
};
for (const node of nodes) {
  if (node.kind === 'checked') node.checks = node.checks.map((name) => (name in lists ? { name, node: listed(lists[name]) } : { name }));
}
const whole = narrowed(root, {
  ...(Object.keys(channels).length > 0 ? { channels: (node) => narrowed(node, channels) } : {}),
  plugins: withPlugins,
});
// Which references to missing plugins are errors.
for (const [name, pattern] of MISSING_PLUGINS) if (texts.some((text) => pattern.test(text))) after.push(name);
after.push('channel-ids');
const judged = intern({ kind: 'checked', node: whole, checks: after.map((name) => (name in lists ? { name, node: listed(lists[name]) } : { name })) });
fs.writeFileSync(out, JSON.stringify({ nodes, root: judged, unknown, channels: Object.keys(channels), plugins: Object.keys(manifests) }));
process.exit(0);
