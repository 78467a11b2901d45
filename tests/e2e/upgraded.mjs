// Compares a file fixed by lint with the same file fixed by OpenClaw's doctor, where the tool moves
// settings; the doctor adds settings of its own.
//
//   node upgraded.mjs FIXED BY_DOCTOR OPENCLAW
//
// OPENCLAW is node_modules/openclaw of an installed version.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const [fixed, byDoctor, openclaw] = process.argv.slice(2);
const JSON5 = createRequire(`${openclaw}/package.json`)('json5');
const read = (file) => JSON5.parse(fs.readFileSync(file, 'utf8'));
const ours = read(fixed);
const theirs = read(byDoctor);

// The doctor converts the list to entries; the tool leaves it, since OpenClaw reads both.
const { list, ...agents } = ours.agents;
agents.entries = Object.fromEntries(list.map(({ id, default: _, ...agent }) => [id, agent]));
ours.agents = agents;

const wrong = [];
/** What one has and the other lacks. */
const compare = (one, other, path, missing) => {
  for (const [key, value] of Object.entries(one)) {
    const at = [...path, key];
    const name = at.join('.');
    if (missing(name)) continue;
    const there = other?.[key];
    if (value && typeof value === 'object' && there && typeof there === 'object') compare(value, there, at, missing);
    else if (JSON.stringify(value) !== JSON.stringify(there)) wrong.push(`${name}: ${JSON.stringify(value)}, ${JSON.stringify(there)}`);
  }
};
compare(ours, theirs, [], (name) => name === 'meta.lastTouchedVersion');
// Changes that the doctor makes on its own.
const own = /^(meta|skills|wizard|talk|agents\.ownership|agents\.defaults\.systemAgent|agents\.entries\.main\.workspace)/;
compare(theirs, ours, [], (name) => own.test(name));
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
