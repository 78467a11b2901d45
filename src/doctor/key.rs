//! Which key OpenClaw sends, and what interferes with it.

use std::time::Duration;

use crate::causes::machine::{
    JWT_EXPIRED, JWT_INVALID, KEY_DIFFERS, KEY_EMPTY, KEY_EXPOSED, KEY_NOT_IN_SERVICE,
    KEY_STALE_IN_SERVICE, NO_API_KEY,
};
use crate::causes::rules::api_key_placeholder;
use crate::causes::{Facts, KeyFrom, PortkeyProvider};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::openclaw::{Config, CredentialSource, VersionSource, View, has_variable};
use crate::portkey::headers::API_KEY;
use crate::portkey::jwt::Jwt;
use crate::secret::Secret;
use crate::timestamp;

use super::facts::{Fact, KeyPlace, KeySource, Machine, Reader, Setting, Variable};
use super::profile::effective_profile;
use super::{Diagnostics, DoctorFacts, settings, value, wiring};

/// The key that OpenClaw sends.
#[derive(Clone, Debug)]
pub enum KeyInUse {
    /// This key, and its origin.
    Known(Secret, KeyOrigin),
    /// There is one, but it isn't known here: the reason.
    Unknown(String),
    /// There is none: the reason.
    Missing(String),
}

/// The origin of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// The config itself: `apiKey` or a header.
    Config,
    /// An auth profile of OpenClaw.
    Profile(String),
    /// A variable, and the place that sets it.
    Variable {
        /// Its name.
        name: String,
        /// The kind of place.
        place: KeyPlace,
    },
}

/// The key that reaches Portkey: from a header, an auth profile, or `apiKey`. The order is the same
/// for every command.
#[must_use]
pub fn key_in_use(
    config: &Config,
    version: VersionSource,
    provider: Option<&PortkeyProvider<'_>>,
    machine: &Machine,
) -> KeyInUse {
    let Some(provider) = provider else {
        return KeyInUse::Missing("the config has no provider for Portkey".to_owned());
    };
    for name in [API_KEY, "authorization"] {
        if let Some(header) = provider.header(name, None) {
            return of_value(&header.value, machine);
        }
    }
    if let Some(profile) = effective_profile(config, version, &provider.id, machine) {
        return match &profile.key {
            Some(key) => KeyInUse::Known(key.clone(), KeyOrigin::Profile(profile.id.clone())),
            None => KeyInUse::Unknown(format!(
                "the auth profile {} is in force, but its key can't be read here",
                profile.id
            )),
        };
    }
    match &provider.api_key {
        Some(view) => of_value(view, machine),
        None => KeyInUse::Missing("the config has no key".to_owned()),
    }
}

fn of_value(view: &View<'_>, machine: &Machine) -> KeyInUse {
    match CredentialSource::read(view) {
        CredentialSource::Literal => {
            let text = view.text().unwrap_or_default();
            if has_variable(&text) {
                return KeyInUse::Unknown("the key is assembled from variables".to_owned());
            }
            let bare = text.trim();
            let bare = bare.strip_prefix("Bearer ").unwrap_or(bare);
            KeyInUse::Known(Secret::new(bare.trim()), KeyOrigin::Config)
        }
        given => match given.variable() {
            Some(name) => of_variable(name, machine),
            None if given.is_reference() => KeyInUse::Unknown(
                "the config reads the key from a secret store that only OpenClaw can access"
                    .to_owned(),
            ),
            None => KeyInUse::Missing("the config's key is invalid".to_owned()),
        },
    }
}

/// The value of a variable for whatever runs OpenClaw here: for the gateway service, or what one
/// would get. A gateway without a service, for example in a container, has the variables of the
/// shell that started it.
#[must_use]
pub fn variable_in_use(name: &str, machine: &Machine) -> Option<(Secret, KeyOrigin)> {
    let variable = machine.variable(name)?;
    let set = |reader| {
        variable
            .seen_by(reader)
            .filter(|source| source.secret().is_some())
    };
    let source = match set(Reader::Service) {
        None if machine.service().is_none() => set(Reader::Shell),
        service => service,
    }?;
    let origin = KeyOrigin::Variable {
        name: name.to_owned(),
        place: source.place,
    };
    Some((source.secret()?.clone(), origin))
}

/// The place that a key in use comes from, if it comes from a variable.
pub(super) fn source_in_use<'m>(in_use: &KeyInUse, machine: &'m Machine) -> Option<&'m KeySource> {
    let KeyInUse::Known(key, KeyOrigin::Variable { name, place }) = in_use else {
        return None;
    };
    let mut sources = machine.variable(name)?.sources.iter();
    sources.find(|source| source.place == *place && source.secret() == Some(key))
}

fn of_variable(name: &str, machine: &Machine) -> KeyInUse {
    match variable_in_use(name, machine) {
        Some((secret, origin)) => KeyInUse::Known(secret, origin),
        None => KeyInUse::Missing(format!("{name} is not set anywhere OpenClaw looks")),
    }
}

