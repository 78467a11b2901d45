//! `provider`: providers (the part of a model id after `@`), with their budgets and rate limits.

use std::thread::sleep;

use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::diff::Line;
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::admin::Request;
use crate::portkey::admin::limits::Limits;
use crate::portkey::admin::lists::Pages;
use crate::portkey::admin::providers::{self, NewIntegration, Provider};
use crate::ui::Ui;

use super::admin::Admin;
use super::change::{Ending, Proposal};
use super::gateway_config::saved::difference;
use super::keys::price;
use super::remote::{Done, READ_DELAYS, Remote, unsure};
use super::{credential, output, table, usage};

/// The command's name in JSON.
const NAME: &str = "provider";

/// The columns, most important first.
const HEADINGS: [&str; 6] = [
    "provider",
    "status",
    "budget",
    "rate",
    "expires",
    "integration",
];

/// Prints the JSON document of a subcommand, if requested.
pub(crate) fn finish(ui: &Ui, format: Format, action: &str, fields: impl FnOnce() -> Json) {
    output::finish_action(ui, format, (NAME, action), fields);
}

/// All providers, by slug.
pub(crate) fn list(pages: &Pages, format: Format, ui: &Ui) {
    let mut all = providers::providers(&pages.items);
    all.sort_by(|a, b| a.slug.cmp(&b.slug));
    finish(ui, format, "list", || {
        let all: Vec<Json> = all.iter().map(provider_json).collect();
        json!({ "providers": all, "complete": !pages.is_partial() })
    });
    if format == Format::Text {
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        table::print(ui, &HEADINGS, &rows);
        if rows.is_empty() {
            ui.note("No providers that this admin key can list.");
        }
    }
    if pages.is_partial() {
        ui.alert("warning: Portkey has more providers than it listed");
    }
}

fn row(provider: &Provider) -> Vec<String> {
    let (budget, rates) = limits_text(&provider.limits);
    let day = provider.expires.split('T').next().unwrap_or_default();
    vec![
        format!("@{}", provider.slug),
        provider.status.clone(),
        budget,
        rates,
        day.to_owned(),
        provider.integration.clone(),
    ]
}

fn limits_text(limits: &Limits) -> (String, String) {
    let rates: Vec<String> = limits.rates.iter().map(ToString::to_string).collect();
    let budget = limits.budget.as_ref().map(ToString::to_string);
    (budget.unwrap_or_default(), rates.join(", "))
}

fn provider_json(provider: &Provider) -> Json {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let rates: Vec<String> = provider
        .limits
        .rates
        .iter()
        .map(ToString::to_string)
        .collect();
    json!({
        "slug": provider.slug,
        "name": text(&provider.name),
        "integration": text(&provider.integration),
        "status": text(&provider.status),
        "expires": text(&provider.expires),
        "budget": provider.limits.budget.as_ref().map(ToString::to_string),
        "alertAt": provider.limits.alert_at,
        "rates": rates,
    })
}

/// A new provider for a diff.
fn new_json(new: &NewIntegration) -> Json {
    let mut fields = json!({ "vendor": new.vendor });
    if new.key.is_some() {
        fields["key"] = crate::mask::MASK.into();
    }
    if let Some(host) = &new.host {
        fields["host"] = host.as_str().into();
    }
    fields
}

/// The limits for a diff; unset ones are left out.
fn brief(limits: &Limits) -> Json {
    let (budget, rates) = limits_text(limits);
    let mut fields = serde_json::Map::new();
    for (name, text) in [("budget", budget), ("rate", rates)] {
        if !text.is_empty() {
            fields.insert(name.to_owned(), text.into());
        }
    }
    if let Some(at) = limits.alert_at {
        fields.insert("alertAt".to_owned(), at.into());
    }
    Json::Object(fields)
}

fn limits_diff(slug: &str, before: &Limits, after: &Limits) -> Vec<Line> {
    let title = printable(&format!("provider @{slug}")).into_owned();
    difference(&title, Some(&brief(before)), &brief(after))
}

