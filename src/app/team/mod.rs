//! Shared by the commands for team files.

pub(crate) mod apply;
pub(crate) mod key_files;
pub(crate) mod prune;
mod record;
pub(crate) mod setup;
pub(crate) mod show;
pub(crate) mod survey;

use std::path::Path;

use serde_json::Value as Json;

use crate::app::admin::Admin;
use crate::app::keys::price;
use crate::app::session::Session;
use crate::app::{gateway_config, output};
use crate::args::Format;
use crate::diagnostic::{Diagnostic, Level};
use crate::error::{Failure, FailureKind};
use crate::mask::printable;
use crate::report::{File, Report, text};
use crate::store;
use crate::team::Team;
use crate::team::plan::Row;
use crate::ui::Ui;

/// The command's name in JSON.
const NAME: &str = "team";

/// Prints the JSON document of a subcommand, if requested.
pub(crate) fn finish(ui: &Ui, format: Format, action: &str, fields: impl FnOnce() -> Json) {
    output::finish_action(ui, format, (NAME, action), fields);
}

/// Reads a team file and prints its diagnostics; fails if any is an error.
///
/// # Errors
/// The file can't be read, or has errors.
pub(crate) fn load(path: &Path, ui: &Ui) -> Result<Team, Failure> {
    let shown = printable(&path.display().to_string()).into_owned();
    let bytes = store::read(path)?.bytes.ok_or_else(|| {
        Failure::new(FailureKind::File, format!("{shown} does not exist"))
            .hint("`{run: team init}` writes an example")
    })?;
    let team = Team::new(gateway_config::document(path, bytes, ui)?, shown);
    let found = team.check();
    let Some(first) = found.first().and_then(|first| first.location.clone()) else {
        return Ok(team);
    };
    show(&team, found.clone(), ui);
    let errors = found.iter().filter(|one| one.level == Level::Error).count();
    if errors == 0 {
        return Ok(team);
    }
    let errors = if errors == 1 {
        "an error".to_owned()
    } else {
        format!("{errors} errors")
    };
    Err(Failure::new(
        FailureKind::Config,
        format!("{} has {errors}; nothing was done", team.name()),
    )
    .at(first)
    .hint("fix the file and run the command again"))
}

/// Warns about models that budgets don't count, if something is about to change.
pub(crate) fn warn_of_prices(
    admin: &Admin,
    team: &Team,
    rows: &[Row],
    session: &Session<'_>,
    ui: &Ui,
) {
    if rows.iter().any(Row::is_needed) {
        let found = ui.asking(admin.host(), || price::unpriced_in_team(admin, team));
        output::notes(ui, found.as_slice(), &session.run_context());
    }
}

/// Prints each diagnostic with its line.
fn show(team: &Team, found: Vec<Diagnostic>, ui: &Ui) {
    let file = File::read(team.name(), team.document(), &[]);
    let report = Report::new(vec![file], None, found);
    for one in &report.diagnostics {
        ui.alert(&text::render(&report, one, ui.colors_notes()));
        ui.alert("");
    }
}
