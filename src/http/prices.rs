//! Portkey's public prices.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::portkey::model_facts::Cost;
use crate::portkey::pricing::price;

use super::{HttpError, Portkey};

/// The status for a model without a price, and from a gateway without prices.
const NOT_FOUND: u16 = 404;

/// How long to wait for a price, which is only a convenience.
const TIMEOUT: Duration = Duration::from_secs(3);

impl Portkey {
    /// The price of a vendor's model, requested without the key: `GET
    /// /model-configs/pricing/{vendor}/{model}` next to `/v1`. `None` if Portkey has no price.
    ///
    /// # Errors
    /// No response, or an unexpected one.
    pub fn price(&self, vendor: &str, model: &str) -> Result<Option<Cost>, HttpError> {
        let mut url = self.base_url.url().clone();
        let unsendable = || HttpError::Unsendable {
            what: "the base URL".to_owned(),
        };
        url.set_query(None);
        url.path_segments_mut()
            .map_err(|()| unsendable())?
            .clear()
            .extend(["model-configs", "pricing", vendor, model]);
        let timeout = self.options.timeout.min(TIMEOUT);
        let response = self.send_within(timeout, &Method::GET, url, &HeaderMap::new(), None)?;
        match self.read(response) {
            Ok(body) => Ok(price(&body)),
            Err(HttpError::Refused(refusal)) if refusal.status == NOT_FOUND => Ok(None),
            Err(error) => Err(error),
        }
    }
}
