//! The places that set variables: duplicates, overrides, exposed files, and variables that nothing
//! sets.

use crate::causes::machine::{ENV_VARS_OVERRIDDEN, KEY_EXPOSED, KEY_REPEATED, VARIABLE_UNSET};
use crate::causes::{Header, PortkeyProvider};
use crate::diagnostic::{Diagnostic, Level, Location};
use crate::openclaw::{CredentialSource, View, variables_in};
use crate::portkey::headers::{API_KEY, AUTHORIZATION};

use super::facts::{KeyPlace, KeySource, Reader, Variable};
use super::key::place;
use super::value::at;
use super::{Diagnostics, DoctorFacts, wiring};

/// Reports two lines with the same name, and a block in the config that another place overrides.
pub(super) fn contradictions(
    variable: &Variable,
    in_use: &KeySource,
    evidence: &DoctorFacts<'_>,
    out: &mut Diagnostics,
) {
    let name = &variable.name;
    for source in &variable.sources {
        let seen = source.is_seen_by(Reader::Service) || source.is_seen_by(Reader::Shell);
        if let (true, Some(earlier), Some(line)) = (seen, source.earlier, source.line) {
            let message = format!(
                "{} sets {name} twice, to different values; line {line} counts, not line {earlier}",
                source.place.name()
            );
            let found = Diagnostic::of(&KEY_REPEATED, message);
            out.push(match at(source) {
                Some(at) => found.at(at),
                None => found,
            });
        }
    }
    let overridden = variable.sources.iter().find(|source| {
        source.place == KeyPlace::ConfigEnv
            && in_use.place != KeyPlace::ConfigEnv
            && source.secret().is_some()
            && in_use.secret().is_some()
            && source.secret() != in_use.secret()
    });
    if let Some(config) = overridden {
        let message = format!(
            "{name} in the config's `env` has no effect: {} sets it to another value",
            place(in_use, evidence)
        );
        let found = Diagnostic::of(&ENV_VARS_OVERRIDDEN, message);
        out.push(match at(config) {
            Some(at) => found.at(at),
            None => found,
        });
    }
}

/// Reports a key in the config itself if others can read the file.
pub(super) fn exposed_config(view: &View<'_>, evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    if !evidence.machine.exposed_config {
        return;
    }
    let file = (evidence.short)(&evidence.config.path);
    let message = format!("the key is in {file}, which other users of this machine can read");
    out.push(
        Diagnostic::of(&KEY_EXPOSED, message)
            .level(Level::Warning)
            .at(view.place())
            .help(format!("Run: chmod 600 {file}")),
    );
}

/// Reports variables in headers that nothing sets.
pub(super) fn unset_in_headers(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(provider) = wiring::provider(evidence) else {
        return;
    };
    let primary = primary_index(evidence, provider);
    for header in &provider.headers {
        // The key has its own check.
        let is_key = matches!(header.name.as_str(), API_KEY | AUTHORIZATION);
        let is_sent = header.model.is_none() || header.model == primary;
        if !is_key {
            let what = format!("the header {}", header.written);
            unset_in(
                &header.value,
                &what,
                is_sent && !is_overridden(header, provider, primary),
                evidence,
                out,
            );
        }
    }
}

/// Whether the primary has its own value for a provider's header.
fn is_overridden(
    header: &Header<'_>,
    provider: &PortkeyProvider<'_>,
    primary: Option<usize>,
) -> bool {
    let own = provider.header(&header.name, primary);
    header.model.is_none() && own.is_some_and(|own| own.model.is_some())
}

fn primary_index(evidence: &DoctorFacts<'_>, provider: &PortkeyProvider<'_>) -> Option<usize> {
    let facts = evidence.facts?;
    let (_, view) = wiring::primary(facts)?;
    let text = view.text()?;
    let (_, model) = facts.through(&text)?;
    provider
        .models
        .iter()
        .position(|found| found.id.trim() == model)
}

/// Reports variables in the base URL that nothing sets.
pub(super) fn unset_in_base_url(evidence: &DoctorFacts<'_>, out: &mut Diagnostics) {
    let Some(provider) = wiring::provider(evidence) else {
        return;
    };
    if let Some(view) = &provider.base_url {
        unset_in(view, "the base URL", true, evidence, out);
    }
}

fn unset_in(
    view: &View<'_>,
    what: &str,
    is_sent: bool,
    evidence: &DoctorFacts<'_>,
    out: &mut Diagnostics,
) {
    let text = view.text().unwrap_or_default();
    let source = CredentialSource::read(view);
    let mut names: Vec<&str> = variables_in(&text);
    names.extend(source.variable().filter(|_| text.is_empty()));
    for name in names {
        let Some(variable) = evidence.machine.variable(name) else {
            continue;
        };
        let unread = variable.unread(Reader::Service).next().is_some();
        if unread || variable.value(Reader::Service).is_some() {
            continue;
        }
        let in_shell = variable.value(Reader::Shell).is_some();
        let has_service = evidence.machine.service().is_some();
        let message = if in_shell {
            format!(
                "{what} needs {name}, which is set in this shell but not for the gateway service"
            )
        } else {
            format!("{what} needs {name}, which is not set anywhere OpenClaw looks")
        };
        let level = if is_sent && (has_service || !in_shell) {
            Level::Error
        } else {
            Level::Warning
        };
        out.push(
            Diagnostic::of(&VARIABLE_UNSET, message)
                .level(level)
                .at(Location::of(view)),
        );
    }
}