/// The key that is sent on this machine.
pub(super) fn key_sent(
    evidence: &DoctorFacts<'_>,
    facts: &Facts<'_>,
    provider: Option<&PortkeyProvider<'_>>,
) -> KeyInUse {
    key_in_use(facts.config, facts.version, provider, evidence.machine)
}

pub(super) fn given(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    source(evidence, out);
    jwt(evidence, out);
}

/// How long before its expiry a JWT is reported.
const SOON: Duration = Duration::from_secs(24 * 60 * 60);

/// Reports problems with a JWT used as a key, and its expiry. Ignores other kinds of keys.
fn jwt(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let (Some(facts), Some(provider)) = (evidence.facts, wiring::provider(evidence)) else {
        return;
    };
    let KeyInUse::Known(secret, _) = key_sent(evidence, facts, Some(provider)) else {
        return;
    };
    let Some(jwt) = Jwt::read(secret.expose()) else {
        return;
    };
    for fault in jwt.faults(evidence.now) {
        out.push(Diagnostic::of(
            &JWT_INVALID,
            format!("the key is a JWT: {fault}"),
        ));
    }
    let Some(end) = jwt.expires() else {
        out.note("the key is a JWT without an expiry time");
        return;
    };
    let when = timestamp::seconds(end);
    if end <= evidence.now {
        out.push(Diagnostic::of(
            &JWT_EXPIRED,
            format!("the key is a JWT that expired at {when}"),
        ));
    } else if end <= evidence.now + SOON {
        let found = Diagnostic::of(
            &JWT_EXPIRED,
            format!("the key is a JWT that expires at {when}"),
        );
        out.push(found.level(Level::Warning));
    } else {
        out.passed(format!("the key is a JWT that expires at {when}"));
    }
}

fn source(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    let Some(provider) = wiring::provider(evidence) else {
        return out.skipped(format!("no provider `{}`", evidence.provider_id));
    };
    wiring::findings(evidence, out);
    let without = |message: String| {
        Diagnostic::of(&NO_API_KEY, message)
            .at(provider.view.place())
            .help("Run: {run: init}")
    };
    let profile = effective_profile(facts.config, facts.version, &provider.id, evidence.machine);
    match (provider.key_from(facts.config), profile) {
        (KeyFrom::ApiKey(view), _) => credential(
            view,
            "the key is in plain text in the config",
            evidence,
            out,
        ),
        (KeyFrom::Header(header), _) => {
            let inline = format!("the key is in plain text in the header {}", header.written);
            credential(&header.value, &inline, evidence, out);
        }
        (_, Some(profile)) => out.passed(format!("the auth profile {} has the key", profile.id)),
        (KeyFrom::Elsewhere, None) => {
            out.skipped("the key comes from a source that only OpenClaw can read");
        }
        (KeyFrom::NotNeeded, None) => out.push(
            without(format!(
                "the provider `{}` has no apiKey, so only a gateway that needs no key will answer",
                provider.id
            ))
            .level(Level::Warning),
        ),
        (KeyFrom::Nowhere(None), None) if !facts.complete => {
            out.skipped("an include could not be read, and may contain the key");
        }
        (KeyFrom::Nowhere(None), None) => {
            out.push(without(format!(
                "the provider `{}` has no apiKey",
                provider.id
            )));
        }
        (KeyFrom::Nowhere(Some(empty)), None) => out.push(
            without(format!(
                "the apiKey of the provider `{}` is empty",
                provider.id
            ))
            .at(empty.place()),
        ),
    }
    placeholder(profile.is_some(), evidence, out);
    value::judge(evidence, provider, out);
}

/// `lint` accepts the placeholder from the guide as a template; here someone asks why requests
/// fail, so it counts as not filled in.
fn placeholder(has_profile: bool, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let accepted = evidence.answer.online();
    if has_profile || accepted.is_some_and(|online| online.models.is_ok()) {
        return;
    }
    for found in out.own_mut() {
        if found.is(&api_key_placeholder::CAUSE) {
            found.level = Level::Error;
        }
    }
}

/// Checks the place that a credential refers to.
fn credential(view: &View<'_>, inline: &str, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let given = CredentialSource::read(view);
    match given.variable() {
        Some(name) => match evidence.machine.variable(name) {
            Some(variable) => set(variable, view, evidence, out),
            None => out.skipped(format!("{name} was not checked")),
        },
        None if !out.is_empty() => {}
        None if given == CredentialSource::Literal
            && view.text().is_some_and(|text| has_variable(&text)) =>
        {
            out.skipped("the key is assembled from variables");
        }
        None if given == CredentialSource::Literal => {
            out.passed(inline);
            settings::exposed_config(view, evidence, out);
        }
        None if given.is_reference() => {
            out.skipped("the key is in a secret store that only OpenClaw can read");
        }
        // A rule reports what is wrong with it.
        None => {}
    }
}

