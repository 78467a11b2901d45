//! `header-unknown`

use crate::document::Kind as ValueKind;
use crate::edit::Change;
use crate::portkey::headers::{AUTHORIZATION, Kind, check_name, known, nearest};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, PortkeyProvider, Symptom};

/// The rule.
pub(super) static CAUSE: Cause = Cause {
    id: "header-unknown",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "a header looks like one of Portkey's but isn't",
    why: "Portkey ignores a misspelt header silently: there is no config, no \
          metadata, no trace. A name that begins with `x-portkey-` and resembles no known header \
          is only noted, since Portkey may have learnt it later.",
    fix: "Write the header as Portkey names it.",
    bad: &[
        wired!(headers r#"«"x-portkey-confg"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x-portkey-meta-data"»: '{"team":"backend"}'"#),
        wired!(headers r#"«"x_portkey_metadata"»: '{"team":"backend"}'"#),
        wired!(headers r#"«"portkey-config"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x-portkey-colour"»: "blue""#),
    ],
    good: &[
        wired!(headers r#""X-Portkey-Metadata": '{"team":"backend"}'"#),
        // Not Portkey's, and no business of ours.
        wired!(headers r#""x-team": "backend", metadata: "x", "x-authorization": "${TOKEN}""#),
        // One that Portkey hands on.
        wired!(headers r#""x-portkey-forward-headers": "x-portkey-colour", "x-portkey-colour": "blue""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (provider, header) in facts.headers() {
        let name = header.name.as_str();
        if known(name).is_some() || check_name(name).is_err() {
            continue;
        }
        // A bare `config` or `metadata` may be intended for someone else.
        let suggested = nearest(name).filter(|suggested| {
            suggested.name != AUTHORIZATION
                && suggested.name.strip_prefix("x-portkey-") != Some(name)
        });
        let ours = suggested.is_some() || name.starts_with("x-portkey-");
        if !ours || is_forwarded(provider, name) {
            continue;
        }
        let shown = printable(&header.written, 60);
        let Some(suggested) = suggested else {
            findings.at_key(
                &header.holder,
                &header.written,
                format!("{shown} is not a known Portkey header"),
                "compare it with Portkey's documentation of its headers",
            );
            findings.level(Level::Note);
            continue;
        };
        findings.at_key(
            &header.holder,
            &header.written,
            format!("{shown} is not a Portkey header, so Portkey ignores it"),
            format!("did you mean {}?", suggested.name),
        );
        if provider.header(suggested.name, header.model).is_none()
            && header.value.kind() == ValueKind::String
        {
            let holder = header.holder.path();
            let changes = vec![Change::Rename {
                path: holder.clone().key(&header.written),
                key: suggested.name.to_owned(),
            }];
            findings.fix_all(
                facts.config,
                false,
                format!("write {}", suggested.name),
                changes,
            );
        }
    }
}

/// Whether another header names this one, to be handed on or to be kept out of the logs.
fn is_forwarded(provider: &PortkeyProvider<'_>, name: &str) -> bool {
    provider.headers.iter().any(|header| {
        known(&header.name).is_some_and(|known| known.kind == Kind::Names)
            && header.value.text().is_some_and(|text| {
                text.split(',')
                    .any(|one| one.trim().eq_ignore_ascii_case(name))
            })
    })
}
