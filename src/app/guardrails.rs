//! `guardrail`: lists guardrails and checks, and creates guardrails.

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::diagnostic::Diagnostic;
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::admin::guardrails::{self, Actions, Guardrail};
use crate::portkey::admin::lists::Pages;
use crate::portkey::guardrails::{ALIASES, Check, form};
use crate::ui::Ui;

use super::admin::Admin;
use super::change::{Ending, Proposal};
use super::gateway_config::saved::difference;
use super::remote::{Done, Remote};
use super::{output, table};

/// The command's name in JSON.
const NAME: &str = "guardrail";

/// Prints the JSON document of a subcommand, if requested.
pub(crate) fn finish(ui: &Ui, format: Format, action: &str, fields: impl FnOnce() -> Json) {
    output::finish_action(ui, format, (NAME, action), fields);
}

/// All guardrails, by name.
pub(crate) fn list(pages: &Pages, format: Format, ui: &Ui) {
    let mut all = guardrails::guardrails(&pages.items);
    all.sort_by(|a, b| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)));
    finish(ui, format, "list", || {
        let all: Vec<Json> = all.iter().map(guardrail_json).collect();
        json!({ "guardrails": all, "complete": !pages.is_partial() })
    });
    if format == Format::Text {
        let row = |one: &Guardrail| {
            let day = one.updated.split('T').next().unwrap_or_default();
            vec![
                one.slug.clone(),
                one.name.clone(),
                day.to_owned(),
                one.status.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        table::print(ui, &["id", "name", "changed", "status"], &rows);
        if rows.is_empty() {
            ui.note("No guardrails that this admin key can list.");
        }
    }
    if pages.is_partial() {
        ui.alert("warning: Portkey has more guardrails than it listed");
    }
}

fn guardrail_json(one: &Guardrail) -> Json {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "id": text(&one.slug),
        "name": text(&one.name),
        "status": text(&one.status),
        "changed": text(&one.updated),
    })
}

/// The available checks.
pub(crate) fn checks(checks: &[&Check], format: Format, ui: &Ui) {
    finish(ui, format, "checks", || {
        let all: Vec<Json> = checks.iter().map(|check| check_json(check)).collect();
        json!({ "checks": all })
    });
    if format == Format::Json {
        return;
    }
    if let [check] = checks {
        return one_check(check, ui);
    }
    let row = |check: &&Check| {
        let needs = if check.needs_credentials {
            "credentials"
        } else {
            ""
        };
        vec![
            check.id.to_owned(),
            when(check).to_owned(),
            needs.to_owned(),
            check.name.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = checks.iter().map(row).collect();
    table::print(ui, &["check", "checks", "needs", "description"], &rows);
}

fn one_check(check: &Check, ui: &Ui) {
    ui.result(&format!("{}: {}", check.id, check.name));
    if let Some((alias, _)) = ALIASES.iter().find(|(_, id)| *id == check.id) {
        ui.result(&format!("short name: {alias}"));
    }
    ui.result(&format!("checks: {}", when(check)));
    if check.needs_credentials {
        ui.result("needs credentials: set in Portkey under Integrations, Plugins");
    }
    for (name, known) in &check.parameters {
        let required = if check.required.contains(&name.as_str()) {
            " (required)"
        } else {
            ""
        };
        let default = known.get("default");
        let default = default
            .map(|value| format!("; default {value}"))
            .unwrap_or_default();
        ui.result(&printable(&format!(
            "  {name}{required}: {}{default}",
            form(known)
        )));
    }
}

fn when(check: &Check) -> &'static str {
    match (check.input, check.output) {
        (true, true) => "requests, answers",
        (true, false) => "requests",
        _ => "answers",
    }
}

fn check_json(check: &Check) -> Json {
    let alias = ALIASES.iter().find(|(_, id)| *id == check.id);
    let parameters: Vec<Json> = check
        .parameters
        .iter()
        .map(|(name, known)| {
            json!({
                "name": name,
                "required": check.required.contains(&name.as_str()),
                "form": form(known),
                "default": known.get("default"),
            })
        })
        .collect();
    json!({
        "id": check.id,
        "alias": alias.map(|(alias, _)| *alias),
        "name": check.name,
        "input": check.input,
        "output": check.output,
        "needsCredentials": check.needs_credentials,
        "parameters": parameters,
    })
}

/// A guardrail to create.
pub(crate) struct NewGuardrail {
    pub(crate) name: String,
    pub(crate) check: &'static Check,
    pub(crate) parameters: Json,
    pub(crate) actions: Actions,
}

impl Remote<'_> {
    pub(crate) fn guardrail_new(&self, new: &NewGuardrail) -> Result<Done, Failure> {
        let found = self.asking(|| named(self.admin, &new.name))?;
        if let Some(found) = found {
            let message = format!(
                "the guardrail `{}` already exists ({}); nothing was sent",
                printable(&new.name),
                printable(&found.slug)
            );
            return Err(Failure::new(FailureKind::Check, message)
                .hint("use --name NAME to create another one"));
        }
        let request = guardrails::create(
            &new.name,
            new.check.id,
            &new.parameters,
            new.actions,
            self.admin.workspace(),
        );
        let title = printable(&format!("guardrail {} (new)", new.name)).into_owned();
        let mut proposal = Proposal::default();
        let lines = difference(&title, None, &brief(new));
        proposal.calls.push(self.call(&request, lines));
        proposal.notes = notes(new);
        let change = self.change("guardrail new", false);
        let offered = change.offer(&proposal)?;
        let mut made = Guardrail {
            name: new.name.clone(),
            ..Guardrail::default()
        };
        if offered.is_none() {
            let reply = self.asking(|| self.admin.send(&request)).map_err(|failure| {
                match failure.kind {
                    FailureKind::Network => failure.hint(
                        "Portkey may have created it; run the command again: it checks first and doesn't create another",
                    ),
                    _ => failure,
                }
            })?;
            made = Guardrail {
                name: new.name.clone(),
                ..guardrails::guardrail(&reply)
            };
            self.say(&format!("Created guardrail {} ({})", made.slug, made.name));
            self.guardrail_back(&mut made);
            for step in next_steps(&made, new) {
                self.ui.note(&step);
            }
        }
        let ending = offered.unwrap_or(Ending::Sent);
        let mut fields = Self::fields(&change, &proposal, &ending);
        fields["guardrail"] = guardrail_json(&made);
        Ok(Done {
            exit: ending.exit(),
            fields,
        })
    }

    /// Reads it back: Portkey accepts ids of checks that it doesn't run.
    fn guardrail_back(&self, made: &mut Guardrail) {
        let slug = made.slug.clone();
        let read = || self.admin.find(&guardrails::get(&slug));
        let Some(reply) = self.until(read, |_| true) else {
            return;
        };
        let back = guardrails::guardrail(&reply);
        made.status = back.status;
        made.updated = back.updated;
    }
}

