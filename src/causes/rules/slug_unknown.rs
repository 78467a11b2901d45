//! `slug-unknown`

use crate::document::Value;
use crate::portkey::catalogue::Lookup;
use crate::portkey::printable;

use super::model_not_in_catalog::asked;
use crate::causes::{Area, Cause, Facts, Findings, Level, Online, Symptom};

/// The rule.
pub(super) static CAUSE: Cause = Cause {
    id: "slug-unknown",
    area: Area::Online,
    level: Level::Error,
    symptoms: &[Symptom::NotFound, Symptom::Dashboard],
    summary: "no model of the key has this provider slug",
    why: "The word after `@` must be the slug of a provider in the key's workspace; it is not the \
          vendor's name, and upper and lower case count. Portkey answers 400 `Following keys are \
          not valid`. Models that a config or provider header routes are not looked at.",
    fix: "Take the id from `{run: models}`, or add the provider in the Model Catalog.",
    bad: &[],
    good: &[],
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(Online {
        models: Ok(catalogue),
        ..
    }) = facts.online
    else {
        return;
    };
    // An empty list says nothing about slugs.
    if catalogue.is_partial() || catalogue.models.is_empty() {
        return;
    }
    for (view, id) in asked(facts) {
        if catalogue.lookup(&id) != Lookup::UnknownSlug {
            continue;
        }
        let near = catalogue.nearest(id.as_str(), 1).into_iter().next();
        let help = match near {
            Some(model) => format!("did you mean {}?", printable(&model.id, 80)),
            None => format!(
                "the slugs of this key are {}",
                printable(&catalogue.slugs().join(", "), 200)
            ),
        };
        let slug = printable(id.slug().unwrap_or_default(), 60);
        findings.at(
            &view,
            format!("no model of this key has the provider slug `{slug}`"),
            help,
        );
        if let Some(model) = near {
            let title = format!("write {}", printable(&model.id, 80));
            findings.fix_set(&view, false, title, Value::String(model.id.clone()));
        }
    }
}