/// A provider, if it exists.
fn read(admin: &Admin, slug: &str) -> Result<Option<Provider>, Failure> {
    let reply = admin.find(&providers::get(slug, admin.workspace()))?;
    Ok(reply.map(|reply| Provider {
        slug: slug.to_owned(),
        ..providers::provider(&reply)
    }))
}

/// Whether the list contains a provider. Requesting it by slug wouldn't say: Portkey may answer 403
/// for a provider that doesn't exist.
fn is_listed(admin: &Admin, slug: &str) -> Result<bool, Failure> {
    let pages = admin.list(&providers::list(admin.workspace()))?;
    let all = providers::providers(&pages.items);
    Ok(all.iter().any(|provider| provider.slug == slug))
}

/// Shows the limits of a provider.
pub(crate) fn show(admin: &Admin, slug: &str, format: Format, ui: &Ui) -> Result<(), Failure> {
    let provider = ui.asking(admin.host(), || read(admin, slug));
    let provider = provider?.ok_or_else(|| unknown(slug))?;
    finish(
        ui,
        format,
        "limits",
        || json!({ "provider": provider_json(&provider), "changed": false, "sent": false, "calls": [], "notes": [] }),
    );
    if format == Format::Text {
        echo(&provider.limits, |line| ui.result(line));
    }
    Ok(())
}

/// The limits, one per line.
fn echo(limits: &Limits, print: impl Fn(&str)) {
    let (budget, rates) = limits_text(limits);
    let or_none = |text: String| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text
        }
    };
    print(&printable(&format!("budget: {}", or_none(budget))));
    if let Some(at) = limits.alert_at {
        print(&format!("alert at: {at}"));
    }
    print(&printable(&format!("rate: {}", or_none(rates))));
}

fn unknown(slug: &str) -> Failure {
    let message = format!("no provider `{}` at Portkey", printable(slug));
    Failure::new(FailureKind::Check, message).hint(
        Help::from("`")
            .run(Run::new("provider list"))
            .text("` lists the providers"),
    )
}

fn exists(slug: &str) -> Failure {
    let run = Run::new("provider limits").value(slug);
    let message = format!("the provider `{slug}` already exists; nothing was sent");
    Failure::new(FailureKind::Check, message)
        .hint(Help::from("`").run(run).text("` changes its limits"))
        .hint("change its key at https://app.portkey.ai/model-catalog")
}

