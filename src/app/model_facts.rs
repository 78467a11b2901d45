//! What is known of models: from the catalogue that is built in, by the names that Portkey lists,
//! with Portkey's own prices.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::http::Portkey;
use crate::portkey::catalogue::{Catalogue, Lookup};
use crate::portkey::model_facts::{self, Cost, ModelFacts};
use crate::portkey::model_id::ModelId;
use crate::portkey::pricing::vendor_of_slug;

use crate::app::parallel_map::parallel_map;

/// Said where Portkey's prices could not be asked for.
pub(crate) const NO_PRICES: &str =
    "note: could not get prices from Portkey; using the built-in catalogue";

/// The most prices that are asked for at once.
const AT_ONCE: usize = 8;

/// The longest that all prices together are waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is known of models.
pub(crate) type Known = Vec<(ModelId, ModelFacts)>;

/// By their ids alone.
pub(crate) fn by_id(ids: &[ModelId]) -> Known {
    ids.iter()
        .map(|id| (id.clone(), model_facts::lookup_id(id)))
        .collect()
}

/// By the names in Portkey's list, with its prices where it has some. Says too whether the prices
/// could be asked for.
pub(crate) fn by_list(ids: &[ModelId], catalogue: &Catalogue, portkey: &Portkey) -> (Known, bool) {
    let mut known = by_id(ids);
    for (id, facts) in &mut known {
        if let Lookup::Found(listed) = catalogue.lookup(id) {
            *facts = model_facts::lookup(listed);
        }
    }
    let (prices, complete) = prices(ids, portkey);
    for ((_, facts), price) in known.iter_mut().zip(prices) {
        if let Some(price) = price {
            facts.cost = Some(price);
            facts
                .disputed
                .retain(|fact| *fact != model_facts::Fact::Cost);
        }
    }
    (known, complete)
}

/// The prices, each in its model's place, and whether every question was answered. After a first
/// failure, or when the time is up, no more are asked.
fn prices(ids: &[ModelId], portkey: &Portkey) -> (Vec<Option<Cost>>, bool) {
    let failed = AtomicBool::new(false);
    let deadline = Instant::now() + PATIENCE;
    let prices = parallel_map(AT_ONCE, ids, |id| {
        let vendor = id.slug().and_then(vendor_of_slug)?;
        if failed.load(Ordering::Relaxed) || Instant::now() >= deadline {
            failed.store(true, Ordering::Relaxed);
            return None;
        }
        portkey.price(vendor, id.model()).unwrap_or_else(|_| {
            failed.store(true, Ordering::Relaxed);
            None
        })
    });
    (prices, !failed.into_inner())
}
