//! `show`: the wiring as OpenClaw will see it, each value with its place.

use clap::Args;
use serde_json::{Value as Json, json};

use crate::cli::{ConfigArgs, Format};
use crate::diagnostic::Location;
use crate::error::{Exit, Failure};
use crate::mask::{MASK, mask_known, names_secret, printable};
use crate::openclaw::{
    Aliases, AllowList, CredentialSource, ModelChoice, Provider, VersionSource, View, agents,
    allow_lists, choice, find_provider, providers,
};
use crate::ui::{Tone, Ui};

use super::key::{self, Origin};
use super::workspace::Workspace;
use super::{Env, output};

/// Arguments of `show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  openclaw-portkey show
  openclaw-portkey show --format json
  openclaw-portkey show --profile work")]
pub struct ShowArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// One line: what, its value, where it stands.
#[derive(Debug)]
struct Row {
    depth: usize,
    label: String,
    value: String,
    place: Option<String>,
}

/// Runs `show`.
///
/// # Errors
/// When the config cannot be read.
pub fn run(args: &ShowArgs, ui: &Ui, env: &Env) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&args.config, env)?;
    let rows = Report {
        workspace: &workspace,
        provider_id: &args.config.provider_id,
        names: Aliases::of(&workspace.config, workspace.version),
        env,
    }
    .rows();
    if args.config.format == Format::Json {
        let rows: Vec<Json> = rows
            .iter()
            .map(|row| json!({ "depth": row.depth, "label": row.label, "value": row.value, "place": row.place }))
            .collect();
        let wired = find_provider(&workspace.config, &args.config.provider_id).is_some();
        ui.result(&output::document(&json!({
            "command": "show",
            "config": workspace.location.config.display().to_string(),
            "wired": wired,
            "rows": rows,
        })));
        return Ok(Exit::Done);
    }
    for row in &rows {
        ui.result(&text(ui, row));
    }
    Ok(Exit::Done)
}

/// Labels of one depth line up; the place follows the value.
fn text(ui: &Ui, row: &Row) -> String {
    const LABEL_WIDTH: usize = 12;
    let indent = "  ".repeat(row.depth);
    let label = printable(&row.label);
    let label = match row.depth {
        0 => ui.out(Tone::Bold, &format!("{label:LABEL_WIDTH$}")),
        _ => format!("{label:LABEL_WIDTH$}"),
    };
    let place = row
        .place
        .as_ref()
        .map(|place| format!("  {}", ui.out(Tone::Place, place)))
        .unwrap_or_default();
    if row.value.is_empty() {
        return format!("{indent}{label}{}", place.trim_start());
    }
    format!("{indent}{label}{}{place}", printable(&row.value))
}

struct Report<'a> {
    workspace: &'a Workspace,
    provider_id: &'a str,
    names: Aliases,
    env: &'a Env,
}

