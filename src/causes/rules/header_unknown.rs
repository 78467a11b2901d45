//! `header-unknown`

use std::collections::HashSet;

use crate::document::Kind as ValueKind;
use crate::edit::Change;
use crate::portkey::headers::{AUTHORIZATION, Kind, check_name, known, nearest};
use crate::portkey::printable;

use crate::causes::example::wired;
use crate::causes::{Area, Cause, Facts, Findings, Level, PortkeyProvider, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "header-unknown",
    area: Area::Headers,
    level: Level::Warning,
    symptoms: &[Symptom::Config],
    summary: "a header looks like one of Portkey's but isn't",
    why: "Portkey silently ignores a misspelt header: no config, no metadata, no trace. A name \
          that begins with `x-portkey-` but resembles no known header is only a note, since \
          Portkey may have added it since.",
    fix: "Spell the header as Portkey does.",
    bad: &[
        wired!(headers r#"«"x-portkey-confg"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x-portkey-meta-data"»: '{"team":"backend"}'"#),
        wired!(headers r#"«"x_portkey_metadata"»: '{"team":"backend"}'"#),
        wired!(headers r#"«"portkey-config"»: "pc-pplx-c-ca7a87""#),
        wired!(headers r#"«"x-portkey-colour"»: "blue""#),
    ],
    good: &[
        wired!(headers r#""X-Portkey-Metadata": '{"team":"backend"}'"#),
        // Not a Portkey header.
        wired!(headers r#""x-team": "backend", metadata: "x", "x-authorization": "${TOKEN}""#),
        // A header that Portkey forwards.
        wired!(headers r#""x-portkey-forward-headers": "x-portkey-colour", "x-portkey-colour": "blue""#),
    ],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut forwarded = Forwarded::default();
    for (provider, header) in facts.headers() {
        let name = header.name.as_str();
        if known(name).is_some() || check_name(name).is_err() {
            continue;
        }
        // A bare `config` or `metadata` may be intended for another server.
        let suggested = nearest(name).filter(|suggested| {
            suggested.name != AUTHORIZATION
                && suggested.name.strip_prefix("x-portkey-") != Some(name)
        });
        let ours = suggested.is_some() || name.starts_with("x-portkey-");
        if !ours || forwarded.has(provider, name) {
            continue;
        }
        let shown = printable(&header.written, 60);
        let Some(suggested) = suggested else {
            findings.at_key(
                &header.holder,
                &header.written,
                format!("{shown} is not a known Portkey header"),
                "check Portkey's documentation of its headers",
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

/// The names in a provider's headers that list what is forwarded, or kept out of the logs. Caches
/// the last provider.
#[derive(Default)]
struct Forwarded<'f> {
    provider: Option<&'f PortkeyProvider<'f>>,
    names: HashSet<String>,
}

impl<'f> Forwarded<'f> {
    fn has(&mut self, provider: &'f PortkeyProvider<'f>, name: &str) -> bool {
        if !self
            .provider
            .is_some_and(|last| std::ptr::eq(last, provider))
        {
            self.provider = Some(provider);
            let lists = provider.headers.iter().filter(|header| {
                known(&header.name).is_some_and(|known| known.kind == Kind::Names)
            });
            let texts: Vec<_> = lists.filter_map(|header| header.value.text()).collect();
            let names = texts.iter().flat_map(|text| text.split(','));
            self.names = names.map(|name| name.trim().to_ascii_lowercase()).collect();
        }
        self.names.contains(&name.to_ascii_lowercase())
    }
}
