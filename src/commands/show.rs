//! `show`: how OpenClaw is connected to Portkey, with file and line.

use clap::Args;

use crate::app::session::Session;
use crate::app::wiring::{Choice, Key, Provider, Reference, Shown, Wiring, secret_ref};
use crate::app::{Env, output};
use crate::args::{ConfigArgs, Format};
use crate::diagnostic::Location;
use crate::error::Exit;
use crate::mask::{MASK, printable};
use crate::openclaw::CredentialSource;
use crate::ui::{Tone, Ui};

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

/// Runs `show`.
///
/// # Errors
/// When the config cannot be read.
pub fn run(args: &ShowArgs, ui: &Ui, env: &Env) -> anyhow::Result<Exit> {
    let session = Session::open(&args.config, env)?;
    session.must_exist_if_named()?;
    let wiring = Wiring::of(&session, args.config.provider_id.as_deref());
    if args.config.format == Format::Text {
        Printer { ui }.all(&session, &wiring);
    }
    output::finish(ui, args.config.format, "show", || {
        let mut fields = wiring.json();
        fields["config"] = output::config_json(&session.location);
        fields["openclaw"] = output::version_json(session.version);
        fields
    });
    Ok(Exit::Done)
}

struct Printer<'a> {
    ui: &'a Ui,
}

impl Printer<'_> {
    fn all(&self, session: &Session<'_>, wiring: &Wiring) {
        let location = &session.location;
        let missing = if location.exists {
            ""
        } else {
            "; does not exist yet"
        };
        let config = format!(
            "{} ({}{missing})",
            session.short(&location.config),
            location.reason
        );
        self.row(0, "Config", &config, None);
        self.row(0, "OpenClaw", &session.version.to_string(), None);
        if wiring.providers.is_empty() {
            let others = match wiring.others.as_slice() {
                [] => "none".to_owned(),
                others => others.join(", "),
            };
            self.row(
                0,
                "Provider",
                &format!("none for Portkey (others: {others}); `openclaw-portkey init` adds one"),
                None,
            );
        }
        for provider in &wiring.providers {
            self.provider(provider);
        }
        match &wiring.defaults {
            Some(choice) => self.choice("Defaults", "", choice),
            None => self.row(
                0,
                "Defaults",
                "no model set; OpenClaw uses its own default",
                None,
            ),
        }
        for (id, choice) in &wiring.agents {
            self.choice("Agent", id, choice);
        }
        for list in &wiring.allow_lists {
            self.row(0, "Allow-list", &list.path, Some(&list.at));
            for entry in &list.ours {
                self.row(1, "allows", entry, None);
            }
            if list.others > 0 {
                self.row(1, "others", &list.others.to_string(), None);
            }
        }
    }

    fn provider(&self, provider: &Provider) {
        self.row(0, "Provider", &provider.id, Some(&provider.at));
        for (label, shown, fallback) in [
            ("base URL", &provider.base_url, "not set"),
            ("API", &provider.api, "openai-completions (not set)"),
        ] {
            let text = shown.as_ref().map_or(fallback, |shown| &shown.value);
            self.row(1, label, text, shown.as_ref().map(|shown| &shown.at));
        }
        match &provider.key {
            Some(key) => self.key(key),
            None => self.row(1, "API key", "not set", None),
        }
        self.headers(1, &provider.headers);
        if provider.models.is_empty() {
            self.row(1, "models", "none", provider.models_at.as_ref());
        }
        for model in &provider.models {
            let name = model.name.as_ref();
            let name = name.map(|name| format!("  \"{name}\"")).unwrap_or_default();
            self.row(1, "model", &format!("{}{name}", model.id), Some(&model.at));
            self.headers(2, &model.headers);
        }
    }

    fn headers(&self, depth: usize, headers: &[(String, Shown)]) {
        for (name, shown) in headers {
            let text = format!("{name}: {}", shown.value);
            self.row(depth, "header", &text, Some(&shown.at));
        }
    }

    fn key(&self, key: &Key) {
        let value = match &key.source {
            CredentialSource::Literal => format!("{MASK} (plain text in the config)"),
            CredentialSource::Empty => "empty".to_owned(),
            CredentialSource::Unexpanded => "a placeholder; OpenClaw sends it as is".to_owned(),
            CredentialSource::Invalid => "neither a string nor a SecretRef".to_owned(),
            CredentialSource::Variable(name) => format!("${{{name}}}"),
            CredentialSource::SecretRef { source, id } => secret_ref(source, id),
        };
        self.row(1, "API key", &value, Some(&key.at));
        if let Some(set_in) = &key.set_in {
            self.row(2, "set in", set_in, None);
        }
    }

    fn choice(&self, label: &str, value: &str, choice: &Choice) {
        self.row(0, label, value, Some(&choice.at));
        if let Some(primary) = &choice.primary {
            self.reference("primary", primary);
        }
        for fallback in &choice.fallbacks {
            self.reference("fallback", fallback);
        }
        for (key, other) in &choice.others {
            self.reference(key.trim_end_matches("Model"), other);
        }
    }

    fn reference(&self, label: &str, reference: &Reference) {
        let bypass = if reference.via_portkey == Some(false) {
            " (not through Portkey)"
        } else {
            ""
        };
        let text = format!("{}{bypass}", reference.text);
        self.row(1, label, &text, Some(&reference.at));
    }

    /// The labels of one depth are aligned; the location follows the value. The first row shows the
    /// whole path, the others only the file name.
    fn row(&self, depth: usize, label: &str, value: &str, at: Option<&Location>) {
        const LABEL_WIDTH: usize = 12;
        let indent = "  ".repeat(depth);
        let label = match depth {
            0 => self.ui.out(Tone::Bold, &format!("{label:LABEL_WIDTH$}")),
            _ => format!("{label:LABEL_WIDTH$}"),
        };
        let at = at
            .map(|at| at.named(output::file_name(&at.file)))
            .map(|at| format!("  {}", self.ui.out(Tone::Place, &at)))
            .unwrap_or_default();
        let line = if value.is_empty() {
            format!("{indent}{label}{}", at.trim_start())
        } else {
            format!("{indent}{label}{}{at}", printable(value))
        };
        self.ui.result(&line);
    }
}
