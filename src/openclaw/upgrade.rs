//! How `openclaw doctor --fix` upgrades settings that a newer OpenClaw no longer has.
//!
//! Covers `models`, `agents`, `env`, `auth`, `secrets` and `meta`, and whole sections; only
//! OpenClaw can upgrade the rest. The rows are what 2026.9.6 does; `tests/e2e/run upgrade` compares
//! the results on a file with many of them.

use crate::document::{Path, Step};

/// How a setting is upgraded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// Removed.
    Gone,
    /// Removed, along with its object if that becomes empty.
    GoneWithHolder,
    /// Removed; if it had the first value, the sibling key in the second is removed too.
    GoneWith(&'static str, &'static str),
    /// Moved there, or removed if the target is already set.
    Moved(&'static str),
    /// Its members move there, unless the target already has them.
    Merged(&'static str),
    /// Removed; for some of its values, another key is set instead.
    Chosen(&'static str, &'static [(&'static str, &'static str)]),
    /// One part of it moves, the rest is removed.
    Inner(&'static str, &'static str),
}

use Upgrade::{Chosen, Gone, GoneWith, GoneWithHolder, Inner, Merged, Moved};

/// Where agent settings live: both the rows of [`OF_AGENTS`] and their targets start with one of
/// these.
const AGENTS: [&str; 3] = ["agents.defaults", "agents.list.*", "agents.entries.*"];

const OF_AGENTS: &[(&str, Upgrade)] = &[
    ("agentRuntime", Gone),
    ("contextLimits.memoryGetDefaultLines", GoneWithHolder),
    ("contextLimits.toolResultMaxChars", GoneWithHolder),
    ("embeddedHarness", Gone),
    ("heartbeat.ackMaxChars", GoneWithHolder),
    ("heartbeat.includeReasoning", GoneWithHolder),
    ("heartbeat.includeSystemPromptSection", GoneWithHolder),
    ("heartbeat.skipWhenBusy", GoneWithHolder),
    ("heartbeat.suppressToolErrorWarnings", GoneWithHolder),
    ("model.timeoutMs", Gone),
    ("runRetries", Gone),
    (
        "sandbox.browser.enableNoVnc",
        Moved("sandbox.browser.noVncEnabled"),
    ),
    (
        "sandbox.perSession",
        Chosen("sandbox.scope", &[("true", "session"), ("false", "shared")]),
    ),
    ("subagents.model.timeoutMs", Gone),
    ("systemPromptOverride", Gone),
    ("tools.codeMode.languages", Gone),
    (
        "tools.codeMode.runtime",
        Chosen("tools.codeMode.executor", &[("quickjs-wasi", "quickjs")]),
    ),
];

const OTHERS: &[(&str, Upgrade)] = &[
    ("agents.defaults.bootstrapPromptTruncationWarning", Gone),
    ("agents.defaults.cliBackends", Gone),
    ("agents.defaults.compaction.customInstructions", Gone),
    ("agents.defaults.compaction.identifierInstructions", Gone),
    ("agents.defaults.compaction.memoryFlush.prompt", Gone),
    ("agents.defaults.compaction.memoryFlush.systemPrompt", Gone),
    ("agents.defaults.compaction.maxHistoryShare", GoneWithHolder),
    ("agents.defaults.compaction.reserveTokens", GoneWithHolder),
    (
        "agents.defaults.compaction.reserveTokensFloor",
        GoneWithHolder,
    ),
    (
        "agents.defaults.contextPruning.hardClearRatio",
        GoneWithHolder,
    ),
    (
        "agents.defaults.contextPruning.keepLastAssistants",
        GoneWithHolder,
    ),
    (
        "agents.defaults.contextPruning.minPrunableToolChars",
        GoneWithHolder,
    ),
    ("agents.defaults.contextPruning.softTrim", GoneWithHolder),
    (
        "agents.defaults.contextPruning.softTrimRatio",
        GoneWithHolder,
    ),
    (
        "agents.defaults.compaction.truncateAfterCompaction",
        GoneWith("false", "maxActiveTranscriptBytes"),
    ),
    (
        "agents.defaults.embeddedPi",
        Moved("agents.defaults.embeddedAgent"),
    ),
    ("agents.defaults.envelopeElapsed", Gone),
    ("agents.defaults.envelopeTimestamp", Gone),
    ("agents.defaults.envelopeTimezone", Gone),
    (
        "agents.defaults.imageGenerationModel",
        Moved("agents.defaults.mediaModels.image"),
    ),
    ("agents.defaults.llm", Gone),
    ("agents.defaults.mediaGenerationAutoProviderFallback", Gone),
    ("agents.defaults.memorySearch", Merged("memory.search")),
    (
        "agents.defaults.musicGenerationModel",
        Moved("agents.defaults.mediaModels.music"),
    ),
    (
        "agents.defaults.pdfMaxBytesMb",
        Moved("agents.defaults.pdfMaxMb"),
    ),
    (
        "agents.defaults.promptOverlays",
        Inner(
            "gpt5.personality",
            "plugins.entries.openai.config.personality",
        ),
    ),
    ("agents.defaults.silentReply.direct", Gone),
    ("agents.defaults.silentReplyRewrite", Gone),
    ("agents.defaults.timeFormat", Gone),
    (
        "agents.defaults.videoGenerationModel",
        Moved("agents.defaults.mediaModels.video"),
    ),
    (
        "agents.list.*.memorySearch",
        Merged("agents.list.*.memory.search"),
    ),
    (
        "agents.entries.*.memorySearch",
        Merged("agents.entries.*.memory.search"),
    ),
    ("audit", Merged("logging.audit")),
    ("auth.cooldowns", GoneWithHolder),
    ("cli", Gone),
    ("commitments", Gone),
    ("crestodian", Gone),
    ("defaultModel", Moved("agents.defaults.model")),
    ("env.*", Moved("env.vars.*")),
    ("marketplaces", Gone),
    ("meta.lastTouchedAt", GoneWithHolder),
    ("models.pricing", Gone),
    (
        "models.providers.*.models.*.compat.nativeWebSearchTool",
        GoneWithHolder,
    ),
    (
        "models.providers.*.models.*.compat.requiresMistralToolIds",
        GoneWithHolder,
    ),
    ("secrets.providers.*.allowInsecurePath", Gone),
    ("secrets.providers.*.allowSymlinkCommand", Gone),
    ("secrets.resolution", GoneWithHolder),
    ("tui", Gone),
];

/// How the setting at a path is upgraded, and the path of its target; `None` if only OpenClaw
/// knows.
#[must_use]
pub fn upgrade(path: &Path) -> Option<(Upgrade, Option<Path>)> {
    let of_agents = AGENTS.iter().find_map(|prefix| {
        let (own, rest) = after(path, prefix)?;
        let (_, upgrade) = OF_AGENTS.iter().find(|(from, _)| is_at(rest, from))?;
        let target = upgrade.target().map(|target| {
            let keys = target.split('.').map(|key| Step::Key(key.to_owned()));
            Path(own.iter().cloned().chain(keys).collect())
        });
        Some((*upgrade, target))
    });
    of_agents.or_else(|| {
        let (from, upgrade) = OTHERS.iter().find(|(from, _)| is_at(&path.0, from))?;
        let target = upgrade.target().map(|target| filled(target, from, path));
        Some((*upgrade, target))
    })
}

impl Upgrade {
    fn target(self) -> Option<&'static str> {
        match self {
            Gone | GoneWithHolder | GoneWith(..) => None,
            Moved(target) | Merged(target) | Chosen(target, _) | Inner(_, target) => Some(target),
        }
    }
}

