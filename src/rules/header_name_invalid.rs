//! `header-name-invalid`

use crate::portkey::headers::check_name;

use super::example::wired;
use super::{Facts, Findings, Group, Level, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "header-name-invalid",
    group: Group::Headers,
    level: Level::Error,
    summary: "a header's name holds a character that names cannot hold",
    why: "OpenClaw accepts the file and fails at each request: `is an invalid header name`.",
    fix: "Write the name with letters, digits and `-` alone, without spaces and colons.",
    bad: &[
        wired!(headers r#"«"x-portkey-config:"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x portkey metadata"»: '{"team":"backend"}'"#),
        wired!(headers r#"«""»: "x""#),
    ],
    good: &[wired!(headers r#""x-team_1": "a""#)],
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        if check_name(&header.written).is_err() {
            findings.at_key(
                &header.holder,
                &header.written,
                "this is no name for a header, and every request with it fails",
                "use letters, digits and - alone",
            );
        }
    }
}
