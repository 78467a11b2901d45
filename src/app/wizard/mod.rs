//! The wizard's questions: few, with good defaults, and none whose answer can be found out.

mod key_step;
mod model_step;
#[cfg(test)]
mod tests;

use crate::args::KeyIn;
use crate::causes::PortkeyProvider;
use crate::error::{Failure, FailureKind};
use crate::mask::printable;
use crate::openclaw::{CredentialSource, default_agent};
use crate::portkey::headers;
use crate::portkey::model_id::{ModelId, VIRTUAL};
use crate::portkey::refusal::Refused;
use crate::prompt::{Ask, Item, Objection};
use crate::ui::{Tone, Ui};

use super::credential::{Origin, variable_for};
use super::init::{Answers, Request};
use super::inquiry::Inquiry;
use super::session::{DEFAULT_PROVIDER, Session};

pub(crate) use key_step::ask_key;

/// Prints which config is used, and finds the provider to set up: the named one, or another that
/// goes to Portkey already. Returns its id.
pub(crate) fn greet(session: &Session<'_>, ui: &Ui, ask: &mut dyn Ask) -> Result<String, Failure> {
    let location = &session.location;
    let state = if location.exists {
        ""
    } else {
        "; it will be made"
    };
    ui.note(&format!(
        "OpenClaw's config: {} ({}{state})",
        ui.err(Tone::Bold, &session.short(&location.config)),
        location.reason
    ));
    if let Some(variable) = location.read_only {
        ui.alert(&format!(
            "{} the config is declared read-only by {variable}; the change will be shown, not written",
            ui.err(Tone::Warn, "warning:")
        ));
    }
    ui.note("Nothing is written until you confirm. Ctrl-C to quit.\n");
    let named = session.flags.provider_id.clone();
    let id = named.clone().unwrap_or_else(|| DEFAULT_PROVIDER.to_owned());
    if let Some(provider) = session.provider(&id) {
        ui.note(&format!(
            "It already has the provider {}: {}.",
            provider.id,
            described(&provider)
        ));
        if !ask.confirm(&format!("Update the provider {}?", provider.id), true)? {
            return Err(Failure::cancelled());
        }
        return Ok(id);
    }
    let others = session.portkey_ids();
    let Some(first) = others.first() else {
        return Ok(id);
    };
    for other in others.iter().filter_map(|id| session.provider(id)) {
        ui.note(&format!(
            "The provider {} already goes to Portkey: {}.",
            other.id,
            described(&other)
        ));
    }
    let mut items: Vec<Item> = others
        .iter()
        .map(|other| Item::new(format!("update {other}")))
        .collect();
    items.push(Item::new(format!("add {id} next to it")));
    let chosen = ask.choose("Provider (update this one, or add another?)", &items, 0)?;
    Ok(others
        .get(chosen)
        .unwrap_or(if chosen == 0 { first } else { &id })
        .clone())
}

fn described(provider: &PortkeyProvider<'_>) -> String {
    let ids: Vec<String> = provider
        .models
        .iter()
        .map(|model| crate::mask::printable(&model.id).into_owned())
        .collect();
    match ids.as_slice() {
        [] => "no models yet".to_owned(),
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        few => few.join(", "),
    }
}

/// Asks what the flags leave open.
pub(crate) struct Wizard<'a> {
    ui: &'a Ui,
    session: &'a Session<'a>,
    request: &'a Request,
    ask: &'a mut dyn Ask,
    /// Once the key is accepted: whom to ask further.
    inquiry: Option<Inquiry>,
}

impl<'a> Wizard<'a> {
    pub(crate) fn new(
        ui: &'a Ui,
        session: &'a Session<'a>,
        request: &'a Request,
        ask: &'a mut dyn Ask,
    ) -> Self {
        Self {
            ui,
            session,
            request,
            ask,
            inquiry: None,
        }
    }

    /// Fills in the answers.
    pub(crate) fn fill(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let catalogue = self.key(answers)?;
        self.models(answers, catalogue.as_ref())?;
        self.gateway_config(answers)?;
        self.primary(answers)?;
        self.fallbacks(answers)?;
        self.metadata(answers)?;
        self.key_place(answers)?;
        answers.inquiry = self.inquiry.take();
        Ok(())
    }

    fn provider_id(&self) -> String {
        self.session.provider_id().unwrap_or_default()
    }

