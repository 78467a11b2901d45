//! Checks before a request and after a response.

use crate::document::Value;
use crate::gateway_config::Gateway;
use crate::gateway_config::read::{Check, Guardrail, Target, TargetId};
use crate::pattern::{self, NoMatch};

use super::js;
use super::machine::{Run, Stop};

/// The results of the checks on one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    /// The verdicts, in order.
    pub(super) verdicts: Vec<bool>,
    /// Whether any of them denies the request.
    pub(super) denied: bool,
}

impl Report {
    pub(super) fn failed(&self) -> bool {
        self.verdicts.contains(&false)
    }
}

/// The input of a check.
pub(super) struct Subject<'r> {
    /// The text; `None` if the gateway would throw on what is in its place.
    pub(super) text: Option<String>,
    /// The requested model.
    pub(super) model: Option<&'r Value>,
}

/// The result of one check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Pass,
    Fail,
    /// Also passes, unless the check says otherwise.
    Error,
}

impl<'c> Run<'c, '_> {
    /// The checks in effect that don't run asynchronously.
    pub(super) fn guards(
        &self,
        target: &'c Target,
        owner: fn(&Target) -> Option<TargetId>,
        list: fn(&Target) -> &[Guardrail],
    ) -> Vec<&'c Guardrail> {
        let owner = owner(target).map(|id| self.config.target(id));
        let list = owner.map(list).unwrap_or_default();
        let waits = |guard: &&Guardrail| match guard {
            Guardrail::Hook(hook) => !hook.is_async.as_ref().is_some_and(|it| it.value),
            Guardrail::Id(_) | Guardrail::Broken(_) => true,
        };
        list.iter().filter(waits).collect()
    }

    pub(super) fn check(
        &self,
        guards: &[&Guardrail],
        subject: &Subject<'_>,
    ) -> Result<Report, Stop> {
        let mut report = Report::default();
        for guard in guards {
            let passes = self.passes(guard, subject)?;
            report.verdicts.push(passes);
            // Whether a workspace guardrail denies is set in Portkey; it is only marked as failing
            // here if it does.
            let denies = guard.denies() || guard.workspace_id().is_some();
            report.denied |= !passes && denies;
        }
        Ok(report)
    }

    fn passes(&self, guard: &Guardrail, subject: &Subject<'_>) -> Result<bool, Stop> {
        if let Some(id) = guard.workspace_id() {
            return Ok(self.gateway == Gateway::OpenSource || !self.script.fails(&id.value));
        }
        let Guardrail::Hook(hook) = guard else {
            return Ok(true);
        };
        for check in &hook.checks {
            let strict = check
                .parameters
                .get("failOnError")
                .is_some_and(|flag| !matches!(flag, Value::Bool(false) | Value::Null));
            let passes = match judge(check, subject)? {
                Verdict::Pass => true,
                Verdict::Fail => false,
                Verdict::Error => !strict,
            };
            if !passes {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Runs a check. Checks that call a service pass, and so do unknown ones.
fn judge(check: &Check, subject: &Subject<'_>) -> Result<Verdict, Stop> {
    let parameters = &check.parameters;
    if check.id == "default.modelWhitelist" {
        return Ok(whitelist(parameters, subject.model));
    }
    let Some(text) = subject.text.as_deref() else {
        return Ok(Verdict::Error);
    };
    let not = parameters
        .get("not")
        .is_some_and(|flag| !matches!(flag, Value::Bool(false) | Value::Null));
    let decide = |holds: bool| {
        if holds == not {
            Verdict::Fail
        } else {
            Verdict::Pass
        }
    };
    Ok(match check.id.as_str() {
        "default.contains" => contains(parameters, text),
        "default.regexMatch" => {
            let rule = parameters.get("rule").map(|rule| js::text(Some(rule)));
            match rule.filter(|rule| !rule.is_empty() && !text.is_empty()) {
                None => Verdict::Error,
                Some(rule) => match pattern::test(&rule, text) {
                    Ok(matches) => decide(matches),
                    Err(NoMatch::Invalid) => Verdict::Error,
                    Err(NoMatch::Unknown) => {
                        return Err(Stop::Unknown(format!(
                            "whether the regular expression `{rule}` matches"
                        )));
                    }
                },
            }
        }
        "default.wordCount" => {
            let words = text.split_whitespace().count();
            within(parameters, words, "minWords", "maxWords").map_or(Verdict::Error, decide)
        }
        "default.characterCount" => {
            let length = text.encode_utf16().count();
            let range = within(parameters, length, "minCharacters", "maxCharacters");
            range.map_or(Verdict::Error, decide)
        }
        "default.alluppercase" if !text.is_empty() => {
            decide(!text.contains(|c: char| c.is_ascii_lowercase()))
        }
        "default.alllowercase" if !text.is_empty() => {
            decide(!text.contains(|c: char| c.is_ascii_uppercase()))
        }
        "default.endsWith" => match parameters.get("suffix").and_then(Value::as_str) {
            Some(suffix) if !suffix.is_empty() && !text.is_empty() => {
                decide(text.ends_with(suffix) || text.ends_with(&format!("{suffix}.")))
            }
            _ => Verdict::Error,
        },
        _ => Verdict::Error,
    })
}

fn contains(parameters: &Value, text: &str) -> Verdict {
    let Some(Value::Array(words)) = parameters.get("words") else {
        return Verdict::Error;
    };
    let found = words
        .iter()
        .filter(|word| text.contains(&js::text(Some(word))))
        .count();
    let holds = match parameters.get("operator").and_then(Value::as_str) {
        Some("any") => found > 0,
        Some("all") => found == words.len(),
        Some("none") => found == 0,
        _ => false,
    };
    if holds { Verdict::Pass } else { Verdict::Fail }
}

/// Whether a count is in range; `None` if there is nothing to count or no range.
fn within(parameters: &Value, count: usize, low: &str, high: &str) -> Option<bool> {
    let bound = |key: &str| match parameters.get(key) {
        Some(Value::Number(number)) if number.fract() == 0.0 => Some(*number),
        _ => None,
    };
    let (low, high) = (bound(low)?, bound(high)?);
    #[expect(clippy::cast_precision_loss, reason = "texts are shorter than that")]
    let count = count as f64;
    (count > 0.0).then_some(low <= count && count <= high)
}

fn whitelist(parameters: &Value, model: Option<&Value>) -> Verdict {
    let not = parameters.get("not") == Some(&Value::Bool(true));
    let (Some(Value::Array(models)), Some(model)) = (parameters.get("models"), model) else {
        return Verdict::Error;
    };
    let listed = models
        .iter()
        .any(|known| js::strictly_equal(Some(model), known));
    if listed == not {
        Verdict::Fail
    } else {
        Verdict::Pass
    }
}

/// The text that a request check sees: only the last message.
pub(super) fn last_message(messages: Option<&Value>) -> Option<String> {
    let Some(Value::Array(messages)) = messages else {
        return None;
    };
    match messages.last()?.get("content") {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::Array(parts)) => {
            let texts = parts.iter().filter_map(|part| part.get("text"));
            let texts: Vec<String> = texts
                .map(|text| js::text(Some(text)))
                .filter(|text| !text.is_empty())
                .collect();
            Some(texts.join("\n"))
        }
        Some(content) => Some(js::text(Some(content))),
    }
}
