//! Checks a gateway config at Portkey with OpenClaw's own key, free of charge.

use crate::app::Env;
use crate::app::credential;
use crate::app::inquiry::Inquiry;
use crate::app::session::Session;
use crate::args::{ConfigArgs, PortkeyArgs};
use crate::error::Failure;
use crate::gateway_config::check::Online;
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::routing::strict;
use crate::portkey::catalogue::Catalogue;
use crate::portkey::headers::{ascii, check_config};
use crate::portkey::refusal::Refusal;
use crate::ui::Ui;

/// The longest config to send in a header; gateways refuse more than 16 KiB of headers.
const MAX_HEADER: usize = 12 * 1024;

/// Portkey's answers.
pub(crate) struct Answers {
    catalogue: Catalogue,
    refusal: Option<Refusal>,
    /// What couldn't be checked, and why.
    pub(crate) skipped: Vec<String>,
}

impl Answers {
    pub(crate) fn online(&self) -> Online<'_> {
        Online {
            catalogue: &self.catalogue,
            refusal: self.refusal.as_ref(),
        }
    }
}

/// Requests the models, and checks whether Portkey accepts the config in a header. A config that
/// contains a provider's key isn't sent.
pub(crate) fn ask(
    config: &GatewayConfig,
    (openclaw, portkey): (&ConfigArgs, PortkeyArgs),
    ui: &Ui,
    env: &Env,
) -> Result<Answers, Failure> {
    let session = Session::open(openclaw, env)?;
    let key = credential::existing(&session).ok_or_else(|| credential::missing(&session, false))?;
    let url = session.base_url(None)?;
    let inquiry = Inquiry::new(&url, &key.secret, portkey.options());
    let inquiry = inquiry?;
    let header = header(config);
    let (catalogue, refusal) = ui.asking(url.host(), || {
        let refusal = |header: &String| inquiry.config(header);
        (inquiry.models().cloned(), header.as_ref().ok().map(refusal))
    });
    let mut skipped = Vec::new();
    if let Err(why) = header {
        skipped.push(format!("guardrails not checked with Portkey: {why}"));
    }
    Ok(Answers {
        catalogue: catalogue?,
        refusal: refusal.transpose()?.flatten(),
        skipped,
    })
}

/// The config as a header value.
fn header(config: &GatewayConfig) -> Result<String, &'static str> {
    let has_key = |(_, target): (_, &crate::gateway_config::read::Target)| target.api_key.is_some();
    if config.targets().any(has_key) {
        return Err("the config contains a provider's key, which must not be sent");
    }
    let text = ascii(&strict(config.document())?.to_string());
    if text.len() > MAX_HEADER {
        return Err("the config is too long for a header");
    }
    check_config(&text).map_err(|_| "the config can't be sent in a header")?;
    Ok(text)
}
