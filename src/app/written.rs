//! What follows once OpenClaw is connected: a test request, and next steps for this machine.

use crate::args::{PortkeyArgs, WriteArgs};
use crate::causes::Facts;
use crate::diagnostic::Diagnostic;
use crate::doctor::facts::{Arrived, ProbeResult, Probed};
use crate::doctor::probe::{not_sent, one};
use crate::error::Failure;
use crate::help::{Help, Run, RunContext};
use crate::mask::printable;
use crate::openclaw::{View, default_agent};
use crate::portkey::key_variable::variable_for;
use crate::prompt::{Ask as _, Terminal};
use crate::ui::{Tone, Ui};

use super::credential::FoundKey;
use super::doctor::ask;
use super::session::Session;
use super::wizard::{INSTALL_OPENCLAW, has_openclaw};

/// A change that was made or wasn't needed.
pub(crate) struct After<'a> {
    /// The state before the change.
    pub(crate) session: &'a Session<'a>,
    pub(crate) write: &'a WriteArgs,
    pub(crate) agent: Option<&'a str>,
    pub(crate) key: Option<&'a FoundKey>,
    pub(crate) ui: &'a Ui,
}

impl After<'_> {
    /// Sends a request to the primary like OpenClaw would, after a prompt if `asks` is set. Returns
    /// the result, skipped if it could not be sent; `None` if the user declined.
    ///
    /// # Errors
    /// The written config can't be read.
    pub(crate) fn test(
        &self,
        portkey: PortkeyArgs,
        asks: bool,
    ) -> Result<Option<Diagnostic>, Failure> {
        if asks {
            let question = "Send a test request now? (it costs a few tokens)";
            if Terminal.confirm(question, true) != Ok(true) {
                return Ok(None);
            }
        }
        let mut session = Session::open(&self.write.config, self.session.env)?;
        session.flags = self.session.flags.clone();
        let probed = self.probe(&session, portkey);
        let context = session.run_context();
        Ok(match probed {
            Ok(probed) => {
                let result = one(&probed);
                self.show(&probed, &result, &context);
                Some(result)
            }
            Err(why) => {
                self.ui.alert(&format!(
                    "{} no test request was sent: {why}",
                    self.ui.err(Tone::Warn, "!")
                ));
                (!asks).then(|| not_sent(&why))
            }
        })
    }

    fn probe(&self, session: &Session<'_>, portkey: PortkeyArgs) -> Result<Probed, String> {
        let Some(key) = self.key else {
            return Err("the key is unknown on this machine".to_owned());
        };
        let id = session.provider_id().map_err(|failure| failure.message)?;
        let facts = Facts::new(session.config(), session.version);
        let busy = self.ui.busy("sending a test request");
        let wanted = ask::Wanted {
            provider_id: &id,
            agent: self.agent,
            key: &key.secret,
        };
        let probed = ask::primary(&facts, session.variables(), &wanted, portkey.options());
        busy.done();
        probed
    }

    /// Shows who answered, how fast, and where to see it; or the failure.
    fn show(&self, probed: &Probed, result: &Diagnostic, context: &RunContext) {
        if let ProbeResult::Arrived(arrived) = &probed.result {
            self.ui.note(&format!(
                "{} {} answered in {} ms{}.",
                self.ui.err(Tone::Good, "✓"),
                printable(&probed.model),
                arrived.latency.as_millis(),
                printable(&by(arrived, &probed.model))
            ));
            self.ui.note(&format!(
                "  See it at {} (trace {}).",
                self.ui.err(Tone::Bold, LOGS),
                printable(&arrived.trace_id)
            ));
            return;
        }
        let sign = self.ui.err(Tone::Bad, "✗");
        self.ui
            .alert(&format!("{sign} {}", printable(&result.message)));
        if !result.help.is_empty() {
            let arrow = self.ui.err(Tone::Good, "→");
            self.ui
                .alert(&format!("  {arrow} {}", result.help.render(context)));
        }
    }

    /// At most two steps, most urgent first, after what is missing.
    pub(crate) fn next_steps(&self, dotenv_changed: bool, answered: Option<bool>) {
        let command = |text: &str| self.ui.err(Tone::Bold, text);
        let mut steps = Vec::new();
        if self.key.is_none() {
            let variable = self.variable();
            self.ui.alert(&format!(
                "\n{} OpenClaw has no key for Portkey yet. Run {} to store one, or set {variable} where OpenClaw starts.",
                self.ui.err(Tone::Warn, "!"),
                command(&format!("`{}`", self.run("set-key")))
            ));
        }
        if !has_openclaw(self.session) && !self.session.location.exists {
            steps.push((command(INSTALL_OPENCLAW), "OpenClaw isn't installed here"));
        }
        if let Some(why) = self.restarts(dotenv_changed) {
            steps.push((command("openclaw gateway restart"), why));
        }
        if answered == Some(false) {
            let doctor = self.run("doctor");
            steps.push((command(&doctor), "finds what keeps requests from arriving"));
        } else {
            let agent = self.agent.map(str::to_owned);
            let agent = agent.unwrap_or_else(|| default_agent(self.session.config()));
            let hello = format!(
                "openclaw agent --agent {} --message \"hi\"",
                printable(&agent)
            );
            steps.push((command(&hello), ""));
        }
        self.ui.note("\nNext:");
        for (step, why) in steps.iter().take(2) {
            let why = if why.is_empty() {
                String::new()
            } else {
                format!("   # {why}")
            };
            // Never wrapped, so that it can be copied.
            self.ui
                .verbatim(&format!("  {step}{}", self.ui.err(Tone::Dim, &why)));
        }
        let undo = self.run("undo");
        self.ui.verbatim(&format!("To undo: {}", command(&undo)));
    }

    /// A command of this program as the user would type it.
    fn run(&self, command: &'static str) -> String {
        let help = Help::from("").run(Run::new(command));
        help.render(&self.session.run_context())
    }

    /// The variable that the config reads the key from.
    fn variable(&self) -> String {
        let id = self.session.provider_id().unwrap_or_default();
        variable_for(&id)
    }

    /// Why a running gateway must be restarted.
    fn restarts(&self, dotenv_changed: bool) -> Option<&'static str> {
        let reload = self.session.config().at(&["gateway", "reload", "mode"]);
        let is_off = reload
            .as_ref()
            .and_then(View::text)
            .is_some_and(|mode| mode == "off");
        if !dotenv_changed && !is_off {
            return None;
        }
        self.session.machine().gateway()?;
        Some(if dotenv_changed {
            "it reads the key when it starts"
        } else {
            "gateway.reload.mode is off"
        })
    }
}

/// The page with all requests.
const LOGS: &str = "https://app.portkey.ai/logs";

/// Who served it: the model, if it isn't the requested one, and the vendor.
fn by(arrived: &Arrived, model: &str) -> String {
    let other = arrived
        .served_model
        .as_deref()
        .filter(|served| *served != model);
    match (other, arrived.provider.as_deref()) {
        (Some(served), Some(provider)) => format!(", served by {served} of {provider}"),
        (Some(one), None) | (None, Some(one)) => format!(", served by {one}"),
        (None, None) => String::new(),
    }
}
