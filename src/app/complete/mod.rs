//! `complete`: completion candidates for the shell scripts.
//!
//! It reads the config and the models that `models` saved, sends nothing, never prompts, and
//! ignores errors: it runs while the user is typing.

mod engine;

use crate::args::ConfigArgs;
use crate::causes::{self, PortkeyProvider, RULES};
use crate::openclaw::agents;
use crate::ui::Ui;

use super::Env;
use super::saved_models::saved_models;
use super::session::Session;

use engine::{Candidate, Source, candidates};

/// Prints the candidates for the last word, one per line: the text, a tab, a description.
pub(crate) fn run(root: &clap::Command, words: &[String], ui: &Ui, env: &Env) {
    let known = |source| match source {
        Source::Models => models(words, true, env),
        Source::DeclaredModels => models(words, false, env),
        Source::Agents => of_agents(words, env),
        Source::Headers => headers(words, env),
        Source::Rules => rules(),
        Source::Topics => topics(),
    };
    for Candidate { text, about } in candidates(root, words, &known) {
        ui.result(&format!("{text}\t{about}"));
    }
}

/// Whether every shell treats the text as a plain word: nothing from a file or server may become a
/// command.
fn is_plain(text: &str) -> bool {
    let fits =
        |c: char| c.is_alphanumeric() || matches!(c, '@' | '/' | '.' | '_' | ':' | '+' | '-');
    !text.is_empty() && !text.starts_with('-') && text.chars().all(fits)
}

fn plain(text: &str, about: &str) -> Option<Candidate> {
    is_plain(text).then(|| candidate(text, about))
}

fn candidate(text: &str, about: &str) -> Candidate {
    Candidate {
        text: text.to_owned(),
        about: about.to_owned(),
    }
}

/// The value of an option among the words.
fn option(words: &[String], name: &str) -> Option<String> {
    let after = |word: &String| {
        word.strip_prefix(name)?
            .strip_prefix('=')
            .map(str::to_owned)
    };
    words.iter().find_map(after).or_else(|| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1).cloned()
    })
}

/// The config that the words select.
fn open<'e>(words: &[String], env: &'e Env) -> Option<Session<'e>> {
    let args = ConfigArgs {
        config: option(words, "--config").map(Into::into),
        profile: option(words, "--profile"),
        provider_id: option(words, "--provider-id"),
        ..ConfigArgs::default()
    };
    Session::open(&args, env).ok()
}

/// The provider that the words select.
fn provider<'s>(session: &'s Session<'_>) -> Option<PortkeyProvider<'s>> {
    session.provider(&session.provider_id().ok()?)
}

fn models(words: &[String], listed: bool, env: &Env) -> Vec<Candidate> {
    let session = open(words, env);
    let provider = session.as_ref().and_then(provider);
    let declared = provider.iter().flat_map(|provider| &provider.models);
    let mut found: Vec<Candidate> = declared
        .filter_map(|model| plain(&model.id, "in the config"))
        .collect();
    if !listed {
        return found;
    }
    for id in saved_models(provider.as_ref(), env) {
        if !found.iter().any(|known| known.text == id) {
            found.extend(plain(&id, "listed by Portkey"));
        }
    }
    found
}

fn of_agents(words: &[String], env: &Env) -> Vec<Candidate> {
    open(words, env)
        .map(|session| {
            agents(session.config())
                .iter()
                .filter_map(|agent| plain(&agent.id, "an agent"))
                .collect()
        })
        .unwrap_or_default()
}

fn headers(words: &[String], env: &Env) -> Vec<Candidate> {
    let session = open(words, env);
    let provider = session.as_ref().and_then(provider);
    provider
        .iter()
        .flat_map(|provider| &provider.headers)
        .filter(|header| header.model.is_none())
        .filter_map(|header| plain(&header.written, "a header in the config"))
        .collect()
}

fn rules() -> Vec<Candidate> {
    RULES
        .iter()
        .map(|rule| candidate(rule.id, rule.summary))
        .collect()
}

fn topics() -> Vec<Candidate> {
    let mut found = rules();
    let others = causes::all().filter(|cause| !cause.is_rule());
    found.extend(others.map(|cause| candidate(cause.id, cause.summary)));
    let mut statuses: Vec<u16> = causes::all()
        .flat_map(|cause| cause.statuses.to_vec())
        .collect();
    statuses.sort_unstable();
    statuses.dedup();
    found.extend(
        statuses
            .iter()
            .map(|status| candidate(&status.to_string(), "an HTTP status")),
    );
    found
}
