//! `models --sync`: what is known of the models that the config declares, brought into it.

use crate::error::{Exit, Failure};
use crate::openclaw::find_provider;
use crate::plan::{Intent, PlanError, Sync, Target};
use crate::portkey::model_id::ModelId;
use crate::ui::Ui;

use super::super::road::{self, Road};
use super::super::workspace::Workspace;
use super::super::{Env, check, key, metadata, plan_failure, usage};
use super::ModelsArgs;

pub(super) fn run(
    args: &ModelsArgs,
    workspace: &Workspace,
    ui: &Ui,
    env: &Env,
) -> Result<Exit, Failure> {
    let provider_id = &args.write.config.provider_id;
    let target = Target {
        provider_id: provider_id.clone(),
        agent: None,
        version: workspace.version,
    };
    let wanted = args.filter.as_deref().unwrap_or_default().to_lowercase();
    let Some(provider) = find_provider(&workspace.config, provider_id) else {
        return Err(plan_failure(&PlanError::NotWired(provider_id.clone())));
    };
    let ids: Vec<ModelId> = provider
        .models()
        .iter()
        .filter(|model| model.id.to_lowercase().contains(&wanted))
        .filter_map(|model| ModelId::parse(&model.id, provider_id).ok())
        .filter(|id| !id.is_virtual())
        .collect();
    if ids.is_empty() {
        return Err(usage("the config declares no such model")
            .hint("`openclaw-portkey show` lists its models"));
    }
    let facts = if args.offline {
        metadata::by_id(&ids)
    } else {
        listed(args, workspace, &ids, ui, env)?
    };
    for (id, facts) in &facts {
        if facts.fields(workspace.version).is_empty() {
            ui.note(&format!("note: nothing certain is known of {id}"));
        }
    }
    let intent = Intent {
        facts,
        sync: Some(if args.overwrite {
            Sync::Overwrite
        } else {
            Sync::Fill
        }),
        ..Intent::default()
    };
    let known = key::known(workspace, provider_id, env, None);
    let proposal = road::propose(workspace, &target, &intent, None, &known)?;
    let road = Road {
        command: "models --sync",
        ui,
        write: &args.write,
        workspace,
        next_steps: Vec::new(),
    };
    road.finish(&proposal, &[])
}

/// What is known by Portkey's list, with its prices.
fn listed(
    args: &ModelsArgs,
    workspace: &Workspace,
    ids: &[ModelId],
    ui: &Ui,
    env: &Env,
) -> Result<metadata::Known, Failure> {
    let (portkey, _) = super::connect(args, workspace, env)?;
    let busy = ui.busy("asking Portkey");
    let answer = portkey.models(&[]);
    let told = answer.map(|catalogue| metadata::by_list(ids, &catalogue, &portkey));
    busy.done();
    let (facts, complete) = told.map_err(|error| {
        check::http_failure(&error)
            .hint("nothing was written; --offline goes by the built-in catalogue alone")
    })?;
    if !complete {
        ui.note(metadata::NO_PRICES);
    }
    Ok(facts)
}
