//! `--fix`: the changes to the config that surely keep what was meant.

use crate::cli::Format;
use crate::diff;
use crate::error::Failure;
use crate::mask::printable;
use crate::ui::{Tone, Ui};

use super::super::lint::{files, fix as lint_fix};
use super::super::output::{self, Stream};
use super::super::road::declared_read_only;
use super::super::{Env, confirm, key, workspace};
use super::DoctorArgs;
use super::examine::Target;

/// What `--fix` did.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// How many fixes there were.
    pub(super) made: usize,
    /// Whether they were written.
    pub(super) written: bool,
    /// The diffs, masked.
    pub(super) diffs: Vec<String>,
}

/// Plans the fixes, shows them, asks, and writes.
pub(super) fn fix(
    mut target: Target,
    args: &DoctorArgs,
    ui: &Ui,
    env: &Env,
) -> Result<Mended, Failure> {
    let Some(loaded) = target.loaded.take() else {
        return Ok(Mended::default());
    };
    let known = workspace::Workspace::open(&args.write.config, env)
        .map(|workspace| key::known(&workspace, &args.write.config.provider_id, env, None))
        .unwrap_or_default();
    let job = target.job(known);
    let path = &target.location.config;
    let reload = lint_fix::reloader(path, None, &env.files);
    let fixed = lint_fix::in_memory(&job, &loaded, None, false, &reload)?;
    if fixed.texts.is_empty() {
        return Ok(Mended::default());
    }
    if let Some(variable) = target.location.read_only.filter(|_| !args.write.dry_run) {
        return Err(declared_read_only(variable));
    }
    let mut mended = Mended {
        made: fixed.made,
        ..Mended::default()
    };
    let json = args.write.config.format == Format::Json;
    for lines in lint_fix::diffs(&loaded, &fixed.texts, &job) {
        let stream = if args.write.dry_run && !json {
            Stream::Result
        } else {
            Stream::Note
        };
        output::diff(ui, &lines, stream);
        mended.diffs.push(diff::to_text(&lines));
    }
    if args.write.dry_run {
        ui.note("Nothing was written: --dry-run.");
        return Ok(mended);
    }
    confirm(ui, &args.write, "Write this?")?;
    let written = lint_fix::write(path, loaded, &fixed.texts, "doctor --fix", &env.files)?;
    for file in &written.files {
        let line = format!("Wrote {}", files::name(&file.path, &job.cwd));
        ui.note(&ui.err(Tone::Good, &printable(&line)));
    }
    mended.written = true;
    Ok(mended)
}
