//! Checks a team file.

use std::ops::Range;
use std::time::SystemTime;

use crate::causes::{Cause, team as causes};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Kind, Path, Spanned};
use crate::help::Help;
use crate::nearest::{closest, did_you_mean};
use crate::portkey::admin::expiry;
use crate::portkey::admin::keys::AGENT;
use crate::portkey::admin::limits::{Budget, Holder, Rate, check_rates};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::headers::{self, METADATA, check_config};
use crate::portkey::model_id::ModelId;
use crate::portkey::printable;

use super::{ApiKey, Named, Pairs, Team, structure, values};

const KEY_HEADERS: [&str; 2] = [headers::API_KEY, headers::AUTHORIZATION];

impl Team {
    /// All problems, in the order of the text.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut problems = Problems {
            team: self,
            found: Vec::new(),
        };
        structure::check(&mut problems);
        problems.resources();
        for key in &self.keys {
            problems.api_key(key);
        }
        problems.openclaw();
        problems.policy();
        problems.contradictions();
        let mut found = problems.found;
        Diagnostic::sort_by_location(&mut found);
        found
    }
}

/// Collects the problems.
pub(super) struct Problems<'t> {
    team: &'t Team,
    found: Vec<Diagnostic>,
}

impl<'t> Problems<'t> {
    pub(super) fn document(&self) -> &'t Document {
        &self.team.document
    }

    pub(super) fn add(
        &mut self,
        cause: &'static Cause,
        range: Range<usize>,
        path: Path,
        message: String,
        help: impl Into<Help>,
    ) {
        let location = self.team.location(range, path);
        let one = Diagnostic::of(cause, message).help(help).because("");
        self.found.push(one.at(location));
    }

    /// Reports a problem at a value.
    fn at<T>(
        &mut self,
        cause: &'static Cause,
        at: &Spanned<T>,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        let path = self.team.path(at.node);
        self.add(cause, at.range.clone(), path, message.into(), help);
    }

    /// Reports a value that its parser refused, with the parser's message: `problem; help`.
    fn refused<T>(&mut self, at: &Spanned<T>, why: &str) {
        let (message, help) = match why.split_once("; ") {
            Some((message, help)) => (message, help),
            None => (why, "use another value"),
        };
        self.at(&causes::VALUE, at, message, help.to_owned());
    }

    /// Providers and configs.
    fn resources(&mut self) {
        let team = self.team;
        if let Some(workspace) = &team.workspace
            && workspace.value.trim().is_empty()
        {
            let help = "set its slug, such as ws-team-1a2b3c, or remove the key";
            self.at(&causes::VALUE, workspace, "the workspace is empty", help);
        }
        for provider in &team.providers {
            self.limits(
                provider.value.budget.as_ref(),
                &provider.value.rates,
                Holder::Provider,
            );
            let name = &provider.name;
            if name.value.starts_with('@') {
                let help = format!(
                    "write {}",
                    printable(name.value.trim_start_matches('@'), 60)
                );
                self.at(&causes::VALUE, name, "provider slugs have no @ here", help);
            }
        }
        for config in &team.configs {
            if let Some(file) = &config.value.file
                && file.value.trim().is_empty()
            {
                let help = "set the file name of a gateway config next to this file";
                self.at(&causes::VALUE, file, "the file name is empty", help);
            }
            if let Some(id) = &config.value.id {
                self.id(id);
            }
        }
    }

    fn limits(
        &mut self,
        budget: Option<&Spanned<String>>,
        rates: &[Spanned<String>],
        holder: Holder,
    ) {
        if let Some(budget) = budget
            && let Err(why) = Budget::parse(&budget.value)
        {
            self.refused(budget, &why);
        }
        let mut taken = Vec::new();
        for rate in rates {
            let parsed = Rate::parse(&rate.value).and_then(|rate| {
                taken.push(rate);
                check_rates(&taken, holder).inspect_err(|_| drop(taken.pop()))
            });
            if let Err(why) = parsed {
                self.refused(rate, &why);
            }
        }
    }

    fn id(&mut self, id: &Spanned<String>) {
        if !id.value.starts_with("pc-") || check_config(&id.value).is_err() {
            self.at(
                &causes::VALUE,
                id,
                format!("`{}` isn't a config id", printable(&id.value, 60)),
                "ids start with pc-; `{run: gateway-config list}` shows them",
            );
        }
    }

    /// A config of this file by name, or an id.
    fn config_named(&mut self, named: &Spanned<String>) {
        let team = self.team;
        if team.config(&named.value).is_some() {
            return;
        }
        if named.value.starts_with("pc-") {
            self.id(named);
            return;
        }
        let known = team.configs.iter().map(|config| config.name.value.as_str());
        let near = closest(&named.value, known);
        self.at(
            &causes::REFERENCE,
            named,
            format!("`{}` isn't in `configs`", printable(&named.value, 60)),
            did_you_mean(
                near,
                "use a name from `configs`, or an id such as pc-abc-123456",
            ),
        );
    }

    fn api_key(&mut self, named: &Named<ApiKey>) {
        if self.document().kind(named.name.node) != Kind::Object {
            return;
        }
        let key = &named.value;
        let owners = [&key.user, &key.service, &key.agent];
        let mut owners = owners.into_iter().flatten();
        match (owners.next(), owners.next()) {
            (None, _) => self.at(
                &causes::KEY_MISSING,
                &named.name,
                format!("key `{}` has no owner", printable(&named.name.value, 60)),
                "add `user`, `service` or `agent`",
            ),
            (Some(_), Some(second)) => self.at(
                &causes::CONTRADICTION,
                second,
                "a key is for only one of a user, a service or an agent",
                "keep one, and add a separate key for the other",
            ),
            (Some(_), None) => {}
        }
        for (what, owner) in [("service", &key.service), ("agent", &key.agent)] {
            if let Some(owner) = owner.as_ref().filter(|owner| owner.value.trim().is_empty()) {
                let message = format!("the {what} name is empty");
                self.at(&causes::VALUE, owner, message, "set its name");
            }
        }
        self.limits(key.budget.as_ref(), &key.rates, Holder::Key);
        if let Some(expires) = &key.expires
            && let Err(why) = expiry::parse(&expires.value, SystemTime::UNIX_EPOCH)
        {
            let message = format!("`{}` isn't a time", printable(&expires.value, 40));
            self.at(&causes::VALUE, expires, message, why);
        }
        let addresses = key.user.iter().chain(&key.alerts);
        for address in addresses.filter(|address| !values::is_email(&address.value)) {
            let message = format!("`{}` isn't an email address", printable(&address.value, 60));
            self.at(
                &causes::VALUE,
                address,
                message,
                "use an address such as alice@example.com",
            );
        }
        if let Some(config) = &key.config {
            self.config_named(config);
        } else if let Some(pin) = key.pin.as_ref().filter(|pin| pin.value) {
            self.at(
                &causes::CONTRADICTION,
                pin,
                "`pin` has no effect without `config`",
                "add `config`, or remove `pin`",
            );
        }
        self.metadata(key.metadata.as_ref());
        let mut pairs = key.metadata.iter().flat_map(|pairs| &pairs.value);
        let other = |(name, value): &&(Spanned<String>, Spanned<String>)| {
            let agent = key.agent.as_ref();
            name.value == AGENT && agent.is_some_and(|agent| agent.value != value.value)
        };
        if let Some((_, value)) = pairs.find(other) {
            self.at(
                &causes::CONTRADICTION,
                value,
                "the metadata contradicts `agent`",
                "remove it; `agent` is added to the metadata automatically",
            );
        }
    }

    fn metadata(&mut self, pairs: Option<&Pairs>) {
        for (key, value) in pairs.iter().flat_map(|pairs| &pairs.value) {
            let pair = format!("{}={}", key.value, value.value);
            if let Err(error) = headers::metadata_pair(&pair) {
                self.refused(value, &error.to_string());
            }
        }
    }

    fn model(&mut self, model: &Spanned<String>) {
        if let Err(error) = ModelId::parse(&model.value, "") {
            self.refused(model, &error.to_string());
        }
    }

    fn openclaw(&mut self) {
        let openclaw = &self.team.openclaw;
        if let Some(url) = &openclaw.base_url
            && let Err(error) = BaseUrl::parse(&url.value)
        {
            self.refused(url, &error.to_string());
        }
        let lists = [&openclaw.models, &openclaw.fallbacks];
        for list in lists.into_iter().flatten() {
            for (index, model) in list.value.iter().enumerate() {
                self.model(model);
                if list.value[..index]
                    .iter()
                    .any(|one| one.value == model.value)
                {
                    let message = format!("`{}` is in the list twice", printable(&model.value, 80));
                    self.at(&causes::KEY_DUPLICATE, model, message, "remove one of them");
                }
            }
        }
        if let Some(primary) = &openclaw.primary {
            self.model(primary);
        }
        if let Some(config) = &openclaw.config {
            self.config_named(config);
        }
        self.metadata(openclaw.metadata.as_ref());
        let pairs = openclaw.headers.iter().flat_map(|pairs| &pairs.value);
        for (name, value) in pairs {
            self.header(name, value);
        }
    }

    fn header(&mut self, name: &Spanned<String>, value: &Spanned<String>) {
        let lower = name.value.to_ascii_lowercase();
        if KEY_HEADERS.contains(&lower.as_str()) {
            let message = format!("{lower} contains a key, but this file is shared");
            let help = "remove it; each `openclaw.json` has its own key";
            self.at(&causes::VALUE, name, message, help);
            return;
        }
        let own = match lower.as_str() {
            METADATA => Some("metadata"),
            headers::CONFIG => Some("config"),
            _ => None,
        };
        if let Some(own) = own {
            let message = format!("{lower} has its own setting here");
            self.at(
                &causes::CONTRADICTION,
                name,
                message,
                format!("write it as `{own}`"),
            );
        } else if let Err(error) = headers::check(&name.value, &value.value) {
            self.refused(value, &error.to_string());
        }
    }

    fn policy(&mut self) {
        let policy = &self.team.policy;
        let patterns = policy.allowed_models.iter().flat_map(|list| &list.value);
        for pattern in patterns {
            if let Err(why) = values::pattern(&pattern.value) {
                self.refused(pattern, &why);
            }
        }
        let names = policy.required_metadata.iter().flat_map(|list| &list.value);
        for name in names.filter(|name| name.value.trim().is_empty()) {
            let help = "set a metadata key that every request must have";
            self.at(&causes::VALUE, name, "the metadata key is empty", help);
        }
    }

    /// Contradictions between settings.
    fn contradictions(&mut self) {
        let openclaw = &self.team.openclaw;
        let models = openclaw.models.iter().flat_map(|list| &list.value);
        let models: Vec<&Spanned<String>> = models.collect();
        let fallbacks = openclaw.fallbacks.iter().flat_map(|list| &list.value);
        for used in openclaw.primary.iter().chain(fallbacks.clone()) {
            if !models.iter().any(|model| model.value == used.value) {
                let names = models.iter().map(|model| model.value.as_str());
                let near = closest(&used.value, names);
                self.at(
                    &causes::REFERENCE,
                    used,
                    format!("`{}` is not in `models`", printable(&used.value, 80)),
                    did_you_mean(near, "add it to `models`"),
                );
            }
        }
        let primary = openclaw.primary.as_ref();
        for fallback in fallbacks {
            if primary.is_some_and(|primary| primary.value == fallback.value) {
                self.at(
                    &causes::CONTRADICTION,
                    fallback,
                    "the primary is also a fallback",
                    "remove it from `fallbacks`, or choose another primary",
                );
            }
        }
        let pins = self
            .team
            .keys
            .iter()
            .filter_map(|key| key.value.pin.as_ref());
        for pin in pins.filter(|pin| pin.value && openclaw.config.is_some()) {
            self.at(
                &causes::CONTRADICTION,
                pin,
                "Portkey answers 400 if a request names a config and its key has a pinned one",
                "remove `pin` or `openclaw.config`; the key's config applies anyway",
            );
        }
        let team = self.team;
        for model in models
            .into_iter()
            .filter(|model| !team.allows(&model.value))
        {
            self.at(
                &causes::CONTRADICTION,
                model,
                format!(
                    "`policy.allowedModels` doesn't allow `{}`",
                    printable(&model.value, 80)
                ),
                "allow it, or remove it from `models`",
            );
        }
    }
}