    fn provider(&self) -> Option<PortkeyProvider<'a>> {
        self.session.provider(&self.provider_id())
    }

    /// Says what went wrong and what helps.
    fn show_error(&self, failure: &Failure) {
        self.ui
            .alert(&format!("{} {failure}", self.ui.err(Tone::Bad, "✗")));
        for hint in &failure.hints {
            self.ui.alert(&format!(
                "  {} {}",
                self.ui.err(Tone::Good, "→"),
                hint.render(&self.session.run_context())
            ));
        }
    }

    fn gateway_config(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        if answers.headers.gateway_config.is_some() {
            return Ok(());
        }
        if let Some(header) = self
            .provider()
            .as_ref()
            .and_then(|provider| provider.header(headers::CONFIG, None))
        {
            let value = header.value.text().unwrap_or_default();
            self.ui.note(&format!(
                "Gateway config: {}, as before",
                crate::portkey::printable(&value, 60)
            ));
            return Ok(());
        }
        let by_config = answers.models.iter().any(ModelId::is_virtual);
        let question = if by_config {
            "Gateway config (its id, pc-…; leave empty if it is attached to the key)"
        } else {
            "Gateway config (an id, pc-…; optional)"
        };
        let id = loop {
            let id = self.ask.text(question, None, &config_objection)?;
            if id.is_empty() {
                return Ok(());
            }
            if self.is_config(&id) {
                break id;
            }
        };
        answers.headers.gateway_config = Some(id);
        if !by_config
            && self.ask.confirm(
                "Let this config choose the model, through portkey-dynamic?",
                true,
            )?
        {
            answers
                .models
                .extend(self.session.model_ids(&[VIRTUAL.to_owned()])?);
        }
        Ok(())
    }

    /// Whether Portkey knows a config, as far as it can be asked; says so where it does not.
    fn is_config(&self, id: &str) -> bool {
        let Some(inquiry) = &self.inquiry else {
            return true;
        };
        let busy = self.ui.busy("checking the config");
        let answer = inquiry.config(id);
        busy.done();
        match answer {
            Ok(Some(refusal)) if refusal.cause == Refused::UnknownConfig => {
                let failure = Failure::new(
                    FailureKind::Check,
                    format!("Portkey doesn't know the config {id} in this key's workspace"),
                );
                self.show_error(
                    &failure.hint("copy the config's id from https://app.portkey.ai/configs"),
                );
                false
            }
            // What else there is to say is said by the check before the write.
            _ => true,
        }
    }

    fn metadata(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let configured = self
            .provider()
            .is_some_and(|provider| provider.header(headers::METADATA, None).is_some());
        if !answers.headers.metadata.is_empty() || configured {
            return Ok(());
        }
        let text = self.ask.text(
            "Metadata (labels for Portkey's logs, such as team=backend; optional)",
            None,
            &metadata_objection,
        )?;
        answers.headers.metadata = split(&text);
        Ok(())
    }

    /// Asked only where the key is nowhere yet that OpenClaw's service would find it.
    fn key_place(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let is_kept = match &answers.key {
            None => true,
            Some(key) => matches!(
                key.origin,
                Origin::Dotenv(_) | Origin::Config | Origin::Elsewhere(_)
            ),
        };
        let given = self.provider().and_then(|provider| provider.api_key);
        let is_referred = given.is_some_and(|view| CredentialSource::read(&view).is_reference());
        if answers.key_in.is_some() || is_kept || is_referred {
            return Ok(());
        }
        let variable = match &self.request.key_name {
            Some(name) => name.clone(),
            None => variable_for(&self.provider_id()),
        };
        let items = [
            Item::new(self.session.short(&self.session.location.dotenv))
                .note("recommended: the gateway service reads it"),
            Item::new("not stored").note(format!("you set {variable} yourself")),
            Item::new("in openclaw.json").note("plain text"),
        ];
        answers.key_in = Some(
            match self
                .ask
                .choose("Where should the key be stored?", &items, 0)?
            {
                0 => KeyIn::Dotenv,
                1 => KeyIn::Env,
                _ => KeyIn::Config,
            },
        );
        Ok(())
    }
}

fn config_objection(text: &str) -> Result<(), Objection> {
    if text.is_empty() {
        return Ok(());
    }
    headers::check_config(text)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn metadata_objection(text: &str) -> Result<(), Objection> {
    split(text).iter().try_for_each(|pair| {
        headers::metadata_pair(pair)
            .map(|_| ())
            .map_err(|error| error.to_string())
    })
}

/// Words of an answer, separated by white space or commas.
fn split(text: &str) -> Vec<String> {
    text.split([' ', ',', '\t'])
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the user does after the write.
pub(crate) fn next_steps(
    agent: Option<&str>,
    session: &Session<'_>,
    ui: &Ui,
    dotenv_changed: bool,
) -> Vec<String> {
    let reload_is_off = session
        .config()
        .at(&["gateway", "reload", "mode"])
        .and_then(|view| view.text())
        .is_some_and(|mode| mode == "off");
    let agent = agent.map_or_else(|| default_agent(session.config()), str::to_owned);
    let command = |text: &str| ui.err(Tone::Bold, text);
    let restart = command("openclaw gateway restart");
    let first = if dotenv_changed {
        format!("{restart}  (if it runs: it reads the key when it starts)")
    } else if reload_is_off {
        format!("{restart}  (if it runs: gateway.reload.mode is off)")
    } else {
        "A running gateway picks this up automatically.".to_owned()
    };
    let agent = printable(&agent);
    let hello = format!("openclaw agent --agent {agent} --message \"hi\"");
    vec![
        format!("\n1. {first}"),
        format!("2. {}", command(&hello)),
        format!(
            "3. {}  (shows the request)",
            command("https://app.portkey.ai/logs")
        ),
        format!("To undo: {}", command("openclaw-portkey undo")),
    ]
}
