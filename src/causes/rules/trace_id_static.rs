//! `trace-id-static`

use crate::portkey::headers::TRACE_ID;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "trace-id-static",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Dashboard],
    summary: "a fixed `x-portkey-trace-id` merges all runs into one trace",
    why: "OpenClaw sends its own trace with each run (`traceparent`), so the dashboard shows \
          which requests belong together. A trace id in the config is the same for every run of \
          every agent. Portkey's guide shows one to group the requests of a session; metadata \
          does that without merging the traces.",
    fix: "Remove the header. To group requests, put the name in `x-portkey-metadata`.",
    bad: &[
        wired!(headers r#""x-portkey-trace-id": «"session-auth-refactor"»"#),
        wired!(models r#"[{ id: "@openai-prod/gpt-5", name: "GPT 5", headers: { "X-Portkey-Trace-Id": «"gpt"» } }]"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-metadata": "{\"session\":\"auth-refactor\"}""#),
        wired!(headers r#""x-portkey-trace-id": "${TRACE_ID}""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        if header.name == TRACE_ID && header.literal().is_some() {
            findings.at(
                &header.value,
                "this id is the same for every run, so the dashboard shows them all as one trace",
                "remove it, and group requests with x-portkey-metadata",
            );
            findings.fix_remove(&header.value, false, "remove the header");
        }
    }
}
