//! The wizard's questions: few, with good defaults, and none whose answer can be found out.

use crate::error::Failure;
use crate::openclaw::{choice, find_provider};
use crate::portkey::catalogue::Catalogue;
use crate::portkey::headers;
use crate::portkey::model_id::{ModelId, VIRTUAL};
use crate::prompt::{Ask, Cancelled};
use crate::ui::{Tone, Ui};

use super::check;
use super::init::{Answers, InitArgs, KeyIn};
use super::key::{self, FoundKey, KEY_VARIABLE, Origin};
use super::model_ids;
use super::workspace::Workspace;

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Self {
        Self::cancelled()
    }
}

/// Asks what the flags leave open.
pub(super) struct Wizard<'a> {
    pub(super) ui: &'a Ui,
    pub(super) workspace: &'a Workspace,
    pub(super) args: &'a InitArgs,
    pub(super) ask: &'a mut dyn Ask,
}

impl Wizard<'_> {
    /// Fills in the answers.
    pub(super) fn fill(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        self.greet();
        let catalogue = self.key(answers)?;
        self.models(answers, catalogue.as_ref())?;
        self.gateway_config(answers)?;
        self.order(answers)?;
        self.metadata(answers)?;
        self.key_place(answers)?;
        Ok(())
    }

    fn provider_id(&self) -> &str {
        &self.args.write.config.provider_id
    }

    fn greet(&self) {
        let location = &self.workspace.location;
        let state = if location.exists {
            ""
        } else {
            "; it will be made"
        };
        self.ui.note(&format!(
            "Config: {} ({}{state})",
            self.ui
                .err(Tone::Bold, &self.workspace.short(&location.config)),
            location.reason
        ));
        if let Some(provider) = find_provider(&self.workspace.config, self.provider_id()) {
            let count = provider.models().len();
            let models = if count == 1 {
                "1 model".to_owned()
            } else {
                format!("{count} models")
            };
            self.ui.note(&format!(
                "It has the provider `{}` with {models}; what you choose is added to it.",
                provider.id
            ));
        }
    }

    /// Finds or asks for the key and tries it until Portkey takes it. Returns what it can route
    /// to, where Portkey could be asked.
    fn key(&mut self, answers: &mut Answers) -> Result<Option<Catalogue>, Failure> {
        if let Some(key) = &answers.key {
            self.ui.note(&format!("Key: from {}", key.origin));
        }
        loop {
            let key = match &answers.key {
                Some(key) => key.clone(),
                None => self.ask_key()?,
            };
            if key.secret.expose().is_empty() {
                self.ui.note("Going on without a key: nothing is checked, and the config will refer to PORTKEY_API_KEY.");
                answers.unchecked = true;
                answers.key_in.get_or_insert(KeyIn::Env);
                return Ok(None);
            }
            answers.key = Some(key.clone());
            if self.args.check.offline {
                return Ok(None);
            }
            match self.try_key(&key) {
                Ok(catalogue) => {
                    self.ui.note(&format!(
                        "{} the key is accepted and routes to {} models",
                        self.ui.err(Tone::Good, "✓"),
                        catalogue.models.len()
                    ));
                    return Ok(Some(catalogue));
                }
                Err(failure) => {
                    self.ui
                        .alert(&format!("{} {failure}", self.ui.err(Tone::Bad, "✗")));
                    for hint in &failure.hints {
                        self.ui.note(&format!("  → {hint}"));
                    }
                    match self.after_failure(&failure)? {
                        Retry::Unchecked => {
                            answers.unchecked = true;
                            return Ok(None);
                        }
                        Retry::OtherKey => answers.key = None,
                        Retry::Again => {}
                    }
                }
            }
        }
    }

    fn ask_key(&mut self) -> Result<FoundKey, Failure> {
        self.ui.note(
            "Portkey's API key (https://app.portkey.ai/api-keys), not that of a model provider.",
        );
        loop {
            let typed = self.ask.secret("API key (empty: go on without)")?;
            if typed.expose().trim().is_empty() {
                return Ok(FoundKey {
                    secret: crate::secret::Secret::new(""),
                    origin: Origin::Given("the prompt"),
                });
            }
            match key::checked(typed.expose()) {
                Ok(secret) => {
                    return Ok(FoundKey {
                        secret,
                        origin: Origin::Given("the prompt"),
                    });
                }
                Err(failure) => self
                    .ui
                    .alert(&format!("{} {failure}", self.ui.err(Tone::Bad, "✗"))),
            }
        }
    }

    fn try_key(&self, key: &FoundKey) -> Result<Catalogue, Failure> {
        let url = check::base_url(
            self.workspace,
            self.provider_id(),
            self.args.base_url.as_deref(),
        )?;
        let portkey = check::connect(&url, key.secret.clone(), &self.args.check)?;
        let busy = self.ui.busy(&format!("asking {}", url.host()));
        let answer = portkey.models(&[]);
        busy.done();
        answer.map_err(|error| check::http_failure(&error))
    }

    fn after_failure(&mut self, failure: &Failure) -> Result<Retry, Failure> {
        let refused = failure.kind == crate::error::FailureKind::Check;
        let items = [
            "Try again",
            "Give another key",
            "Go on unchecked",
            "Stop here",
        ]
        .map(str::to_owned);
        let default = if refused { 1 } else { 2 };
        match self.ask.choose("What now?", &items, default)? {
            0 => Ok(Retry::Again),
            1 => Ok(Retry::OtherKey),
            2 => Ok(Retry::Unchecked),
            _ => Err(Failure::cancelled()),
        }
    }

    fn models(
        &mut self,
        answers: &mut Answers,
        catalogue: Option<&Catalogue>,
    ) -> Result<(), Failure> {
        if !answers.models.is_empty() || answers.primary.is_some() {
            return Ok(());
        }
        let listed = catalogue.filter(|catalogue| {
            catalogue
                .models
                .iter()
                .any(|model| model.id.starts_with('@'))
        });
        match listed {
            Some(catalogue) => self.pick(answers, catalogue),
            None => self.type_models(answers),
        }
    }

    /// Picks from the live list: one fuzzy search after the other, each choice toggles.
    fn pick(&mut self, answers: &mut Answers, catalogue: &Catalogue) -> Result<(), Failure> {
        let declared = find_provider(&self.workspace.config, self.provider_id());
        let is_declared = |id: &str| {
            declared
                .as_ref()
                .is_some_and(|provider| provider.model(id).is_some())
        };
        let mut ids: Vec<&str> = catalogue
            .models
            .iter()
            .map(|model| model.id.as_str())
            .filter(|id| id.starts_with('@'))
            .collect();
        // Sorted by slug first, so that the models of one provider stand together.
        ids.sort_by_key(|id| {
            (
                id.split('/').next().unwrap_or_default().to_owned(),
                (*id).to_owned(),
            )
        });
        let mut picked: Vec<&str> = Vec::new();
        let mut cursor = 1.min(ids.len());
        loop {
            let mut items = vec![match picked.len() {
                0 => "(done: no further model)".to_owned(),
                1 => "(done: 1 model chosen)".to_owned(),
                count => format!("(done: {count} models chosen)"),
            }];
            items.extend(ids.iter().map(|id| {
                let sign = if picked.contains(id) { "[x]" } else { "[ ]" };
                let note = if is_declared(id) {
                    " (already in the config)"
                } else {
                    ""
                };
                format!("{sign} {id}{note}")
            }));
            let index =
                self.ask
                    .choose("Models (type to search, Enter to choose)", &items, cursor)?;
            if index == 0 {
                if picked.is_empty()
                    && declared
                        .as_ref()
                        .is_none_or(|provider| provider.models().is_empty())
                {
                    self.ui
                        .alert("Choose at least one model; the config declares none yet.");
                    continue;
                }
                break;
            }
            let id = ids[index - 1];
            match picked.iter().position(|one| *one == id) {
                Some(at) => {
                    picked.remove(at);
                }
                None => picked.push(id),
            }
            cursor = 0;
        }
        let texts: Vec<String> = picked.into_iter().map(str::to_owned).collect();
        answers.models = model_ids(&texts, self.provider_id())?;
        Ok(())
    }

    fn type_models(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let provider_id = self.provider_id().to_owned();
        let declared = find_provider(&self.workspace.config, &provider_id)
            .is_some_and(|provider| !provider.models().is_empty());
        let check = |text: &str| {
            let texts = split(text);
            if texts.is_empty() && !declared {
                return Err(format!(
                    "name at least one model as @slug/model, or {VIRTUAL}"
                ));
            }
            model_ids(&texts, &provider_id)
                .map(|_| ())
                .map_err(|failure| failure.message)
        };
        let text = self
            .ask
            .text("Models, as @slug/model, separated by spaces", None, &check)?;
        answers.models = model_ids(&split(&text), &provider_id)?;
        Ok(())
    }

    fn gateway_config(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let configured = find_provider(&self.workspace.config, self.provider_id())
            .is_some_and(|provider| provider.header(headers::CONFIG).is_some());
        if answers.headers.gateway_config.is_some() || configured {
            return Ok(());
        }
        let check = |text: &str| {
            if text.is_empty() {
                return Ok(());
            }
            headers::check_config(text)
                .map(|_| ())
                .map_err(|error| error.to_string())
        };
        let id = self
            .ask
            .text("Gateway config id, pc-… (empty: none)", None, &check)?;
        if id.is_empty() {
            return Ok(());
        }
        answers.headers.gateway_config = Some(id);
        let dynamic = answers.models.iter().any(ModelId::is_virtual);
        if !dynamic
            && self.ask.confirm(
                &format!("Add the virtual model {VIRTUAL}, so that the config alone decides?"),
                true,
            )?
        {
            answers
                .models
                .extend(model_ids(&[VIRTUAL.to_owned()], self.provider_id())?);
        }
        Ok(())
    }

    /// The primary, then the fallbacks one by one.
    fn order(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        if answers.primary.is_some() || answers.models.is_empty() {
            return Ok(());
        }
        if let Some(dynamic) = answers.models.iter().find(|id| id.is_virtual()) {
            answers.primary = Some(dynamic.clone());
            return Ok(());
        }
        let names: Vec<String> = answers.models.iter().map(ToString::to_string).collect();
        let first = match names.len() {
            1 => 0,
            _ => self
                .ask
                .choose("Which one is asked first (the primary)?", &names, 0)?,
        };
        answers.primary = Some(answers.models[first].clone());
        if answers.fallbacks.is_some() {
            return Ok(());
        }
        let mut rest: Vec<ModelId> = answers.models.clone();
        rest.remove(first);
        let mut order: Vec<ModelId> = Vec::new();
        while !rest.is_empty() {
            let mut items = vec![
                if order.is_empty() {
                    "(no fallback)"
                } else {
                    "(no further fallback)"
                }
                .to_owned(),
            ];
            items.extend(rest.iter().map(ToString::to_string));
            let question = format!(
                "Fallback {}: asked when all before it fail",
                order.len() + 1
            );
            match self.ask.choose(&question, &items, 1)? {
                0 => break,
                index => order.push(rest.remove(index - 1)),
            }
        }
        let holder = self.workspace.config.at(&["agents", "defaults"]);
        let had_some = holder
            .and_then(|view| choice(&view))
            .is_some_and(|found| !found.fallbacks.is_empty());
        if !order.is_empty()
            || (had_some
                && self
                    .ask
                    .confirm("Take out the fallbacks that are in the config now?", false)?)
        {
            answers.fallbacks = Some(order);
        }
        Ok(())
    }

    fn metadata(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let configured = find_provider(&self.workspace.config, self.provider_id())
            .is_some_and(|provider| provider.header(headers::METADATA).is_some());
        if !answers.headers.metadata.is_empty() || configured {
            return Ok(());
        }
        let check = |text: &str| {
            split(text).iter().try_for_each(|pair| {
                headers::metadata_pair(pair)
                    .map(|_| ())
                    .map_err(|error| error.to_string())
            })
        };
        let text = self.ask.text(
            "Metadata for the dashboard, as team=backend (empty: none)",
            None,
            &check,
        )?;
        answers.headers.metadata = split(&text);
        Ok(())
    }

    fn key_place(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let keeps_itself = match &answers.key {
            None => true,
            Some(key) => matches!(key.origin, Origin::Dotenv(_) | Origin::Config),
        };
        let referred = find_provider(&self.workspace.config, self.provider_id())
            .and_then(|provider| provider.view.get("apiKey"))
            .is_some_and(|view| crate::openclaw::Given::read(&view).is_reference());
        if answers.key_in.is_some() || keeps_itself || referred {
            return Ok(());
        }
        let items = [
            format!(
                "{} (the gateway service reads it)",
                self.workspace.short(&self.workspace.location.dotenv)
            ),
            format!("nowhere: {KEY_VARIABLE} is set for OpenClaw by other means"),
            "the config itself, readable".to_owned(),
        ];
        answers.key_in = Some(
            match self.ask.choose("Where is the key kept?", &items, 0)? {
                0 => KeyIn::Dotenv,
                1 => KeyIn::Env,
                _ => KeyIn::Config,
            },
        );
        Ok(())
    }
}

enum Retry {
    Again,
    OtherKey,
    Unchecked,
}

/// Words of an answer, separated by white space or commas.
fn split(text: &str) -> Vec<String> {
    text.split([' ', ',', '\t'])
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the user does after the write.
pub(super) fn next_steps(workspace: &Workspace, ui: &Ui, dotenv_changed: bool) -> Vec<String> {
    let reload = workspace
        .config
        .at(&["gateway", "reload", "mode"])
        .and_then(|view| view.text())
        .is_some_and(|mode| mode == "off");
    let restart = if dotenv_changed {
        "a running gateway has to be restarted to see the key: openclaw gateway restart"
    } else if reload {
        "gateway.reload.mode is off: openclaw gateway restart"
    } else {
        "a running gateway takes the change up by itself"
    };
    let step = |sign: &str, text: &str| format!("{} {text}", ui.err(Tone::Dim, sign));
    vec![
        step("1.", restart),
        step(
            "2.",
            "say hello: openclaw agent --agent main --message \"hi\"",
        ),
        step("3.", "see it arrive: https://app.portkey.ai/logs"),
    ]
}
