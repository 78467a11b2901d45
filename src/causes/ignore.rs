//! Comments that ignore a rule: `// openclaw-portkey: ignore[rule-id, …] reason`, on the line they
//! apply to or above it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Level, Span};
use crate::document::Path;
use crate::help::Help;
use crate::lines::Lines;
use crate::openclaw::Config;

use super::findings::{found, locate};
use super::rules::{ignore_stale, ignore_without_reason};
use super::{Cause, RULES, rule};

const MARK: &str = "openclaw-portkey:";

/// The result of applying ignore comments.
#[derive(Debug)]
pub struct Unignored {
    /// The diagnostics that no comment ignores, and those about the comments themselves; sorted.
    pub findings: Vec<Diagnostic>,
    /// The ignored diagnostics.
    pub ignored: Vec<Diagnostic>,
}

impl Unignored {
    /// Restores ignored errors: a comment hides them from `lint`, but they can still make requests
    /// fail.
    #[must_use]
    pub fn with_errors(mut self) -> Self {
        let (errors, others): (Vec<_>, Vec<_>) = self
            .ignored
            .into_iter()
            .partition(|one| one.level == Level::Error);
        self.findings.extend(errors);
        self.ignored = others;
        Diagnostic::sort_by_location(&mut self.findings);
        self
    }
}

/// A comment addressed to this program.
struct Comment {
    range: Range<usize>,
    /// The line it applies to, from 0.
    line: usize,
    ids: Vec<(String, Range<usize>)>,
    has_reason: bool,
}

