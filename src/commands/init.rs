//! `init`: the whole wiring, from flags, from questions, or from both.

use clap::{Args, ValueEnum};

use crate::cli::{AgentArgs, CheckArgs, KeyArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::http;
use crate::openclaw::{
    Aliases, CredentialSource, VersionSource, View, choice, find_agent, find_provider,
    is_variable_name,
};
use crate::plan::{Fallbacks, Intent, NewModel, Target};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::model_id::{ModelId, VIRTUAL};
use crate::prompt::Terminal;
use crate::ui::Ui;

use super::key::{self, FoundKey, KEY_VARIABLE, Origin};
use super::metadata::MetadataArgs;
use super::road::{self, EnvEntry, Means, Road};
use super::set_header::{self, HeaderArgs};
use super::wizard::{self, Wizard};
use super::workspace::Workspace;
use super::{Env, check, model_ids, usage};

/// Arguments of `init`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey init
  openclaw-portkey init --model @gemini/gemini-2.5-flash --metadata team=backend
  openclaw-portkey init --yes --api-key-env PORTKEY_API_KEY \\
      --model @gemini/gemini-2.5-flash --model @mistral/open-mixtral-8x7b \\
      --primary @mistral/open-mixtral-8x7b --fallback @gemini/gemini-2.5-flash
  openclaw-portkey init --yes --gateway-config pc-abc-123456 --dynamic")]
pub struct InitArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// Where the key is kept
    #[arg(
        long,
        value_enum,
        value_name = "PLACE",
        help_heading = "API key",
        hide_short_help = true
    )]
    key_in: Option<KeyIn>,
    /// A model to declare, as `@slug/model`; may be repeated
    #[arg(long = "model", value_name = "MODEL", help_heading = "Models")]
    models: Vec<String>,
    /// The model that is asked first
    #[arg(long, value_name = "MODEL", help_heading = "Models")]
    primary: Option<String>,
    /// Asked in this order when the primary fails; may be repeated
    #[arg(long = "fallback", value_name = "MODEL", help_heading = "Models")]
    fallbacks: Vec<String>,
    /// Use `portkey-dynamic`: the gateway config decides
    #[arg(long, help_heading = "Models")]
    dynamic: bool,
    #[command(flatten)]
    metadata: MetadataArgs,
    #[command(flatten)]
    headers: HeaderArgs,
    /// Portkey's address, for a self-hosted gateway
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Provider",
        hide_short_help = true
    )]
    pub(super) base_url: Option<String>,
    /// The API that OpenClaw speaks
    #[arg(
        long,
        value_enum,
        value_name = "API",
        help_heading = "Provider",
        hide_short_help = true
    )]
    api: Option<Api>,
    #[command(flatten)]
    pub(super) agent: AgentArgs,
    #[command(flatten)]
    pub(super) check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Where the key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyIn {
    /// A line in OpenClaw's `.env`, which the gateway service reads
    Dotenv,
    /// Nowhere: the environment of whatever starts OpenClaw has it
    Env,
    /// In the config itself, readable
    Config,
}

/// The APIs whose format Portkey takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Api {
    /// Chat completions
    OpenaiCompletions,
    /// Responses
    OpenaiResponses,
}

impl Api {
    fn text(self) -> &'static str {
        match self {
            Self::OpenaiCompletions => "openai-completions",
            Self::OpenaiResponses => "openai-responses",
        }
    }
}

/// What flags and questions came to.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) key: Option<FoundKey>,
    pub(super) key_in: Option<KeyIn>,
    pub(super) models: Vec<ModelId>,
    pub(super) primary: Option<ModelId>,
    pub(super) fallbacks: Option<Vec<ModelId>>,
    pub(super) headers: HeaderArgs,
    /// Portkey was asked and could not be reached, and the user goes on all the same.
    pub(super) unchecked: bool,
}

/// Runs `init`.
///
/// # Errors
/// When the config cannot be read or edited, a check fails, nobody answers, or the user says no.
pub fn run(args: &InitArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let provider_id = args.write.config.provider_id.as_str();
    if let Some(url) = &args.base_url {
        BaseUrl::parse(url).map_err(|error| usage(error.to_string()))?;
    }
    let mut answers = from_flags(args, env)?;
    let workspace = Workspace::open(&args.write.config, env)?;
    // A header that is none is found out before any question is asked.
    set_header::wishes(&answers.headers, &workspace.config, provider_id, None)?;
    let mut args = args.clone();
    let asks = !args.write.yes && ui.can_ask();
    if asks {
        args.write.config.provider_id = wizard::greet(&args, &workspace, ui, &mut Terminal)?;
    }
    if answers.key.is_none() {
        answers.key = key::existing(&workspace, &args.write.config.provider_id, env);
    }
    if asks {
        Wizard::new(ui, &workspace, &args, &mut Terminal).fill(&mut answers)?;
    }
    apply(&args, &workspace, &answers, ui, env)
}

