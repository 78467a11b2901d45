// Compares the tool's verdicts on configs with OpenClaw's.
//
//   node compare.mjs VERSION ORACLE LINT FOLDER
//
// ORACLE is the output of oracle.mjs, LINT the output of `lint --format json` on the files in FOLDER.
// Prints the figures and the first disagreements, and fails if there is one.
import fs from 'node:fs';
import path from 'node:path';

const SHOWN = 20;
const [version, oracle, lint, folder] = process.argv.slice(2);
const said = new Map(JSON.parse(fs.readFileSync(lint, 'utf8')).files.map((one) => [path.basename(one.file), one]));
const counts = { agree: 0, accepted: 0, open: 0, differ: 0 };
for (const line of fs.readFileSync(oracle, 'utf8').trim().split('\n')) {
  const { id, valid, issues } = JSON.parse(line);
  if (valid === null) continue;
  const own = said.get(id);
  if (own?.acceptedByOpenClaw === null) counts.open += 1;
  else if (own?.acceptedByOpenClaw === valid) {
    counts.agree += 1;
    counts.accepted += valid ? 1 : 0;
  } else {
    counts.differ += 1;
    if (counts.differ > SHOWN) continue;
    console.log(`${version} ${path.join(folder, id)}: OpenClaw ${valid ? 'accepts' : 'refuses'} it: ${issues.slice(0, 3).join('; ')}; lint: ${own ? JSON.stringify(own) : 'nothing'}`);
  }
}
const total = counts.agree + counts.open + counts.differ;
console.log(`${version}: ${total} configs, ${counts.agree} judged alike (${counts.accepted} accepted), ${counts.open} left open, ${counts.differ} judged differently`);
process.exit(counts.differ > 0 ? 1 : 0);