fn set(variable: &Variable, view: &View<'_>, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let name = &variable.name;
    let machine = evidence.machine;
    let unread = variable.unread(Reader::Service).next();
    if let Some((source, reason)) = unread.filter(|_| variable.value(Reader::Service).is_none()) {
        let file = source.file.as_deref().map(evidence.short);
        return out.skipped(format!(
            "{} could not be read: {reason}",
            file.unwrap_or_default()
        ));
    }
    let service = variable.seen_by(Reader::Service);
    let shell = variable.seen_by(Reader::Shell);
    let value = service.and_then(KeySource::secret);
    match (value, shell.and_then(KeySource::secret)) {
        (Some(value), other) => {
            stale_copy(variable, out);
            if other.is_some_and(|other| other != value) {
                differs(name, service, shell, out);
            }
            if let Some(source) = service.filter(|source| source.is_exposed) {
                exposed(name, source, evidence, out);
            }
            if let Some(source) = service {
                settings::contradictions(variable, source, evidence, out);
            }
            if out.is_empty()
                && let Some(source) = service
            {
                out.passed(format!("{name} is set in {}", place(source, evidence)));
            }
        }
        // Without a service, anything started from the shell has its value.
        (None, Some(_)) if service.is_some_and(is_empty) => {
            empty(name, service, where_a_service_needs_it(machine), out);
        }
        (None, Some(_)) => {
            let message = match shell.map(|source| source.place) {
                Some(KeyPlace::ShellEnvironment) => format!(
                    "{name} is only set in this shell, where the gateway service does not look"
                ),
                _ => format!("{name} is only found by a shell in this folder"),
            };
            let found = Diagnostic::of(&KEY_NOT_IN_SERVICE, message);
            out.push(located(found, shell).level(where_a_service_needs_it(machine)));
        }
        (None, None) => {
            let hidden = [service, shell].into_iter().flatten().find(|s| is_empty(s));
            if hidden.is_some() {
                return empty(name, hidden, Level::Error, out);
            }
            let message = format!("{name} is not set anywhere OpenClaw looks");
            out.push(Diagnostic::of(&NO_API_KEY, message).at(view.place()));
        }
    }
}

fn is_empty(source: &KeySource) -> bool {
    source.setting == Fact::Known(Setting::Empty)
}

fn where_a_service_needs_it(machine: &Machine) -> Level {
    if machine.service().is_some() {
        Level::Error
    } else {
        Level::Warning
    }
}

fn empty(name: &str, source: Option<&KeySource>, level: Level, out: &mut Diagnostics) {
    let message = format!("{name} is set but empty, which hides its value elsewhere");
    out.push(located(Diagnostic::of(&KEY_EMPTY, message), source).level(level));
}

fn located(found: Diagnostic, source: Option<&KeySource>) -> Diagnostic {
    match source.and_then(|source| Some((source.file.as_deref()?, source.line))) {
        Some((file, line)) => found.at(Location::file(file).line(line)),
        None => found,
    }
}

fn exposed(name: &str, source: &KeySource, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(file) = &source.file else {
        return;
    };
    let file = (evidence.short)(file);
    let message = format!("{name} is set in {file}, which other users of this machine can read");
    let found = Diagnostic::of(&KEY_EXPOSED, message)
        .level(Level::Warning)
        .help(format!("Run: chmod 600 {file}"));
    out.push(located(found, Some(source)));
}

/// The copy that OpenClaw made when the service was installed overrides `.env`.
fn stale_copy(variable: &Variable, out: &mut Diagnostics) {
    let of = |place: KeyPlace| {
        let mut sources = variable.sources.iter();
        sources.find(|source| source.place == place)
    };
    let copy = of(KeyPlace::ServiceEnvFile);
    let dotenv = of(KeyPlace::StateDotenv);
    let (Some(copied), Some(meant)) = (
        copy.and_then(KeySource::secret),
        dotenv.and_then(KeySource::secret),
    ) else {
        return;
    };
    let in_force = variable.value(Reader::Service) == Some(copied);
    if in_force && copied != meant {
        let message = format!(
            "the service has a copy of {} from when it was installed; .env has a different key",
            variable.name
        );
        out.push(located(
            Diagnostic::of(&KEY_STALE_IN_SERVICE, message),
            copy,
        ));
    }
}

fn differs(
    name: &str,
    service: Option<&KeySource>,
    shell: Option<&KeySource>,
    out: &mut Diagnostics,
) {
    if !out.is_empty() {
        return;
    }
    let shell_is_process = shell.is_some_and(|source| source.place == KeyPlace::ShellEnvironment);
    let message = if shell_is_process {
        format!("{name} in this shell differs from the gateway's")
    } else {
        format!("OpenClaw started in this folder uses a different {name} than the gateway")
    };
    let source = if shell_is_process { service } else { shell };
    out.push(located(Diagnostic::of(&KEY_DIFFERS, message), source));
}

pub(super) fn place(source: &KeySource, evidence: &DoctorFacts<'_>) -> String {
    match (&source.file, source.line) {
        (Some(file), Some(line)) => format!("{}:{line}", (evidence.short)(file)),
        (Some(file), None) => (evidence.short)(file),
        (None, _) => "this shell".to_owned(),
    }
}
