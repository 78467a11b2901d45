//! Where a new key goes: OpenClaw's `.env`, a file, or standard output.

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value as Json;

use crate::app::change::{ConfigChange, Ending, Proposal};
use crate::app::credential::{FoundKey, Origin};
use crate::app::init::{Request, holder};
use crate::app::inquiry::{Inquiry, KEY_ACCEPTED};
use crate::app::key_storage;
use crate::app::named_models::routes;
use crate::app::session::Session;
use crate::app::usage;
use crate::app::written::After;
use crate::args::{CheckArgs, ConfigArgs, WriteArgs};
use crate::diagnostic::Diagnostic;
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::http::HttpError;
use crate::openclaw::{Aliases, ModelChoice, choice, find_agent, own_provider};
use crate::plan::{Fallbacks, HeaderChange, Intent, PlanError};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::headers::CONFIG;
use crate::portkey::model_id::ModelId;
use crate::secret::Secret;
use crate::store;
use crate::ui::Ui;

/// Stands in for a key that Portkey hasn't created yet.
const NOT_YET: &str = "the-key-that-portkey-will-create";

/// The maximum length of a key's name in a file name, in characters; systems allow 255 bytes in
/// total.
const MAX_NAME: usize = 60;

/// The pauses before retrying a new key that Portkey doesn't accept yet.
const RETRY_DELAYS: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_millis(1500),
    Duration::from_secs(3),
];

/// Where to store a new key.
pub(crate) enum Place<'e> {
    /// In a provider of OpenClaw's config, through `.env`.
    Openclaw(Box<Wiring<'e>>),
    /// In a file readable only by its owner.
    File(PathBuf),
    /// On standard output.
    Screen,
}

/// The provider that gets a key.
pub(crate) struct Wiring<'e> {
    /// For that provider.
    pub(crate) session: Session<'e>,
    write: WriteArgs,
    agent: Option<String>,
    /// Other changes to the config.
    intent: Intent,
    check: CheckArgs,
    /// The host that the key is for.
    host: Option<String>,
    /// Notes about it.
    pub(crate) notes: Vec<Diagnostic>,
}

impl Place<'_> {
    /// The file that will contain the key.
    pub(crate) fn path(&self) -> Option<String> {
        let path = match self {
            Self::Openclaw(wiring) => &wiring.session.location.dotenv,
            Self::File(path) => path,
            Self::Screen => return None,
        };
        Some(path.display().to_string())
    }
}

impl<'e> Wiring<'e> {
    /// The agent that the provider belongs to.
    pub(crate) fn agent(&self) -> Option<&str> {
        self.agent.as_deref()
    }

    /// The provider itself, or an agent's own provider.
    pub(crate) fn new(
        base: &Session<'e>,
        write: &WriteArgs,
        check: CheckArgs,
        agent: Option<&str>,
        pins: bool,
    ) -> Result<Self, Failure> {
        let provider_id = base.provider_id()?;
        let flags = ConfigArgs {
            provider_id: Some(provider_id.clone()),
            ..base.flags.clone()
        };
        let base = &Session::open_to_change(&flags, base.env)?;
        let Some(provider) = base.provider(&provider_id) else {
            return Err(Failure::from(PlanError::NotWired(provider_id))
                .hint("or store the key in a file with -o FILE and pass it to `{run: init}` with --api-key-file"));
        };
        let host = base.base_url(None)?.as_str().to_owned();
        let sends_config = provider.headers.iter().any(|header| header.name == CONFIG);
        let mut wiring = Self {
            session: Session::open_to_change(&flags, base.env)?,
            write: WriteArgs {
                config: flags.clone(),
                ..write.clone()
            },
            agent: agent.map(str::to_owned),
            intent: Intent::default(),
            check,
            host: Some(host),
            notes: Vec::new(),
        };
        if pins && sends_config && agent.is_none() {
            wiring.notes.push(Diagnostic::warning(
                None,
                format!("`{provider_id}` sends x-portkey-config, which Portkey answers with 400 if the key has a pinned config; `set-header --unset x-portkey-config` removes the header"),
            ));
        }
        match agent {
            None => Ok(wiring),
            Some(agent) => wiring.of_agent(base, agent, &provider_id, pins),
        }
    }

