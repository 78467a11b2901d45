//! A small request through a saved config.

use std::time::Duration;

use crate::app::credential;
use crate::app::doctor::ask::{Wait, result};
use crate::app::inquiry::Inquiry;
use crate::app::session::Session;
use crate::args::PortkeyArgs;
use crate::diagnostic::Diagnostic;
use crate::doctor::facts::Probed;
use crate::doctor::probe::one;
use crate::error::Failure;
use crate::gateway_config::read::GatewayConfig;
use crate::http::probe::Api;
use crate::portkey::headers::CONFIG;
use crate::ui::Ui;

use super::using;

/// The check's name.
const CHECK: &str = "probe";

/// Sends one as OpenClaw would; reports why if it can't.
pub(crate) fn probe(
    session: &Session<'_>,
    portkey: PortkeyArgs,
    (slug, config): (&str, &GatewayConfig),
    agent: Option<&str>,
    ui: &Ui,
) -> Result<Diagnostic, Failure> {
    let skipped = |why: &str| {
        Ok(Diagnostic::skipped(
            CHECK,
            format!("no request was sent: {why}"),
        ))
    };
    let Some(key) = credential::existing(session) else {
        return skipped("OpenClaw's own key is unknown on this machine");
    };
    let Some(model) = using::asked(session, config, agent)? else {
        return skipped("OpenClaw has no primary model that goes through Portkey");
    };
    let url = session.base_url(None)?;
    let inquiry = match Inquiry::new(&url, &key.secret, portkey.options()) {
        Ok(inquiry) => inquiry,
        Err(error) => return skipped(&error.to_string()),
    };
    ui.note("Sending a small request through it, which costs a few tokens.");
    let headers = [(CONFIG.to_owned(), slug.to_owned())];
    let probe = ui.asking(url.host(), || {
        inquiry.probe(model.as_str(), &headers, Api::Completions)
    });
    Ok(one(&Probed {
        model: model.as_str().to_owned(),
        roles: vec!["primary".to_owned()],
        result: result(probe, Wait::of(Duration::ZERO), |trace_id| {
            inquiry.arrived(trace_id)
        }),
    }))
}
