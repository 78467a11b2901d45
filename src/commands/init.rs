//! `init`: connects OpenClaw to Portkey, from flags, prompts or both.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::set_fallback;
use crate::app::admin::Admin;
use crate::app::gateway_config::in_portkey;
use crate::app::gateway_config::publish::Publisher;
use crate::app::headers::header_changes;
use crate::app::init::{self, Answers, Request};
use crate::app::named_models::Naming;
use crate::app::session::Session;
use crate::app::team;
use crate::app::team::setup::{Setup, check_key_in};
use crate::app::wizard;
use crate::app::{Env, credential, usage};
use crate::args::{
    AdminArgs, AgentArgs, CheckArgs, HeaderArgs, KeyArgs, KeyIn, MetadataArgs, ReplaceKeyArg,
    WriteArgs,
};
use crate::error::{Exit, Failure};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::model_id::VIRTUAL;
use crate::prompt::Terminal;
use crate::team::Team;
use crate::ui::Ui;

/// Arguments of `init`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey init
  openclaw-portkey init --model @gemini/gemini-2.5-flash --metadata team=backend
  openclaw-portkey init --yes --api-key-env PORTKEY_API_KEY \\
      --model @gemini/gemini-2.5-flash --model @mistral/open-mixtral-8x7b \\
      --primary @mistral/open-mixtral-8x7b --fallback @gemini/gemini-2.5-flash
  openclaw-portkey init --yes --gateway-config pc-abc-123456 --dynamic
  openclaw-portkey init --from team.json5")]
// Short help shows what most people need, and fits 24 lines.
#[command(mut_args(|arg| {
    let is_rare = ["agent", "test", "metadata", "gateway_config", "header"].contains(&arg.get_id().as_str());
    if is_rare { arg.hide_short_help(true) } else { arg }
}))]
pub struct InitArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// Take models, fallbacks and headers from a team file
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Models",
        conflicts_with_all = ["models", "primary", "fallbacks", "dynamic", "base_url", "gateway_config", "agent"]
    )]
    from: Option<PathBuf>,
    /// Where to store the key
    #[arg(
        long,
        value_enum,
        value_name = "PLACE",
        help_heading = "API key",
        hide_short_help = true
    )]
    key_in: Option<KeyIn>,
    /// Variable name for the key [default: named after the provider]
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "API key",
        hide_short_help = true
    )]
    key_name: Option<String>,
    /// Model to add, as `@slug/model`; can be repeated
    #[arg(long = "model", value_name = "MODEL", help_heading = "Models")]
    models: Vec<String>,
    /// The primary model
    #[arg(long, value_name = "MODEL", help_heading = "Models")]
    primary: Option<String>,
    /// Fallback model, in order; can be repeated
    #[arg(long = "fallback", value_name = "MODEL", help_heading = "Models")]
    fallbacks: Vec<String>,
    /// Let the gateway config choose the model
    #[arg(long, help_heading = "Models", hide_short_help = true)]
    dynamic: bool,
    #[command(flatten)]
    metadata: MetadataArgs,
    #[command(flatten)]
    headers: HeaderArgs,
    /// Base URL of a self-hosted Portkey gateway
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Provider",
        hide_short_help = true
    )]
    base_url: Option<String>,
    /// The API format that OpenClaw uses
    #[arg(
        long,
        value_enum,
        value_name = "API",
        help_heading = "Provider",
        hide_short_help = true
    )]
    api: Option<Api>,
    /// Send a test request afterwards; costs a few tokens
    #[arg(long, conflicts_with_all = ["offline", "dry_run"], help_heading = "Writing")]
    test: bool,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    agent: AgentArgs,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    #[command(flatten)]
    replace: ReplaceKeyArg,
}

/// The API formats that Portkey accepts.
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

/// Runs `init`.
///
/// # Errors
/// When the config cannot be read or edited, a check fails, a prompt gets no answer, or the user declines.
pub fn run(args: &InitArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    if let Some(url) = &args.base_url {
        BaseUrl::parse(url).map_err(|error| usage(error.to_string()))?;
    }
    let mut session = Session::open_to_change(&args.write.config, env)?;
    let asks = !args.write.yes && ui.can_ask();
    if ui.is_dumb() && !args.write.yes {
        ui.note("This terminal cannot show questions (TERM=dumb); pass the answers as flags.");
    }
    let provider_id = if asks {
        wizard::greet(&session, ui, &mut Terminal)?
    } else {
        session.provider_id()?
    };
    session.flags.provider_id = Some(provider_id);
    let from = args.from.as_deref();
    let team = from.map(|file| team::load(file, ui)).transpose()?;
    let mut request = match (&team, from) {
        (Some(team), Some(file)) => args.of_team(team, file)?.request(&session)?,
        _ => args.request(&session)?,
    };
    let exit = init::run(&mut request, &session, &args.write, asks, ui)?;
    let ids = &request.answers.in_portkey;
    if ids.is_empty() || exit != Exit::Done || args.write.dry_run {
        return Ok(exit);
    }
    let agent = args.agent.agent.as_deref();
    let session = Session::open_to_change(&args.write.config, env)?;
    let admin = Admin::open(&args.admin, args.check.portkey, &session)?;
    let publisher = Publisher {
        command: "set-fallback",
        session: &session,
        admin: &admin,
        write: &args.write,
        check: args.check,
        agent,
        uses: true,
        probes: true,
        ui,
    };
    set_fallback::save(&publisher, ids, in_portkey::NAME)
}

impl InitArgs {
    /// The flags with the team file's settings added.
    fn of_team(&self, team: &Team, file: &Path) -> Result<Self, Failure> {
        check_key_in(team, self.key_in)?;
        let setup = Setup::of(team, &self.headers, &file.display().to_string())?;
        Ok(Self {
            dynamic: setup.is_dynamic(),
            models: setup.models,
            primary: setup.primary,
            fallbacks: setup.fallbacks,
            headers: setup.headers,
            base_url: setup.base_url,
            ..self.clone()
        })
    }

    /// The request from the flags.
    pub(crate) fn request(&self, session: &Session<'_>) -> Result<Request, Failure> {
        let headers = header_changes(
            &self.headers,
            session.config(),
            &session.provider_id()?,
            None,
        )?;
        let naming = Naming::default().headers(&headers).ask(self.check.portkey);
        let mut models = naming.models(session, &self.models)?;
        if self.dynamic {
            let dynamic = Naming::default().models(session, &[VIRTUAL.to_owned()])?;
            models.extend(
                dynamic
                    .into_iter()
                    .filter(|id| !self.models.iter().any(|text| text == id.as_str())),
            );
        }
        let fallbacks = naming.models(session, &self.fallbacks)?;
        Ok(Request {
            command: "init",
            answers: Answers {
                key: credential::from_flags(&self.key, session.env)?,
                key_in: self.key_in,
                models,
                primary: naming
                    .models(session, self.primary.as_slice())?
                    .into_iter()
                    .next(),
                fallbacks: (!fallbacks.is_empty()).then_some(fallbacks),
                headers: self.headers.clone(),
                ..Answers::default()
            },
            base_url: self.base_url.clone(),
            api: self.api.map(Api::text),
            agent: self.agent.agent.clone(),
            check: self.check,
            metadata: self.metadata,
            dynamic: self.dynamic,
            test: self.test,
            key_env: self.key.api_key_env.clone(),
            key_name: self.key_name.clone(),
            replace_key: self.replace.replace_key,
        })
    }
}
