//! A team file as HCL for Portkey's Terraform provider, with import blocks for what already exists.
//!
//! Differences from the admin API: the Terraform provider reads its key from `PORTKEY_API_KEY`,
//! which is OpenClaw's key here, so the admin key gets its own variable. A config is imported by
//! its slug, a key by its id. Providers have no limits there; those of their integration in the
//! workspace are the closest.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::document::is_printable;
use crate::portkey::admin::keys::Key;
use crate::portkey::admin::limits::{Limits, Rate};
use crate::portkey::admin::providers::Provider as PortkeyProvider;

use super::plan::Observed;
use super::wanted::{Ends, with_alert};
use super::{ApiKey, Named, Provider, Team};

/// The release of the Terraform provider that has these attributes.
const VERSION: &str = "0.2.28";

/// The whole file. `configs` has the gateway configs by name. Without Portkey's lists, only configs
/// with an id in the file can be imported.
#[must_use]
pub fn render(team: &Team, configs: &[(String, Json)], observed: &Observed, now: &str) -> String {
    let mut writer = Writer {
        team,
        observed,
        text: String::new(),
        labels: Vec::new(),
        now: now.to_owned(),
    };
    writer.head();
    for provider in &team.providers {
        writer.provider(provider);
    }
    for (name, config) in configs {
        writer.config(name, config);
    }
    for key in &team.keys {
        writer.key(key);
    }
    writer.text
}

