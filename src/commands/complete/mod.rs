//! `complete`: what can stand next on the command line; the shells' scripts ask for it.
//!
//! It reads the config and what `models` has left behind, sends nothing, asks nothing, and is
//! silent where something is wrong: it runs in the middle of somebody's typing.

mod engine;

use std::ffi::OsString;

use clap::Args;

use crate::causes::{self, RULES};
use crate::cli::{self, ConfigArgs};
use crate::error::Exit;
use crate::mask::mask_known;
use crate::openclaw::{Provider, agents, find_provider};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::secret::Secret;
use crate::store;
use crate::ui::Ui;

use super::Env;
use super::workspace::Workspace;

use engine::{Candidate, Source, candidates};

/// The file in the cache folder: the base URL, then a model id a line.
const MODELS: &str = "models";

/// The words of a command line so far.
#[derive(Debug, Args)]
pub struct CompleteArgs {
    /// The word that is being typed is empty; for shells that cannot pass an empty word
    #[arg(long)]
    blank: bool,
    /// The words behind the program's name; the last one is being typed
    #[arg(value_name = "WORD", last = true)]
    words: Vec<OsString>,
}

/// Runs `complete`: a candidate a line, a tab, a few words on it.
#[must_use]
pub fn run(args: &CompleteArgs, ui: &Ui, env: &Env) -> Exit {
    let mut words: Vec<String> = args
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if args.blank || words.is_empty() {
        words.push(String::new());
    }
    let mut root = cli::command();
    root.build();
    let known = |source| match source {
        Source::Models => models(&words, true, env),
        Source::DeclaredModels => models(&words, false, env),
        Source::Agents => of_agents(&words, env),
        Source::Headers => headers(&words, env),
        Source::Rules => rules(),
        Source::Topics => topics(),
    };
    for Candidate { text, about } in candidates(&root, &words, &known) {
        ui.result(&format!("{text}\t{about}"));
    }
    Exit::Done
}

/// The file of the models' names was made for this base URL and holds no key.
pub(super) fn remember(env: &Env, url: &BaseUrl, catalogue: &Catalogue, secrets: &[Secret]) {
    let Some(folder) = &env.cache else { return };
    let mut text = format!("{}\n", url.as_str());
    for model in &catalogue.models {
        if mask_known(&model.id, secrets) == model.id {
            text.push_str(&model.id);
            text.push('\n');
        }
    }
    // Without it completion knows less, and nothing else is lost.
    let _ = store::remember(folder, MODELS, &text);
}

/// Whether a shell takes the text for a word, whatever it does with a candidate: nothing of what
/// a file or a server says may become a command.
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

/// The config that the words mean.
fn open(words: &[String], env: &Env) -> Option<(Workspace, String)> {
    let provider_id = option(words, "--provider-id").unwrap_or_else(|| "portkey".to_owned());
    let args = ConfigArgs {
        config: option(words, "--config").map(Into::into),
        profile: option(words, "--profile"),
        provider_id: provider_id.clone(),
        ..ConfigArgs::default()
    };
    Some((Workspace::open(&args, env).ok()?, provider_id))
}

fn models(words: &[String], listed: bool, env: &Env) -> Vec<Candidate> {
    let opened = open(words, env);
    let provider = opened
        .as_ref()
        .and_then(|(workspace, id)| find_provider(&workspace.config, id));
    let declared = provider.as_ref().map(Provider::models).unwrap_or_default();
    let mut found: Vec<Candidate> = declared
        .iter()
        .filter_map(|model| plain(&model.id, "in the config"))
        .collect();
    if !listed {
        return found;
    }
    for id in remembered(provider.as_ref(), env) {
        if !found.iter().any(|known| known.text == id) {
            found.extend(plain(&id, "listed by Portkey"));
        }
    }
    found
}

/// What `models` has seen at the provider's address; at any address where there is none.
fn remembered(provider: Option<&Provider<'_>>, env: &Env) -> Vec<String> {
    let text = env
        .cache
        .as_ref()
        .and_then(|folder| store::recall(folder, MODELS))
        .unwrap_or_default();
    let mut lines = text.lines();
    let asked = lines.next().unwrap_or_default();
    let configured = provider.and_then(|provider| provider.text("baseUrl"));
    let fits = configured.is_none_or(|url| {
        BaseUrl::parse(&url).is_ok_and(|configured| configured.as_str() == asked)
    });
    lines.filter(|_| fits).map(str::to_owned).collect()
}

fn of_agents(words: &[String], env: &Env) -> Vec<Candidate> {
    open(words, env)
        .map(|(workspace, _)| {
            agents(&workspace.config)
                .iter()
                .filter_map(|agent| plain(&agent.id, "an agent"))
                .collect()
        })
        .unwrap_or_default()
}

fn headers(words: &[String], env: &Env) -> Vec<Candidate> {
    let Some((workspace, id)) = open(words, env) else {
        return Vec::new();
    };
    let names = find_provider(&workspace.config, &id)
        .map(|provider| provider.headers())
        .unwrap_or_default();
    names
        .iter()
        .filter_map(|(name, _)| plain(name, "a header that is set"))
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
