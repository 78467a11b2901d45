//! The changes to OpenClaw's config that make it use a gateway config.

use crate::app::change::Ending;
use crate::app::init::holder;
use crate::app::session::Session;
use crate::app::{model_facts, usage};
use crate::args::Format;
use crate::error::Failure;
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::routing::{Routing, models, routing};
use crate::openclaw::{Aliases, choice};
use crate::plan::{HeaderChange, Intent, NewModel};
use crate::portkey::headers::CONFIG;
use crate::portkey::model_facts::ModelFacts;
use crate::portkey::model_id::{ModelId, VIRTUAL};
use crate::ui::Ui;

/// The model that OpenClaw requests first.
pub(crate) fn primary(
    session: &Session<'_>,
    agent: Option<&str>,
) -> Result<Option<ModelId>, Failure> {
    let provider_id = session.provider_id()?;
    let text = holder(agent, session).and_then(|view| choice(&view)?.primary_text());
    let aliases = Aliases::of(session.config(), session.version);
    let model = text
        .as_deref()
        .and_then(|text| aliases.through(text, &provider_id));
    Ok(model.and_then(|model| ModelId::parse(model, &provider_id).ok()))
}

/// The model that OpenClaw requests once it uses a config.
pub(crate) fn asked(
    session: &Session<'_>,
    config: &GatewayConfig,
    agent: Option<&str>,
) -> Result<Option<ModelId>, Failure> {
    match routing(config) {
        Routing::Config => Ok(Some(dynamic(session)?)),
        Routing::Request | Routing::Provider => primary(session, agent),
    }
}

/// The change of OpenClaw's config. If the gateway config chooses the model, OpenClaw requests
/// `portkey-dynamic`, and only that model gets the header: on any other it would override the
/// model's id.
pub(crate) fn intent(
    session: &Session<'_>,
    config: &GatewayConfig,
    slug: &str,
    agent: Option<&str>,
) -> Result<Intent, Failure> {
    let header = |model: Option<ModelId>| HeaderChange {
        name: CONFIG.to_owned(),
        value: Some(slug.to_owned()),
        model,
    };
    match routing(config) {
        Routing::Config => {
            let dynamic = dynamic(session)?;
            Ok(Intent {
                models: vec![NewModel {
                    id: dynamic.clone(),
                    name: None,
                }],
                facts: vec![(dynamic.clone(), common_facts(config))],
                headers: vec![header(Some(dynamic.clone()))],
                primary: Some(dynamic),
                ..Intent::default()
            })
        }
        Routing::Request => Ok(Intent {
            headers: vec![header(None)],
            ..Intent::default()
        }),
        Routing::Provider => {
            let primary = primary(session, agent)?.ok_or_else(|| {
                usage("the gateway config chooses the provider and leaves the model to OpenClaw, whose primary model doesn't go through Portkey")
                    .hint("`{run: set-primary MODEL}` first")
            })?;
            Ok(Intent {
                headers: vec![header(Some(primary))],
                ..Intent::default()
            })
        }
    }
}

/// Reports that there was nothing to do.
pub(crate) fn report(ending: &Ending, session: &Session<'_>, format: Format, ui: &Ui) {
    if format == Format::Text && matches!(ending, Ending::Nothing) {
        ui.result(&format!(
            "Nothing to change; {} is already up to date.",
            session.short(&session.location.config)
        ));
    }
}

fn dynamic(session: &Session<'_>) -> Result<ModelId, Failure> {
    ModelId::parse(VIRTUAL, &session.provider_id()?).map_err(|error| usage(error.to_string()))
}

/// The facts that hold for every model the config calls; empty if one of them is unknown.
fn common_facts(config: &GatewayConfig) -> ModelFacts {
    let ids: Vec<ModelId> = models(config)
        .iter()
        .filter_map(|model| ModelId::parse(model, "").ok())
        .collect();
    let known = model_facts::by_id(&ids);
    let least = |of: fn(&ModelFacts) -> Option<u64>| {
        let all: Option<Vec<u64>> = known.iter().map(|(_, facts)| of(facts)).collect();
        all.and_then(|all| all.into_iter().min())
    };
    let mut inputs = known.iter().map(|(_, facts)| &facts.input);
    let input = inputs.next().cloned().flatten();
    let input = input.filter(|first| inputs.all(|other| other.as_ref() == Some(first)));
    ModelFacts {
        context_window: least(|facts| facts.context_window),
        max_tokens: least(|facts| facts.max_tokens),
        input,
        ..ModelFacts::default()
    }
}
