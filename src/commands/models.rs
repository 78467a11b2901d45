//! `models`: the models the API key can route to, and facts about them.

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use crate::app::inquiry::Inquiry;
use crate::app::models_sync::sync;
use crate::app::models_table::{self as table, Row};
use crate::app::named_models::routes;
use crate::app::saved_models::save_models;
use crate::app::session::Session;
use crate::app::{Env, credential, output, usage};
use crate::args::{Format, KeyArgs, PortkeyArgs, WriteArgs};
use crate::error::{Exit, Failure};
use crate::mask::{mask_known, printable};
use crate::plan::Sync;
use crate::portkey::catalogue::{Catalogue, Mode};
use crate::portkey::model_facts::{self, Input, ModelFacts};
use crate::secret::Secret;
use crate::ui::Ui;

/// Width of the table if stdout isn't a terminal, in columns: nothing is cut.
const WIDTH: usize = 200;

/// Arguments of `models`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey models
  openclaw-portkey models gemini --sort price
  openclaw-portkey models --provider openai-prod --input image \\
    --min-context 200k
  openclaw-portkey models --format json | jq -r '.models[].id'
  openclaw-portkey models --sync --dry-run")]
#[command(mut_arg("api_key_env", |arg| arg.hide_short_help(true)))]
pub struct ModelsArgs {
    /// Show only the models whose id contains this text
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// Only the models of this provider slug
    #[arg(long, value_name = "SLUG", help_heading = "Models")]
    provider: Option<String>,
    /// Only the models that accept this input
    #[arg(long, value_enum, value_name = "KIND", help_heading = "Models")]
    input: Option<Kind>,
    /// Only models with at least this much context, such as 128k
    #[arg(long, value_name = "TOKENS", value_parser = tokens, help_heading = "Models", hide_short_help = true)]
    min_context: Option<u64>,
    /// Sort by id (the default), context, output or price
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "COLUMN",
        help_heading = "Models",
        hide_possible_values = true,
        hide_default_value = true
    )]
    sort: Sort,
    /// Add known limits and prices to the models in the config
    #[arg(long, conflicts_with_all = ["provider", "input", "min_context", "sort"], help_heading = "Writing")]
    sync: bool,
    /// Also overwrite values in the config that differ
    #[arg(
        long,
        requires = "sync",
        help_heading = "Writing",
        hide_short_help = true
    )]
    overwrite: bool,
    #[command(flatten)]
    portkey: PortkeyArgs,
    /// Base URL of a self-hosted Portkey gateway
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Portkey",
        hide_short_help = true
    )]
    base_url: Option<String>,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// A kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Text,
    Image,
    Audio,
    Video,
}

/// Sort order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// By name
    #[default]
    Id,
    /// The largest context window first
    Context,
    /// The largest output limit first
    Output,
    /// The cheapest first, by input plus output price
    Price,
}

impl Kind {
    fn input(self) -> Input {
        match self {
            Self::Text => Input::Text,
            Self::Image => Input::Image,
            Self::Audio => Input::Audio,
            Self::Video => Input::Video,
        }
    }
}

/// Parses `128000`, `128k` and `1m`.
fn tokens(text: &str) -> Result<u64, String> {
    let lower = text.to_ascii_lowercase();
    let (number, unit) = match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
        (Some(number), _) => (number, 1000),
        (_, Some(number)) => (number, 1_000_000),
        _ => (lower.as_str(), 1),
    };
    let tokens = number.parse::<u64>().ok();
    tokens
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| "expected tokens such as 128000, 128k or 1m".to_owned())
}

/// Runs `models`.
///
/// # Errors
/// When there is no key, Portkey can't be reached or refuses, or the config can't be edited.
pub fn run(args: &ModelsArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = if args.sync {
        Session::open_to_change(&args.write.config, env)?
    } else {
        Session::open(&args.write.config, env)?
    };
    if args.sync {
        let ask = || {
            (!args.portkey.offline)
                .then(|| args.inquiry(&session))
                .transpose()
        };
        let mode = if args.overwrite {
            Sync::Overwrite
        } else {
            Sync::Fill
        };
        return sync(&session, &args.wanted(), mode, ask, &args.write, ui);
    }
    if args.write.dry_run || args.write.yes {
        return Err(usage("--dry-run and --yes need --sync")
            .hint("leave out --dry-run and --yes, or add --sync")
            .into());
    }
    if args.portkey.offline {
        return Err(usage("only Portkey knows what the key can route to")
            .hint("leave out --offline, or add --sync")
            .into());
    }
    list(args, &session, ui)
}

fn list(args: &ModelsArgs, session: &Session<'_>, ui: &Ui) -> anyhow::Result<Exit> {
    let inquiry = args.inquiry(session)?;
    let url = inquiry.url();
    let answer = ui.asking(url.host(), || inquiry.models());
    let catalogue = answer.map_err(Failure::from)?;
    let secrets = [inquiry.key().clone()];
    save_models(session.env, url, catalogue, &secrets);
    let rows = rows(args, session, catalogue, &secrets)?;
    if args.write.config.format == Format::Text {
        if !rows.is_empty() {
            table::print(ui, &rows, ui.width().unwrap_or(WIDTH));
        }
        sum_up(args, ui, catalogue, &rows);
    }
    output::finish(ui, args.write.config.format, "models", || {
        json!({
            "baseUrl": url.as_str(),
            "total": catalogue.models.len(),
            "models": rows.iter().map(model_json).collect::<Vec<Json>>(),
        })
    });
    Ok(Exit::Done)
}

