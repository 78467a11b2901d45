//! The settings of a key, on the command line.

use clap::Args;

use crate::app::usage;
use crate::commands::limit_args::{LimitArgs, Wish};
use crate::error::Failure;
use crate::portkey::admin::expiry;
use crate::portkey::admin::keys::Settings;
use crate::portkey::admin::limits::Holder;
use crate::portkey::headers::{ConfigValue, check_config, metadata_pair};
use crate::store::now;

/// Settings of a key.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SettingArgs {
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    /// Email address to alert; can be repeated
    #[arg(long, value_name = "EMAIL", help_heading = "Limits", value_parser = email, hide_short_help = true)]
    alert: Vec<Wish<String>>,
    /// Gateway config for requests that don't name one
    #[arg(long, value_name = "pc-…", help_heading = "Key", value_parser = config, hide_short_help = true)]
    gateway_config: Option<Wish<String>>,
    /// Refuse requests that name another gateway config
    #[arg(long, help_heading = "Key", hide_short_help = true)]
    pin: bool,
    /// Metadata that openclaw.json can't override; can be repeated
    ///
    /// It is added to every request with this key.
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Key", value_parser = pair, hide_short_help = true)]
    metadata: Vec<(String, String)>,
    /// When the key expires, such as `90d` or `2027-01-31`
    #[arg(long, value_name = "WHEN", help_heading = "Key", value_parser = expires)]
    expires: Option<Wish<String>>,
    /// Scope in addition to those OpenClaw needs; can be repeated
    #[arg(
        long,
        value_name = "SCOPE",
        help_heading = "Key",
        hide_short_help = true
    )]
    scope: Vec<String>,
}

fn email(text: &str) -> Result<Wish<String>, String> {
    Wish::read(text, |text| {
        let (name, host) = text.split_once('@').unwrap_or_default();
        let fits = !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace);
        fits.then(|| text.to_owned())
            .ok_or_else(|| "expected an address such as me@example.com".to_owned())
    })
}

fn config(text: &str) -> Result<Wish<String>, String> {
    Wish::read(text, |text| match check_config(text) {
        Ok(ConfigValue::Id | ConfigValue::UnusualId) => Ok(text.to_owned()),
        _ => Err("a config id starts with `pc-`; `gateway-config list` shows it".to_owned()),
    })
}

fn pair(text: &str) -> Result<(String, String), String> {
    metadata_pair(text).map_err(|error| error.to_string())
}

fn expires(text: &str) -> Result<Wish<String>, String> {
    Wish::read(text, |text| expiry::parse(text, now()))
}

impl SettingArgs {
    /// Whether no setting is given.
    pub(super) fn is_empty(&self) -> bool {
        self.limits.is_empty()
            && self.alert.is_empty()
            && self.gateway_config.is_none()
            && !self.pin
            && self.metadata.is_empty()
            && self.expires.is_none()
            && self.scope.is_empty()
    }

    /// Whether requests can no longer name another config.
    pub(super) fn pins(&self) -> bool {
        self.pin
    }

    /// The previous settings with these changes.
    pub(super) fn apply(&self, before: &Settings) -> Result<Settings, Failure> {
        let mut wanted = before.clone();
        wanted.limits = self.limits.apply(&before.limits, Holder::Key)?;
        if !self.alert.is_empty() {
            let emails = self.alert.iter().cloned();
            wanted.alert_emails = emails.filter_map(Wish::into_option).collect();
        }
        if let Some(config) = self.gateway_config.clone() {
            wanted.config = config.into_option();
            if wanted.config.is_none() && before.is_pinned() {
                wanted.can_override = Some(true);
            }
        }
        if self.pin {
            if wanted.config.is_none() {
                return Err(
                    usage("--pin needs a gateway config").hint("also pass --gateway-config pc-…")
                );
            }
            wanted.can_override = Some(false);
        }
        for (key, value) in &self.metadata {
            wanted.metadata.retain(|(known, _)| known != key);
            wanted.metadata.push((key.clone(), value.clone()));
        }
        if let Some(expires) = self.expires.clone() {
            wanted.expires = expires.into_option();
        }
        for scope in &self.scope {
            if !wanted.scopes.contains(scope) {
                wanted.scopes.push(scope.clone());
            }
        }
        Ok(wanted)
    }
}