struct Writer<'t> {
    team: &'t Team,
    observed: &'t Observed,
    text: String,
    /// The labels in use: resource, name, label.
    labels: Vec<(&'static str, String, String)>,
    now: String,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn head(&mut self) {
        let _ = write!(
            self.text,
            "\
# Written by `openclaw-portkey team export` from {file}, for release {VERSION} of the provider.
# The state contains the keys that Terraform creates: keep it private.

terraform {{
  required_providers {{
    portkey = {{
      source  = \"portkey-ai/portkey\"
      version = \"~> {VERSION}\"
    }}
  }}
}}

# Without this the provider would take PORTKEY_API_KEY, the key that OpenClaw uses.
variable \"portkey_admin_api_key\" {{
  type      = string
  sensitive = true
}}

variable \"portkey_workspace_id\" {{
",
            file = comment(self.team.name()),
        );
        let mut attributes = vec![("type".to_owned(), "string".to_owned())];
        if let Some(workspace) = &self.team.workspace {
            attributes.push(("default".to_owned(), string(&workspace.value)));
        }
        self.text.push_str(&aligned(&attributes, "  "));
        self.line("}\n\nprovider \"portkey\" {\n  api_key = var.portkey_admin_api_key\n}");
    }

    /// A label that is unique among resources of the kind.
    fn label(&mut self, resource: &'static str, name: &str) -> String {
        let mut label = name
            .to_ascii_lowercase()
            .replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        if !label.starts_with(|c: char| c.is_ascii_lowercase()) {
            label.insert_str(0, "r_");
        }
        let taken = |label: &str| {
            let mut labels = self.labels.iter();
            labels.any(|(kind, _, other)| *kind == resource && other == label)
        };
        let mut free = label.clone();
        let mut number = 2;
        while taken(&free) {
            free = format!("{label}_{number}");
            number += 1;
        }
        self.labels.push((resource, name.to_owned(), free.clone()));
        free
    }

    fn import(&mut self, to: &str, id: &str) {
        let id = string(id);
        let _ = write!(self.text, "\nimport {{\n  to = {to}\n  id = {id}\n}}\n");
    }

    fn provider(&mut self, provider: &Named<Provider>) {
        let name = &provider.name.value;
        let mut listed = self.observed.providers.items.iter();
        let found: Option<&PortkeyProvider> = listed.rfind(|one| one.slug == *name);
        let shown = comment(name);
        let _ = write!(
            self.text,
            "\n# The limits of @{shown}. Terraform can't set them; these are the limits of its integration in\n\
             # the workspace, which the dashboard calls Budget & Limits.\n"
        );
        let integration = found.map(|found| found.integration.clone());
        let Some(integration) = integration.filter(|id| !id.is_empty()) else {
            self.line(
                "# Its integration is unknown: export with an admin key that can list providers.",
            );
            return;
        };
        let resource = "portkey_integration_workspace_access";
        let label = self.label(resource, name);
        if let Some(workspace) = self.team.workspace.as_ref().map(|one| one.value.clone()) {
            self.import(
                &format!("{resource}.{label}"),
                &format!("{integration}/{workspace}"),
            );
        }
        let _ = write!(
            self.text,
            "\nresource \"{resource}\" \"{label}\" {{\n  integration_id = {}\n  workspace_id   = var.portkey_workspace_id\n",
            string(&integration)
        );
        let before = found.map(|found| found.limits.clone()).unwrap_or_default();
        let limits = with_alert(provider.value.limits(), &before);
        if limits.budget.is_some() {
            let usage = usage(&limits, false);
            let _ = write!(self.text, "\n  usage_limits = [{{\n{usage}  }}]\n");
        }
        self.rates(&limits.rates);
        self.line("}");
    }

    fn rates(&mut self, rates: &[Rate]) {
        if rates.is_empty() {
            return;
        }
        self.line("\n  rate_limits = [");
        for rate in rates {
            let json = rate.to_json();
            let field = |name: &str| value(&json[name]);
            let _ = writeln!(
                self.text,
                "    {{ type = {}, unit = {}, value = {} }},",
                field("type"),
                field("unit"),
                field("value")
            );
        }
        self.line("  ]");
    }

    fn config(&mut self, name: &str, config: &Json) {
        let resource = "portkey_config";
        let label = self.label(resource, name);
        if let Some(slug) = self.team.slug(name, self.observed) {
            self.import(&format!("{resource}.{label}"), &slug);
        }
        let _ = write!(
            self.text,
            "\nresource \"{resource}\" \"{label}\" {{\n  name         = {}\n  workspace_id = var.portkey_workspace_id\n  config       = jsonencode({})\n}}\n",
            string(name),
            object(config, 1)
        );
    }

    fn key(&mut self, key: &Named<ApiKey>) {
        let name = &key.name.value;
        let resource = "portkey_api_key";
        let label = self.label(resource, name);
        if let Some(user) = &key.value.user {
            let _ = write!(
                self.text,
                "\ndata \"portkey_users\" \"{label}\" {{\n  email = {}\n}}\n",
                string(&user.value)
            );
        }
        let mut listed = self.observed.keys.items.iter();
        let found: Option<&Key> = listed.rfind(|one| one.name == *name);
        if let Some(id) = found.map(|found| found.id.clone()) {
            self.import(&format!("{resource}.{label}"), &id);
        }
        let kind = if key.value.user.is_some() {
            "user"
        } else {
            "service"
        };
        let _ = write!(
            self.text,
            "\nresource \"{resource}\" \"{label}\" {{\n  name         = {}\n  type         = \"workspace\"\n  sub_type     = \"{kind}\"\n  workspace_id = var.portkey_workspace_id\n",
            string(name)
        );
        if key.value.user.is_some() {
            let _ = writeln!(
                self.text,
                "  user_id      = data.portkey_users.{label}.users[0].id"
            );
        }
        self.settings(&key.value, found);
        self.line("}");
    }

    fn settings(&mut self, key: &ApiKey, found: Option<&Key>) {
        let settings = key.settings(None);
        let scopes = found.map(|found| found.settings.scopes.clone());
        let scopes = scopes
            .filter(|scopes| !scopes.is_empty())
            .unwrap_or(settings.scopes);
        let _ = writeln!(self.text, "\n  scopes = {}", list(&scopes));
        if let Some(config) = &key.config {
            let _ = writeln!(
                self.text,
                "\n  config_id             = {}",
                self.config_id(&config.value)
            );
            let can = !key.is_pinned();
            let _ = writeln!(self.text, "  allow_config_override = {can}");
        }
        if !settings.metadata.is_empty() {
            self.line("\n  metadata = {");
            let pairs = settings.metadata.iter();
            let pairs: Vec<_> = pairs
                .map(|(key, value)| (string(key), string(value)))
                .collect();
            self.text.push_str(&aligned(&pairs, "    "));
            self.line("  }");
        }
        let before = found.map(|found| found.settings.limits.clone());
        let limits = with_alert(settings.limits, &before.unwrap_or_default());
        if limits.budget.is_some() {
            let usage = usage(&limits, true);
            let _ = write!(self.text, "\n  usage_limits = {{\n{usage}  }}\n");
        }
        self.rates(&limits.rates);
        if !settings.alert_emails.is_empty() {
            let _ = writeln!(
                self.text,
                "\n  alert_emails = {}",
                list(&settings.alert_emails)
            );
        }
        let expires = match key.ends() {
            Ends::Never => None,
            Ends::At(time) => Some(time),
            // A period from its creation: the date at Portkey, or else from now.
            Ends::After(span) => found
                .and_then(|found| found.settings.expires.clone())
                .or_else(|| {
                    let now = crate::timestamp::parse(&self.now)?;
                    crate::portkey::admin::expiry::parse(&span, now).ok()
                }),
        };
        if let Some(time) = expires {
            let _ = writeln!(self.text, "\n  expires_at = {}", string(&time));
        }
    }

    /// A config of this file by its resource; others by id.
    fn config_id(&self, named: &str) -> String {
        let own = self
            .labels
            .iter()
            .find(|(kind, name, _)| *kind == "portkey_config" && name == named);
        match own {
            Some((_, _, label)) => format!("portkey_config.{label}.id"),
            None => string(named),
        }
    }
}