    fn of_agent(
        mut self,
        base: &Session<'e>,
        agent: &str,
        provider_id: &str,
        pins: bool,
    ) -> Result<Self, Failure> {
        let Some(known) = find_agent(base.config(), agent) else {
            let known = crate::openclaw::agents(base.config());
            let known = known.into_iter().map(|agent| agent.id).collect();
            return Err(PlanError::UnknownAgent(agent.to_owned(), known).into());
        };
        let own = own_provider(provider_id, &known.id);
        let flags = ConfigArgs {
            provider_id: Some(own.clone()),
            ..base.flags.clone()
        };
        self.write.config = flags.clone();
        self.session = Session::open_to_change(&flags, base.env)?;
        if self.session.provider(&own).is_some() {
            return Ok(self);
        }
        let (primary, fallbacks) = models_of(base, agent, provider_id)?;
        let unset = |name: &str| HeaderChange {
            name: name.to_owned(),
            value: None,
            model: None,
        };
        self.intent = Intent {
            create: true,
            like: Some(provider_id.to_owned()),
            primary: Some(primary),
            fallbacks: if fallbacks.is_empty() {
                Fallbacks::Keep
            } else {
                Fallbacks::Set(fallbacks)
            },
            headers: pins.then(|| unset(CONFIG)).into_iter().collect(),
            ..Intent::default()
        };
        self.notes.push(Diagnostic::note(
            None,
            format!("{agent} gets its own provider, `{own}`: OpenClaw sends one key per provider, so limits for one agent need a separate one; the key's metadata names the agent in every request, regardless of openclaw.json"),
        ));
        Ok(self)
    }

    /// The files that change; the key itself isn't known yet.
    pub(crate) fn preview(&self, ui: &Ui) -> Result<Proposal, Failure> {
        let (change, intent) = self.change(Secret::new(NOT_YET), ui)?;
        let mut proposal = change.preview(&intent)?;
        proposal.notes.extend(self.notes.iter().cloned());
        Ok(proposal)
    }

    /// Writes the key; everything was shown and confirmed.
    pub(crate) fn store(&self, key: &Secret, ui: &Ui) -> Result<(Ending, Json), Failure> {
        let (change, intent) = self.change(key.clone(), ui)?;
        change.shown().write_now(intent)
    }

    fn change(&self, key: Secret, ui: &'e Ui) -> Result<(ConfigChange<'_>, Intent), Failure> {
        let key = FoundKey {
            secret: key,
            origin: Origin::Given("key"),
        };
        let request = Request::of_key("key", key.clone(), self.check);
        let storage = key_storage::plan(&request, &self.session)?;
        let mut intent = self.intent.clone();
        intent.api_key = storage.api_key;
        intent.new_reference = storage.new_reference;
        intent.headers.extend(storage.header);
        let agent = self.agent.as_deref().filter(|_| intent.create);
        let change = ConfigChange::new("key", &self.session, &self.write, ui)
            .agent(agent)
            .key(Some(key))
            .dotenv(storage.dotenv)
            .checked_later();
        Ok((change, intent))
    }

    /// Suggests what to do now that it has the key.
    pub(crate) fn next_steps(&self, key: &Secret, proposal: &Proposal, ui: &Ui) {
        let key = FoundKey {
            secret: key.clone(),
            origin: Origin::Given("key"),
        };
        let after = After {
            session: &self.session,
            write: &self.write,
            agent: self.agent(),
            key: Some(&key),
            ui,
        };
        after.next_steps(proposal.touches(&self.session.location.dotenv), None);
    }

    /// Whether Portkey accepts the new key, which may take a moment.
    pub(crate) fn verify(&self, key: &Secret, ui: &Ui) -> Diagnostic {
        if self.check.portkey.offline {
            return Diagnostic::skipped(KEY_ACCEPTED, "not checked with Portkey");
        }
        let asked = self
            .host
            .as_deref()
            .map(|host| self.session.base_url(Some(host)));
        let Some(Ok(url)) = asked else {
            return Diagnostic::skipped(KEY_ACCEPTED, "the key was not tested: no base URL");
        };
        ui.asking(url.host(), || self.tried(&url, key))
    }

    /// Retries the key for a few seconds until Portkey accepts it.
    fn tried(&self, url: &BaseUrl, key: &Secret) -> Diagnostic {
        let mut waits = RETRY_DELAYS.into_iter();
        loop {
            let inquiry = match Inquiry::new(url, key, self.check.portkey.options()) {
                Ok(inquiry) => inquiry.routed_by(routes(&self.session, &[])),
                Err(error) => {
                    return Diagnostic::skipped(
                        KEY_ACCEPTED,
                        format!("the key was not tested: {error}"),
                    );
                }
            };
            let error = match inquiry.models() {
                Ok(catalogue) => return Diagnostic::passed(KEY_ACCEPTED, catalogue.accepted()),
                Err(error) => error,
            };
            let message = format!("the new key: {error}");
            let HttpError::Refused(refusal) = error else {
                return Diagnostic::skipped(KEY_ACCEPTED, message);
            };
            let wait = waits.next().filter(|_| refusal.status == 401);
            let Some(wait) = wait else {
                return Diagnostic::warning(None, message).check(KEY_ACCEPTED);
            };
            sleep(wait);
        }
    }
}

