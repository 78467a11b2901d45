// A control plane behind Prism, on one loopback port: gateway configs with their versions, keys,
// providers and guardrails, in the forms of the OpenAPI document. In front of Prism, on another port, a
// proxy removes `/v1` from the paths, which the document doesn't have. Each reply that came through
// Prism is appended to LOG as one JSON line, with the violations that Prism reported. New keys are
// ISSUED plus the key's name. Usage: node admin.mjs LOG KEY PRISM_PORT ISSUED; prints the ports of the
// control plane and of the proxy.
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer, request as send } from "node:http";

const [log, key, prism, issued] = process.argv.slice(2);
const configs = [];
const owner = randomUUID();
const workspace = randomUUID();

function reply(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

const refuse = (response, status, errorCode, message) =>
  reply(response, status, { success: false, data: { message, errorCode } });

const described = ({ slug, id, name, versions }) => ({
  id,
  name,
  slug,
  organisation_id: owner,
  workspace_id: workspace,
  is_default: 0,
  status: "active",
  owner_id: owner,
  updated_by: owner,
  created_at: versions[0].at,
  last_updated_at: versions.at(-1).at,
});

function save(config, value) {
  const version = { id: randomUUID(), at: new Date().toISOString(), value };
  config.versions.push(version);
  return version.id;
}

const now = () => new Date().toISOString();
const change = (known, body) => {
  for (const [name, value] of Object.entries(body)) {
    if (value === null || name === "reset_usage") delete known[name];
    else known[name] = value;
  }
};
// The document has no place for the flag in a reply; Portkey's Terraform provider reads it next to
// `defaults`.
const returned = ({ allow_config_override: can, ...defaults } = {}) => ({
  defaults,
  ...(can === undefined ? {} : { allow_config_override: Number(can) }),
});
const keys = [];
const providers = [];
const guardrails = [];

// The rest of the API, by method and first path segment; nothing if there is no such path.
const others = {
  "GET api-keys": (body, [id]) => (id ? keys.find((key) => key.id === id) : { object: "list", total: keys.length, data: keys }),
  "POST api-keys": (body, [type, sub]) => {
    if (sub === "rotate") return { id: type, key: `${issued}-${randomUUID()}`, key_transition_expires_at: now() };
    const { defaults, ...rest } = body;
    keys.push({ ...rest, ...returned(defaults), id: randomUUID(), type: `${type}-${sub}`, status: "active", created_at: now(), object: "api-key" });
    return { id: keys.at(-1).id, key: `${issued}-${body.name}`, object: "api-key" };
  },
  "PUT api-keys": (body, [id]) => {
    const { defaults, ...rest } = body;
    change(keys.find((key) => key.id === id), { ...rest, ...(defaults ? returned(defaults) : {}) });
    return {};
  },
  "DELETE api-keys": (body, [id]) => {
    keys.splice(keys.findIndex((key) => key.id === id), 1);
    return {};
  },
  "GET providers": (body, [slug]) =>
    slug ? providers.find((provider) => provider.slug === slug) : { object: "list", total: providers.length, data: providers },
  "PUT providers": (body, [slug]) => {
    change(providers.find((provider) => provider.slug === slug), body);
    return { id: randomUUID(), slug };
  },
  "POST integrations": (body) => {
    if (!providers.some(({ slug }) => slug === body.slug)) providers.push({ name: body.name, slug: body.slug, integration_id: body.slug, status: "active", created_at: now(), object: "provider" });
    return { id: randomUUID(), slug: body.slug };
  },
  "GET virtual-keys": () => ({ object: "list", total: providers.length, data: providers }),
  "POST virtual-keys": (body) => ({ success: true, data: { slug: body.name } }),
  "GET guardrails": (body, [slug]) =>
    slug ? guardrails.find((guardrail) => guardrail.slug === slug) : { total: guardrails.length, data: guardrails },
  "POST guardrails": (body) => {
    const made = { id: randomUUID(), slug: `pg-${randomUUID().slice(0, 6)}`, name: body.name, status: "active", created_at: now(), last_updated_at: now(), owner_id: owner };
    guardrails.push(made);
    return { id: made.id, slug: made.slug, version_id: randomUUID() };
  },
  "GET admin": (body, [kind]) => {
    const object = kind === "workspaces" ? "workspace-user" : "user";
    return { object: "list", total: 1, data: [{ object, id: owner, email: "alice@example.com", role: "member" }] };
  },
  "GET analytics": (body, [kind]) =>
    kind === "groups"
      ? { object: "list", total: 0, data: [] }
      : { summary: { total: 3, avg: 1 }, data_points: [{ timestamp: now(), total: 3, avg: 1 }], object: "analytics-graph" },
};

function answer(request, text, response) {
  if (request.headers["x-portkey-api-key"] !== key) return refuse(response, 401, "AB05", "Unauthorized");
  const [, what, slug, part] = request.url.split("?")[0].split("/");
  const body = text ? JSON.parse(text) : {};
  const config = configs.find((known) => known.slug === slug);
  const other = others[`${request.method} ${what}`];
  if (other) {
    const found = other(body, request.url.split("?")[0].split("/").slice(2));
    return found ? reply(response, 200, found) : refuse(response, 404, "AB02", "Not found");
  }
  if (what !== "configs") return reply(response, 404, { message: "Not Found", ok: false });
  if (slug && !config) return refuse(response, 403, "AB03", "You do not have enough permissions to execute this request");
  if (request.method === "POST") {
    const made = { id: randomUUID(), slug: `pc-${body.name.slice(0, 5)}-${randomUUID().slice(0, 6)}`, name: body.name, versions: [] };
    configs.push(made);
    return reply(response, 200, { success: true, data: { id: made.id, version_id: save(made, body.config) } });
  }
  if (request.method === "PUT") {
    return reply(response, 200, { success: true, data: { version_id: save(config, body.config) } });
  }
  if (request.method === "DELETE") {
    configs.splice(configs.indexOf(config), 1);
    return reply(response, 200, {});
  }
  if (!slug) return reply(response, 200, { success: true, data: configs.map(described) });
  if (part === "versions") {
    const data = config.versions.map(({ id, value, at }) => ({
      ...described(config),
      created_at: at,
      config: JSON.stringify(value),
      format: "json",
      type: "config",
      version_id: id,
      object: "config",
    }));
    return reply(response, 200, { object: "list", total: data.length, data });
  }
  return reply(response, 200, { success: true, data: { config: config.versions.at(-1).value } });
}

const collect = (request, then) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => then(Buffer.concat(parts)));
};

const plane = createServer((request, response) =>
  collect(request, (body) => answer(request, body.toString("utf8"), response)),
);

const front = createServer((request, response) =>
  collect(request, (body) => {
    const path = request.url.replace(/^\/v1/, "");
    const { host, ...headers } = request.headers;
    const onward = send({ host: "127.0.0.1", port: prism, path, method: request.method, headers }, (answer) =>
      collect(answer, (text) => {
        const violations = answer.headers["sl-violations"] ?? "";
        appendFileSync(log, `${JSON.stringify({ call: `${request.method} ${path}`, status: answer.statusCode, violations, body: answer.statusCode >= 400 ? text.toString("utf8") : "" })}\n`);
        response.writeHead(answer.statusCode, { "content-type": "application/json" });
        response.end(text);
      }),
    );
    onward.on("error", () => response.destroy());
    onward.end(body);
  }),
);

plane.listen(0, "127.0.0.1", () =>
  front.listen(0, "127.0.0.1", () => console.log(plane.address().port, front.address().port)),
);
