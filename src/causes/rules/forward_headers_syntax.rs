//! `forward-headers-syntax`

use crate::document::Value;
use crate::portkey::headers::{Kind, check, check_name, known};

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "forward-headers-syntax",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "header names are not separated by commas",
    why: "`x-portkey-forward-headers` and `x-portkey-sensitive-headers` take comma-separated \
          names. The form with brackets and quotes, which the documentation shows for the SDK, \
          names headers that don't exist, so nothing is forwarded.",
    fix: "Write `x-request-id, x-tenant`.",
    bad: &[
        wired!(headers r#""x-portkey-forward-headers": «"['X-Tenant', 'X-Request-Id']"»"#),
        wired!(headers r#""x-portkey-forward-headers": «"[\"x-tenant\"]"»"#),
        wired!(headers r#""x-portkey-sensitive-headers": «"x-tenant; x-request-id"»"#),
        // It can't forward itself.
        wired!(headers r#""x-portkey-forward-headers": «"x-tenant, x-portkey-forward-headers"»"#),
    ],
    good: &[
        wired!(headers r#""x-portkey-forward-headers": "x-tenant, x-request-id""#),
        wired!(headers r#""x-portkey-sensitive-headers": "${SENSITIVE}""#),
    ],
    check: Some(find),
    ..Cause::BLANK
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for (_, header) in facts.headers() {
        let list = known(&header.name).filter(|known| known.kind == Kind::Names);
        let Some(text) = header.literal().filter(|_| list.is_some()) else {
            continue;
        };
        let separators = |c: char| c.is_whitespace() || ",;[]'\"".contains(c);
        let names: Vec<&str> = text
            .split(separators)
            .filter(|name| !name.is_empty())
            .collect();
        let itself = names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&header.name));
        let (message, help) = if check(&header.name, &text).is_err() {
            (
                "these are not header names separated by commas",
                "separate the names with commas",
            )
        } else if itself {
            (
                "the list includes this header itself",
                "remove it from the list",
            )
        } else {
            continue;
        };
        findings.at(&header.value, message, help);
        let others: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !name.eq_ignore_ascii_case(&header.name))
            .collect();
        if !others.is_empty() && others.iter().all(|name| check_name(name).is_ok()) {
            let list = others.join(", ");
            findings.fix_set(
                &header.value,
                true,
                format!("write {list}"),
                Value::String(list),
            );
        }
    }
}
