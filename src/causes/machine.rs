//! What `doctor` can find on this machine and in Portkey's answers, sorted by id.

use super::{API_KEYS, Area, CATALOG, Cause, Doubt, Level, OPENCLAW_DOCS, Symptom, Words};

/// Found only by inspecting the machine.
const fn machine(id: &'static str, symptoms: &'static [Symptom]) -> Cause {
    Cause::new(id, Area::Machine, symptoms)
}

/// Also recognised in a message from OpenClaw.
const fn openclaw(id: &'static str, symptoms: &'static [Symptom], words: Words) -> Cause {
    Cause {
        words,
        ..Cause::new(id, Area::OpenClaw, symptoms)
    }
}

/// Also recognised in a complaint.
const fn vague(id: &'static str, symptoms: &'static [Symptom], words: Words) -> Cause {
    Cause {
        words,
        ..Cause::new(id, Area::Complaint, symptoms)
    }
}

pub(crate) static AUTH_PROFILE: Cause = vague("auth-profile", &[Symptom::Unauthorized], &[&["auth profile"], &["auth-profiles"], &["ref_shadowed"], &["key change", "ignored"]])
    .because(
        "an auth profile of OpenClaw overrides the key in the config",
        "If an auth profile exists for the provider, OpenClaw sends the profile's key, whatever openclaw.json says. At best it tries the config's key once the profile's is refused. `openclaw doctor --fix` creates such profiles.",
    )
    .fixed_by("Run: {openclaw: models auth logout portkey:default --yes}, or, before 2026.8.1, add `auth: { order: { portkey: [] } }` to the config.", OPENCLAW_DOCS)
    .level(Level::Warning);

pub(crate) static CONFIG_MISSING: Cause =
    machine("config-missing", &[Symptom::OpenClaw, Symptom::Dashboard])
        .because(
            "there is no config yet",
            "Until there is one, OpenClaw uses its defaults.",
        )
        .fixed_by("Run: {run: init}", "");

pub(crate) static GATEWAY_SILENT: Cause = machine("gateway-silent", &[Symptom::OpenClaw])
    .because(
        "the gateway process does not respond",
        "It is starting or hanging, or another program uses its port.",
    )
    .fixed_by(
        "Run: {openclaw: gateway restart} — and check: {openclaw: logs}",
        OPENCLAW_DOCS,
    )
    .level(Level::Warning)
    .doubt(Doubt::Always);

pub(crate) static GATEWAY_STALE: Cause = machine("gateway-stale", &[Symptom::OpenClaw, Symptom::Dashboard, Symptom::Unauthorized])
    .because(
        "the running gateway doesn't have the last change",
        "A gateway picks up changes to openclaw.json automatically, unless `gateway.reload.mode` is \"off\". It only reads .env and the service's own variables when it starts.",
    )
    .fixed_by("Run: {openclaw: gateway restart}", OPENCLAW_DOCS)
    .doubt(Doubt::Always);

pub(crate) static INCLUDE_UNREAD: Cause = Cause {
    stops_openclaw: true,
    ..machine("include-unread", &[Symptom::OpenClaw])
        .because(
            "an included file can't be read",
            "OpenClaw does not start without it, and a running gateway keeps the old config.",
        )
        .fixed_by(
            "Create the file, make it readable, or remove the $include.",
            OPENCLAW_DOCS,
        )
};

pub(crate) static JWT_EXPIRED: Cause = machine("jwt-expired", &[Symptom::Unauthorized])
    .because(
        "the JWT used as the key has expired",
        "Portkey answers 401 to a JWT after its `exp` time. Nothing renews it automatically.",
    )
    .fixed_by(
        "Get a new one from your issuer, run {run: set-key}, and restart the gateway.",
        "https://portkey.ai/docs/product/enterprise-offering/org-management/jwt",
    );

pub(crate) static JWT_INVALID: Cause = machine("jwt-invalid", &[Symptom::Unauthorized])
    .because(
        "Portkey does not accept the JWT used as the key",
        "Portkey only accepts RS256, uses the header's kid to find the public key, and requires the claims portkey_oid, portkey_workspace and scope.",
    )
    .fixed_by("Have the JWT issued as Portkey's documentation on JWTs describes.", "https://portkey.ai/docs/product/enterprise-offering/org-management/jwt");

