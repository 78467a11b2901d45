//! SARIF 2.1.0, for code scanning.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::causes::{Cause, RULES};
use crate::diagnostic::{Diagnostic, Fix};
use crate::document::Position;
use crate::help::Help;

use super::{Fingerprint, Report, Summary, ascii_safe};

/// The separator between two results.
pub const BETWEEN: &str = ",";

/// Everything before the results, including all rules.
#[must_use]
pub fn head() -> String {
    let rules: Vec<String> = RULES
        .iter()
        .map(|rule| format!("\n            {}", rule_json(rule)))
        .collect();
    format!(
        r#"{{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {{
      "tool": {{
        "driver": {{
          "name": "openclaw-portkey",
          "version": "{version}",
          "semanticVersion": "{version}",
          "rules": [{rules}
          ]
        }}
      }},
      "columnKind": "unicodeCodePoints",
      "newlineSequences": ["\r\n", "\n", "\r"],
      "results": ["#,
        version = env!("CARGO_PKG_VERSION"),
        rules = rules.join(","),
    )
}

/// One diagnostic, on its own line.
#[must_use]
pub fn render(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let index = RULES.iter().position(|rule| diagnostic.is(rule));
    let place = report.place(diagnostic);
    let mut result = json!({
        "ruleId": diagnostic.check,
        "ruleIndex": index,
        "level": diagnostic.level.name(),
        "message": { "text": diagnostic.sentence(&report.context) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": artifact(place.name),
                "region": region(place.start, place.end),
            },
            "logicalLocations": [{ "fullyQualifiedName": logical(&place.path), "kind": "member" }],
        }],
        "partialFingerprints": { "rulePathValue/v1": fingerprint(&report.fingerprint(diagnostic)) },
    });
    if let (Some(fix), Some(result)) = (
        diagnostic
            .fix
            .as_ref()
            .and_then(|fix| fix_json(report, fix)),
        result.as_object_mut(),
    ) {
        result.insert("fixes".to_owned(), json!([fix]));
    }
    format!("\n        {}", ascii_safe(&result.to_string()))
}

/// Everything after the results.
#[must_use]
pub fn tail(summary: &Summary) -> String {
    let notifications: Vec<Json> = summary
        .failed
        .iter()
        .map(|failure| ("error", &failure.message))
        .chain(summary.skipped.iter().map(|text| ("warning", text)))
        .map(|(level, text)| json!({ "level": level, "message": { "text": text } }))
        .collect();
    let invocation = json!({
        "executionSuccessful": summary.failed.is_empty(),
        "toolExecutionNotifications": notifications,
    });
    let gap = if summary.counts.total() > 0 {
        "\n      "
    } else {
        ""
    };
    format!(
        "{gap}],\n      \"invocations\": [{}]\n    }}\n  ]\n}}",
        ascii_safe(&invocation.to_string())
    )
}

fn rule_json(rule: &Cause) -> Json {
    let fix = Help::from(rule.fix).to_string();
    json!({
        "id": rule.id,
        "shortDescription": { "text": plain(rule.summary) },
        "fullDescription": { "text": plain(rule.why) },
        "help": {
            "text": format!("{} {}", plain(rule.why), plain(&fix)),
            "markdown": format!("{}\n\n**Fix:** {}", rule.why, fix),
        },
        "defaultConfiguration": { "level": rule.level.name(), "enabled": rule.on },
        "properties": { "tags": [rule.area.name()] },
    })
}

/// Markdown without its backticks.
fn plain(markdown: &str) -> String {
    markdown.replace('`', "")
}

fn fix_json(report: &Report<'_>, fix: &Fix) -> Option<Json> {
    let edits = fix.edits.as_ref()?;
    let mut files: Vec<usize> = edits.iter().map(|edit| edit.source).collect();
    files.dedup();
    let changes: Vec<Json> = files
        .into_iter()
        .map(|file| {
            let replacements: Vec<Json> = edits
                .iter()
                .filter(|edit| edit.source == file)
                .map(|edit| {
                    json!({
                        "deletedRegion": region(edit.start, edit.end),
                        "insertedContent": { "text": edit.text },
                    })
                })
                .collect();
            json!({
                "artifactLocation": artifact(report.name(file)),
                "replacements": replacements,
            })
        })
        .collect();
    Some(json!({ "description": { "text": fix.title }, "artifactChanges": changes }))
}

fn region(start: Position, end: Position) -> Json {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A file as a URI; a relative one is relative to the source root.
fn artifact(name: &str) -> Json {
    let slashed = if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name.to_owned()
    };
    let mut uri = String::new();
    for byte in slashed.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    let drive = cfg!(windows) && slashed.as_bytes().get(1) == Some(&b':');
    match (uri.starts_with('/'), drive) {
        (true, _) => json!({ "uri": format!("file://{uri}") }),
        (_, true) => json!({ "uri": format!("file:///{}", uri.replacen("%3A", ":", 1)) }),
        _ => json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }),
    }
}

/// The path, or a placeholder for the root.
fn logical(path: &str) -> &str {
    if path.is_empty() { "(root)" } else { path }
}

fn fingerprint(print: &Fingerprint) -> String {
    format!("{}:{}:{}", print.rule, print.path, print.value)
}

#[cfg(test)]
mod tests {
    use super::artifact;
    use serde_json::json;

    #[test]
    fn files_are_uris() {
        let relative = |uri: &str| json!({ "uri": uri, "uriBaseId": "%SRCROOT%" });
        assert_eq!(artifact("a/b c#é.json"), relative("a/b%20c%23%C3%A9.json"));
        if cfg!(windows) {
            let drive = json!({ "uri": "file:///C:/x/y.json5" });
            assert_eq!(artifact(r"C:\x\y.json5"), drive);
            assert_eq!(artifact(r"a\b.json5"), relative("a/b.json5"));
        } else {
            assert_eq!(artifact("a:b.json5"), relative("a%3Ab.json5"));
        }
        assert_eq!(
            artifact("/x/y%.json"),
            json!({ "uri": "file:///x/y%25.json" })
        );
    }
}