impl Remote<'_> {
    /// Changes the limits of a provider.
    pub(crate) fn provider_limits(
        &self,
        slug: &str,
        edit: impl FnOnce(&Limits) -> Result<Limits, Failure>,
    ) -> Result<Done, Failure> {
        let found = self.asking(|| read(self.admin, slug))?;
        let mut provider = found.ok_or_else(|| unknown(slug))?;
        let wanted = edit(&provider.limits)?;
        let mut proposal = Proposal::default();
        let request = providers::update(&provider, &wanted, self.admin.workspace());
        if let Some(request) = &request {
            let lines = limits_diff(slug, &provider.limits, &wanted);
            proposal.calls.push(self.call(request, lines));
            let budget = wanted.budget.as_ref();
            let is_new = wanted.budget != provider.limits.budget;
            let budget = budget.filter(|_| is_new);
            let unpriced = price::unpriced(self.admin, self.session, budget, Some(slug));
            proposal.notes.extend(unpriced);
        }
        let change = self.change("provider limits", false);
        let offered = change.offer(&proposal)?;
        if let (None, Some(request)) = (&offered, &request) {
            self.asking(|| self.admin.send(request)).map_err(unsure)?;
            self.say(&format!("Changed provider @{slug}"));
            provider.limits = wanted.clone();
            provider = self.provider_back(slug, &wanted).unwrap_or(provider);
            self.echo_limits(&provider.limits);
        }
        let ending = offered.unwrap_or(Ending::Sent);
        self.say_nothing_to_do(&ending, &format!("provider @{slug}"));
        let mut fields = Self::fields(&change, &proposal, &ending);
        fields["provider"] = provider_json(&provider);
        Ok(Done {
            exit: ending.exit(),
            fields,
        })
    }

    /// Adds a provider: an integration with the vendor's key, and its provider.
    pub(crate) fn provider_add(
        &self,
        new: &NewIntegration,
        limits: &Limits,
    ) -> Result<Done, Failure> {
        let slug = new.slug.as_str();
        self.is_of_vendor(new)?;
        if self.asking(|| is_listed(self.admin, slug))? {
            return Err(exists(slug));
        }
        let workspace = self.admin.workspace();
        let request = providers::create(new, workspace);
        let mut proposal = Proposal::default();
        let provider = Provider {
            slug: slug.to_owned(),
            name: slug.to_owned(),
            limits: limits.clone(),
            ..Provider::default()
        };
        let made = Provider {
            limits: Limits::default(),
            ..provider.clone()
        };
        let title = printable(&format!("provider @{slug} (new)")).into_owned();
        let lines = difference(&title, None, &new_json(new));
        proposal.calls.push(self.call(&request, lines));
        let limit = providers::update(&made, limits, workspace);
        if let Some(limit) = &limit {
            let lines = limits_diff(slug, &made.limits, limits);
            proposal.calls.push(self.call(limit, lines));
        }
        let change = self.change("provider add", false);
        let offered = change.offer(&proposal)?;
        let mut shown = provider;
        if offered.is_none() {
            self.asking(|| self.admin.send(&request)).map_err(unsure)?;
            self.say(&format!("Added provider @{slug}"));
            if let Some(limit) = &limit {
                let limited = self.asking(|| self.send_when_there(slug, limit));
                limited.map_err(|failure| {
                    let run = Run::new("provider limits").value(slug);
                    let help =
                        Help::from("the provider was added, but without its limits; `").run(run);
                    failure.hint(help.text("` sets them"))
                })?;
            }
            shown = self.provider_back(slug, limits).unwrap_or(shown);
            self.echo_limits(&shown.limits);
            let run = Run::new("models").flag("--provider").value(slug);
            let run = run.render(&self.session.run_context());
            self.ui.note(&format!("  List its models: {run}"));
        }
        let ending = offered.unwrap_or(Ending::Sent);
        let mut fields = Self::fields(&change, &proposal, &ending);
        fields["provider"] = provider_json(&shown);
        Ok(Done {
            exit: ending.exit(),
            fields,
        })
    }

    /// Portkey's own keys must not be passed on to a vendor.
    fn is_of_vendor(&self, new: &NewIntegration) -> Result<(), Failure> {
        let Some(key) = &new.key else {
            return Ok(());
        };
        let openclaws = credential::existing(self.session);
        let whose = if self.admin.is_key(key) {
            "the admin key"
        } else if openclaws.is_some_and(|found| found.secret == *key) {
            "the Portkey key that OpenClaw uses"
        } else {
            return Ok(());
        };
        let vendor = printable(&new.vendor);
        Err(usage(format!(
            "this is {whose}, not a key of {vendor}; nothing was sent"
        ))
        .hint("pass the vendor's own key with --key-env NAME, --key-file FILE or --key-stdin"))
    }

    /// Sends a change of a new provider once it is available.
    fn send_when_there(&self, slug: &str, request: &Request) -> Result<Json, Failure> {
        for wait in READ_DELAYS {
            if is_listed(self.admin, slug)? {
                break;
            }
            sleep(wait);
        }
        self.admin.send(request)
    }

    fn provider_back(&self, slug: &str, wanted: &Limits) -> Option<Provider> {
        let agrees = |provider: &Provider| provider.limits == *wanted;
        let provider = self.until(|| read(self.admin, slug), agrees)?;
        if !agrees(&provider) {
            self.differs(&limits_diff(
                &format!("{slug} as returned by Portkey"),
                wanted,
                &provider.limits,
            ));
        }
        Some(provider)
    }

    fn echo_limits(&self, limits: &Limits) {
        echo(limits, |line| self.ui.note(&format!("  {line}")));
    }
}