/// The models that an agent requests from Portkey: its own, or else those of the defaults.
fn models_of(
    session: &Session<'_>,
    agent: &str,
    provider_id: &str,
) -> Result<(ModelId, Vec<ModelId>), Failure> {
    let own = holder(Some(agent), session);
    let own = own.as_ref().and_then(choice);
    let defaults = holder(None, session);
    let chosen = own.or_else(|| defaults.as_ref().and_then(choice));
    let aliases = Aliases::of(session.config(), session.version);
    let first = |command| {
        let run = Run::new(command).flag("MODEL").flag("--agent").value(agent);
        Help::from("first run `").run(run).text("`")
    };
    let id = |text: &str| {
        let model = aliases.through(text, provider_id)?;
        ModelId::parse(model, provider_id).ok()
    };
    let primary = chosen.as_ref().and_then(ModelChoice::primary_text);
    let primary = primary.as_deref().and_then(id).ok_or_else(|| {
        usage(format!(
            "the primary model of agent `{agent}` doesn't go through `{provider_id}`, so a key would have no effect"
        ))
        .hint(first("set-primary"))
    })?;
    let texts = chosen.map(|chosen| chosen.fallback_texts());
    let texts = texts.unwrap_or_default();
    let fallbacks: Vec<ModelId> = texts.iter().filter_map(|text| id(text)).collect();
    if fallbacks.len() < texts.len() {
        return Err(usage(format!(
            "agent `{agent}` falls back to models that don't go through `{provider_id}`; these fallbacks would be lost"
        ))
        .hint(first("set-fallback")));
    }
    Ok((primary, fallbacks))
}

/// The default file name for a key.
pub(crate) fn file_name(key: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let name = key.trim_start_matches(|c: char| !fits(c) || matches!(c, '-' | '.'));
    let name: String = name
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .take(MAX_NAME)
        .collect();
    let name = if name.is_empty() { "portkey" } else { &name };
    format!("{name}.key")
}

/// Checks that a key can be written to a file, which must not exist.
pub(crate) fn check_file(path: &Path) -> Result<(), Failure> {
    let (folder, _) = parts(path)?;
    if store::read(path)?.exists() {
        return Err(Failure::new(
            FailureKind::File,
            format!("{} already exists; nothing was sent", path.display()),
        )
        .hint("choose another file with -o FILE"));
    }
    if !folder.is_dir() {
        return Err(Failure::new(
            FailureKind::File,
            format!("{} isn't a folder; nothing was sent", folder.display()),
        )
        .hint("choose a file in an existing folder with -o FILE"));
    }
    Ok(())
}

/// Writes a key to a file readable only by its owner.
pub(crate) fn write_file(path: &Path, key: &Secret) -> Result<(), Failure> {
    let (folder, name) = parts(path)?;
    let bytes = format!("{}\n", key.expose());
    store::publish(folder, name, bytes.as_bytes(), 0o600).map_err(|error| {
        Failure::new(
            FailureKind::File,
            format!("cannot write {}: {error}", path.display()),
        )
    })
}

fn parts(path: &Path) -> Result<(&Path, &str), Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| usage(format!("{} isn't a file name", path.display())))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok((folder, name))
}

/// Saves a key that couldn't be stored and that Portkey won't show again; returns its location.
pub(crate) fn rescue(session: &Session<'_>, id: &str, key: &Secret) -> Option<PathBuf> {
    let id: String = id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    let name = format!("portkey-key-{id}.txt");
    let folders = [session.location.state_dir.clone(), std::env::temp_dir()];
    let mut paths = folders.into_iter().map(|folder| folder.join(&name));
    paths.find(|path| write_file(path, key).is_ok())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn key_names_become_file_names() {
        for (key, file) in [
            ("ci", "ci.key"),
            ("x y/z", "x-y-z.key"),
            ("alice@example.com", "alice@example.com.key"),
            ("../x", "x.key"),
            ("-x", "x.key"),
            (".", "portkey.key"),
            ("ü", "ü.key"),
            ("日本 1", "日本-1.key"),
        ] {
            assert_eq!(file_name(key), file);
        }
        assert!(file_name(&"語".repeat(300)).len() < 250);
    }
}