fn rows(
    args: &ModelsArgs,
    session: &Session<'_>,
    catalogue: &Catalogue,
    known: &[Secret],
) -> Result<Vec<Row>, Failure> {
    let provider = session.provider(&session.provider_id()?);
    let wanted = args.wanted();
    let slug = args
        .provider
        .as_ref()
        .map(|slug| format!("@{}/", slug.trim_start_matches('@')));
    let mut rows: Vec<Row> = catalogue
        .models
        .iter()
        .filter(|model| model.id.to_lowercase().contains(&wanted))
        .filter(|model| {
            slug.as_ref()
                .is_none_or(|slug| model.id.starts_with(slug.as_str()))
        })
        .map(|model| Row {
            id: mask_known(&model.id, known),
            declared: provider
                .as_ref()
                .is_some_and(|provider| provider.declares(&model.id)),
            facts: model_facts::lookup(model),
        })
        .filter(|row| args.fits(&row.facts))
        .collect();
    rows.sort_by(|a, b| args.sort.compare(a, b).then_with(|| a.id.cmp(&b.id)));
    Ok(rows)
}

impl ModelsArgs {
    /// The connection to Portkey, with the key from the flags or the config.
    fn inquiry(&self, session: &Session<'_>) -> Result<Inquiry, Failure> {
        let key = match credential::from_flags(&self.key, session.env)? {
            Some(key) => key,
            None => {
                credential::existing(session).ok_or_else(|| credential::missing(session, true))?
            }
        };
        let url = session.base_url(self.base_url.as_deref())?;
        let inquiry = Inquiry::new(&url, &key.secret, self.portkey.options())?;
        Ok(inquiry.routed_by(routes(session, &[])))
    }

    /// The text to filter ids by.
    fn wanted(&self) -> String {
        self.filter.as_deref().unwrap_or_default().to_lowercase()
    }

    fn fits(&self, facts: &ModelFacts) -> bool {
        let takes = |kind: Kind| {
            let kinds = facts.input.as_deref().unwrap_or_default();
            kinds.contains(&kind.input())
        };
        self.input.is_none_or(takes)
            && self
                .min_context
                .is_none_or(|least| facts.context_window.is_some_and(|window| window >= least))
    }
}

impl Sort {
    /// Unknown values come last.
    fn compare(self, a: &Row, b: &Row) -> std::cmp::Ordering {
        let largest_first = |a: Option<u64>, b: Option<u64>| b.cmp(&a);
        let price = |row: &Row| {
            let cost = row.facts.cost;
            cost.map_or(f64::INFINITY, |cost| cost.input + cost.output)
        };
        match self {
            Self::Id => std::cmp::Ordering::Equal,
            Self::Context => largest_first(a.facts.context_window, b.facts.context_window),
            Self::Output => largest_first(a.facts.max_tokens, b.facts.max_tokens),
            Self::Price => price(a).total_cmp(&price(b)),
        }
    }
}

fn model_json(row: &Row) -> Json {
    let facts = &row.facts;
    json!({
        "id": row.id,
        "declared": row.declared,
        "contextWindow": facts.context_window,
        "maxTokens": facts.max_tokens,
        "input": facts.input.as_ref().map(|kinds| kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>()),
        "reasoning": facts.reasoning,
        "cost": facts.cost.map(|cost| json!({
            "input": cost.input,
            "output": cost.output,
            "cacheRead": cost.cache_read,
            "cacheWrite": cost.cache_write,
        })),
    })
}

fn sum_up(args: &ModelsArgs, ui: &Ui, catalogue: &Catalogue, rows: &[Row]) {
    let declared = rows.iter().filter(|row| row.declared).count();
    let marked = match declared {
        0 => String::new(),
        some if ui.width().is_some() => format!("; ✓ marks the {some} in the config"),
        some => format!("; {some} in the config"),
    };
    ui.note(&format!(
        "{} of {} models{marked}",
        rows.len(),
        catalogue.models.len()
    ));
    let wanted = args.wanted();
    if rows.is_empty() && !wanted.is_empty() {
        let near: Vec<&str> = catalogue
            .nearest(&wanted, 3)
            .into_iter()
            .map(|model| model.id.as_str())
            .collect();
        if !near.is_empty() {
            ui.note(&format!("did you mean {}?", printable(&near.join(", "))));
        }
    }
    if let Some(slug) = args.provider.as_ref().filter(|_| rows.is_empty()) {
        let slugs = catalogue.slugs().join(", @");
        ui.note(&format!(
            "the providers of this key are @{}; `{}` may not be one of them",
            printable(&slugs),
            printable(slug)
        ));
    }
    if catalogue.mode == Mode::ProviderBacked {
        ui.note(
            "note: a config attached to the key decides the provider, so the models have no @slugs",
        );
    }
    if catalogue.is_partial() {
        ui.note("note: Portkey has more models than it listed");
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn tokens_with_units() {
        for (text, want) in [
            ("128000", 128_000),
            ("128k", 128_000),
            ("1M", 1_000_000),
            ("0", 0),
        ] {
            assert_eq!(tokens(text), Ok(want), "{text}");
        }
        for text in [
            "",
            "k",
            "-1",
            "1.5m",
            "99999999999999999999",
            "18446744073709551615k",
        ] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}
