//! The wizard's questions: few, with good defaults, and none that the program can answer itself.

mod key_step;
mod model_step;
mod more_step;
#[cfg(test)]
mod tests;

use crate::causes::PortkeyProvider;
use crate::columns::few;
use crate::error::Failure;
use crate::prompt::{Ask, Item};
use crate::store;
use crate::ui::{Tone, Ui};

use super::init::{Answers, Request};
use super::inquiry::Inquiry;
use super::session::{DEFAULT_PROVIDER, Session};

pub(crate) use key_step::ask_key;

/// The command that installs OpenClaw.
pub(crate) const INSTALL_OPENCLAW: &str = "npm install -g openclaw@latest";

/// Whether there is an `openclaw` on the `PATH`.
pub(crate) fn has_openclaw(session: &Session<'_>) -> bool {
    let path = (session.env.variable)("PATH");
    path.is_some_and(|path| store::openclaw_program(&path).is_some())
}

/// Prints which config is used, and chooses the provider to set up: the named one, or another that
/// already goes to Portkey. Returns its id.
pub(crate) fn greet(session: &Session<'_>, ui: &Ui, ask: &mut dyn Ask) -> Result<String, Failure> {
    let location = &session.location;
    let state = if location.exists {
        ""
    } else {
        "; it will be created"
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
    if !location.exists && !has_openclaw(session) {
        ui.note(&format!(
            "OpenClaw isn't installed here. To install it, now or later:\n  {}",
            ui.err(Tone::Bold, INSTALL_OPENCLAW)
        ));
    }
    ui.note("Nothing is written until you confirm. Esc or Ctrl-C to quit.\n");
    let named = session.flags.provider_id.clone();
    let id = named.clone().unwrap_or_else(|| DEFAULT_PROVIDER.to_owned());
    if let Some(provider) = session.provider(&id) {
        ui.note(&format!(
            "It already has the provider {}: {}.",
            provider.id,
            described(&provider)
        ));
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
    let chosen = ask.choose("Provider (update this one or add another?)", &items, 0)?;
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
    if ids.is_empty() {
        return "no models yet".to_owned();
    }
    few(&ids)
}

/// Prompts for what the flags don't answer.
pub(crate) struct Wizard<'a> {
    ui: &'a Ui,
    session: &'a Session<'a>,
    request: &'a Request,
    ask: &'a mut dyn Ask,
    /// Whether a flag sets the primary.
    names_primary: bool,
    /// The connection, once the key is accepted.
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
            names_primary: false,
            inquiry: None,
        }
    }

    pub(crate) fn fill(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        self.names_primary = answers.primary.is_some();
        let catalogue = self.key(answers)?;
        self.models(answers, catalogue)?;
        self.default_primary(answers);
        self.keep_primary(answers)?;
        self.more(answers)?;
        answers.inquiry = self.inquiry.take();
        Ok(())
    }

    fn provider_id(&self) -> String {
        self.session.provider_id().unwrap_or_default()
    }

    fn provider(&self) -> Option<PortkeyProvider<'a>> {
        self.session.provider(&self.provider_id())
    }

    /// Prints a failure and how to fix it.
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
}

/// The words of an answer, separated by white space or commas.
fn split(text: &str) -> Vec<String> {
    text.split([' ', ',', '\t'])
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