pub(crate) static KEY_DIFFERS: Cause = machine("key-differs", &[Symptom::Unauthorized])
    .because(
        "this shell and the gateway have different keys",
        "What works in the shell may fail in the gateway, or vice versa, and the keys may belong to different workspaces.",
    )
    .fixed_by("Choose one; {run: init --api-key-env NAME} copies the key from a variable into OpenClaw's .env.", API_KEYS)
    .level(Level::Warning);

pub(crate) static KEY_EMPTY: Cause = machine("key-empty", &[Symptom::Unauthorized])
    .because(
        "an empty variable hides the key",
        "The first source that sets a variable wins, even if the value is empty: OpenClaw looks no further.",
    )
    .fixed_by("Remove the empty assignment (in a shell: unset NAME), and restart the gateway.", "");

pub(crate) static KEY_EXPOSED: Cause = machine("key-exposed", &[Symptom::Unauthorized])
    .because(
        "other users of this machine can read the key",
        "Anyone who can read the file can use the key, at your expense. Files with a key should only be readable by their owner.",
    )
    .fixed_by("Run: chmod 600 ~/.openclaw/.env", "");

pub(crate) static KEY_NOT_IN_SERVICE: Cause = machine(
    "key-not-in-service",
    &[Symptom::Unauthorized, Symptom::OpenClaw],
)
.because(
    "the gateway service does not see the key",
    "A service does not get the variables that your shell exports; it reads OpenClaw's own .env.",
)
.fixed_by(
    "Run: {run: init} — it puts the key into OpenClaw's .env; then: {openclaw: gateway restart}",
    API_KEYS,
);

pub(crate) static KEY_STALE_IN_SERVICE: Cause = machine(
    "key-stale-in-service",
    &[Symptom::Unauthorized],
)
.because(
    "the service has an old copy of the key",
    "OpenClaw copied the variables when the service was installed, and the copy overrides .env.",
)
.fixed_by("Run: {openclaw: gateway install --force}", OPENCLAW_DOCS);

pub(crate) static NO_API_KEY: Cause = openclaw("no-api-key", &[Symptom::Unauthorized, Symptom::Dashboard, Symptom::OpenClaw], &[&["no api key found for provider"], &["missing api key for provider"], &["no api key", "portkey"], &["missing env var", "portkey"]])
    .because(
        "OpenClaw finds no key for the provider",
        "apiKey is missing, or names a variable that the gateway service does not have: it does not see your shell's exports.",
    )
    .fixed_by("Run: {run: init} — it puts the key into OpenClaw's own .env; then restart the gateway.", API_KEYS);

pub(crate) static NO_MODELS: Cause = machine("no-models", &[Symptom::NotFound])
    .because(
        "the key can't route to any model",
        "The Model Catalog of the key's workspace has no provider that the key may use.",
    )
    .fixed_by(
        "In the Model Catalog, add a provider or enable models for this workspace.",
        CATALOG,
    )
    .level(Level::Warning)
    .doubt(Doubt::UntilAnswered);

pub(crate) static NOT_WIRED: Cause = machine("not-wired", &[Symptom::Dashboard])
    .because(
        "the config has no Portkey provider",
        "All requests go to the other providers and bypass Portkey.",
    )
    .fixed_by("Run: {run: init}", "");

pub(crate) static OTHER_CONFIG: Cause = machine("other-config", &[Symptom::Dashboard])
    .because(
        "OpenClaw uses a different config file",
        "A profile, a variable or a service points to a different file than the one checked, so edits here have no effect on it.",
    )
    .fixed_by("Check that file: {run: doctor --config FILE}, or --profile NAME.", "")
    .level(Level::Warning);

pub(crate) static PRIVATE_ADDRESS: Cause = openclaw(
    "private-address",
    &[Symptom::Network, Symptom::Dashboard],
    &[&["private/internal/special-use ip"], &["resolves to private"], &["blocked", "private", "address"]],
)
.because(
    "OpenClaw blocks the gateway because its host name resolves to a private address",
    "Since 2026.6.35 it refuses host names that resolve to a private network, to protect against DNS rebinding. IP addresses and localhost are allowed.",
)
.fixed_by("If the gateway is your own, set request.allowPrivateNetwork to true on the provider.", OPENCLAW_DOCS)
    .doubt(Doubt::Always);

