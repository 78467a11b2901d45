//! `doctor`: gathers the input of the checks, runs them, shows the results, and applies fixes.

pub(crate) mod ask;
pub(crate) mod examine;
pub(crate) mod show;

use std::time::Duration;

use crate::args::{Format, PortkeyArgs, WriteArgs};
use crate::error::{Exit, Failure, FailureKind};
use crate::ui::Ui;

use super::change::{Change, Ending, Proposal};
use super::lint::fix;
use super::session::Session;
use super::{Env, output, print_failure};
use examine::{Report, examine};

/// The options of `doctor`.
pub(crate) struct Options<'a> {
    pub(crate) probe: bool,
    /// Whether to force a fallback.
    pub(crate) prove_fallback: bool,
    /// How long to wait until Portkey has counted a request.
    pub(crate) wait: Duration,
    pub(crate) portkey: PortkeyArgs,
    pub(crate) fix: bool,
    pub(crate) write: &'a WriteArgs,
}

/// The result of `--fix`.
pub(crate) struct Fixed {
    /// The number of fixes.
    pub(crate) count: usize,
    pub(crate) proposal: Proposal,
    pub(crate) ending: Ending,
}

/// Examines, shows, applies fixes if requested, and examines again. `keep` filters a report to the
/// requested symptoms; `fails` says whether a diagnostic makes the command fail.
///
/// # Errors
/// When the config can't be located or opened, or the user declines a fix.
pub(crate) fn run(
    options: &Options<'_>,
    keep: &dyn Fn(&mut Report),
    fails: &dyn Fn(&Report) -> bool,
    ui: &Ui,
    env: &Env,
) -> anyhow::Result<Exit> {
    let flags = &options.write.config;
    let session = Session::examine(flags, env)?;
    let mut report = examine(&session, options, ui)?;
    keep(&mut report);
    let is_text = flags.format == Format::Text;
    if is_text {
        show::text(ui, &report, options.fix);
    }
    let mut fixed = None;
    if options.fix {
        let done = write_fixes(&session, options, ui)?;
        if done.ending.written().is_some() {
            // Requests to models aren't sent a second time.
            let again = Options {
                probe: false,
                ..*options
            };
            report = examine(&Session::examine(flags, env)?, &again, ui)?;
            keep(&mut report);
            if is_text {
                ui.result("\nAfter the fixes:\n");
                show::text(ui, &report, true);
            }
        } else if done.count == 0 && is_text {
            ui.note("Nothing can be fixed automatically; see above for what to do.");
        }
        fixed = Some((
            Change::new("doctor --fix", &session, options.write, ui),
            done,
        ));
    }
    output::finish(ui, flags.format, "doctor", || {
        let mut fields = show::json(&report);
        if let Some((change, done)) = &fixed {
            let mut change = change.json(&done.proposal, &done.ending);
            change["count"] = done.count.into();
            fields["fix"] = change;
        }
        fields
    });
    let ended = fixed.map_or(Exit::Done, |(_, done)| done.ending.exit());
    Ok(match ended {
        Exit::Done if fails(&report) => Exit::Problems,
        ended => ended,
    })
}

/// Plans the safe fixes of all rules, shows them, asks for confirmation, and writes.
fn write_fixes(session: &Session<'_>, options: &Options<'_>, ui: &Ui) -> Result<Fixed, Failure> {
    let loaded = &session.loaded;
    let nothing = Fixed {
        count: 0,
        proposal: Proposal::default(),
        ending: Ending::Nothing,
    };
    if !loaded.exists || loaded.config.is_none() {
        return Ok(nothing);
    }
    let linter = examine::linter(session, session.secrets());
    let reload = fix::reloader(&session.location.config, None, &session.env.files);
    let fixed = fix::in_memory(&linter, loaded, None, false, &reload)?;
    if fixed.texts.is_empty() {
        return Ok(nothing);
    }
    let proposal = linter.proposal(loaded, &fixed.texts);
    let change = Change {
        replaces_keys: true,
        ..Change::new("doctor --fix", session, options.write, ui)
    };
    let applied = change.apply(&proposal);
    let ending = match applied {
        Err(failure) if failure.kind != FailureKind::Cancelled => {
            print_failure(ui, &failure, &session.run_context());
            Ending::Shown(Some(failure))
        }
        ending => ending?,
    };
    Ok(Fixed {
        count: fixed.made,
        proposal,
        ending,
    })
}
