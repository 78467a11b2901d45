// The language server with a client from npm: what an editor requests while someone types.
//
//   node lsp.mjs MODULES TOOL HOME
//
// MODULES has vscode-languageserver-protocol. Fails if a response is wrong, and prints how long it takes
// from a change of a 50 KB file until its diagnostics arrive.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { strict as assert } from 'node:assert';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, tool, home] = process.argv.slice(2);
const lsp = createRequire(path.join(modules, 'x.js'))('vscode-languageserver-protocol/node');
const server = spawn(tool, ['lsp'], { env: { HOME: home, PATH: process.env.PATH }, stdio: ['pipe', 'pipe', 'inherit'] });
const connection = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout),
  new lsp.StreamMessageWriter(server.stdin),
);
const uri = pathToFileURL(path.join(home, 'openclaw.json')).href;
let heard = () => {};
connection.onNotification(lsp.PublishDiagnosticsNotification.type, (found) => heard(found.diagnostics));
connection.listen();

/** The server's diagnostics after a message was sent. */
async function diagnostics(send) {
  const found = new Promise((resolve) => { heard = resolve; });
  await send();
  return found;
}

const { capabilities } = await connection.sendRequest(lsp.InitializeRequest.type, {
  processId: process.pid, rootUri: null, capabilities: {},
});
assert(capabilities.hoverProvider && capabilities.completionProvider && capabilities.codeActionProvider);
await connection.sendNotification(lsp.InitializedNotification.type, {});

const text = `{
  models: { providers: { portkey: {
    baseUrl: "https://api.portkey.ai/v1/",
    apiKey: "\${PORTKEY_API_KEY}",
    api: "openai-completions",
    models: [{ id: "@openai-prod/gpt-5", name: "GPT 5" }],
  } } },
  agents: { defaults: { model: { primary: "portkey/@openai-prod/gpt-5" } } },
}
`;
let version = 1;
const found = await diagnostics(() => connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
  textDocument: { uri, languageId: 'json5', version, text },
}));
assert.deepEqual(found.map(({ code }) => code), ['base-url-trailing-slash']);
const [{ range }] = found;
const actions = await connection.sendRequest(lsp.CodeActionRequest.type, {
  textDocument: { uri }, range, context: { diagnostics: found },
});
const [edit] = actions[0].edit.changes[uri];
assert.equal(edit.range.start.line, 2);
const change = (next) => diagnostics(() => connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
  textDocument: { uri, version: ++version }, contentChanges: [{ text: next }],
}));
assert.deepEqual(await change(text.replace('v1/"', 'v1"')), []);

const at = (line, character) => ({ textDocument: { uri }, position: { line, character } });
const hover = await connection.sendRequest(lsp.HoverRequest.type, at(5, 22));
assert.match(JSON.stringify(hover.contents), /gpt-5/i);
const completion = await connection.sendRequest(lsp.CompletionRequest.type, at(4, 4));
const items = Array.isArray(completion) ? completion : completion.items;
assert(items.some(({ label }) => label === 'headers'), items.map(({ label }) => label).join(' '));

// A file of 50 KB, changed thirty times.
const agents = Array.from({ length: 560 }, (_, n) => `    { id: "agent-${n}", workspace: "~/.openclaw/w-${n}", name: "Agent ${n}" }, // of the team\n`).join('');
const large = (n) => text.replace('v1/"', 'v1"').replace('agents: {', `// ${n}\n  agents: { ownership: "explicit", list: [\n${agents}  ],`);
await change(large(0));
const times = [];
for (let n = 1; n <= 30; n += 1) {
  const started = process.hrtime.bigint();
  await change(large(n));
  times.push(Number(process.hrtime.bigint() - started) / 1e6);
}
times.sort((a, b) => a - b);
console.log(`lsp: a change of ${large(0).length} bytes takes ${times[15].toFixed(1)} ms (median of 30)`);

await connection.sendRequest(lsp.ShutdownRequest.type);
await connection.sendNotification(lsp.ExitNotification.type);
const status = await new Promise((resolve) => server.on('exit', resolve));
assert.equal(status, 0);
