//! Saves a gateway config at Portkey: shows it, asks for confirmation, saves, reads it back, uses and tests it.

use serde_json::{Value as Json, json};

use crate::app::admin::Admin;
use crate::app::change::{Change, ConfigChange, Ending, Proposal};
use crate::app::session::Session;
use crate::app::{credential, output};
use crate::args::{CheckArgs, Format, WriteArgs};
use crate::diagnostic::{Diagnostic, Level};
use crate::diff;
use crate::error::{Exit, Failure};
use crate::gateway_config::read::GatewayConfig;
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::prompt::{Ask as _, Terminal};
use crate::ui::{Tone, Ui};

use super::saved::{Edit, Stored};
use super::{probe, using};

/// Stands in for the id of a config that isn't saved at Portkey yet.
pub(crate) const NEW: &str = "pc-(assigned when saved)";

/// Shared by the commands that save a config.
pub(crate) struct Publisher<'a> {
    pub(crate) command: &'static str,
    pub(crate) session: &'a Session<'a>,
    pub(crate) admin: &'a Admin,
    pub(crate) write: &'a WriteArgs,
    pub(crate) check: CheckArgs,
    pub(crate) agent: Option<&'a str>,
    /// Whether to make OpenClaw use it.
    pub(crate) uses: bool,
    /// Whether to send a test request through it.
    pub(crate) probes: bool,
    pub(crate) ui: &'a Ui,
}

/// The result, with the fields of the command's JSON document.
pub(crate) struct Published {
    pub(crate) exit: Exit,
    pub(crate) fields: Json,
}

