//! Looks a model up in Portkey's list. Shared by `lint`, `doctor` and the check before a write.

use crate::diagnostic::Diagnostic;
use crate::help::Help;
use crate::portkey::catalogue::{Catalogue, CatalogueModel, Lookup, Mode};
use crate::portkey::model_id::ModelId;
use crate::portkey::printable;

use super::rules::{model_not_in_catalog, slug_unknown};

/// The name of the check.
const CHECK: &str = "model";

/// How many models to suggest for one that isn't listed.
const MAX_NEAREST: usize = 3;

/// Passed, skipped or an error, with the model that was likely intended.
#[derive(Debug)]
pub struct Listed<'c> {
    /// The result.
    pub diagnostic: Diagnostic,
    /// The closest model, if the one looked up isn't listed.
    pub nearest: Option<&'c CatalogueModel>,
}

/// Looks a model up. `under_config` means that a gateway config routes it.
#[must_use]
pub fn listed<'c>(catalogue: &'c Catalogue, id: &ModelId, under_config: bool) -> Listed<'c> {
    let shown = printable(id.as_str(), 80);
    let skipped = |why: String| Diagnostic::skipped(CHECK, why);
    let diagnostic = if id.is_virtual() {
        skipped(format!(
            "{shown} is not a real model; the gateway config chooses one"
        ))
    } else if id.slug().is_none() && matches!(catalogue.lookup(id), Lookup::Found(_)) {
        Diagnostic::passed(CHECK, format!("the provider lists {shown}"))
    } else if under_config && id.slug().is_none() {
        skipped(format!(
            "{shown} was not looked up: a header chooses the provider"
        ))
    } else if under_config {
        skipped(format!(
            "{shown} was not looked up: the gateway config chooses the provider"
        ))
    } else {
        match catalogue.lookup(id) {
            Lookup::Found(_) => {
                Diagnostic::passed(CHECK, format!("{shown} is in the Model Catalog"))
            }
            Lookup::CaseSlip(model) => {
                let message =
                    format!("{shown} is not in the Model Catalog; model ids are case-sensitive");
                return missing(&model_not_in_catalog::CAUSE, message, vec![model]);
            }
            _ if catalogue.mode == Mode::ProviderBacked => skipped(format!(
                "{shown} was not looked up: a config attached to the key decides, and the list has no slugs"
            )),
            _ if catalogue.is_partial() => skipped(format!(
                "{shown} is not in the list, but Portkey reports that the list is incomplete"
            )),
            Lookup::UnknownModel => {
                let message = format!("{shown} is not in the Model Catalog, but its provider is");
                let mut near = catalogue.nearest(id.as_str(), MAX_NEAREST);
                // A model of the same provider is likelier than the same model of another.
                near.sort_by_key(|model| {
                    let slug = ModelId::parse(&model.id, "")
                        .ok()
                        .and_then(|other| other.slug().map(ToOwned::to_owned));
                    slug.as_deref() != id.slug()
                });
                return missing(&model_not_in_catalog::CAUSE, message, near);
            }
            // An empty list says nothing about slugs.
            Lookup::UnknownSlug if catalogue.models.is_empty() => skipped(format!(
                "{shown} was not looked up: Portkey lists no models for this key"
            )),
            Lookup::UnknownSlug => {
                let slug = printable(id.slug().unwrap_or_default(), 60);
                let message = format!("the Model Catalog has no provider @{slug}");
                let near = catalogue.nearest(id.as_str(), MAX_NEAREST);
                return missing(&slug_unknown::CAUSE, message, near);
            }
            Lookup::Unknowable => skipped(format!("{shown} can't be looked up")),
        }
    };
    Listed {
        diagnostic,
        nearest: None,
    }
}

fn missing<'c>(
    cause: &'static super::Cause,
    message: String,
    near: Vec<&'c CatalogueModel>,
) -> Listed<'c> {
    let names: Vec<String> = near.iter().map(|model| printable(&model.id, 80)).collect();
    let help = match names.as_slice() {
        [] => Help::from("`{run: models}` lists what this key can route to"),
        [one] => Help::from(format!("did you mean {one}?")),
        several => Help::from(format!("did you mean one of {}?", several.join(", "))),
    };
    Listed {
        diagnostic: Diagnostic::error(cause, message).check(CHECK).help(help),
        nearest: near.into_iter().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;
    use crate::causes::example::catalogue;
    use crate::diagnostic::Level;
    use crate::portkey::catalogue::Mode;
    use crate::portkey::model_id::ModelId;

    #[test]
    fn levels_and_messages() {
        let list = || catalogue(&["@openai-prod/gpt-5", "@openai-prod/gpt-5-mini", "@b/x"]);
        let partial = {
            let mut list = list();
            list.total = Some(9);
            list
        };
        let backed = {
            let mut list = list();
            list.mode = Mode::ProviderBacked;
            list
        };
        for (list, id, under_config, level, cause) in [
            (&list(), "@openai-prod/gpt-5", false, Level::Passed, None),
            (
                &list(),
                "@openai-prod/gpt-5-minni",
                false,
                Level::Error,
                Some("model-not-in-catalog"),
            ),
            (
                &list(),
                "@OpenAI-prod/gpt-5",
                false,
                Level::Error,
                Some("model-not-in-catalog"),
            ),
            (
                &list(),
                "@nope/gpt-5",
                false,
                Level::Error,
                Some("slug-unknown"),
            ),
            (&list(), "@nope/gpt-5", true, Level::Skipped, None),
            (&list(), "portkey-dynamic", false, Level::Skipped, None),
            (&partial, "@nope/gpt-5", false, Level::Skipped, None),
            (&partial, "@openai-prod/o9", false, Level::Skipped, None),
            (&backed, "@openai-prod/o9", false, Level::Skipped, None),
            (
                &catalogue(&[]),
                "@openai-prod/o9",
                false,
                Level::Skipped,
                None,
            ),
        ] {
            let id = ModelId::parse(id, "").unwrap();
            let found = listed(list, &id, under_config);
            assert_eq!(found.diagnostic.level, level, "{id}");
            assert_eq!(found.diagnostic.id(), cause, "{id}");
            assert!(
                found
                    .diagnostic
                    .message
                    .contains(id.slug().unwrap_or("dynamic"))
            );
            assert_eq!(found.nearest.is_some(), level == Level::Error, "{id}");
        }
        let id = ModelId::parse("@openai-prod/gpt-5-minni", "").unwrap();
        let found = listed(&partial, &id, false);
        assert!(found.nearest.is_none());
        let list = list();
        let near = listed(&list, &id, false).nearest.unwrap();
        assert_eq!(near.id, "@openai-prod/gpt-5-mini");
    }
}
