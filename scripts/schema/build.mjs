// Merges the results of `read.mjs` for each version into one table, written to standard output.
//
//   node build.mjs VERSION=FILE…       oldest first
//
// A row describes a value in all versions. Differences between versions are marked with the versions
// they apply to.
import fs from 'node:fs';

const inputs = process.argv.slice(2).map((text) => {
  const [version, file] = text.split('=');
  return { version, ...JSON.parse(fs.readFileSync(file, 'utf8')) };
});
const ALL = 2 ** inputs.length - 1;

// A shared numbering for the nodes of all versions: equal nodes get the same number.
const shared = [];
const numbers = new Map();

function number(node) {
  const key = JSON.stringify(node);
  if (!numbers.has(key)) {
    numbers.set(key, shared.length);
    shared.push(node);
  }
  return numbers.get(key);
}

function imported(input) {
  const done = new Map();
  const take = (id) => {
    if (id === null) return null;
    if (!done.has(id)) done.set(id, number(mapped(input.nodes[id], take)));
    return done.get(id);
  };
  return take(input.root);
}

function mapped(node, take) {
  const copy = { ...node };
  for (const key of ['node', 'item', 'rest', 'key', 'value', 'test', 'then', 'else']) if (typeof copy[key] === 'number') copy[key] = take(copy[key]);
  for (const key of ['options', 'parts', 'items']) if (copy[key]) copy[key] = copy[key].map(take);
  if (copy.checks) copy.checks = copy.checks.map((check) => (check.node === undefined ? check : { ...check, node: take(check.node) }));
  if (copy.properties) copy.properties = Object.fromEntries(Object.entries(copy.properties).map(([key, one]) => [key, { ...one, node: take(one.node) }]));
  return copy;
}

const rows = [];
const rowOf = new Map();
const merged = new Map();

function row(text) {
  if (!rowOf.has(text)) {
    rowOf.set(text, rows.length);
    rows.push(text);
  }
  return rowOf.get(text);
}

const masks = ['*'];
function mask(bits, whole) {
  if (bits === whole) return '';
  const text = bits.toString(16);
  let at = masks.indexOf(text);
  if (at < 0) at = masks.push(text) - 1;
  return at.toString(36);
}

const escaped = (text) => text.replace(/[%\s:\u0000-\u001f]/g, (char) => `%${char.codePointAt(0).toString(16).padStart(2, '0')}`);
const literal = (value) => (typeof value === 'string' ? `=${escaped(value)}` : JSON.stringify(value));

/** The row for what some versions have: pairs of versions and node. */
function merge(pairs) {
  const byNode = new Map();
  for (const [bits, id] of pairs) byNode.set(id, (byNode.get(id) ?? 0) | bits);
  const groups = [...byNode].map(([id, bits]) => ({ id, bits, node: shared[id] }));
  groups.sort((a, b) => a.bits - b.bits);
  // If there is only one node, its rows don't depend on which versions reach them.
  const key = groups.length === 1 ? `${groups[0].id}` : groups.map(({ id, bits }) => `${id}@${bits}`).join();
  if (!merged.has(key)) merged.set(key, write(groups));
  return merged.get(key);
}

function write(groups) {
  const kinds = new Set(groups.map(({ node }) => node.kind));
  if (kinds.size > 1 && kinds.has('checked')) {
    const open = groups.map((group) => (group.node.kind === 'checked' ? group : { ...group, node: { kind: 'checked', node: group.id, checks: [] } }));
    return write(open);
  }
  const writer = WRITERS[groups[0].node.kind];
  const text = kinds.size === 1 ? writer(groups, groups.reduce((all, group) => all | group.bits, 0)) : undefined;
  if (text !== undefined) return row(text);
  return split(groups, kinds);
}

/** Merges rows, each for some versions. */
function split(groups, kinds) {
  const whole = groups.reduce((all, group) => all | group.bits, 0);
  const parts = [...kinds].flatMap((kind) => {
    const same = groups.filter((group) => group.node.kind === kind);
    if (kinds.size === 1 || WRITERS[kind](same, 0) === undefined) return same.map((group) => [group.bits, merge([[group.bits, group.id]])]);
    return [[same.reduce((all, group) => all | group.bits, 0), merge(same.map((group) => [group.bits, group.id]))]];
  });
  return row(`v ${parts.map(([bits, id]) => `${mask(bits, whole)}:${id}`).join(' ')}`);
}

const child = (groups, read) => merge(groups.map((group) => [group.bits, read(group.node)]));
const alike = (groups, read) => new Set(groups.map((group) => JSON.stringify(read(group.node) ?? null))).size === 1;
const value = (bound) => bound ?? '-';

