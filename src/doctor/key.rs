//! Which key OpenClaw sends, and what gets in its way.

use std::time::Duration;

use crate::causes::PortkeyProvider;
use crate::causes::machine::{
    AUTH_PROFILE, JWT_EXPIRED, JWT_INVALID, KEY_DIFFERS, KEY_EMPTY, KEY_EXPOSED,
    KEY_NOT_IN_SERVICE, KEY_STALE_IN_SERVICE, NO_API_KEY,
};
use crate::causes::{Facts, KeyFrom};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::help::{Help, Run};
use crate::openclaw::{Config, CredentialSource, View, default_agent, has_variable};
use crate::portkey::headers::API_KEY;
use crate::portkey::jwt::Jwt;
use crate::secret::Secret;
use crate::timestamp;

use super::facts::{AuthProfile, Fact, KeyPlace, KeySource, Machine, Reader, Setting, Variable};
use super::{DoctorFacts, Found, wiring};

/// The key that OpenClaw sends.
#[derive(Clone, Debug)]
pub enum KeyInUse {
    /// This one, and where it comes from.
    Known(Secret, KeyOrigin),
    /// It has one, but it is not known here: why.
    Unknown(String),
    /// It has none: why.
    Missing(String),
}

/// Where a key comes from.
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
        /// What kind of place.
        place: KeyPlace,
    },
}

/// The key that reaches Portkey: that of a header, of an auth profile, or of `apiKey`. The one
/// order for every command.
#[must_use]
pub fn key_in_use(
    config: &Config,
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
    if let Some(profile) = profile_in_force(config, &provider.id, machine) {
        return match &profile.key {
            Some(key) => KeyInUse::Known(key.clone(), KeyOrigin::Profile(profile.id.clone())),
            None => KeyInUse::Unknown(format!(
                "the auth profile {} is in force, and its key is not shown here",
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
                return KeyInUse::Unknown("the key is put together from variables".to_owned());
            }
            let bare = text.trim();
            let bare = bare.strip_prefix("Bearer ").unwrap_or(bare);
            KeyInUse::Known(Secret::new(bare.trim()), KeyOrigin::Config)
        }
        given => match given.variable() {
            Some(name) => of_variable(name, machine),
            None if given.is_reference() => KeyInUse::Unknown(
                "the config takes the key from a secret store that only OpenClaw can read"
                    .to_owned(),
            ),
            None => KeyInUse::Missing("the config's key is not a valid key".to_owned()),
        },
    }
}

/// The value of a variable for whoever runs OpenClaw here: the gateway service's, or what one would
/// get. A gateway without a service, in a container for one, has what the shell had that started it.
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

fn of_variable(name: &str, machine: &Machine) -> KeyInUse {
    match variable_in_use(name, machine) {
        Some((secret, origin)) => KeyInUse::Known(secret, origin),
        None => KeyInUse::Missing(format!("{name} is not set where OpenClaw looks for it")),
    }
}

/// The profile whose key is sent in place of the config's, for the agent that is asked where none
/// is named.
fn profile_in_force<'m>(
    config: &Config,
    provider_id: &str,
    machine: &'m Machine,
) -> Option<&'m AuthProfile> {
    let agent = default_agent(config);
    let is_its_own = |profile: &&AuthProfile| {
        let owner = profile.agent.as_deref();
        owner.is_none_or(|owner| owner.eq_ignore_ascii_case(&agent))
    };
    let mut profiles = machine.profiles.known()?.iter().filter(is_its_own);
    let Some(order) = config.at(&["auth", "order", provider_id]) else {
        return profiles.next();
    };
    // Those that the order leaves out are not used; an empty one switches all off.
    let profiles: Vec<_> = profiles.collect();
    order.items().iter().find_map(|item| {
        let id = item.text()?;
        profiles.iter().copied().find(|profile| profile.id == id)
    })
}

pub(super) fn given(evidence: &DoctorFacts<'_>, out: &mut Found) {
    source(evidence, out);
    jwt(evidence, out);
}

/// How long before its end a JWT is worth a word.
const SOON: Duration = Duration::from_secs(24 * 60 * 60);

/// What is wrong with a JWT in place of a key, and when it ends. A key of another kind is none of this.
fn jwt(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let (Some(facts), Some(provider)) = (evidence.facts, wiring::provider(evidence)) else {
        return;
    };
    let in_use = key_in_use(facts.config, Some(provider), evidence.machine);
    let KeyInUse::Known(secret, _) = in_use else {
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
        out.note("the key is a JWT that does not say when it ends");
        return;
    };
    let when = timestamp::seconds(end);
    if end <= evidence.now {
        out.push(Diagnostic::of(
            &JWT_EXPIRED,
            format!("the key is a JWT that ended at {when}"),
        ));
    } else if end <= evidence.now + SOON {
        let found = Diagnostic::of(
            &JWT_EXPIRED,
            format!("the key is a JWT that ends at {when}"),
        );
        out.push(found.level(Level::Warning));
    } else {
        out.passed(format!("the key is a JWT that ends at {when}"));
    }
}

