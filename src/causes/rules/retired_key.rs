//! `retired-key`

use crate::help::Help;
use crate::openclaw::VersionSource;
use crate::openclaw::schema::IssueKind;
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::upgraded::upgraded;
use crate::causes::{Area, Cause, Doubt, Facts, Findings, Level, Symptom};

/// A config that a version wrote.
macro_rules! written {
    ($version:literal, $provider:literal, $agents:literal) => {
        concat!(
            "{\n  meta: { lastTouchedVersion: \"",
            $version,
            "\" },\n",
            "  models: { providers: { portkey: {\n    baseUrl: \"https://api.portkey.ai/v1\",\n",
            "    apiKey: \"${PORTKEY_API_KEY}\",\n    ",
            $provider,
            "\n",
            "    models: [{ id: \"@openai-prod/gpt-5\", name: \"GPT 5\" }],\n  } } },\n",
            "  agents: {\n    defaults: {\n",
            "      model: { primary: \"portkey/@openai-prod/gpt-5\" },\n      ",
            $agents,
            "\n",
            "    },\n  },\n}\n"
        )
    };
}

pub(super) static CAUSE: Cause = Cause {
    id: "retired-key",
    area: Area::Provider,
    level: Level::Error,
    symptoms: &[Symptom::Network, Symptom::Config, Symptom::OpenClaw],
    summary: "this OpenClaw version doesn't know the key, but another does",
    why: "OpenClaw's keys change between versions, and it does not start with an unknown one. The \
          version is the one you pass, else the one that last wrote the file. If neither is \
          known, the newest is assumed, and this is a warning.",
    fix: "Remove the key, move it to where this version has it (`{openclaw: doctor}` names the \
          location), or use a version that knows it.",
    bad: &[
        written!("2026.2.17", "«timeoutSeconds»: 60,", ""),
        written!("2026.9.6", "", "«memorySearch»: { enabled: true },"),
        // Unknown version.
        wired!(agents
            "defaults: {\n      model: { primary: \"portkey/@openai-prod/gpt-5\" },\n      \
             «memorySearch»: { enabled: true },\n    }"),
    ],
    good: &[
        written!("2026.9.6", "timeoutSeconds: 60,", ""),
        written!("2026.5.28", "", "memorySearch: { enabled: true },"),
        // Between two versions, only one of which has it.
        written!("2026.7.20", "", "memorySearch: { enabled: true },"),
        // Fixed by OpenClaw itself.
        written!("2026.9.6", "contextWindow: 200000,", ""),
    ],
    doubt: Doubt::Always,
    stops_openclaw: true,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let version = facts.version.version();
    for (issue, doubtful) in facts.validity().of_kind(IssueKind::RetiredKey) {
        let Some((known_by, is_older)) = issue.known_by() else {
            continue;
        };
        let key = printable(issue.key(), 60);
        let upgraded = upgraded(facts, issue).filter(|_| is_older);
        let (message, help) = if is_older {
            (
                format!(
                    "OpenClaw {version} has no key `{key}` here ({known_by} had it), and won't \
                     start with it"
                ),
                upgraded.as_ref().map_or_else(
                    || {
                        Help::from(
                            "remove it, or let OpenClaw move it, which drops all comments: \
                             {openclaw: doctor --fix}",
                        )
                    },
                    |upgraded| upgraded.help.clone().into(),
                ),
            )
        } else {
            (
                format!(
                    "OpenClaw {version} has no key `{key}` here yet ({known_by} has it), and \
                     won't start with it"
                ),
                "remove it, or update OpenClaw".into(),
            )
        };
        findings.at_range(
            (issue.source, issue.range.clone()),
            &issue.path,
            message,
            help,
        );
        if doubtful || facts.version == VersionSource::Unknown {
            findings.level(Level::Warning);
        }
        if let Some(upgraded) = upgraded {
            upgraded.fix(facts, findings, doubtful);
        }
    }
}
