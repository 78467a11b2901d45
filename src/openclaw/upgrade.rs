//! What `openclaw doctor --fix` makes of settings that a newer OpenClaw no longer has.
//!
//! Of `models`, `agents`, `env`, `auth`, `secrets` and `meta`, and of whole sections; the rest only
//! OpenClaw can move. The rows are what 2026.9.6 does; `tests/e2e/run upgrade` compares a file that has many of them.

use crate::document::{Path, Step};

/// What becomes of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// It goes.
    Gone,
    /// It goes, and its object where that has nothing else.
    GoneWithHolder,
    /// It goes, and where it has that value, so does the key next to it.
    GoneWith(&'static str, &'static str),
    /// It moves there, or goes where that is set.
    Moved(&'static str),
    /// What the object there lacks moves there.
    Merged(&'static str),
    /// It goes, and for some of its values another key says the same.
    Chosen(&'static str, &'static [(&'static str, &'static str)]),
    /// A part of it moves, the rest goes.
    Inner(&'static str, &'static str),
}

use Upgrade::{Chosen, Gone, GoneWith, GoneWithHolder, Inner, Merged, Moved};

/// The ways to the settings of agents: both the rows of [`OF_AGENTS`] and their targets begin there.
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

/// What becomes of the setting at a path, and the path of what it names; nothing where only
/// OpenClaw knows.
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

/// A path's steps up to the end of a pattern, and those behind.
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

/// A target with the steps that `*` stood for.
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

    /// What is moved or removed is unknown to the newest version, and the new place is known.
    #[test]
    fn rows_lead_from_what_is_gone_to_what_is_there() {
        let of_agents = OF_AGENTS
            .iter()
            .map(|(from, _)| format!("{}.{from}", AGENTS[2]));
        let others = OTHERS.iter().map(|(from, _)| (*from).to_owned());
        let others = others.filter(|from| !from.contains("list.*"));
        let is_there = |path: &Path| accepted(&path.0, Version::NEWEST).is_something();
        for from in of_agents.chain(others) {
            let path = steps(&from.replace("models.*.compat", "models.0.compat"));
            let (_, target) = upgrade(&path).unwrap_or_else(|| panic!("{from}"));
            // What else `env` may have, its own check refuses.
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
