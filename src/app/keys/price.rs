//! Models that a budget in dollars doesn't count.

use crate::app::admin::Admin;
use crate::app::parallel_map::parallel_map;
use crate::app::session::Session;
use crate::causes::portkey_providers;
use crate::diagnostic::Diagnostic;
use crate::document::Spanned;
use crate::portkey::admin::limits::{Budget, Spent};
use crate::portkey::model_id::ModelId;
use crate::portkey::pricing::vendor_of_slug;
use crate::team::Team;

/// The maximum number of concurrent price requests.
const MAX_PARALLEL: usize = 8;

/// The maximum number of models to look up.
const MAX_MODELS: usize = 40;

/// Warns about models in the config without a price at Portkey: their requests count as 0.
pub(crate) fn unpriced(
    admin: &Admin,
    session: &Session<'_>,
    budget: Option<&Budget>,
    slug: Option<&str>,
) -> Option<Diagnostic> {
    budget.filter(|budget| budget.of == Spent::Cost)?;
    without_price(admin, &models(session, slug))
}

/// The same for the models of a team, if a key or their provider has such a budget.
pub(crate) fn unpriced_in_team(admin: &Admin, team: &Team) -> Option<Diagnostic> {
    let is_cost = |budget: &Option<Spanned<String>>| {
        let budget = budget.as_ref().map(|text| Budget::parse(&text.value));
        matches!(budget, Some(Ok(budget)) if budget.of == Spent::Cost)
    };
    let for_all = team.keys.iter().any(|key| is_cost(&key.value.budget));
    let of_provider = |id: &ModelId| {
        let mut providers = team.providers.iter();
        providers.any(|one| id.slug() == Some(&one.name.value) && is_cost(&one.value.budget))
    };
    let models = team.openclaw.models.iter().flat_map(|list| &list.value);
    let models = models.filter_map(|model| ModelId::parse(&model.value, "").ok());
    let models = models.filter(|id| !id.is_virtual() && (for_all || of_provider(id)));
    without_price(admin, &models.take(MAX_MODELS).collect::<Vec<_>>())
}

fn without_price(admin: &Admin, models: &[ModelId]) -> Option<Diagnostic> {
    let found = parallel_map(MAX_PARALLEL, models, |id| {
        let vendor = id.slug().and_then(vendor_of_slug)?;
        admin.has_price(vendor, id.model())
    });
    let priced = |wanted: Option<bool>| -> Vec<&str> {
        let pairs = models.iter().zip(&found);
        let some = pairs.filter(|(_, has)| **has == wanted);
        some.map(|(id, _)| id.as_str()).collect()
    };
    let without = priced(Some(false));
    if without.is_empty() {
        return None;
    }
    Some(Diagnostic::warning(
        None,
        format!(
            "Portkey has no price for {}, so requests to {} count as 0 in a usd budget; a token budget counts them",
            without.join(", "),
            if without.len() == 1 { "it" } else { "them" }
        ),
    ))
}

/// The models that the config requests from Portkey; only those of one provider slug, if given.
fn models(session: &Session<'_>, slug: Option<&str>) -> Vec<ModelId> {
    let mut ids: Vec<ModelId> = Vec::new();
    for provider in portkey_providers(session.config()) {
        for model in &provider.models {
            let Ok(id) = ModelId::parse(&model.id, &provider.id) else {
                continue;
            };
            let fits = slug.is_none_or(|slug| id.slug() == Some(slug));
            if fits && !id.is_virtual() && !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids.truncate(MAX_MODELS);
    ids
}
