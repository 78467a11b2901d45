//! `unwire`: removes Portkey from the config, offers to remove the key, and to restore the previous
//! primary.

use std::path::Path;

use crate::args::WriteArgs;
use crate::causes::PortkeyProvider;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::Document;
use crate::dotenv;
use crate::error::{Exit, Failure};
use crate::help::{Help, Run};
use crate::openclaw::{Aliases, Config, CredentialSource, choice, find_agent, find_provider};
use crate::plan::{Intent, Unwire};
use crate::portkey::key_variable::{KEY_VARIABLE, variable_for};
use crate::prompt::Ask;
use crate::store;
use crate::ui::Ui;

use super::change::{ConfigChange, EnvEntry};
use super::init::holder;
use super::session::Session;
use super::usage;

/// What to do with the key in `.env`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum KeyFate {
    /// Ask, or keep it and say so.
    #[default]
    Open,
    Keep,
    /// Remove the variable; by default, the provider's own.
    Remove(Option<String>),
}

/// The options of `unwire`.
pub(crate) struct Request<'a> {
    pub(crate) agent: Option<&'a str>,
    pub(crate) key: KeyFate,
    pub(crate) primary: Option<&'a str>,
    pub(crate) write: &'a WriteArgs,
}

/// Prompts for what is missing, and makes the change.
///
/// # Errors
/// When the config can't be edited, a prompt gets no answer, or the user declines.
pub(crate) fn run(
    request: &Request<'_>,
    session: &Session<'_>,
    ui: &Ui,
    ask: Option<&mut dyn Ask>,
) -> anyhow::Result<Exit> {
    let mut unwiring = Unwiring {
        request,
        session,
        provider_id: session.only_provider_id()?,
        ask,
        notes: Vec::new(),
    };
    let intent = Intent {
        unwire: Some(Unwire {
            next_primary: unwiring.primary()?,
        }),
        ..Intent::default()
    };
    let dotenv = unwiring.key()?;
    ConfigChange::new("unwire", session, request.write, ui)
        .agent(request.agent)
        .dotenv(dotenv)
        .notes(unwiring.notes)
        .run(intent)
}

struct Unwiring<'a, 'q> {
    request: &'a Request<'a>,
    session: &'a Session<'a>,
    provider_id: String,
    /// The prompts, if there is a terminal.
    ask: Option<&'q mut dyn Ask>,
    notes: Vec<Diagnostic>,
}

impl Unwiring<'_, '_> {
    /// The primary that replaces Portkey's.
    fn primary(&mut self) -> Result<Option<String>, Failure> {
        let config = self.session.config();
        let names = Aliases::of(config, self.session.version);
        let is_ours = |text: &str| names.through(text, &self.provider_id).is_some();
        if let Some(named) = self.request.primary {
            if is_ours(named) {
                return Err(
                    usage(format!("{named} goes through Portkey, which this removes"))
                        .hint("use a model of another provider, as `provider/model`"),
                );
            }
            if !named.contains('/') {
                return Err(usage(format!("{named} doesn't name a provider"))
                    .hint("use OpenClaw's format: `provider/model`"));
            }
            return Ok(Some(named.to_owned()));
        }
        let current =
            holder(self.request.agent, self.session).and_then(|view| choice(&view)?.primary_text());
        if !current.is_some_and(|text| is_ours(&text)) {
            return Ok(None);
        }
        let Some(earlier) = self.earlier_primary() else {
            return Ok(None);
        };
        if let Some(ask) = &mut self.ask {
            let question = format!("Go back to {earlier}, the primary before Portkey?");
            return Ok(ask.confirm(&question, true)?.then_some(earlier));
        }
        let mut run = Run::new("unwire").flag("--primary").value(&earlier);
        if let Some(agent) = self.request.agent {
            run = run.flag("--agent").value(agent);
        }
        self.notes.push(
            Diagnostic::note(None, format!("the primary before Portkey was {earlier}"))
                .help(Help::from("`").run(run).text("` restores it")),
        );
        Ok(None)
    }

    /// The latest primary in the backups that isn't Portkey's and that OpenClaw can still use.
    fn earlier_primary(&self) -> Option<String> {
        let path = &self.session.location.config;
        store::previous_versions(path).find_map(|bytes| {
            let config = Config::new(path.clone(), Document::read(bytes).ok()?);
            let view = match self.request.agent {
                Some(id) => find_agent(&config, id)?.view,
                None => config.at(&["agents", "defaults"])?,
            };
            let text = choice(&view)?.primary_text()?;
            let (provider, _) = text.split_once('/')?;
            let is_ours = provider.eq_ignore_ascii_case(&self.provider_id)
                || Aliases::of(&config, self.session.version)
                    .through(&text, &self.provider_id)
                    .is_some()
                || PortkeyProvider::find(&config, provider).is_some_and(|one| one.is_portkey());
            let is_gone = find_provider(&config, provider).is_some()
                && find_provider(self.session.config(), provider).is_none();
            (!is_ours && !is_gone).then_some(text)
        })
    }

