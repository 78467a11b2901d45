//! Each rule reports its bad examples and not its good ones.

use std::collections::HashSet;

use super::*;
use crate::gateway_config::read::GatewayConfig;

fn findings(text: &str) -> Vec<Finding> {
    let config = GatewayConfig::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    run(&Facts::new(&config))
}

fn shown(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        format!(
            "{} {} {:?} {}\n",
            finding.rule.id, finding.level, finding.range, finding.message
        )
    });
    lines.collect()
}

#[test]
fn the_table_is_complete() {
    let mut ids = HashSet::new();
    for rule in rules() {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.id.chars().all(kebab), "{}", rule.id);
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        assert!(
            rule.why.ends_with('.') && rule.fix.ends_with('.'),
            "{}",
            rule.id
        );
        assert!(!rule.summary.ends_with('.'), "{}", rule.id);
        assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{}", rule.id);
        for text in [rule.summary, rule.why, rule.fix] {
            assert!(
                text.len() > 10 && !text.contains("  "),
                "{}: {text}",
                rule.id
            );
        }
    }
    assert!(ids.len() > 50, "{}", ids.len());
}

#[test]
fn bad_examples_trigger_only_their_own_rule_at_the_right_place() {
    let mut wrong = Vec::new();
    for rule in rules() {
        for bad in rule.bad {
            let start = bad.find('«').unwrap();
            let end = bad.find('»').unwrap() - '«'.len_utf8();
            let text = bad.replace(['«', '»'], "");
            let found = findings(&text);
            let own: Vec<_> = found.iter().filter(|it| it.rule.id == rule.id).collect();
            let others = |it: &&Finding| it.rule.id != rule.id && it.level > Level::Note;
            if own.len() != 1 || own[0].range != (start..end) || found.iter().any(|it| others(&it))
            {
                wrong.push(format!(
                    "{}: wanted {start}..{end} in\n{text}\nfound\n{}\n",
                    rule.id,
                    shown(&found)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_examples_trigger_nothing() {
    let mut wrong = Vec::new();
    for rule in rules() {
        for good in rule.good {
            let found = findings(good);
            let counts = |it: &&Finding| it.rule.id == rule.id || it.level > Level::Note;
            if found.iter().any(|it| counts(&it)) {
                wrong.push(format!(
                    "{}: in\n{good}\nfound\n{}\n",
                    rule.id,
                    shown(&found)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_remove_their_finding() {
    let mut fixed = 0;
    for rule in rules() {
        for bad in rule.bad {
            let text = bad.replace(['«', '»'], "");
            for finding in findings(&text).iter().filter(|it| it.rule.id == rule.id) {
                let Some(fix) = &finding.fix else {
                    continue;
                };
                let config = GatewayConfig::parse(text.as_str()).unwrap();
                let edited = crate::edit::apply(config.document(), &fix.changes).unwrap();
                assert!(
                    !edited.replacements.is_empty(),
                    "{}: changes nothing",
                    rule.id
                );
                let left = findings(edited.document.text());
                assert!(
                    left.iter().all(|it| it.rule.id != rule.id),
                    "{}: still found in\n{}",
                    rule.id,
                    edited.document.text()
                );
                fixed += 1;
            }
        }
    }
    assert!(fixed > 40, "{fixed}");
}

/// No config, however odd, may make a rule panic.
#[test]
fn no_rule_panics() {
    let pieces = [
        "null",
        "[]",
        "{}",
        "5",
        "\"x\"",
        "[null]",
        "[{}]",
        "{\"mode\":5}",
        "true",
        "[[]]",
        "{\"query\":5}",
        "[{\"query\":{\"$or\":5},\"then\":5}]",
        "\"\"",
    ];
    let keys = [
        "strategy",
        "targets",
        "retry",
        "cache",
        "override_params",
        "provider",
        "weight",
        "input_guardrails",
        "output_guardrails",
        "before_request_hooks",
        "request_timeout",
        "passthrough",
        "name",
        "on_status_codes",
        "virtual_key",
        "api_key",
        "cb_config",
    ];
    for key in keys {
        for piece in pieces {
            findings(&format!("{{\"{key}\":{piece}}}"));
            findings(&format!(
                "{{\"strategy\":{{\"mode\":\"conditional\",\"{key}\":{piece},\"conditions\":{piece}}},\"targets\":[{{\"{key}\":{piece}}}]}}"
            ));
        }
    }
}