pub(crate) static AUTH_PROFILES_LEGACY: Cause = vague(
    "auth-profiles-legacy",
    &[Symptom::Unauthorized, Symptom::OpenClaw],
    &[&["requires legacy credential migration"], &["auth profile store", "migration"]],
)
.because(
    "auth profiles in the old file stop every request",
    "Since 2026.8.1 OpenClaw keeps auth profiles in a database. While the old auth-profiles.json exists, no model is called at all.",
)
.fixed_by("Run: {openclaw: doctor --fix} — it moves them into the database; then run: {run: doctor}", OPENCLAW_DOCS)
.doubt(Doubt::Always);

pub(crate) static ENV_VARS_OVERRIDDEN: Cause = machine("env-vars-overridden", &[Symptom::Unauthorized])
    .because(
        "the key in the config's `env` is not the one that is used",
        "OpenClaw reads variables from the process and from .env first. It only uses the config's `env` for those that neither sets.",
    )
    .fixed_by("Remove the line that you don't want; {run: init} keeps the key in OpenClaw's .env.", OPENCLAW_DOCS)
    .level(Level::Warning);

pub(crate) static KEY_REPEATED: Cause = machine("key-repeated", &[Symptom::Unauthorized])
    .because(
        "a file sets the key twice, to different values",
        "The last line wins, so a new key added above the old one has no effect.",
    )
    .fixed_by(
        "Remove the line with the old key, and restart the gateway.",
        "",
    )
    .level(Level::Warning);

pub(crate) static PROXY_DIFFERS: Cause = machine("proxy-differs", &[Symptom::Network])
    .because(
        "the gateway service and this shell use different proxies",
        "A service doesn't get your shell's exports, or the other way round. Tests from this shell take a different route than the gateway's requests.",
    )
    .fixed_by("Set the same proxy variables in OpenClaw's .env, and restart the gateway; or run {run: doctor --probe} with the service's proxy.", OPENCLAW_DOCS)
    .level(Level::Warning)
    .doubt(Doubt::Always);

pub(crate) static VARIABLE_UNSET: Cause = machine("variable-unset", &[Symptom::Config, Symptom::Network])
    .because(
        "a variable that the provider needs is not set",
        "OpenClaw expands variables in the base URL and the headers. If one is not set, it sends `${NAME}` literally, sends nothing, or does not start, depending on the version.",
    )
    .fixed_by("Add the variable to OpenClaw's .env, and restart the gateway.", OPENCLAW_DOCS)
    .doubt(Doubt::Always);

pub(crate) static VENDOR_KEY: Cause = machine("vendor-key", &[Symptom::Unauthorized])
    .because(
        "the key is from another vendor, not Portkey",
        "Keys of model vendors belong in Portkey's Model Catalog. OpenClaw must send a key from Portkey's API Keys page.",
    )
    .fixed_by("Create a key on Portkey's API Keys page, and run: {run: init}", API_KEYS);

pub(super) static TABLE: &[&Cause] = &[
    &AUTH_PROFILE,
    &AUTH_PROFILES_LEGACY,
    &CONFIG_MISSING,
    &ENV_VARS_OVERRIDDEN,
    &GATEWAY_SILENT,
    &GATEWAY_STALE,
    &INCLUDE_UNREAD,
    &JWT_EXPIRED,
    &JWT_INVALID,
    &KEY_DIFFERS,
    &KEY_EMPTY,
    &KEY_EXPOSED,
    &KEY_NOT_IN_SERVICE,
    &KEY_REPEATED,
    &KEY_STALE_IN_SERVICE,
    &NO_API_KEY,
    &NO_MODELS,
    &NOT_WIRED,
    &OTHER_CONFIG,
    &PRIVATE_ADDRESS,
    &PROXY_DIFFERS,
    &VARIABLE_UNSET,
    &VENDOR_KEY,
];