pub(super) fn from_flags(args: &InitArgs, env: &Env) -> Result<Answers, Failure> {
    let provider_id = args.write.config.provider_id.as_str();
    let mut models = model_ids(&args.models, provider_id)?;
    if args.dynamic {
        let dynamic = model_ids(&[VIRTUAL.to_owned()], provider_id)?;
        models.extend(
            dynamic
                .into_iter()
                .filter(|id| !args.models.iter().any(|text| text == id.as_str())),
        );
    }
    let primary = model_ids(args.primary.as_slice(), provider_id)?
        .into_iter()
        .next();
    let fallbacks = model_ids(&args.fallbacks, provider_id)?;
    Ok(Answers {
        key: key::from_flags(&args.key, env)?,
        key_in: args.key_in,
        models,
        primary,
        fallbacks: (!fallbacks.is_empty()).then_some(fallbacks),
        headers: args.headers.clone(),
        unchecked: false,
    })
}

/// From the answers to the write.
fn apply(
    args: &InitArgs,
    workspace: &Workspace,
    answers: &Answers,
    ui: &Ui,
    env: &Env,
) -> Result<Exit, Failure> {
    let provider_id = args.write.config.provider_id.as_str();
    let target = Target {
        provider_id: provider_id.to_owned(),
        agent: args.agent.agent.clone(),
        version: workspace.version,
    };
    let keeping = plan_key_storage(args, workspace, answers)?;
    let mut intent = Intent {
        create: true,
        base_url: args.base_url.clone(),
        api: args.api.map(|api| api.text().to_owned()),
        api_key: keeping.api_key,
        models: answers
            .models
            .iter()
            .map(|id| NewModel {
                id: id.clone(),
                name: None,
            })
            .collect(),
        primary: primary(args, workspace, answers),
        fallbacks: answers
            .fallbacks
            .clone()
            .map_or(Fallbacks::Keep, Fallbacks::Set),
        headers: set_header::wishes(&answers.headers, &workspace.config, provider_id, None)?,
        ..Intent::default()
    };
    if nothing_named(workspace, provider_id, &intent) {
        return Err(usage("no model is named, and the config declares none")
            .hint("name one with --model @slug/model, or use --dynamic with --gateway-config pc-…")
            .hint("`openclaw-portkey models` lists what a key can route to"));
    }
    let offline = args.check.offline || answers.unchecked;
    intent.allow_private_network = !offline && needs_private_network(args, workspace, &intent)?;
    let known = key::known(workspace, provider_id, env, answers.key.as_ref());
    let mut road = Road {
        command: "init",
        ui,
        write: &args.write,
        workspace,
        next_steps: Vec::new(),
    };
    let check = CheckArgs {
        offline,
        ..args.check.clone()
    };
    let means = Means {
        target: &target,
        dotenv: keeping.dotenv.as_ref(),
        known: &known,
        key: answers.key.as_ref(),
        check: &check,
        metadata: !args.metadata.no_metadata,
    };
    let (proposal, outcomes) = road.prepare(intent, &means)?;
    road.next_steps = wizard::next_steps(
        args,
        workspace,
        ui,
        proposal.touches(&workspace.location.dotenv),
    );
    if keeping.plaintext && !proposal.files.is_empty() {
        ui.alert("warning: the key will stand readable in the config; --key-in dotenv keeps it out of there");
    }
    road.finish(&proposal, &outcomes)
}

/// What is done with the key.
#[derive(Debug, Default)]
struct KeyStorage {
    /// The text of `apiKey`.
    api_key: Option<String>,
    dotenv: Option<EnvEntry>,
    plaintext: bool,
}

fn plan_key_storage(
    args: &InitArgs,
    workspace: &Workspace,
    answers: &Answers,
) -> Result<KeyStorage, Failure> {
    let provider = find_provider(&workspace.config, &args.write.config.provider_id);
    let given = provider
        .and_then(|provider| provider.view.get("apiKey"))
        .map_or(CredentialSource::Empty, |view| {
            CredentialSource::read(&view)
        });
    let key = answers.key.as_ref();
    // A readable key in the config stays there until another place or another key is asked for.
    if given == CredentialSource::Literal
        && answers.key_in.is_none()
        && key.is_none_or(|key| key.origin == Origin::Config)
    {
        return Ok(KeyStorage::default());
    }
    if given.is_reference() && given.variable().is_none() {
        return match key.map(|key| &key.origin) {
            Some(Origin::CredentialSource(_)) => Err(usage(
                "the config takes the key from a secret store, which is kept",
            )
            .hint("put the new key into that store, and run init without a key")),
            _ => Ok(KeyStorage::default()),
        };
    }
    let variable = given
        .variable()
        .map_or_else(|| new_variable(args, answers), |name| Ok(name.to_owned()))?;
    let reference = format!("${{{variable}}}");
    match answers.key_in.unwrap_or(KeyIn::Dotenv) {
        KeyIn::Config => config_key(&given, key),
        KeyIn::Env => Ok(KeyStorage {
            api_key: Some(reference),
            ..KeyStorage::default()
        }),
        KeyIn::Dotenv => {
            let Some(key) = key else {
                return if args.check.offline || answers.unchecked {
                    Ok(KeyStorage {
                        api_key: Some(reference),
                        ..KeyStorage::default()
                    })
                } else {
                    Err(road::no_key(workspace, &args.write.config.provider_id))
                };
            };
            let stays = matches!(&key.origin, Origin::Dotenv(name) if *name == variable)
                || (key.origin == Origin::Config && given.is_reference());
            let dotenv = (!stays).then(|| EnvEntry {
                name: variable,
                key: key.secret.clone(),
            });
            Ok(KeyStorage {
                api_key: Some(reference),
                dotenv,
                plaintext: false,
            })
        }
    }
}

