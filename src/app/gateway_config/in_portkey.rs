//! `set-fallback --in portkey`: a gateway config that falls back, saved and used in one step.

use crate::app::change::FORCE;
use crate::app::inquiry::Inquiry;
use crate::app::{credential, usage};
use crate::causes;
use crate::diagnostic::Level;
use crate::error::{Failure, FailureKind};
use crate::gateway_config::compose::{Leg, Plan, compose};
use crate::gateway_config::overview::default_request;
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::routing::models;
use crate::gateway_config::simulate::Request;
use crate::help::Run;
use crate::portkey::headers::CONFIG;
use crate::portkey::model_id::ModelId;

use super::publish::{Published, Publisher};
use super::{brief, push, saved, using};

/// The default name of the config.
pub(crate) const NAME: &str = "openclaw-fallback";

/// Makes Portkey fall back from the primary to these models.
pub(crate) fn set_fallback(
    publisher: &Publisher<'_>,
    fallbacks: &[ModelId],
    name: &str,
) -> Result<Published, Failure> {
    let primary = primary(publisher, name)?;
    if let Some(same) = fallbacks.iter().find(|id| **id == primary) {
        return Err(
            usage(format!("{same} is already the primary")).hint("name another model as fallback")
        );
    }
    if let Some(id) = fallbacks.iter().find(|id| id.slug().is_none()) {
        return Err(
            usage(format!("{id} doesn't name a provider")).hint("write it as @provider/model")
        );
    }
    let all: Vec<&ModelId> = std::iter::once(&primary).chain(fallbacks).collect();
    listed(publisher, &all)?;
    let plan = Plan {
        fallback: all
            .iter()
            .map(|id| Leg::Model(id.as_str().to_owned()))
            .collect(),
        ..Plan::default()
    };
    let value = compose(&plan).map_err(usage)?;
    let config = parsed(&crate::edit::create(&value))?;
    push::checked(publisher, &config, name)?;
    let edit = push::edit(publisher, name.to_owned(), &config)?;
    before_and_after(publisher, &primary, edit.before.as_ref(), &config)?;
    let outcome = publisher.publish(&edit, &config)?;
    if outcome.fields["written"] == true {
        publisher.suggest("to undo", &Run::new("undo"));
    }
    if let (Some(id), false) = (&edit.slug, edit.version.is_empty())
        && edit.is_needed()
    {
        let run = Run::new("gateway-config rollback").value(id);
        let run = run.flag("--to").value(&edit.version);
        publisher.suggest("to restore the previous version of the config", &run);
    }
    Ok(outcome)
}

/// The model to fall back from: the primary, or if a config has replaced it, the model that the
/// config calls first.
fn primary(publisher: &Publisher<'_>, name: &str) -> Result<ModelId, Failure> {
    let primary = using::primary(publisher.session, publisher.agent)?;
    let primary = primary.ok_or_else(|| {
        usage("the primary model doesn't go through Portkey")
            .hint("`{run: set-primary MODEL}` first")
    })?;
    if !primary.is_virtual() {
        return Ok(primary);
    }
    let none = || {
        usage(format!(
            "the primary is {primary}, but no gateway config says which model that is"
        ))
        .hint("`{run: set-primary MODEL}` first")
    };
    let config = config_of(publisher, &primary, name)?.ok_or_else(none)?;
    let first = models(&config).into_iter().next().ok_or_else(none)?;
    ModelId::parse(&first, "").map_err(|error| usage(error.to_string()))
}

/// The gateway config of a model: the one in its header, or else the one with this name.
fn config_of(
    publisher: &Publisher<'_>,
    model: &ModelId,
    name: &str,
) -> Result<Option<GatewayConfig>, Failure> {
    let session = publisher.session;
    let provider = session.provider(&session.provider_id()?);
    let header = provider.as_ref().and_then(|provider| {
        let mut models = provider.models.iter();
        let index = models.position(|found| found.id.trim() == model.as_str());
        provider.header(CONFIG, index)?.literal()
    });
    let slug = match header.as_deref() {
        Some(inline) if inline.starts_with('{') => return parsed(inline).map(Some),
        Some(slug) if slug.starts_with("pc-") => Some(slug.to_owned()),
        _ => saved::named(publisher.admin, name)?.map(|entry| entry.slug),
    };
    let saved = slug.map(|slug| saved::read(publisher.admin, &slug));
    saved
        .transpose()?
        .map(|saved| saved::parsed(&saved.config))
        .transpose()
}

/// Checks that Portkey lists the models.
fn listed(publisher: &Publisher<'_>, ids: &[&ModelId]) -> Result<(), Failure> {
    let session = publisher.session;
    let Some(key) = credential::existing(session) else {
        publisher
            .ui
            .note("· models not checked: OpenClaw's own key is unknown on this machine");
        return Ok(());
    };
    let url = session.base_url(None)?;
    let inquiry = Inquiry::new(&url, &key.secret, publisher.check.portkey.options());
    let inquiry = inquiry?;
    let catalogue = publisher.ui.asking(url.host(), || inquiry.models())?;
    let context = session.run_context();
    for id in ids {
        let found = causes::listed(catalogue, id, false).diagnostic;
        if found.level == Level::Error && !publisher.check.force {
            return Err(Failure::new(FailureKind::Check, found.message)
                .hint(found.help.render(&context))
                .hint(FORCE));
        }
    }
    Ok(())
}

/// The simulated table, before and after the change.
fn before_and_after(
    publisher: &Publisher<'_>,
    primary: &ModelId,
    saved_before: Option<&serde_json::Value>,
    config: &GatewayConfig,
) -> Result<(), Failure> {
    let before = match saved_before {
        Some(config) => saved::parsed(config)?,
        None => parsed(r#"{"passthrough":true}"#)?,
    };
    let scenes = [
        (
            "now",
            push::scene(publisher, &before),
            Request::of_model(primary.as_str()),
        ),
        (
            "then",
            push::scene(publisher, config),
            default_request(config),
        ),
    ];
    publisher.ui.note(&format!("When {primary} fails:"));
    for line in brief::lines(&scenes) {
        publisher.ui.verbatim(&line);
    }
    Ok(())
}

fn parsed(text: &str) -> Result<GatewayConfig, Failure> {
    GatewayConfig::parse(text).map_err(|error| {
        Failure::new(
            FailureKind::Config,
            format!("the gateway config can't be read: {}", error.message),
        )
    })
}
