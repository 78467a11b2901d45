// Checks with OpenClaw itself what `lint --fix --unsafe-fixes` makes of every rule's examples.
//
//   node fixes.mjs TOOL OPENCLAW FOLDER
//
// OPENCLAW is node_modules/openclaw of an installed version. Prints the figures; fails if OpenClaw and
// the tool disagree about a file, if OpenClaw rejects a fixed file whose original it accepted, or if
// fewer than 20 were fixed.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const ENOUGH = 20;
const [tool, openclaw, folder] = process.argv.slice(2);
const version = JSON.parse(fs.readFileSync(path.join(openclaw, 'package.json'), 'utf8')).version;
const run = (...args) => {
  const ran = spawnSync(tool, args, { env: { HOME: folder }, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.error || ran.stdout === '') throw new Error(`${args.join(' ')}: ${ran.error ?? ran.stderr}`);
  return JSON.parse(ran.stdout);
};

/** Whether OpenClaw accepts each of the files. */
function judged(files) {
  const out = path.join(folder, 'oracle.jsonl');
  const input = files.map((file) => JSON.stringify({ id: file, text: fs.readFileSync(file, 'utf8') })).join('\n');
  execFileSync(process.execPath, [path.join(import.meta.dirname, 'validity/oracle.mjs'), openclaw, out], { input: `${input}\n` });
  const lines = fs.readFileSync(out, 'utf8').trim().split('\n').map(JSON.parse);
  return new Map(lines.map(({ id, valid, issues }) => [id, { valid, issues }]));
}

const lint = (files, ...flags) => run('lint', '--no-fail', '--format', 'json', '--openclaw-version', version, ...flags, '--', ...files);
const ofTool = (report) => new Map(report.files.map(({ file, acceptedByOpenClaw }) => [path.basename(file), acceptedByOpenClaw]));

const files = [];
for (const { id, rule } of run('lint', '--rules', '--format', 'json').causes) {
  if (!rule) continue;
  const { bad, good } = run('explain', id, '--format', 'json').rule;
  for (const [kind, texts] of Object.entries({ bad, good })) {
    texts.forEach((text, index) => {
      const file = path.join(folder, `${id}-${kind}-${index}.json5`);
      fs.writeFileSync(file, text.replaceAll(/[«»]/g, ''));
      files.push(file);
    });
  }
}

const wrong = [];
const counts = { fixed: 0, repaired: 0, rules: new Set() };
const compare = (oracle, report) => {
  for (const [file, { valid, issues }] of oracle) {
    const own = report.get(path.basename(file));
    if (own !== null && own !== valid) wrong.push(`${file}: OpenClaw ${valid ? 'accepts' : 'refuses'} it (${issues?.slice(0, 2).join('; ')}), lint says ${own}`);
  }
};
const texts = new Map(files.map((file) => [file, fs.readFileSync(file, 'utf8')]));
const before = judged(files);
compare(before, ofTool(lint(files)));
lint(files, '--fix', '--unsafe-fixes');
const after = judged(files);
compare(after, ofTool(lint(files)));
for (const file of files) {
  if (fs.readFileSync(file, 'utf8') === texts.get(file)) continue;
  counts.fixed += 1;
  counts.rules.add(path.basename(file).replace(/-(bad|good)-\d+\.json5$/, ''));
  if (after.get(file).valid && !before.get(file).valid) counts.repaired += 1;
  if (before.get(file).valid && !after.get(file).valid) wrong.push(`${file}: refused since it was fixed: ${after.get(file).issues.join('; ')}`);
}
const accepted = files.filter((file) => fs.readFileSync(file, 'utf8') !== texts.get(file) && after.get(file).valid).length;
console.log(`${version}: ${files.length} examples, ${counts.fixed} fixed (${counts.rules.size} rules), ${accepted} of them accepted by OpenClaw, ${counts.repaired} of those refused before`);
if (accepted < ENOUGH) wrong.push(`fewer than ${ENOUGH} were fixed and accepted`);
console.log(wrong.join('\n'));
process.exit(wrong.length > 0 ? 1 : 0);
