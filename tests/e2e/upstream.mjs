// Everything behind the Portkey gateway, on one loopback port:
//   POST …/chat/completions   a provider that streams a short answer
//   GET  …/models             the same provider's list of models
//   GET  /v2/models           Portkey's control plane, which the gateway asks for its model catalogue
// An unlisted model is answered with 404. Keys are KEY and anything that starts with KEY and a hyphen.
// Each request is appended to LOG as one JSON line. A model whose id ends in `status-NNN` gets that
// status, in `/hang` no answer, in `/cut` half of one, in `/empty` one without content.
// Usage: node upstream.mjs LOG KEY [MODEL…]; prints its port when it is ready.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

const [log, key, ...models] = process.argv.slice(2);

const wrongKey = "Portkey Error: Invalid API Key. Error Code: 03";
const portkeyRefusal = { status: "failure", message: wrongKey, error: { message: wrongKey, code: "03" } };
const providerRefusal = {
  error: { message: "Incorrect API key provided.", type: "invalid_request_error", param: null, code: "invalid_api_key" },
};

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function catalogue() {
  const data = models.map((id) => {
    const slug = id.slice(id.indexOf("/") + 1);
    return { id, slug, canonical_slug: slug, object: "model" };
  });
  return { object: "list", total: data.length, data };
}

function chunkOf(model, delta, finish_reason = null, usage = undefined) {
  const choices = [{ index: 0, delta, finish_reason }];
  return `data: ${JSON.stringify({ id: "chatcmpl-e2e", object: "chat.completion.chunk", created: 1, model, choices, usage })}\n\n`;
}

function stream(response, model, words = ["Hello from ", `${model}.`]) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  words.forEach((content, index) => response.write(chunkOf(model, index === 0 ? { role: "assistant", content } : { content })));
  response.write(chunkOf(model, {}, "stop", { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }));
  response.end("data: [DONE]\n\n");
}

/** One chunk, and then the connection is closed. */
function cut(response, model) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(chunkOf(model, { role: "assistant", content: "Hello" }), () => setTimeout(() => response.destroy(), 200));
}

function answer(request, text, response) {
  const path = request.url.split("?")[0];
  const bearer = request.headers.authorization?.replace(/^Bearer /, "");
  const json = text.startsWith("{") ? JSON.parse(text) : {};
  const parts = (json.messages ?? []).flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const images = parts.filter(({ type }) => type === "image_url").length;
  const isKey = (text) => text === key || text?.startsWith(`${key}-`);
  const record = { method: request.method, path, headers: request.headers, model: json.model, user: json.user, images };
  appendFileSync(log, `${JSON.stringify(record)}\n`);

  if (request.method === "GET" && path === "/v2/models") {
    const allowed = isKey(request.headers["x-portkey-api-key"]);
    return send(response, allowed ? 200 : 401, allowed ? catalogue() : portkeyRefusal);
  }
  if (!isKey(bearer)) return send(response, 401, providerRefusal);
  if (request.method === "GET" && path.endsWith("/models")) {
    const data = models.map((id) => ({ id, object: "model", created: 1, owned_by: "e2e" }));
    return send(response, 200, { object: "list", data });
  }
  if (request.method !== "POST" || !path.endsWith("/chat/completions")) {
    return send(response, 404, { error: { message: `no route ${request.method} ${path}` } });
  }
  if (json.model?.endsWith("/hang")) return;
  if (json.model?.endsWith("/cut")) return cut(response, json.model);
  if (json.model?.endsWith("/empty")) return stream(response, json.model, []);
  const failure = /status-(\d{3})$/.exec(json.model ?? "");
  if (failure) return send(response, Number(failure[1]), { error: { message: "told to fail", type: "server_error" } });
  if (!models.includes(json.model)) {
    const message = `The model \`${json.model}\` does not exist or you do not have access to it.`;
    return send(response, 404, { error: { message, type: "invalid_request_error", param: null, code: "model_not_found" } });
  }
  stream(response, json.model);
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => answer(request, Buffer.concat(parts).toString("utf8"), response));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
