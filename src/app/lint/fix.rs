//! Applies fixes one at a time and runs the rules again after each, until none is left.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use crate::args::{Format, LintFormat};
use crate::causes::Online;
use crate::edit;
use crate::error::Failure;
use crate::help::RunContext;
use crate::openclaw::Config;
use crate::report::{Fingerprint, changes_of};
use crate::store::{self, Environment};
use crate::ui::Ui;

use super::inputs;
use super::linter::Linter;
use crate::app::Env;
use crate::app::change::{Change, Confirm, Ending, Proposal, WROTE, of_texts};
use crate::app::load::{self, Loaded, Overlay};
use crate::app::output::{self, Stream};

/// The maximum number of fixes in one config per run.
const MAX_FIXES: usize = 2000;

/// A config after its fixes, in memory.
pub(crate) struct Fixed {
    pub(crate) loaded: Loaded,
    /// The new texts of the changed files.
    pub(crate) texts: Overlay,
    /// The number of applied fixes.
    pub(crate) made: usize,
}

/// Applies all fixes, or only the safe ones, in memory.
pub(crate) fn in_memory(
    linter: &Linter,
    first: &Loaded,
    online: Option<&Online>,
    also_unsafe: bool,
    reload: &dyn Fn(&Overlay) -> Result<Loaded, Failure>,
) -> Result<Fixed, Failure> {
    let mut texts = Overlay::new();
    // The files may have changed on disk since: use what was read first.
    for source in first.config.iter().flat_map(Config::sources) {
        texts.insert(source.path.clone(), source.document.text().to_owned());
    }
    let mut fixed = Fixed {
        loaded: reload(&texts)?,
        texts,
        made: 0,
    };
    let mut seen = HashSet::from([hash(&fixed.texts)]);
    let mut hopeless: HashSet<Fingerprint> = HashSet::new();
    while fixed.made < MAX_FIXES {
        let Some((print, texts)) = next(linter, &fixed, online, also_unsafe, &hopeless) else {
            break;
        };
        // Two fixes that undo each other would loop forever.
        if !seen.insert(hash(&texts)) {
            hopeless.insert(print);
            continue;
        }
        fixed.loaded = reload(&texts)?;
        fixed.texts = texts;
        fixed.made += 1;
    }
    for source in first.config.iter().flat_map(Config::sources) {
        if fixed
            .texts
            .get(&source.path)
            .is_some_and(|text| text == source.document.text())
        {
            fixed.texts.remove(&source.path);
        }
    }
    Ok(fixed)
}

fn hash(texts: &Overlay) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish()
}

/// The texts after the first applicable fix.
fn next(
    linter: &Linter,
    fixed: &Fixed,
    online: Option<&Online>,
    also_unsafe: bool,
    hopeless: &HashSet<Fingerprint>,
) -> Option<(Fingerprint, Overlay)> {
    let checked = linter.check_untried(&fixed.loaded, online);
    let sources = fixed.loaded.config.as_ref()?.sources();
    for found in &checked.report.diagnostics {
        let Some(fix) = found.fix.as_ref().filter(|fix| fix.safe || also_unsafe) else {
            continue;
        };
        let print = checked.report.fingerprint(found);
        if hopeless.contains(&print) {
            continue;
        }
        let mut texts = fixed.texts.clone();
        let mut changes_something = false;
        for (index, source) in sources.iter().enumerate() {
            let changes = changes_of(fix, index);
            if changes.is_empty() {
                continue;
            }
            let Ok(edited) = edit::apply(&source.document, &changes) else {
                changes_something = false;
                break;
            };
            if !edited.replacements.is_empty() {
                changes_something = true;
                texts.insert(source.path.clone(), edited.document.text().to_owned());
            }
        }
        if changes_something {
            return Some((print, texts));
        }
    }
    None
}

pub(crate) struct Writer<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) env: &'a Env,
    pub(crate) linter: &'a Linter,
    pub(crate) format: LintFormat,
}

impl Writer<'_> {
    /// Shows the fixes as a diff without writing.
    pub(crate) fn show(&self, first: &Loaded, texts: &Overlay) {
        let stream = if self.format == LintFormat::Text {
            Stream::Result
        } else {
            Stream::Note
        };
        for file in self.linter.proposal(first, texts).files {
            output::diff(self.ui, &file.diff, stream);
        }
    }

    pub(crate) fn write(
        &self,
        path: &Path,
        first: &Loaded,
        texts: &Overlay,
    ) -> Result<(Proposal, Ending), Failure> {
        let location = store::locate(&self.env.files, Some(path), None)?;
        let change = Change {
            command: "lint --fix",
            verb: WROTE,
            ui: self.ui,
            location: &location,
            env: self.env,
            context: RunContext::default(),
            // Results are findings; written files are reported separately.
            format: Format::Json,
            dry_run: false,
            confirm: Confirm::Given,
            replaces_keys: true,
        };
        let proposal = self.linter.proposal(first, texts);
        let ending = change.apply(&proposal)?;
        Ok((proposal, ending))
    }
}

impl Linter {
    /// The change from texts in memory to a config.
    pub(crate) fn proposal(&self, first: &Loaded, texts: &Overlay) -> Proposal {
        let name = |path: &Path| inputs::name(path, &self.cwd);
        let files = first
            .config
            .as_ref()
            .map(|config| of_texts(config, &first.snapshots, texts, &self.known, &name));
        Proposal::new(files.unwrap_or_default(), Vec::new(), &[], &name)
    }
}

/// Reloads a config with other texts instead of the files'.
pub(crate) fn reloader<'a>(
    path: &'a Path,
    input: Option<&'a [u8]>,
    env: &'a Environment,
) -> impl Fn(&Overlay) -> Result<Loaded, Failure> + 'a {
    move |texts| match input {
        Some(bytes) => Ok(load::stdin(bytes.to_vec(), texts)),
        None => load::file(path, env, texts),
    }
}