impl Publisher<'_> {
    /// Runs everything from the edit to the report.
    pub(crate) fn publish(
        &self,
        edit: &Edit,
        config: &GatewayConfig,
    ) -> Result<Published, Failure> {
        let proposal = self.proposal(edit, config)?;
        let change = Change::new(self.command, self.session, self.write, self.ui);
        if let Some(ending) = change.offer(&proposal)? {
            return Ok(self.unsaved(edit, &change, &proposal, &ending));
        }
        let stored = if edit.is_needed() {
            let stored = self
                .ui
                .asking(self.admin.host(), || edit.send(self.admin))?;
            self.report(edit, &stored);
            Some(stored)
        } else {
            None
        };
        let slug = stored
            .as_ref()
            .map(|stored| &stored.slug)
            .or(edit.slug.as_ref());
        let slug = slug.cloned().unwrap_or_default();
        let used = if proposal.files.is_empty() {
            None
        } else {
            Some(self.use_it(config, &slug)?)
        };
        let probed = self.probe(config, &slug)?;
        let failed = probed
            .as_ref()
            .is_some_and(|probed| probed.level == Level::Error);
        if failed {
            self.offer_rollback(edit, &slug)?;
        }
        let ending = used.as_ref().map_or(&Ending::Sent, |(ending, _)| ending);
        let mut fields = change.json(&proposal, ending);
        if let Some((_, used)) = &used {
            fields["files"] = used["files"].clone();
            fields["checks"] = used["checks"].clone();
        }
        let context = self.session.run_context();
        fields["probe"] = probed
            .map(|probed| output::diagnostics_json(&[probed], &context)[0].take())
            .unwrap_or_default();
        Self::add_config(&mut fields, edit, stored.as_ref());
        Ok(Published {
            exit: if failed { Exit::Problems } else { Exit::Done },
            fields,
        })
    }

    /// The call, and the change to OpenClaw's config.
    fn proposal(&self, edit: &Edit, config: &GatewayConfig) -> Result<Proposal, Failure> {
        let mut proposal = Proposal::default();
        if self.uses {
            let slug = edit.slug.as_deref().unwrap_or(NEW);
            let intent = using::intent(self.session, config, slug, self.agent)?;
            proposal = self.config_change().preview(&intent)?;
        }
        if edit.is_needed() {
            proposal.calls.push(edit.call(self.admin));
        }
        Ok(proposal)
    }

    fn config_change(&self) -> ConfigChange<'_> {
        let mut check = self.check;
        // Without OpenClaw's own key the gateway can't be used for checks; that is reported.
        check.portkey.offline |= credential::existing(self.session).is_none();
        ConfigChange::new(self.command, self.session, self.write, self.ui)
            .agent(self.agent)
            .check(check)
    }

    /// The result if nothing is saved.
    fn unsaved(
        &self,
        edit: &Edit,
        change: &Change<'_>,
        proposal: &Proposal,
        ending: &Ending,
    ) -> Published {
        if matches!(ending, Ending::Nothing) && self.write.config.format == Format::Text {
            self.ui.result(&format!(
                "Nothing to change; {} is already up to date.",
                edit.title()
            ));
        }
        let mut fields = change.json(proposal, ending);
        fields["probe"] = Json::Null;
        Self::add_config(&mut fields, edit, None);
        Published {
            exit: ending.exit(),
            fields,
        }
    }

    fn add_config(fields: &mut Json, edit: &Edit, stored: Option<&Stored>) {
        if fields.get("checks").is_none() {
            fields["checks"] = json!([]);
        }
        if fields.get("calls").is_none() {
            fields["calls"] = json!([]);
        }
        let slug = stored.map(|stored| &stored.slug).or(edit.slug.as_ref());
        fields["gatewayConfig"] = json!({
            "id": slug,
            "name": edit.name,
            "created": edit.slug.is_none() && stored.is_some(),
            "saved": stored.is_some(),
            "versionId": stored.map(|stored| &stored.version).filter(|version| !version.is_empty()),
            "previousVersionId": (!edit.version.is_empty()).then_some(&edit.version),
            "difference": stored
                .filter(|stored| !stored.differs.is_empty())
                .map(|stored| diff::to_text(&stored.differs)),
        });
    }

    fn report(&self, edit: &Edit, stored: &Stored) {
        let version = match stored.version.as_str() {
            "" => String::new(),
            version => format!(", version {version}"),
        };
        let name = if edit.name.is_empty() {
            String::new()
        } else {
            format!(" ({})", edit.name)
        };
        let verb = if edit.slug.is_some() {
            "Saved"
        } else {
            "Created"
        };
        let line = format!("{verb} gateway config {}{name}{version}", stored.slug);
        self.say(&printable(&line));
        if !stored.differs.is_empty() {
            self.warn("Portkey returned something different from what was sent:");
            output::diff(self.ui, &stored.differs, output::Stream::Note);
        }
        for twin in &stored.twins {
            self.warn(&format!(
                "there is another config with this name, {}; another process may have created it",
                printable(twin)
            ));
        }
    }

    fn say(&self, line: &str) {
        if self.write.config.format == Format::Json {
            self.ui.note(&self.ui.err(Tone::Good, line));
        } else {
            self.ui.result(&self.ui.out(Tone::Good, line));
        }
    }

    /// Suggests a follow-up command.
    pub(crate) fn suggest(&self, what: &str, run: &Run) {
        let run = run.render(&self.session.run_context());
        self.ui.note(&format!("  {what}: {run}"));
    }

    fn warn(&self, text: &str) {
        self.ui
            .alert(&format!("{} {text}", self.ui.err(Tone::Warn, "warning:")));
    }

    fn use_it(&self, config: &GatewayConfig, slug: &str) -> Result<(Ending, Json), Failure> {
        let intent = using::intent(self.session, config, slug, self.agent)?;
        let written = self.config_change().shown().write_now(intent);
        written.map_err(|failure| {
            let run = Run::new("gateway-config use").value(slug);
            let help = Help::from("the gateway config is saved; `").run(run);
            failure.hint(help.text("` makes OpenClaw use it"))
        })
    }

    fn probe(&self, config: &GatewayConfig, slug: &str) -> Result<Option<Diagnostic>, Failure> {
        if !self.probes {
            return Ok(None);
        }
        let target = (slug, config);
        let probed = probe::probe(
            self.session,
            self.check.portkey,
            target,
            self.agent,
            self.ui,
        )?;
        output::checks(self.ui, std::slice::from_ref(&probed));
        Ok(Some(probed))
    }

    /// After a failed probe: offers to restore the previous version.
    fn offer_rollback(&self, edit: &Edit, slug: &str) -> Result<(), Failure> {
        let (Some(before), true) = (&edit.before, edit.is_needed()) else {
            self.ui
                .note("The new config stays saved; fix the file and push it again.");
            return Ok(());
        };
        let asks = !self.write.yes && self.ui.can_ask();
        if asks && Terminal.confirm("Roll back to the previous version?", true) == Ok(true) {
            let back = Edit {
                name: edit.name.clone(),
                slug: Some(slug.to_owned()),
                before: Some(edit.after.clone()),
                version: String::new(),
                after: before.clone(),
            };
            let stored = back.send(self.admin)?;
            self.report(&back, &stored);
            return Ok(());
        }
        let version = match edit.version.as_str() {
            "" => "VERSION",
            version => version,
        };
        let run = Run::new("gateway-config rollback").value(slug);
        self.suggest("to go back", &run.flag("--to").value(version));
        Ok(())
    }
}
