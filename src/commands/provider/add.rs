//! `provider add`: adds a provider with its vendor's key.

use std::path::PathBuf;

use clap::Args;

use crate::app::providers::finish;
use crate::app::{Env, credential, usage};
use crate::args::KeyArgs;
use crate::commands::limit_args::LimitArgs;
use crate::commands::remote::ChangeArgs;
use crate::error::{Exit, Failure};
use crate::portkey::admin::limits::{Holder, Limits};
use crate::portkey::admin::providers::NewIntegration;
use crate::portkey::base_url::BaseUrl;
use crate::portkey::pricing::vendor_of_slug;
use crate::ui::Ui;

use super::slug;

/// Vendors that need more than a key.
const NEED_MORE: [&str; 8] = [
    "azure-openai",
    "azure-ai",
    "bedrock",
    "vertex-ai",
    "sagemaker",
    "workers-ai",
    "snowflake",
    "huggingface",
];

/// Arguments of `provider add`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey provider add gemini --vendor google --key-env GEMINI_KEY
  openclaw-portkey provider add openai --key-file openai.key \\
    --budget '500 usd/month'
  openclaw-portkey provider add local --vendor openai \\
    --host https://llm.example.com/v1

The vendor's key is sent only to Portkey and isn't stored in OpenClaw's config.
Models are then named `@gemini/…`.")]
pub(super) struct AddArgs {
    /// The provider's slug: the part of a model id after `@`
    #[arg(value_name = "SLUG", value_parser = slug)]
    slug: String,
    /// The vendor, such as google [default: from the slug]
    #[arg(long, value_name = "VENDOR", value_parser = vendor)]
    vendor: Option<String>,
    /// Read the vendor's key from an environment variable
    #[arg(long, value_name = "NAME", group = "source")]
    key_env: Option<String>,
    /// Read the vendor's key from a file
    #[arg(long, value_name = "FILE", group = "source", hide_short_help = true)]
    key_file: Option<PathBuf>,
    /// Read the vendor's key from standard input
    #[arg(
        long,
        group = "source",
        conflicts_with = "admin_key_stdin",
        hide_short_help = true
    )]
    key_stdin: bool,
    /// The host, if it isn't the vendor's own
    #[arg(long, value_name = "URL", hide_short_help = true)]
    host: Option<String>,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) change: ChangeArgs,
}

fn vendor(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || !text.chars().all(fits) {
        return Err(
            "expected a vendor as Portkey spells it, such as google, openai or mistral-ai"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

pub(super) fn run(args: &AddArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let new = integration(args, env)?;
    let limits = args.limits.apply(&Limits::default(), Holder::Provider)?;
    let done = args.change.run((ui, env), false, |remote| {
        remote.provider_add(&new, &limits)
    })?;
    finish(ui, args.change.write.config.format, "add", || done.fields);
    Ok(done.exit)
}

fn integration(args: &AddArgs, env: &Env) -> Result<NewIntegration, Failure> {
    let known = || vendor_of_slug(&args.slug).map(str::to_owned);
    let vendor = args.vendor.clone().or_else(known).ok_or_else(|| {
        usage(format!(
            "can't derive the vendor from the slug `{}`",
            args.slug
        ))
        .hint("pass the vendor, such as --vendor google")
    })?;
    if NEED_MORE.contains(&vendor.as_str()) {
        return Err(usage(format!("{vendor} needs more than a key"))
            .hint("add it at https://app.portkey.ai/model-catalog; `provider limits` then sets its limits"));
    }
    if let Some(host) = &args.host {
        BaseUrl::parse(host)
            .map_err(|error| usage(error.to_string().replace("the base URL", "--host")))?;
    }
    let flags = KeyArgs {
        api_key_env: args.key_env.clone(),
        api_key_stdin: args.key_stdin,
        api_key_file: args.key_file.clone(),
    };
    let key = credential::from_flags(&flags, env)?.map(|key| key.secret);
    if key.is_none() && args.host.is_none() {
        return Err(usage("no vendor key given")
            .hint("pass one with --key-env NAME, --key-file FILE or --key-stdin"));
    }
    Ok(NewIntegration {
        slug: args.slug.clone(),
        vendor,
        key,
        host: args.host.clone(),
    })
}