    /// What to do with the key's variable in `.env`.
    fn key(&mut self) -> Result<Option<EnvEntry>, Failure> {
        let request = self.request;
        let named = match &request.key {
            KeyFate::Remove(name) => name.clone(),
            KeyFate::Open | KeyFate::Keep => None,
        };
        if request.agent.is_some() {
            return match &request.key {
                KeyFate::Remove(_) => Err(usage("the key is used by all agents")
                    .hint("leave out --agent or --remove-key")),
                KeyFate::Open | KeyFate::Keep => Ok(None),
            };
        }
        let referred = self.referred();
        let name = named
            .or_else(|| referred.clone())
            .unwrap_or_else(|| variable_for(&self.provider_id));
        self.note_key_in_config(&name);
        let text = self.session.dotenv_text().unwrap_or_default();
        if dotenv::get(text, &name).is_none() {
            if referred.is_some() {
                self.note(format!("the key itself stays in the variable {name}"));
            }
            return Ok(None);
        }
        let file = self.session.short(&self.session.location.dotenv);
        let users = self.users(&name);
        if let Some(user) = users.first() {
            if request.key != KeyFate::Keep {
                self.note(format!("{name} stays in {file}: {user} uses it"));
            }
            return Ok(None);
        }
        let removes = match (&request.key, &mut self.ask) {
            (KeyFate::Keep, _) => return Ok(None),
            (KeyFate::Remove(_), _) => true,
            (KeyFate::Open, Some(ask)) => {
                ask.confirm(&format!("Also remove {name} from {file}?"), false)?
            }
            (KeyFate::Open, None) => false,
        };
        if removes {
            return Ok(Some(EnvEntry { name, key: None }));
        }
        let flag = Run::new("unwire");
        let run = if name == KEY_VARIABLE {
            flag.flag("--remove-key")
        } else {
            flag.value(format!("--remove-key={name}"))
        };
        self.notes.push(
            Diagnostic::note(None, format!("the key is still in {file}, as {name}"))
                .help(Help::from("`").run(run).text("` removes it")),
        );
        Ok(None)
    }

    /// A key that the config sets as a variable isn't part of the Portkey setup.
    fn note_key_in_config(&mut self, name: &str) {
        let config = self.session.config();
        let found = [&["env", "vars", name][..], &["env", name]];
        if let Some(view) = found.iter().find_map(|keys| config.at(keys)) {
            let text = format!("the key is still in the config, as `{}`", view.path());
            self.notes
                .push(Diagnostic::note(None, text).at(Location::of(&view)));
        }
    }

    /// The variable that the provider reads its key from.
    fn referred(&self) -> Option<String> {
        let provider = self.session.provider(&self.provider_id)?;
        let header = provider.header(crate::portkey::headers::API_KEY, None);
        let mut views = provider
            .api_key
            .iter()
            .chain(header.map(|header| &header.value));
        views.find_map(|view| CredentialSource::read(view).variable().map(str::to_owned))
    }

    /// Other users of a variable: the rest of the config, and other configs that share the `.env`.
    fn users(&self, name: &str) -> Vec<String> {
        let config = self.session.config();
        let own = find_provider(config, &self.provider_id).map(|own| own.view.path().clone());
        let braced = format!("${{{name}}}");
        let mut users = Vec::new();
        let mut open = vec![config.root()];
        while let Some(view) = open.pop() {
            if Some(view.path()) == own.as_ref() {
                continue;
            }
            if CredentialSource::read(&view).variable() == Some(name)
                || view.text().is_some_and(|text| text.contains(&braced))
            {
                users.push(format!("`{}`", view.path()));
            }
            open.extend(view.entries().into_iter().map(|(_, child)| child));
            open.extend(view.items());
        }
        let sources: Vec<&Path> = config
            .sources()
            .iter()
            .map(|source| source.path.as_path())
            .collect();
        let others = store::configs_with(&self.session.location.state_dir, name, &sources);
        users.extend(others.iter().map(|path| self.session.short(path)));
        users
    }

    fn note(&mut self, text: String) {
        self.notes.push(Diagnostic::note(None, text));
    }
}