fn source(evidence: &DoctorFacts<'_>, out: &mut Found) {
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
    let profile = profile_in_force(facts.config, &provider.id, evidence.machine);
    match (provider.key_from(facts.config), profile) {
        (KeyFrom::ApiKey(view), _) => value(
            view,
            "the key is in plain text in the config",
            evidence,
            out,
        ),
        (KeyFrom::Header(header), _) => {
            let inline = format!("the key is in plain text in the header {}", header.written);
            value(&header.value, &inline, evidence, out);
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
            out.skipped("an include could not be read, and the key may be in it");
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
}

/// Looks at the place that a credential names.
fn value(view: &View<'_>, inline: &str, evidence: &DoctorFacts<'_>, out: &mut Found) {
    let given = CredentialSource::read(view);
    match given.variable() {
        Some(name) => match evidence.machine.variable(name) {
            Some(variable) => set(variable, view, evidence, out),
            None => out.skipped(format!("{name} was not looked for")),
        },
        None if !out.is_empty() => {}
        None if given == CredentialSource::Literal
            && view.text().is_some_and(|text| has_variable(&text)) =>
        {
            out.skipped("the key is put together from variables");
        }
        None if given == CredentialSource::Literal => out.passed(inline),
        None if given.is_reference() => {
            out.skipped("the key is in a secret store that only OpenClaw can read");
        }
        // A rule says what is wrong with it.
        None => {}
    }
}

fn set(variable: &Variable, view: &View<'_>, evidence: &DoctorFacts<'_>, out: &mut Found) {
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
            if out.is_empty()
                && let Some(source) = service
            {
                out.passed(format!("{name} is set in {}", place(source, evidence)));
            }
        }
        // Without a service the shell's value serves whatever is started from it.
        (None, Some(_)) if service.is_some_and(is_empty) => {
            empty(name, service, where_a_service_needs_it(machine), out);
        }
        (None, Some(_)) => {
            let message = match shell.map(|source| source.place) {
                Some(KeyPlace::ShellEnvironment) => format!(
                    "{name} is set in this shell alone, where the gateway service does not look"
                ),
                _ => format!("{name} is set where only a shell in this folder finds it"),
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

fn empty(name: &str, source: Option<&KeySource>, level: Level, out: &mut Found) {
    let message = format!("{name} is set but empty, which hides its value elsewhere");
    out.push(located(Diagnostic::of(&KEY_EMPTY, message), source).level(level));
}

fn located(found: Diagnostic, source: Option<&KeySource>) -> Diagnostic {
    match source.and_then(|source| Some((source.file.as_deref()?, source.line))) {
        Some((file, line)) => found.at(Location::file(file).line(line)),
        None => found,
    }
}

fn exposed(name: &str, source: &KeySource, evidence: &DoctorFacts<'_>, out: &mut Found) {
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

/// The copy that OpenClaw made when the service was installed wins over `.env`.
fn stale_copy(variable: &Variable, out: &mut Found) {
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

fn differs(name: &str, service: Option<&KeySource>, shell: Option<&KeySource>, out: &mut Found) {
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

fn place(source: &KeySource, evidence: &DoctorFacts<'_>) -> String {
    match (&source.file, source.line) {
        (Some(file), Some(line)) => format!("{}:{line}", (evidence.short)(file)),
        (Some(file), None) => (evidence.short)(file),
        (None, _) => "this shell".to_owned(),
    }
}

pub(super) fn profile(evidence: &DoctorFacts<'_>, out: &mut Found) {
    let Some(facts) = evidence.facts else {
        return out.skipped(evidence.unreadable());
    };
    if let Fact::Unknown(reason) = &evidence.machine.profiles {
        return out.skipped(format!("auth profiles could not be read: {reason}"));
    }
    let id = evidence.provider_id;
    let Some(profile) = profile_in_force(facts.config, id, evidence.machine) else {
        return out.passed("no OpenClaw auth profile overrides the key");
    };
    let configured = configured_key(facts, id, evidence.machine);
    if configured.is_some() && profile.key.as_ref() == configured.as_ref() {
        return out.note(format!(
            "the auth profile {} holds the same key; a new key in the config will do nothing",
            profile.id
        ));
    }
    let whose = profile
        .agent
        .as_ref()
        .map(|agent| format!(" of agent {agent}"))
        .unwrap_or_default();
    let message = match (&profile.key, configured) {
        (Some(_), Some(_)) => format!(
            "the auth profile {}{whose} has a different key than the config and takes precedence",
            profile.id
        ),
        _ => format!(
            "the auth profile {}{whose} takes precedence over the config's key",
            profile.id
        ),
    };
    // Only Portkey knows whether its key is refused.
    let run = Run::openclaw("models auth logout")
        .value(&profile.id)
        .flag("--yes");
    out.push(
        Diagnostic::of(&AUTH_PROFILE, message)
            .at(Location::file(&profile.file))
            .help(Help::from("Run: ").run(run)),
    );
}

/// The key that would be sent without profiles.
fn configured_key(facts: &Facts<'_>, provider_id: &str, machine: &Machine) -> Option<Secret> {
    let without = Machine {
        profiles: Fact::Known(Vec::new()),
        ..machine.clone()
    };
    match key_in_use(facts.config, facts.provider(provider_id), &without) {
        KeyInUse::Known(key, _) => Some(key),
        KeyInUse::Unknown(_) | KeyInUse::Missing(_) => None,
    }
}
