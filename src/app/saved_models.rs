//! The model ids that Portkey listed last, saved for completion and suggestions.

use crate::causes::{PortkeyProvider, portkey_providers};
use crate::mask::mask_known;
use crate::openclaw::{Config, View};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::catalogue::Catalogue;
use crate::secret::Secret;
use crate::store;

use super::Env;

/// The file in the cache folder: the base URL, then one model id per line.
const MODELS: &str = "models";

/// Saves the model ids for a base URL, without secrets.
pub(crate) fn save_models(env: &Env, url: &BaseUrl, catalogue: &Catalogue, secrets: &[Secret]) {
    let Some(folder) = &env.cache else { return };
    let mut text = format!("{}\n", url.as_str());
    for model in &catalogue.models {
        if mask_known(&model.id, secrets) == model.id {
            text.push_str(&model.id);
            text.push('\n');
        }
    }
    // Without it, only completion suffers.
    let _ = store::cache::put(folder, MODELS, &text);
}

/// The saved models for the provider's URL; for any URL if there is no provider.
pub(crate) fn saved_models(provider: Option<&PortkeyProvider<'_>>, env: &Env) -> Vec<String> {
    let text = env
        .cache
        .as_ref()
        .and_then(|folder| store::cache::get(folder, MODELS))
        .unwrap_or_default();
    let mut lines = text.lines();
    let asked = lines.next().unwrap_or_default();
    let configured = provider
        .and_then(|provider| provider.base_url.as_ref())
        .and_then(View::text);
    let fits = configured.is_none_or(|url| {
        BaseUrl::parse(&url).is_ok_and(|configured| configured.as_str() == asked)
    });
    lines.filter(|_| fits).map(str::to_owned).collect()
}

/// The saved models for the URL of a config's Portkey provider.
pub(crate) fn listed_models(config: Option<&Config>, env: &Env) -> Vec<String> {
    let providers = config.map(portkey_providers).unwrap_or_default();
    saved_models(providers.first(), env)
}