const WRITERS = {
  any: () => 'a',
  never: () => 'n',
  boolean: () => 'b',
  string(groups) {
    if (!alike(groups, (node) => node)) return undefined;
    const { min, max, trim, url, patterns = [] } = groups[0].node;
    const flags = (trim ? 't' : '') + (url ? 'u' : '');
    return ['s', value(min), value(max), value(flags || undefined), ...patterns.map(escaped)].join(' ').replace(/( -)+$/, '');
  },
  number(groups) {
    if (!alike(groups, (node) => node)) return undefined;
    const { int, ge, gt, le, lt, multiple } = groups[0].node;
    const safe = (bound) => (Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound);
    return [int ? 'i' : 'd', ...[safe(ge), safe(gt), safe(le), safe(lt), multiple].map(value)].join(' ').replace(/( -)+$/, '');
  },
  values(groups, whole) {
    const versions = new Map();
    for (const { node, bits } of groups) for (const one of node.values) versions.set(literal(one), (versions.get(literal(one)) ?? 0) | bits);
    return `l ${[...versions].map(([text, bits]) => (bits === whole ? text : `${mask(bits, whole)}:${text}`)).join(' ')}`;
  },
  array(groups) {
    if (!alike(groups, ({ min, max, unique }) => [min, max, unique])) return undefined;
    const { min, max, unique } = groups[0].node;
    return `y ${child(groups, (node) => node.item)} ${value(min)} ${value(max)} ${unique ? 'u' : '-'}`.replace(/( -)+$/, '');
  },
  tuple(groups) {
    if (!alike(groups, (node) => node.items.length)) return undefined;
    return `t ${groups[0].node.items.map((_, at) => child(groups, (node) => node.items[at])).join(' ')}`;
  },
  record(groups) {
    if (!alike(groups, ({ min, max, key }) => [min, max, key === null])) return undefined;
    const { min, max, key } = groups[0].node;
    return `r ${key === null ? '-' : child(groups, (node) => node.key)} ${child(groups, (node) => node.value)} ${value(min)} ${value(max)}`.replace(/( -)+$/, '');
  },
  object(groups, whole) {
    if (!alike(groups, (node) => node.partial)) return undefined;
    const strict = groups.filter((group) => group.node.rest === null).reduce((all, group) => all | group.bits, 0);
    const open = groups.filter((group) => group.node.rest !== null);
    const keys = [...new Set(groups.flatMap((group) => Object.keys(group.node.properties)))].sort((a, b) => (Buffer.from(a) < Buffer.from(b) ? -1 : 1));
    const texts = keys.map((key) => {
      const having = groups.filter((group) => key in group.node.properties);
      const bits = having.reduce((all, group) => all | group.bits, 0);
      const required = having.filter((group) => group.node.properties[key].required).reduce((all, group) => all | group.bits, 0);
      const fields = [escaped(key), child(having, (node) => node.properties[key].node), mask(bits, whole)];
      if (required) fields.push(required === whole ? '*' : mask(required, 0));
      return fields.join(':').replace(/:$/, '');
    });
    const rest = open.length === 0 ? '-' : child(open, (node) => node.rest);
    return [groups[0].node.partial ? 'p' : 'o', strict === whole ? '*' : strict === 0 ? '-' : mask(strict, 0), rest, ...texts].join(' ');
  },
  checked(groups, whole) {
    const names = [...new Set(groups.flatMap((group) => group.node.checks.map((check) => check.name)))];
    const texts = names.map((name) => {
      const having = groups.filter((group) => group.node.checks.some((check) => check.name === name));
      const bits = having.reduce((all, group) => all | group.bits, 0);
      const own = (node) => node.checks.find((check) => check.name === name).node;
      const list = own(having[0].node) === undefined ? '' : child(having, own);
      return `${name}:${mask(bits, whole)}:${list}`.replace(/:+$/, '');
    });
    return `c ${child(groups, (node) => node.node)} ${texts.join(' ')}`;
  },
  union(groups, whole) {
    return `u ${lined(groups, (node) => node.options, whole).join(' ')}`;
  },
  all(groups, whole) {
    return `& ${lined(groups, (node) => node.parts, whole).join(' ')}`;
  },
  not: (groups) => `! ${child(groups, (node) => node.node)}`,
  if: (groups) => `? ${['test', 'then', 'else'].map((word) => child(groups, (node) => node[word])).join(' ')}`,
};

/** What distinguishes the branches of a union. */
function signature(id) {
  const node = shared[id];
  if (node.kind === 'checked') return signature(node.node);
  if (node.kind !== 'object') return node.kind;
  const literals = Object.entries(node.properties).filter(([, one]) => shared[one.node].kind === 'values' && one.required);
  return `object ${literals.map(([key, one]) => `${key}=${JSON.stringify(shared[one.node].values)}`).join()}`;
}

function lined(groups, read, whole) {
  const slots = new Map();
  for (const { node, bits } of groups) {
    const seen = new Map();
    for (const id of read(node)) {
      const sign = signature(id);
      const count = seen.get(sign) ?? 0;
      seen.set(sign, count + 1);
      const key = `${sign}#${count}`;
      if (!slots.has(key)) slots.set(key, []);
      slots.get(key).push([bits, id]);
    }
  }
  return [...slots.values()].map((pairs) => {
    const bits = pairs.reduce((all, [one]) => all | one, 0);
    return bits === whole ? `${merge(pairs)}` : `${mask(bits, whole)}:${merge(pairs)}`;
  });
}

const roots = inputs.map((input, at) => [2 ** at, imported(input)]);
const root = merge(roots);
console.log(`versions ${inputs.map((input) => input.version).join(' ')}`);
console.log(`masks ${masks.slice(1).join(' ')}`);
console.log(`root ${root}`);
console.log(rows.join('\n'));