/// The variable that a config without a reference will name. With `--key-in env` it is the one
/// that holds the key already.
fn new_variable(args: &InitArgs, answers: &Answers) -> Result<String, Failure> {
    match &args.key.api_key_env {
        Some(name) if answers.key_in == Some(KeyIn::Env) && !is_variable_name(name) => Err(usage(
            format!("OpenClaw does not expand {name}: it takes capital letters, digits and _"),
        )
        .hint("rename the variable, or use --key-in dotenv")),
        Some(name) if answers.key_in == Some(KeyIn::Env) => Ok(name.clone()),
        _ => Ok(KEY_VARIABLE.to_owned()),
    }
}

fn config_key(given: &CredentialSource, key: Option<&FoundKey>) -> Result<KeyStorage, Failure> {
    if let Some(name) = given.variable() {
        return Err(usage(format!(
            "the config refers to the variable {name} for the key, which is kept"
        ))
        .hint("leave out --key-in config; the key goes into OpenClaw's .env"));
    }
    let Some(key) = key else {
        return Err(usage("there is no key to write into the config")
            .hint("name one with --api-key-env, --api-key-stdin or --api-key-file"));
    };
    Ok(KeyStorage {
        api_key: Some(key.secret.expose().to_owned()),
        dotenv: None,
        plaintext: true,
    })
}

/// The primary that was asked for; else the first model, where nothing goes through Portkey yet.
fn primary(args: &InitArgs, workspace: &Workspace, answers: &Answers) -> Option<ModelId> {
    if answers.primary.is_some() {
        return answers.primary.clone();
    }
    let virtual_model = answers.models.iter().find(|id| id.is_virtual());
    if args.dynamic && virtual_model.is_some() {
        return virtual_model.cloned();
    }
    let current = holder(args, workspace).and_then(|view| choice(&view)?.primary_text());
    let names = Aliases::of(&workspace.config, workspace.version);
    let provider_id = &args.write.config.provider_id;
    if current.is_some_and(|text| names.through(&text, provider_id).is_some()) {
        return None;
    }
    let fallbacks = answers.fallbacks.as_deref().unwrap_or_default();
    virtual_model
        .or_else(|| answers.models.iter().find(|id| !fallbacks.contains(id)))
        .cloned()
}

/// What holds the `model` that is meant: the defaults or an agent.
pub(super) fn holder<'w>(args: &InitArgs, workspace: &'w Workspace) -> Option<View<'w>> {
    match &args.agent.agent {
        Some(id) => find_agent(&workspace.config, id).map(|agent| agent.view),
        None => workspace.config.at(&["agents", "defaults"]),
    }
}

fn nothing_named(workspace: &Workspace, provider_id: &str, intent: &Intent) -> bool {
    let declared = find_provider(&workspace.config, provider_id)
        .is_some_and(|provider| !provider.models().is_empty());
    !declared
        && intent.models.is_empty()
        && intent.primary.is_none()
        && intent.fallbacks.wanted().is_empty()
}

/// OpenClaw refuses a host name with a private address unless the provider allows it; a literal
/// address it lets pass. Versions before 7.1 do not know the key.
fn needs_private_network(
    args: &InitArgs,
    workspace: &Workspace,
    intent: &Intent,
) -> Result<bool, Failure> {
    let url = check::base_url(
        workspace,
        &args.write.config.provider_id,
        intent.base_url.as_deref(),
    )?;
    let named = !url.is_loopback() && !url.is_private_literal() && !url.is_known_portkey_host();
    // An OpenClaw that does not know the key refuses the file, so a guess is not enough.
    let known = workspace.version != VersionSource::Unknown;
    Ok(named
        && known
        && workspace.version.version().blocks_private_hosts()
        && http::resolves_privately(&url))
}