/// Splits a path after a pattern: the steps that match it, and the rest.
fn after<'p>(path: &'p Path, pattern: &str) -> Option<(&'p [Step], &'p [Step])> {
    let (own, rest) = path.0.split_at_checked(pattern.split('.').count())?;
    is_at(own, pattern).then_some((own, rest))
}

fn is_at(steps: &[Step], pattern: &str) -> bool {
    let names = || pattern.split('.');
    steps.len() == names().count()
        && steps.iter().zip(names()).all(|(step, name)| match step {
            Step::Key(key) => name == "*" || name == key,
            Step::Index(_) => name == "*",
        })
}

/// A target, with `*` replaced by the steps it matched.
fn filled(target: &str, from: &str, path: &Path) -> Path {
    let any = from
        .split('.')
        .zip(&path.0)
        .filter(|(name, _)| *name == "*");
    let mut any = any.map(|(_, step)| step.clone());
    let steps = target.split('.').map(|name| {
        let step = (name == "*").then(|| any.next()).flatten();
        step.unwrap_or_else(|| Step::Key(name.to_owned()))
    });
    Path(steps.collect())
}

#[cfg(test)]
mod tests {
    use super::{AGENTS, OF_AGENTS, OTHERS, Path, Step, upgrade};
    use crate::openclaw::Version;
    use crate::openclaw::schema::accepted;

    fn steps(pattern: &str) -> Path {
        let steps = pattern.split('.').map(|name| match name {
            "*" => Step::Key("x".to_owned()),
            name => Step::Key(name.to_owned()),
        });
        Path(steps.collect())
    }

    /// Moved or removed settings are unknown to the newest version, and their targets are known.
    #[test]
    fn rows_map_removed_settings_to_existing_ones() {
        let of_agents = OF_AGENTS
            .iter()
            .map(|(from, _)| format!("{}.{from}", AGENTS[2]));
        let others = OTHERS.iter().map(|(from, _)| (*from).to_owned());
        let others = others.filter(|from| !from.contains("list.*"));
        let is_there = |path: &Path| accepted(&path.0, Version::NEWEST).is_something();
        for from in of_agents.chain(others) {
            let path = steps(&from.replace("models.*.compat", "models.0.compat"));
            let (_, target) = upgrade(&path).unwrap_or_else(|| panic!("{from}"));
            // OpenClaw's own check rejects anything else in `env`.
            assert!(from == "env.*" || !is_there(&path), "{from}");
            assert!(target.iter().all(is_there), "{from}");
        }
    }

    #[test]
    fn other_paths_have_no_row() {
        for path in [
            "agents.defaults.model",
            "agents",
            "env",
            "agents.defaults.model.timeoutMs.x",
        ] {
            assert_eq!(upgrade(&steps(path)), None, "{path}");
        }
    }
}
