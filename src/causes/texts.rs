//! What OpenClaw says, and complaints in a few words, sorted by id.

use super::{API_KEYS, Area, CATALOG, CONFIGS, Cause, LOGS, OPENCLAW_DOCS, Symptom, Words};

/// A text of OpenClaw.
const fn openclaw(id: &'static str, symptoms: &'static [Symptom], words: Words) -> Cause {
    Cause {
        words,
        ..Cause::new(id, Area::OpenClaw, symptoms)
    }
}

/// A complaint or a line of a log that fits many causes; tried when nothing else fits.
const fn vague(id: &'static str, symptoms: &'static [Symptom], words: Words) -> Cause {
    Cause {
        words,
        ..Cause::new(id, Area::Complaint, symptoms)
    }
}

pub(super) static TABLE: &[Cause] = &[
    openclaw("bytestring", &[Symptom::Config, Symptom::OpenClaw], &[&["convert argument to a bytestring"]])
        .because(
            "the key or a header holds a character that cannot be sent",
            "OpenClaw sends only Latin-1; the usual culprits are typographic quotes, dashes and invisible characters from copying.",
        )
        .fixed_by("Type the value again by hand; metadata in other scripts: {run: set-header --metadata KEY=VALUE} writes it so that it can be sent.", ""),
    vague("connection-error", &[Symptom::Network], &[&["connection error"], &["fetch failed"]])
        .because(
            "OpenClaw could not connect and doesn't say why",
            "It says the same for a wrong host, a closed port and an address that it blocks as private; its log says which.",
        )
        .fixed_by("Run: {openclaw: logs} — and look for `resolves to private` or a code such as ENOTFOUND.", ""),
    vague("fallback", &[Symptom::OpenClaw], &[&["model-fallback/decision"], &["reason=auth"], &["reason=format"], &["reason=rate_limit"]])
        .because(
            "OpenClaw left the primary model, and its reason label can be misleading",
            "It calls any 400 `format` and a used-up budget (412) `rate_limit`; what counts is the text after detail=.",
        )
        .fixed_by("Paste the whole line with its detail=… part; without one, open the request in the dashboard.", LOGS),
    vague("guide-model-not-found", &[Symptom::NotFound], &[&["model not found"], &["model_not_found"], &["unknown model"]])
        .because("a model is not found", "The model id is not in the form @slug/model, the slug is not in your Model Catalog, or the model is not enabled there.")
        .fixed_by("Run: {run: models} — and use an id from the list.", CATALOG),
    vague("guide-rate-limited", &[Symptom::RateLimited], &[&["rate limit"], &["ratelimit"], &["too many requests"], &["429"]])
        .because("requests are rate limited", "The limit is Portkey's (key, workspace or provider) or the provider's own; the reply's text says which.")
        .fixed_by("In the Model Catalog, open the provider, then Budget & Limits; else wait a minute.", CATALOG),
    vague("guide-unauthorized", &[Symptom::Unauthorized], &[&["401"], &["unauthorized"], &["unauthorised"]])
        .because(
            "requests are not authorized",
            "Either Portkey refuses its key, or the provider refuses the one stored in the Model Catalog; only the second shows in the dashboard.",
        )
        .fixed_by("Copy the Portkey key again ({run: init}), and check the provider's credentials in the Model Catalog.", API_KEYS),
    openclaw("invalid-url", &[Symptom::Config, Symptom::Dashboard, Symptom::Network], &[&["invalid url"]])
        .because("the base URL is not a URL", "It has no https:// in front.")
        .fixed_by("Set baseUrl to https://api.portkey.ai/v1, or run: {run: init --base-url https://api.portkey.ai/v1}", ""),
    vague("metadata-missing", &[Symptom::Dashboard], &[&["metadata"]])
        .because("metadata does not show in the dashboard", "Portkey silently drops metadata that is not a JSON object of strings, and still answers 200.")
        .fixed_by("Run: {run: set-header --metadata team=backend}", LOGS),
    vague("not-in-dashboard", &[Symptom::Dashboard], &[&["dashboard"], &["no logs"], &["not logged"], &["logs missing"]])
        .because(
            "requests do not show in the dashboard",
            "They go to another base URL or another provider, were refused before a target (401/03, 400), belong to another workspace, or carry x-portkey-ignore-service-log.",
        )
        .fixed_by("Check that the base URL is https://api.portkey.ai/v1 and the primary model begins with portkey/; run: {run: show}", LOGS),
    vague("other-provider-answers", &[Symptom::OpenClaw, Symptom::Dashboard], &[&["modelpolicy"], &["allow-list"], &["allowlist"], &["wrong provider"], &["another provider"]])
        .because(
            "OpenClaw silently sends requests to another provider",
            "An allow-list (agents.defaults.modelPolicy.allow, or agents.defaults.models in some versions) omits the Portkey models.",
        )
        .fixed_by("Run: {run: set-primary MODEL} — it adds the model to the list in force.", OPENCLAW_DOCS),
    openclaw("skipped-config", &[Symptom::OpenClaw], &[&["config reload skipped"], &["invalid config", "reload"]])
        .because("the running OpenClaw ignores the changed config", "The file is not valid for this version, so the old one stays in force, and the next start will fail.")
        .fixed_by("Run: {openclaw: config validate} — and fix what it names.", OPENCLAW_DOCS),
    vague("traces-merged", &[Symptom::Dashboard], &[&["one trace"], &["same trace"], &["trace-id"], &["traces", "merged"]])
        .because("all runs share one trace", "A fixed x-portkey-trace-id replaces the trace that OpenClaw sends per run.")
        .fixed_by("Run: {run: set-header --unset x-portkey-trace-id} — and group by metadata instead.", LOGS),
    vague("virtual-model", &[Symptom::Config], &[&["portkey-dynamic"]])
        .because("the virtual model needs a config", "portkey-dynamic is in no catalogue: only the config that x-portkey-config names can route it.")
        .fixed_by("Run: {run: set-header --gateway-config pc-…}", CONFIGS),
];