/// A guardrail by name, if it exists.
fn named(admin: &Admin, name: &str) -> Result<Option<Guardrail>, Failure> {
    let pages = admin.list(&guardrails::list(admin.workspace()))?;
    let all = guardrails::guardrails(&pages.items);
    Ok(all.into_iter().find(|one| one.name == name))
}

/// A new guardrail for a diff.
fn brief(new: &NewGuardrail) -> Json {
    json!({
        "check": new.check.id,
        "parameters": new.parameters,
        "deny": new.actions.denies,
        "async": new.actions.is_async,
    })
}

/// Notes about what is easily overlooked.
fn notes(new: &NewGuardrail) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    if new.actions.denies && new.actions.is_async {
        notes.push(Diagnostic::warning(
            None,
            "a check that runs in parallel with the request can't deny it; leave out --async",
        ));
    }
    if new.actions.denies && !new.check.input {
        notes.push(Diagnostic::warning(
            None,
            "OpenClaw's answers are streamed, and a check of the answer runs after the stream, so --deny stops nothing",
        ));
    } else if new.actions.denies {
        notes.push(Diagnostic::note(
            None,
            "OpenClaw tries a denied request (446) four times, then its fallback model",
        ));
    }
    if new.check.needs_credentials {
        notes.push(Diagnostic::note(
            None,
            "the check needs its own credentials, set in Portkey under Integrations, Plugins; without them it passes",
        ));
    }
    notes
}

/// How to use it.
fn next_steps(made: &Guardrail, new: &NewGuardrail) -> Vec<String> {
    let side = if new.check.input {
        "input_guardrails"
    } else {
        "output_guardrails"
    };
    let help = Help::from("  Then run `")
        .run(Run::new("gateway-config push").value("FILE"))
        .text("`");
    vec![
        format!(
            "  Add it to a gateway config: \"{side}\": [\"{}\"]",
            printable(&made.slug)
        ),
        help.render(&crate::help::RunContext::default()),
    ]
}
