//! Known facts about models, from the built-in catalogue and the names that Portkey lists, with
//! Portkey's own prices.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::http::Portkey;
use crate::portkey::catalogue::{Catalogue, Lookup};
use crate::portkey::model_facts::{self, Cost, ModelFacts};
use crate::portkey::model_id::ModelId;
use crate::portkey::pricing::vendor_of_slug;

use crate::app::parallel_map::parallel_map;

/// Printed if Portkey's prices couldn't be requested.
pub(crate) const NO_PRICES: &str =
    "note: could not get prices from Portkey; using the built-in catalogue";

/// The maximum number of concurrent price requests.
const MAX_PARALLEL: usize = 8;

/// The time limit for all price requests together.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Known facts about models.
pub(crate) type Known = Vec<(ModelId, ModelFacts)>;

/// By id only.
pub(crate) fn by_id(ids: &[ModelId]) -> Known {
    ids.iter()
        .map(|id| (id.clone(), model_facts::lookup_id(id)))
        .collect()
}

/// By the names in Portkey's list, with its prices where it has them. Also returns whether the
/// prices could be requested.
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

/// The prices, in the order of the models, and whether all requests were answered. After the first
/// failure, or when the time is up, no more are sent.
fn prices(ids: &[ModelId], portkey: &Portkey) -> (Vec<Option<Cost>>, bool) {
    let failed = AtomicBool::new(false);
    let deadline = Instant::now() + TIMEOUT;
    let prices = parallel_map(MAX_PARALLEL, ids, |id| {
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