/// The attributes of a budget, one per line.
fn usage(limits: &Limits, days: bool) -> String {
    let Some(budget) = &limits.budget else {
        return String::new();
    };
    let json = budget.to_json(limits.alert_at, false);
    let mut attributes = Vec::new();
    let mut remark = String::new();
    for name in [
        "type",
        "credit_limit",
        "alert_threshold",
        "periodic_reset",
        "periodic_reset_days",
    ] {
        let Some(field) = json.get(name).filter(|field| !field.is_null()) else {
            continue;
        };
        if name == "periodic_reset_days" && !days {
            remark =
                format!("    # It resets every {field} days, which this resource can't express.\n");
        } else {
            attributes.push((name.to_owned(), value(field)));
        }
    }
    remark + &aligned(&attributes, "    ")
}

/// Attributes with aligned `=` signs.
fn aligned(attributes: &[(String, String)], indent: &str) -> String {
    let widest = attributes
        .iter()
        .map(|(name, _)| name.chars().count())
        .max();
    let widest = widest.unwrap_or_default();
    let line = |(name, value): &(String, String)| format!("{indent}{name:widest$} = {value}\n");
    attributes.iter().map(line).collect()
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn value(json: &Json) -> String {
    match json {
        Json::String(text) => string(text),
        other => other.to_string(),
    }
}

/// JSON as an expression: object keys are quoted, and strings don't interpolate.
fn object(json: &Json, depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let end = "  ".repeat(depth);
    match json {
        Json::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(key, value)| {
                format!("{indent}{} = {}\n", string(key), object(value, depth + 1))
            });
            format!("{{\n{}{end}}}", members.collect::<String>())
        }
        Json::Array(items) if !items.is_empty() => {
            let items = items
                .iter()
                .map(|item| format!("{indent}{},\n", object(item, depth + 1)));
            format!("[\n{}{end}]", items.collect::<String>())
        }
        other => value(other),
    }
}

/// A quoted string, with `${` and `%{` escaped.
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => {
                quoted.push(c);
                quoted.push(c);
            }
            // Invisible characters are escaped.
            c if !is_printable(c) => {
                let code = u32::from(c);
                let _ = if code > 0xffff {
                    write!(quoted, "\\U{code:08x}")
                } else {
                    write!(quoted, "\\u{code:04x}")
                };
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Text for a comment, without line breaks, which would end it.
fn comment(text: &str) -> String {
    crate::portkey::printable(text, 80)
}

#[cfg(test)]
mod tests {
    use super::{object, string};
    use serde_json::json;

    #[test]
    fn strings_are_escaped() {
        for (text, want) in [
            ("a", r#""a""#),
            ("a\"b\\c\n", r#""a\"b\\c\n""#),
            ("${VAR} %{if} $$ $x", r#""$${VAR} %%{if} $$ $x""#),
            ("\u{1}é", "\"\\u0001é\""),
            ("\u{2028}\u{e0001}", "\"\\u2028\\U000e0001\""),
        ] {
            assert_eq!(string(text), want);
        }
        let config = json!({ "a-b": [1, { "c": true }], "d": {}, "e": null });
        assert_eq!(
            object(&config, 0),
            "{\n  \"a-b\" = [\n    1,\n    {\n      \"c\" = true\n    },\n  ]\n  \"d\" = {}\n  \"e\" = null\n}"
        );
    }
}
