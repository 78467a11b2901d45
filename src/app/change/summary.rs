//! A one-line summary: each file with its number of added and removed lines, each changed reference
//! with its new value.

use crate::columns::columns;
use crate::diff::{Line, Sign};
use crate::mask::printable;
use crate::openclaw::{Config, ModelChoice, choice, holders};

use super::{Change, Proposal};
use crate::app::load::{self, Overlay};
use crate::app::output;

/// Longer diffs are shown only on demand.
const MAX_LINES: usize = 24;

pub(super) fn is_long(diff: &[Line]) -> bool {
    diff.len() > MAX_LINES
}

impl Change<'_> {
    /// The summary before the prompt; several lines on a narrow terminal.
    pub(super) fn summary(&self, proposal: &Proposal) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut others = Vec::new();
        for file in &proposal.files {
            let path = &file.snapshot.path;
            let name = output::file_name(path).display().to_string();
            let part = if file.removes {
                format!("{name} removed")
            } else {
                format!("{name} {}", counts(&file.diff))
            };
            let part = printable(&part).into_owned();
            if *path == self.location.dotenv {
                others.push(part);
            } else {
                parts.push(part);
            }
        }
        parts.extend(self.references(proposal));
        parts.extend(others);
        filled(&parts, self.ui.width().unwrap_or(80))
    }

    /// The changes of primary and fallbacks. What can't be read is left out.
    fn references(&self, proposal: &Proposal) -> Vec<String> {
        let read = |texts: &Overlay| {
            load::file_or_empty(&self.location.config, &self.env.files, texts)
                .ok()?
                .config
        };
        let texts = proposal.files.iter().filter_map(|file| {
            let text = String::from_utf8(file.bytes.clone()).ok()?;
            Some((file.snapshot.path.clone(), text))
        });
        match (read(&Overlay::new()), read(&texts.collect())) {
            (Some(before), Some(after)) => changed(&before, &after),
            _ => Vec::new(),
        }
    }
}

/// Joins the parts into lines, without breaking parts that fit.
fn filled(parts: &[String], width: usize) -> String {
    const DOT: &str = " · ";
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if columns(line) + columns(part) + columns(DOT) < width => {
                line.push_str(DOT);
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines.join("\n")
}

fn counts(diff: &[Line]) -> String {
    let count = |sign: Sign| diff.iter().filter(|line| line.sign == sign).count();
    match (count(Sign::Added), count(Sign::Removed)) {
        (added, 0) => format!("+{added}"),
        (0, removed) => format!("-{removed}"),
        (added, removed) => format!("+{added} -{removed}"),
    }
}

/// The model of a holder: the agent, primary and fallbacks.
struct Chosen {
    agent: Option<String>,
    primary: Option<String>,
    fallbacks: Vec<String>,
}

fn chosen(config: &Config) -> Vec<Chosen> {
    let all = holders(config).into_iter();
    all.map(|(agent, view)| {
        let choice = choice(&view);
        Chosen {
            agent,
            primary: choice.as_ref().and_then(ModelChoice::primary_text),
            fallbacks: choice
                .as_ref()
                .map(ModelChoice::fallback_texts)
                .unwrap_or_default(),
        }
    })
    .collect()
}

fn changed(before: &Config, after: &Config) -> Vec<String> {
    let (before, after) = (chosen(before), chosen(after));
    let mut parts = Vec::new();
    for new in &after {
        let old = before.iter().find(|old| old.agent == new.agent);
        let whose = new.agent.as_ref().map(|agent| format!(" of {agent}"));
        let whose = whose.unwrap_or_default();
        let was = old.and_then(|old| old.primary.as_deref());
        match (was, new.primary.as_deref()) {
            (was, now) if was == now => {}
            (Some(was), Some(now)) => parts.push(format!("primary{whose} {was} → {now}")),
            (None, Some(now)) => parts.push(format!("primary{whose} {now}")),
            (Some(was), None) => parts.push(format!("primary{whose} {was} removed")),
            (None, None) => {}
        }
        if old.map(|old| &old.fallbacks[..]).unwrap_or_default() != new.fallbacks {
            parts.push(match new.fallbacks.as_slice() {
                [] => format!("fallbacks{whose} removed"),
                list => format!("fallbacks{whose} {}", list.join(", ")),
            });
        }
    }
    parts
        .iter()
        .map(|part| printable(part).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{changed, filled};
    use crate::document::Document;
    use crate::openclaw::Config;

    #[test]
    fn parts_stay_in_one_piece() {
        let parts = ["a.json +1", "primary x → y", ".env +1"].map(str::to_owned);
        assert_eq!(filled(&parts, 80), "a.json +1 · primary x → y · .env +1");
        assert_eq!(filled(&parts, 24), "a.json +1\nprimary x → y · .env +1");
        assert_eq!(filled(&parts, 5), "a.json +1\nprimary x → y\n.env +1");
    }

    #[test]
    fn every_reference_that_changes_is_named() {
        let config =
            |text: &str| Config::new("openclaw.json".into(), Document::parse(text).unwrap());
        let model = |model: &str| format!("{{ agents: {{ defaults: {{ model: {model} }} }} }}");
        for (before, after, parts) in [
            (
                model("'openai/gpt-5'"),
                model("{ primary: 'portkey/@a/b', fallbacks: ['openai/gpt-5'] }"),
                &[
                    "primary openai/gpt-5 → portkey/@a/b",
                    "fallbacks openai/gpt-5",
                ][..],
            ),
            (
                "{}".to_owned(),
                model("'portkey/@a/b'"),
                &["primary portkey/@a/b"],
            ),
            (
                model("{ primary: 'a/b', fallbacks: ['c/d'] }"),
                model("{ primary: 'a/b' }"),
                &["fallbacks removed"],
            ),
            (model("'a/b'"), model("{}"), &["primary a/b removed"]),
            (model("'a/b'"), model("'a/b'"), &[]),
            (
                "{ agents: { list: [{ id: 'work', model: 'a/b' }] } }".to_owned(),
                "{ agents: { list: [{ id: 'work', model: 'c/d' }] } }".to_owned(),
                &["primary of work a/b → c/d"],
            ),
        ] {
            assert_eq!(
                changed(&config(&before), &config(&after)),
                parts,
                "{before}"
            );
        }
    }
}