/// Removes ignored diagnostics and adds those about the comments themselves: an ignored rule that
/// ran (is in `ran`) but reported nothing on that line is stale.
#[must_use]
pub fn apply_ignores(
    config: &Config,
    ran: &[&'static Cause],
    findings: Vec<Diagnostic>,
) -> Unignored {
    let mut silenced = vec![false; findings.len()];
    let mut about_comments = Vec::new();
    for (index, source) in config.sources().iter().enumerate() {
        let text = source.document.text();
        if !text.contains(MARK) {
            continue;
        }
        let lines = Lines::of(text.as_bytes());
        let mut on_line: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
        for (at, finding) in findings.iter().enumerate() {
            // Team rules can't be ignored by the config's owner.
            let is_open = !finding.cause.is_some_and(Cause::is_policy);
            let here = finding.span().filter(|span| span.source == index);
            if let Some(span) = here.filter(|_| is_open) {
                let line = lines.line(span.range.start);
                on_line.entry((line, finding.check)).or_default().push(at);
            }
        }
        let comments: Vec<_> = source.document.comments().collect();
        for comment in read(text, &lines, &comments) {
            for (id, _) in &comment.ids {
                let found = on_line.get(&(comment.line, id.as_str()));
                found
                    .into_iter()
                    .flatten()
                    .for_each(|&at| silenced[at] = true);
            }
            let finds = |id: &str| on_line.contains_key(&(comment.line, id));
            check(&comment, index, ran, &finds, &mut about_comments);
        }
    }
    let allowed: HashSet<&str> = ran.iter().map(|rule| rule.id).collect();
    let mut silenced = silenced.into_iter();
    let (ignored, left): (Vec<_>, Vec<_>) = findings
        .into_iter()
        .partition(|_| silenced.next().unwrap_or(false));
    let mut left: Vec<Diagnostic> = left
        .into_iter()
        .chain(
            about_comments
                .into_iter()
                .filter(|finding| allowed.contains(finding.check)),
        )
        .collect();
    Diagnostic::sort_by_location(&mut left);
    locate(config, &mut left);
    Unignored {
        findings: left,
        ignored,
    }
}

/// Reports problems with a comment itself. `finds` says whether a rule reported something on its
/// line.
fn check(
    comment: &Comment,
    source: usize,
    ran: &[&'static Cause],
    finds: &dyn Fn(&str) -> bool,
    found: &mut Vec<Diagnostic>,
) {
    let mut stale = |range: &Range<usize>, message: String, help: Help| {
        let cause = &ignore_stale::CAUSE;
        found.push(about(cause, source, range.clone(), message, help));
    };
    if comment.ids.is_empty() {
        stale(
            &comment.range,
            "this comment ignores nothing".to_owned(),
            "write `openclaw-portkey: ignore[rule-id] reason`".into(),
        );
        return;
    }
    for (id, range) in comment.ids.iter().filter(|(id, _)| !finds(id)) {
        if rule(id).is_none() {
            let help = nearest(id).map_or_else(
                || "`{run: explain RULE}` describes them".into(),
                |near| format!("did you mean `{near}`?").into(),
            );
            stale(range, format!("unknown rule `{id}`"), help);
        } else if rule(id).is_some_and(Cause::is_policy) {
            stale(
                range,
                format!("`{id}` is a team rule, and comments can't ignore those"),
                "remove it from the comment".into(),
            );
        } else if ran.iter().any(|rule| rule.id == *id) {
            stale(
                range,
                format!("`{id}` finds nothing here"),
                "remove it from the comment".into(),
            );
        }
    }
    if !comment.has_reason {
        found.push(about(
            &ignore_without_reason::CAUSE,
            source,
            comment.range.clone(),
            "this comment gives no reason".to_owned(),
            "write the reason after the brackets".into(),
        ));
    }
}

/// The rule with the id closest to a misspelt one.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    crate::nearest::nearest(id, RULES.iter().map(|rule| rule.id))
}

fn about(
    rule: &'static Cause,
    source: usize,
    range: Range<usize>,
    message: String,
    help: Help,
) -> Diagnostic {
    found(rule, Span { source, range }, Path::root(), message, help)
}

fn read(text: &str, lines: &Lines<'_>, comments: &[Range<usize>]) -> Vec<Comment> {
    let before = tokens_before(text, comments);
    let after = tokens_after(text, comments);
    let mut found = Vec::new();
    for (at, range) in comments.iter().enumerate() {
        let Some(directive) = directive(text, range.clone()) else {
            continue;
        };
        let own = lines.line(range.start);
        let shares_line = before[at].is_some_and(|token| lines.line(token) == own);
        let (ids, has_reason) = ids(text, directive);
        found.push(Comment {
            range: range.clone(),
            line: if shares_line {
                own
            } else {
                lines.line(after[at])
            },
            ids,
            has_reason,
        });
    }
    found
}

/// The offset of the last byte of the token before each comment.
fn tokens_before(text: &str, comments: &[Range<usize>]) -> Vec<Option<usize>> {
    let mut last = None;
    let mut from = 0;
    comments
        .iter()
        .map(|comment| {
            let between = text[from..comment.start].trim_end();
            if !between.trim_start().is_empty() {
                last = Some(from + between.len() - 1);
            }
            from = comment.end;
            last
        })
        .collect()
}

/// The offset of the first token after each comment.
fn tokens_after(text: &str, comments: &[Range<usize>]) -> Vec<usize> {
    let mut next = text.len();
    let mut until = text.len();
    let mut found: Vec<usize> = comments
        .iter()
        .rev()
        .map(|comment| {
            let between = &text[comment.end..until];
            let blank = between.len() - between.trim_start().len();
            if blank < between.len() {
                next = comment.end + blank;
            }
            until = comment.start;
            next
        })
        .collect();
    found.reverse();
    found
}

/// The text after the marker, if the comment starts with it.
fn directive(text: &str, comment: Range<usize>) -> Option<Range<usize>> {
    let inner = comment.start + 2..if text[comment.clone()].starts_with("/*") {
        comment.end - 2
    } else {
        comment.end
    };
    let body = &text[inner.clone()];
    let rest = body
        .trim_start_matches(|c: char| c.is_whitespace() || c == '*')
        .strip_prefix(MARK)?;
    Some(inner.end - rest.len()..inner.end)
}

/// The ids in `ignore[a, b] reason` with their ranges, and whether there is a reason.
fn ids(text: &str, directive: Range<usize>) -> (Vec<(String, Range<usize>)>, bool) {
    let body = &text[directive.clone()];
    let list = body
        .trim_start()
        .strip_prefix("ignore")
        .and_then(|rest| rest.trim_start().strip_prefix('['))
        .and_then(|rest| rest.split_once(']'));
    let Some((list, reason)) = list else {
        return (Vec::new(), false);
    };
    let mut at = directive.end - reason.len() - 1 - list.len();
    let mut ids = Vec::new();
    for part in list.split(',') {
        let id = part.trim();
        if !id.is_empty() {
            let start = at + part.len() - part.trim_start().len();
            ids.push((id.to_owned(), start..start + id.len()));
        }
        at += part.len() + 1;
    }
    (ids, reason.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::{Facts, run};
    use crate::document::Document;
    use crate::openclaw::VersionSource;

    /// The remaining diagnostics, as rule and the text pointed at, and the number of ignored ones.
    fn left(text: &str) -> (Vec<(String, String)>, usize) {
        let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
        let found = run(&Facts::new(&config, VersionSource::Unknown), RULES);
        let only: Vec<Diagnostic> = found
            .into_iter()
            .filter(|finding| finding.check == "base-url-without-v1")
            .collect();
        let unignored = apply_ignores(&config, RULES, only);
        let shown = unignored
            .findings
            .iter()
            .map(|finding| {
                (
                    finding.check.to_owned(),
                    text[finding.span().unwrap().range.clone()].to_owned(),
                )
            })
            .collect();
        (shown, unignored.ignored.len())
    }

    #[test]
    fn ignored_errors_still_affect_the_verdict() {
        let text = "{ models: { providers: { portkey: {\n\
            baseUrl: 'http://llm.example.com', // openclaw-portkey: ignore[base-url-without-v1, base-url-insecure] a lab\n\
            } } } }";
        let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
        let found = run(&Facts::new(&config, VersionSource::Unknown), RULES);
        let has = |found: &[Diagnostic], id: &str| found.iter().any(|one| one.check == id);
        let unignored = apply_ignores(&config, RULES, found);
        assert!(has(&unignored.ignored, "base-url-without-v1"));
        assert!(!has(&unignored.findings, "base-url-without-v1"));
        let unignored = unignored.with_errors();
        assert!(has(&unignored.findings, "base-url-without-v1"));
        assert!(unignored.ignored.iter().all(|one| one.level < Level::Error));
    }

    fn config(before: &str, above: &str, behind: &str) -> String {
        format!(
            "{{ models: {{ providers: {{ portkey: {{\n{above}{before}baseUrl: 'https://api.portkey.ai',{behind}\n}} }} }} }}"
        )
    }

    #[test]
    fn applies_to_its_own_line_and_the_next() {
        let works = [
            config(
                "",
                "",
                " // openclaw-portkey: ignore[base-url-without-v1] a test",
            ),
            config(
                "",
                "",
                " /* openclaw-portkey: ignore[base-url-without-v1] a test */",
            ),
            config(
                "/* openclaw-portkey: ignore[base-url-without-v1] a test */ ",
                "",
                "",
            ),
            config(
                "",
                "// openclaw-portkey: ignore[base-url-without-v1] a test\n",
                "",
            ),
            config(
                "",
                "// openclaw-portkey: ignore[base-url-without-v1] a test\n\n// more\n/* and more */\n",
                "",
            ),
            config(
                "",
                "/*\n * openclaw-portkey: ignore[base-url-without-v1] a\n * test\n */\n",
                "",
            ),
        ];
        for text in works {
            assert_eq!(left(&text), (vec![], 1), "{text}");
        }
    }

    #[test]
    fn does_not_apply_to_other_lines() {
        let text = config(
            "",
            "maxTokens: 1, // openclaw-portkey: ignore[base-url-without-v1] a test\n",
            "",
        );
        let (found, ignored) = left(&text);
        assert_eq!(ignored, 0);
        assert_eq!(
            found[0],
            ("ignore-stale".into(), "base-url-without-v1".into())
        );
        assert_eq!(found[1].0, "base-url-without-v1");
    }

    #[test]
    fn reports_problems_with_a_comment() {
        let cases = [
            (
                "ignore[base-url-without-v1]",
                1,
                vec![(
                    "ignore-without-reason",
                    "// openclaw-portkey: ignore[base-url-without-v1]",
                )],
            ),
            (
                "ignore[base-url-without-v1] ...",
                1,
                vec![(
                    "ignore-without-reason",
                    "// openclaw-portkey: ignore[base-url-without-v1] ...",
                )],
            ),
            (
                "ignore[base-url-without-v1, base-url-witout-v1] x",
                1,
                vec![("ignore-stale", "base-url-witout-v1")],
            ),
            (
                "ignore[ portkey-missing ,base-url-without-v1] x",
                1,
                vec![("ignore-stale", "portkey-missing")],
            ),
            (
                "ignore[] x",
                0,
                vec![
                    ("base-url-without-v1", "'https://api.portkey.ai'"),
                    ("ignore-stale", "// openclaw-portkey: ignore[] x"),
                ],
            ),
            (
                "ignroe x",
                0,
                vec![
                    ("base-url-without-v1", "'https://api.portkey.ai'"),
                    ("ignore-stale", "// openclaw-portkey: ignroe x"),
                ],
            ),
        ];
        for (directive, ignored, wanted) in cases {
            let text = config("", "", &format!(" // openclaw-portkey: {directive}"));
            let wanted = wanted
                .into_iter()
                .map(|(id, at)| (id.to_owned(), at.to_owned()))
                .collect();
            assert_eq!(left(&text), (wanted, ignored), "{text}");
        }
    }

    #[test]
    fn rules_that_did_not_run_are_not_stale() {
        let text = "{ // openclaw-portkey: ignore[base-url-without-v1] x\n}";
        let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
        let ran = [&ignore_stale::CAUSE as &'static Cause];
        assert!(apply_ignores(&config, &ran, Vec::new()).findings.is_empty());
    }

    #[test]
    fn strings_are_not_comments() {
        let text = "{ a: '// openclaw-portkey: ignore[x]' }";
        let config = Config::new("openclaw.json".into(), Document::parse(text).unwrap());
        assert!(
            apply_ignores(&config, RULES, Vec::new())
                .findings
                .is_empty()
        );
    }
}