impl Report<'_> {
    fn rows(&self) -> Vec<Row> {
        let location = &self.workspace.location;
        let missing = if location.exists {
            ""
        } else {
            "; does not exist yet"
        };
        let mut rows = vec![
            row(
                0,
                "Config",
                format!(
                    "{} ({}{missing})",
                    self.workspace.short(&location.config),
                    location.reason
                ),
                None,
            ),
            row(0, "OpenClaw", version(self.workspace.version), None),
        ];
        match find_provider(&self.workspace.config, self.provider_id) {
            Some(provider) => self.provider(&provider, &mut rows),
            None => self.no_provider(&mut rows),
        }
        self.agents(&mut rows);
        rows
    }

    fn no_provider(&self, rows: &mut Vec<Row>) {
        let others: Vec<String> = providers(&self.workspace.config)
            .into_iter()
            .map(|provider| provider.id)
            .collect();
        let others = if others.is_empty() {
            "none".to_owned()
        } else {
            others.join(", ")
        };
        rows.push(row(
            0,
            "Provider",
            format!(
                "no `{}` (configured: {others}); `openclaw-portkey init` adds it",
                self.provider_id
            ),
            None,
        ));
    }

    fn provider(&self, provider: &Provider<'_>, rows: &mut Vec<Row>) {
        rows.push(row(
            0,
            "Provider",
            provider.id.clone(),
            Some(place_of(&provider.view)),
        ));
        for (label, key) in [("base URL", "baseUrl"), ("API", "api")] {
            match provider.view.get(key) {
                Some(view) => rows.push(row(1, label, plain(&view), Some(place_of(&view)))),
                None if key == "api" => {
                    rows.push(row(1, label, "openai-completions (not set)", None));
                }
                None => rows.push(row(1, label, "not set", None)),
            }
        }
        self.key(provider, rows);
        for (name, view) in provider.headers() {
            rows.push(row(
                1,
                "header",
                format!("{name}: {}", header_value(&name, &view)),
                Some(place_of(&view)),
            ));
        }
        let models = provider.models();
        if models.is_empty() {
            rows.push(row(
                1,
                "models",
                "none",
                provider.view.get("models").map(|view| place_of(&view)),
            ));
        }
        for model in models {
            let name = model.view.get("name").and_then(|name| name.text());
            let name = name.map(|name| format!("  \"{name}\"")).unwrap_or_default();
            rows.push(row(
                1,
                "model",
                format!("{}{name}", model.id),
                Some(place_of(&model.view)),
            ));
            let own = model
                .view
                .get("headers")
                .map(|view| view.entries())
                .unwrap_or_default();
            for (name, view) in own {
                rows.push(row(
                    2,
                    "header",
                    format!("{name}: {}", header_value(&name, &view)),
                    Some(place_of(&view)),
                ));
            }
        }
    }

    fn key(&self, provider: &Provider<'_>, rows: &mut Vec<Row>) {
        let Some(view) = provider.view.get("apiKey") else {
            rows.push(row(1, "API key", "not set", None));
            return;
        };
        let given = CredentialSource::read(&view);
        let value = match &given {
            CredentialSource::Literal => format!("{MASK} (readable in the config)"),
            CredentialSource::Empty => "empty".to_owned(),
            CredentialSource::Unexpanded => {
                "a placeholder: OpenClaw sends the words themselves".to_owned()
            }
            CredentialSource::Invalid => "neither a string nor a SecretRef".to_owned(),
            CredentialSource::Variable(name) => format!("${{{name}}}"),
            CredentialSource::SecretRef { source, id } => format!("SecretRef {source}:{id}"),
        };
        rows.push(row(1, "API key", value, Some(place_of(&view))));
        if let Some(name) = given.variable() {
            rows.push(row(2, "set in", self.variable(name), None));
        }
    }

    /// Where a variable's value comes from, as OpenClaw looks it up.
    fn variable(&self, name: &str) -> String {
        let dotenv = || self.workspace.short(&self.workspace.location.dotenv);
        match key::variable(self.workspace, name, self.env).map(|found| found.origin) {
            Some(Origin::Environment(_)) if self.in_dotenv(name) => {
                format!("this shell and {}", dotenv())
            }
            Some(Origin::Environment(_)) => {
                "this shell only: the gateway service does not see it".to_owned()
            }
            Some(Origin::Dotenv(_)) => dotenv(),
            Some(_) => "the config's own env".to_owned(),
            None => "no place that OpenClaw looks at".to_owned(),
        }
    }

    fn in_dotenv(&self, name: &str) -> bool {
        self.workspace
            .dotenv_text()
            .is_some_and(|text| crate::dotenv::get(text, name).is_some())
    }

    fn agents(&self, rows: &mut Vec<Row>) {
        let config = &self.workspace.config;
        let defaults = config
            .at(&["agents", "defaults"])
            .and_then(|view| choice(&view));
        match &defaults {
            Some(found) => {
                rows.push(row(
                    0,
                    "Defaults",
                    String::new(),
                    Some(place_of(&found.view)),
                ));
                self.choice(found, rows);
            }
            None => rows.push(row(
                0,
                "Defaults",
                "no model set: OpenClaw's own default",
                None,
            )),
        }
        for agent in agents(config) {
            let Some(found) = choice(&agent.view) else {
                continue;
            };
            rows.push(row(
                0,
                "Agent",
                agent.id.clone(),
                Some(place_of(&agent.view)),
            ));
            self.choice(&found, rows);
        }
        for list in allow_lists(config, self.workspace.version) {
            self.allow_list(&list, rows);
        }
    }

    fn allow_list(&self, list: &AllowList<'_>, rows: &mut Vec<Row>) {
        rows.push(row(
            0,
            "Allow-list",
            list.view.path().to_string(),
            Some(place_of(&list.view)),
        ));
        let (ours, others): (Vec<String>, Vec<String>) = list
            .entries()
            .into_iter()
            .partition(|entry| self.is_ours(entry));
        for entry in ours {
            rows.push(row(1, "allows", entry, None));
        }
        if !others.is_empty() {
            rows.push(row(1, "others", others.len().to_string(), None));
        }
    }

    fn is_ours(&self, reference: &str) -> bool {
        self.names.through(reference, self.provider_id).is_some()
    }

    fn choice(&self, found: &ModelChoice<'_>, rows: &mut Vec<Row>) {
        if let Some(primary) = &found.primary {
            rows.push(row(
                1,
                "primary",
                self.reference(primary),
                Some(place_of(primary)),
            ));
        }
        for fallback in &found.fallbacks {
            rows.push(row(
                1,
                "fallback",
                self.reference(fallback),
                Some(place_of(fallback)),
            ));
        }
    }

    fn reference(&self, view: &View<'_>) -> String {
        let text = plain(view);
        if self.is_ours(&text) || !self.names.resolved(&text).contains('/') {
            return text;
        }
        format!("{text} (not through Portkey)")
    }
}

/// The first row has the whole path; of the others the name tells enough.
fn place_of(view: &View<'_>) -> String {
    let found = view.place();
    Location::new(output::file_name(found.file), found.position).to_string()
}

fn row(depth: usize, label: &str, value: impl Into<String>, place: Option<String>) -> Row {
    Row {
        depth,
        label: label.to_owned(),
        value: value.into(),
        place,
    }
}

fn version(source: VersionSource) -> String {
    match source {
        VersionSource::Config(version) => format!("{version} (last wrote the config)"),
        VersionSource::Installed(version) => format!("{version} (installed)"),
        VersionSource::Unknown => format!("version unknown, taken for {}", source.version()),
    }
}

fn plain(view: &View<'_>) -> String {
    view.text()
        .map_or_else(|| "not a string".to_owned(), |text| mask_known(&text, &[]))
}

fn header_value(name: &str, view: &View<'_>) -> String {
    match CredentialSource::read(view) {
        CredentialSource::SecretRef { source, id } => format!("SecretRef {source}:{id}"),
        CredentialSource::Variable(name) => format!("${{{name}}}"),
        _ if names_secret(name) => MASK.to_owned(),
        _ => plain(view),
    }
}
