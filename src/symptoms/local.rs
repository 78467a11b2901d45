//! The symptoms of the way to Portkey and of OpenClaw itself, sorted by id.

use super::{
    API_KEYS, CATALOG, CONFIGS, Group, LOGS, OPENCLAW_DOCS, STATUS, Source, Symptom, Transport,
};

type Words = &'static [&'static [&'static str]];

const fn transport(id: &'static str, transport: Transport, group: Group, words: Words) -> Symptom {
    Symptom::new(id, Source::Transport(transport), group, words)
}

const fn openclaw(id: &'static str, group: Group, words: Words) -> Symptom {
    Symptom::new(id, Source::OpenClaw, group, words)
}

const fn machine(id: &'static str, group: Group) -> Symptom {
    Symptom::new(id, Source::Machine, group, &[])
}

const fn vague(id: &'static str, group: Group, words: Words) -> Symptom {
    Symptom::new(id, Source::Vague, group, words)
}

pub(super) const TABLE: &[Symptom] = &[
    transport("answer-cut", Transport::Cut, Group::Network, &[&["econnreset"], &["socket hang up"], &["other side closed"]])
        .because("the connection ended within the answer", "The server or something between closed it early.")
        .cure("Try again; if it stays, try without VPN or proxy.", STATUS),
    transport("answer-too-large", Transport::TooLarge, Group::Network, &[])
        .because("the answer is too large to be a list of models", "A list of models has less than 8 MiB; something else answered, or without end.")
        .cure("Check the base URL.", ""),
    vague("auth-profile", Group::Unauthorized, &[&["auth profile"], &["auth-profiles"], &["ref_shadowed"], &["key change", "ignored"]])
        .because(
            "an auth profile of OpenClaw overrides the key in the config",
            "Where an auth profile for the provider exists, OpenClaw sends the profile's key whatever openclaw.json says, and tries the config's at best when that one is refused; `openclaw doctor --fix` creates such a profile.",
        )
        .cure("Run: openclaw models auth logout portkey:default --yes", OPENCLAW_DOCS),
    openclaw("bytestring", Group::Config, &[&["convert argument to a bytestring"]])
        .because(
            "the key or a header holds a character that cannot be sent",
            "OpenClaw sends Latin-1 only; typographic quotes, dashes and invisible characters from copying are the usual ones.",
        )
        .cure("Type the value again by hand; metadata in other scripts: openclaw-portkey set-header --metadata KEY=VALUE writes it so that it can be sent.", ""),
    transport(
        "certificate-expired",
        Transport::TlsExpired,
        Group::Network,
        &[&["cert_has_expired"], &["certificate has expired"], &["cert_not_yet_valid"], &["certificate is not yet valid"]],
    )
    .because("the server's certificate is out of date", "It has expired, or this machine's clock is wrong.")
    .cure("Check the date and time of this machine; for your own gateway, renew its certificate.", ""),
    transport(
        "certificate-untrusted",
        Transport::TlsUntrusted,
        Group::Network,
        &[
            &["self_signed_cert"],
            &["self-signed certificate"],
            &["self signed certificate"],
            &["unable_to_verify_leaf_signature"],
            &["unable_to_get_issuer_cert"],
            &["unable to get local issuer certificate"],
            &["unable to verify the first certificate"],
        ],
    )
    .because(
        "the server's certificate comes from an authority that this machine does not trust",
        "A company's proxy or your own gateway signs with a certificate authority of its own, or the certificate is signed by itself.",
    )
    .cure("Install that authority in the system's certificate store; OpenClaw also needs NODE_EXTRA_CA_CERTS=/path/to/ca.pem. A certificate signed by itself must be replaced by one that an authority signed.", ""),
    transport(
        "certificate-wrong-host",
        Transport::TlsWrongHost,
        Group::Network,
        &[&["err_tls_cert_altname_invalid"], &["does not match certificate's altnames"]],
    )
    .because("the server's certificate belongs to another host", "The base URL's host is misspelt, an address instead of a name, or somebody stands between.")
    .cure("Write the host's name in the base URL exactly as the certificate has it.", ""),
    machine("config-missing", Group::OpenClaw)
        .because("there is no config yet", "OpenClaw runs on its defaults until it is written.")
        .cure("Run: openclaw-portkey init", ""),
    transport("connect", Transport::Connect, Group::Network, &[&["econnrefused"], &["ehostunreach"], &["enetunreach"], &["connection refused"]])
        .because("nothing accepts a connection at the base URL", "The port is wrong, the gateway is not running, or a firewall stands between.")
        .cure("Check host and port of the base URL; start your own gateway; for api.portkey.ai look at the network and the status page.", STATUS),
    vague("connection-error", Group::Network, &[&["connection error"], &["fetch failed"]])
        .because(
            "OpenClaw could not connect, and does not say why",
            "It says the same for a wrong host, a closed port and an address that it blocks as private; its log says which.",
        )
        .cure("Run: openclaw logs — and look for `resolves to private` or a code such as ENOTFOUND.", ""),
    transport("dns", Transport::Dns, Group::Network, &[&["enotfound"], &["eai_again"], &["getaddrinfo"], &["dns error"]])
        .because("the base URL's host name is not known", "It is misspelt, or this machine has no working DNS.")
        .cure("Check the host in the base URL: Portkey's own is https://api.portkey.ai/v1.", STATUS),
    vague("fallback", Group::OpenClaw, &[&["model-fallback/decision"], &["reason=auth"], &["reason=format"], &["reason=rate_limit"]])
        .because(
            "OpenClaw left the primary model, and its label for the reason may mislead",
            "It calls any 400 `format` and a used-up budget (412) `rate_limit`; what counts is the text after detail=.",
        )
        .cure("Paste the whole line with its detail=… part; without one, open the request in the dashboard.", LOGS),
    machine("gateway-silent", Group::OpenClaw)
        .because("the gateway process does not answer", "It is starting, hangs, or another program has its port.")
        .cure("Run: openclaw gateway restart — and look at: openclaw logs", OPENCLAW_DOCS),
    machine("gateway-stale", Group::OpenClaw)
        .because(
            "the running gateway does not know of the last change",
            "A gateway takes up changes of openclaw.json by itself, but reads .env and the service's own variables only when it starts.",
        )
        .cure("Run: openclaw gateway restart", OPENCLAW_DOCS),
    vague("guide-model-not-found", Group::NotFound, &[&["model not found"], &["model_not_found"], &["unknown model"]])
        .because("a model is not found", "The model id is not in the form @slug/model, the slug is not in your Model Catalog, or the model is not enabled there.")
        .cure("Run: openclaw-portkey models — and take an id from the list.", CATALOG),
    vague("guide-rate-limited", Group::RateLimited, &[&["rate limit"], &["ratelimit"], &["too many requests"], &["429"]])
        .because("requests are rate limited", "The limit is Portkey's (key, workspace or provider) or the provider's own; the reply's text tells which.")
        .cure("In the Model Catalog, open the provider, then Budget & Limits; else wait a minute.", CATALOG),
    vague("guide-unauthorized", Group::Unauthorized, &[&["401"], &["unauthorized"], &["unauthorised"]])
        .because(
            "requests are not authorised",
            "Either Portkey refuses its key, or the provider refuses the one stored in the Model Catalog; only the second shows in the dashboard.",
        )
        .cure("Copy the Portkey key again (openclaw-portkey init), and check the provider's credentials in the Model Catalog.", API_KEYS),
    machine("include-unread", Group::OpenClaw)
        .because("an included file cannot be read", "OpenClaw does not start without it, and a running one keeps the old config.")
        .cure("Make the file, or make it readable; or take the $include out.", OPENCLAW_DOCS),
    openclaw("invalid-url", Group::Config, &[&["invalid url"]])
        .because("the base URL is not a URL", "It has no https:// in front.")
        .cure("Set baseUrl to https://api.portkey.ai/v1, or run: openclaw-portkey init --base-url https://api.portkey.ai/v1", ""),
    machine("key-differs", Group::Unauthorized)
        .because(
            "this shell has another key than the gateway",
            "What works in the shell may then fail in the gateway, or the other way round, and the two may belong to different workspaces.",
        )
        .cure("Decide for one; openclaw-portkey init --api-key-env NAME puts the key of a variable into OpenClaw's .env.", API_KEYS),
    machine("key-empty", Group::Unauthorized)
        .because(
            "an empty variable hides the key",
            "The first place that sets a variable counts, also where it sets it to nothing: OpenClaw then looks no further.",
        )
        .cure("Take the empty assignment out (in a shell: unset NAME), and restart the gateway.", ""),
    machine("key-not-in-service", Group::Unauthorized)
        .because(
            "the gateway service does not see the key",
            "A service does not get what your shell exports; it reads OpenClaw's own .env.",
        )
        .cure("Run: openclaw-portkey init — it puts the key into OpenClaw's .env; then: openclaw gateway restart", API_KEYS),
    machine("key-stale-in-service", Group::Unauthorized)
        .because(
            "the service has an old copy of the key",
            "When the service was installed OpenClaw copied the variables for it, and the copy wins over .env.",
        )
        .cure("Run: openclaw gateway install --force", OPENCLAW_DOCS),
    vague("metadata-missing", Group::Dashboard, &[&["metadata"]])
        .because("metadata does not show in the dashboard", "Portkey drops metadata that is no JSON object of strings without a word, and answers 200 all the same.")
        .cure("Run: openclaw-portkey set-header --metadata team=backend", LOGS),
    openclaw("no-api-key", Group::Unauthorized, &[&["no api key found for provider"], &["no api key", "portkey"], &["missing env var", "portkey"]])
        .because(
            "OpenClaw finds no key for the provider",
            "apiKey is missing, or names a variable that the gateway service does not have: it does not see the exports of your shell.",
        )
        .cure("Run: openclaw-portkey init — it puts the key into OpenClaw's own .env; then restart the gateway.", API_KEYS),
    machine("no-models", Group::NotFound)
        .because("the key can route to no model", "The Model Catalog of the key's workspace has no provider that the key may use.")
        .cure("In the Model Catalog, add a provider, or enable models of one for this workspace.", CATALOG),
    vague("not-in-dashboard", Group::Dashboard, &[&["dashboard"], &["no logs"], &["not logged"], &["logs missing"]])
        .because(
            "requests do not show in the dashboard",
            "They go to another base URL or another provider, were refused before a target (401/03, 400), belong to another workspace, or carry x-portkey-ignore-service-log.",
        )
        .cure("Check that the base URL is https://api.portkey.ai/v1 and the primary model begins with portkey/; run: openclaw-portkey show", LOGS),
    transport("not-portkey", Transport::NotPortkey, Group::Network, &[&["unexpected token", "json"], &["is not valid json"], &["ai gateway says hey"]])
        .because("the answer is not what Portkey sends", "Something else listens at the base URL, or it lacks /v1.")
        .cure("Set the base URL to https://api.portkey.ai/v1, or for your own gateway to its address and /v1.", ""),
    machine("not-wired", Group::Dashboard)
        .because("the config has no Portkey provider", "All requests go to the other providers, past Portkey.")
        .cure("Run: openclaw-portkey init", ""),
    machine("other-config", Group::Dashboard)
        .because(
            "OpenClaw uses another config file",
            "A profile, a variable or a service leads to another file than the one that was looked at, so edits here change nothing there.",
        )
        .cure("Look at that one: openclaw-portkey doctor --config FILE, or --profile NAME.", ""),
    vague("other-provider-answers", Group::OpenClaw, &[&["modelpolicy"], &["allow-list"], &["allowlist"], &["wrong provider"], &["another provider"]])
        .because(
            "OpenClaw sends requests to another provider without a word",
            "An allow-list (agents.defaults.modelPolicy.allow, or agents.defaults.models in some versions) leaves the Portkey models out.",
        )
        .cure("Run: openclaw-portkey set-primary MODEL — it adds the model to the list that is in force.", OPENCLAW_DOCS),
    transport("plain-http", Transport::PlainHttp, Group::Network, &[])
        .because("the key would be sent unencrypted", "The base URL begins with http:// and its host is not this machine.")
        .cure("Use https://, or add --insecure-http if the network is your own.", ""),
    openclaw(
        "private-address",
        Group::Network,
        &[&["private/internal/special-use ip"], &["resolves to private"], &["blocked", "private", "address"]],
    )
    .because(
        "OpenClaw blocks the gateway because its name leads to a private address",
        "From 2026.7.1 on it refuses host names that resolve inside a network, to protect against forged names; addresses and localhost pass.",
    )
    .cure("Set request.allowPrivateNetwork to true on the provider, for a gateway that is your own.", OPENCLAW_DOCS),
    transport("proxy", Transport::Proxy, Group::Network, &[&["proxy authentication required"], &["proxy", "407"], &["tunnel"]])
        .because("the proxy refused or failed", "HTTPS_PROXY or ALL_PROXY sends the request through a proxy that did not let it through.")
        .cure("Check HTTPS_PROXY, with user name and password if it needs them, or add the host to NO_PROXY.", ""),
    transport("redirect", Transport::Redirect, Group::Network, &[])
        .because("the server points to another address", "The key is not sent there; the base URL is outdated, or the network asks for a sign-in.")
        .cure("If the other host is right, write it as the base URL.", ""),
    openclaw("skipped-config", Group::OpenClaw, &[&["config reload skipped"], &["invalid config", "reload"]])
        .because("the running OpenClaw ignores the changed config", "The file is not valid for this version, so the old one stays in force, and the next start will fail.")
        .cure("Run: openclaw config validate — and mend what it names.", OPENCLAW_DOCS),
    transport("timeout", Transport::Timeout, Group::Timeout, &[&["etimedout"], &["timed out"], &["und_err_connect_timeout"], &["deadline exceeded"]])
        .because("no answer came in time", "The network, a firewall or the server is slow or silent.")
        .cure("Try again; look at the status page; try without VPN.", STATUS),
    transport("tls", Transport::TlsFailed, Group::Network, &[&["wrong version number"], &["err_ssl"], &["eproto"], &["ssl routines"]])
        .because("no encrypted connection came about", "The server does not speak TLS at this port: the open-source gateway speaks plain http.")
        .cure("For a gateway on this machine, write http:// instead of https://; else check the port.", ""),
    vague("traces-merged", Group::Dashboard, &[&["one trace"], &["same trace"], &["trace-id"], &["traces", "merged"]])
        .because("all runs fall into one trace", "A fixed x-portkey-trace-id takes the place of the trace that OpenClaw sends per run.")
        .cure("Run: openclaw-portkey set-header --unset x-portkey-trace-id — and group by metadata instead.", LOGS),
    transport("unsendable", Transport::Unsendable, Group::Config, &[&["invalid character in header"], &["err_invalid_char"], &["invalid header"]])
        .because("the key or a header cannot be sent as it is", "It holds a line break, another control character, or a character outside Latin-1.")
        .cure("Copy the value again without line breaks, spaces and quotes.", API_KEYS),
    vague("virtual-model", Group::Config, &[&["portkey-dynamic"]])
        .because("the virtual model needs a config", "portkey-dynamic is in no catalogue: only the config that x-portkey-config names can route it.")
        .cure("Run: openclaw-portkey set-header --gateway-config pc-…", CONFIGS),
];
