//! Portkey's admin API, with a key that is neither stored nor readable by OpenClaw's agent.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;

use crate::args::{AdminArgs, PortkeyArgs};
use crate::causes::Cause;
use crate::doctor::facts::{KeyPlace, KeySource};
use crate::doctor::known_keys;
use crate::error::{Failure, FailureKind};
use crate::http::{HttpError, Portkey};
use crate::mask::mask_known;
use crate::openclaw::{CredentialSource, View, agents};
use crate::portkey::admin::lists::Pages;
use crate::portkey::admin::{DEFAULT_ADMIN_URL, Request, is_missing};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::key_variable::ADMIN_KEY_VARIABLE;
use crate::portkey::refusal::Refused;
use crate::secret::Secret;
use crate::store;
use crate::ui::Ui;

use super::change::Call;
use super::credential::{checked, key_file, key_from_input};
use super::output::Stream;
use super::session::Session;
use super::usage;

/// A control plane and the key for it.
pub(crate) struct Admin {
    portkey: Portkey,
    url: BaseUrl,
    key: Secret,
    /// In a dry run: the requests that weren't sent.
    unsent: Option<Mutex<Vec<Request>>>,
    /// The workspace, if the admin key is an organisation's.
    pub(crate) workspace: Option<String>,
}

impl Admin {
    /// Prepares requests without sending any.
    ///
    /// # Errors
    /// There is no admin key, OpenClaw's agent could read it, or it would be sent unencrypted over
    /// a network.
    pub(crate) fn open(
        args: &AdminArgs,
        portkey: PortkeyArgs,
        session: &Session<'_>,
    ) -> Result<Self, Failure> {
        if portkey.offline {
            return Err(usage("this command needs Portkey").hint("leave out --offline"));
        }
        let text = args.admin_url.as_deref().unwrap_or(DEFAULT_ADMIN_URL);
        let url = BaseUrl::parse(text).map_err(|error| usage(of_admin(&error.to_string())))?;
        let key = key(args, session)?;
        let client = Portkey::new(&url, key.clone(), portkey.options())
            .map_err(|error| admin_failure(&error, None, &key))?;
        Ok(Self {
            portkey: client,
            url,
            key,
            unsent: None,
            workspace: args.workspace.clone(),
        })
    }

    /// Sends nothing from now on: every answer is empty, and [`Self::shows_calls`] shows the calls.
    pub(crate) fn dry_run(&mut self) {
        self.unsent = Some(Mutex::default());
    }

    /// Reads with a spinner. A dry run shows the calls instead and returns `None`.
    pub(crate) fn read<T>(
        &self,
        ui: &Ui,
        read: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let answer = ui.asking(self.host(), read);
        if self.shows_calls(ui) {
            return Ok(None);
        }
        answer.map(Some)
    }

    /// Shows the calls of a dry run; returns whether it is one. Calls that depend on an answer are
    /// missing.
    pub(crate) fn shows_calls(&self, ui: &Ui) -> bool {
        let Some(unsent) = &self.unsent else {
            return false;
        };
        let unsent = unsent.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = unsent
            .iter()
            .map(|request| Call::new(request, self.address(request), Vec::new()));
        let mut calls: Vec<Call> = calls.collect();
        // Some were made in parallel.
        calls.sort_by(|a, b| a.url.cmp(&b.url));
        for call in calls {
            call.show(ui, Stream::Result, true);
        }
        ui.note("Nothing was sent: --dry-run.");
        true
    }

    /// Records a request of a dry run; returns whether it is one.
    fn records(&self, request: &Request) -> bool {
        let Some(unsent) = &self.unsent else {
            return false;
        };
        let mut unsent = unsent.lock().unwrap_or_else(PoisonError::into_inner);
        unsent.push(request.clone());
        true
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host()
    }

    pub(crate) fn is_key(&self, other: &Secret) -> bool {
        self.key == *other
    }

    /// The workspace parameter for requests.
    pub(crate) fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// The URL of a request.
    pub(crate) fn address(&self, request: &Request) -> String {
        self.portkey.admin_url(request)
    }

    pub(crate) fn send(&self, request: &Request) -> Result<Json, Failure> {
        if self.records(request) {
            return Ok(Json::Null);
        }
        if !request.is_repeatable() {
            store::note_change();
        }
        self.portkey
            .admin(request)
            .map_err(|error| self.failure(&error, request))
    }

    /// Sends a request for something that may not exist.
    pub(crate) fn find(&self, request: &Request) -> Result<Option<Json>, Failure> {
        if self.records(request) {
            return Ok(None);
        }
        match self.portkey.admin(request) {
            Ok(reply) => Ok(Some(reply)),
            Err(HttpError::Refused(refusal)) if refusal.cause == Refused::AdminNotFound => Ok(None),
            Err(error) => Err(self.failure(&error, request)),
        }
    }

    /// A list, with all its pages.
    pub(crate) fn list(&self, request: &Request) -> Result<Pages, Failure> {
        if self.records(request) {
            return Ok(Pages::default());
        }
        let pages = self.portkey.admin_list(request);
        pages.map_err(|error| self.failure(&error, request))
    }

    /// A list, or the reason if the key isn't allowed to read it or the plan doesn't include it.
    pub(crate) fn list_if_allowed(
        &self,
        request: &Request,
    ) -> Result<Result<Pages, String>, Failure> {
        if self.records(request) {
            return Ok(Ok(Pages::default()));
        }
        match self.portkey.admin_list(request) {
            Ok(pages) => Ok(Ok(pages)),
            Err(error) => match &error {
                HttpError::Refused(refusal)
                    if matches!(refusal.cause, Refused::AdminForbidden | Refused::AdminPlan) =>
                {
                    let scopes = request.scopes_text();
                    Ok(Err(format!("{request}: {error}; it needs {scopes}")))
                }
                _ => Err(self.failure(&error, request)),
            },
        }
    }

    /// Whether Portkey has a price for a model; `None` if it gives no answer.
    pub(crate) fn has_price(&self, vendor: &str, model: &str) -> Option<bool> {
        let price = self.portkey.price(vendor, model).ok()?;
        Some(price.is_some())
    }

    fn failure(&self, error: &HttpError, request: &Request) -> Failure {
        admin_failure(error, Some(request), &self.key)
    }
}

/// A text about the gateway's URL, said of the control plane's: both share checks and causes.
fn of_admin(text: &str) -> String {
    text.replace("base URL", "admin URL")
}

/// A failure of the admin API: the request, Portkey's answer and the missing scopes.
fn admin_failure(error: &HttpError, request: Option<&Request>, key: &Secret) -> Failure {
    let kind = match error {
        HttpError::Refused(_) if !error.is_unreached() => FailureKind::Check,
        _ => FailureKind::Network,
    };
    let what = request
        .map(|request| format!("{request}: "))
        .unwrap_or_default();
    let error_text = of_admin(&error.to_string());
    let message = mask_known(&format!("{what}{error_text}"), std::slice::from_ref(key));
    let mut failure = Failure::new(kind, message);
    let cause: &Cause = error.cause();
    if let (HttpError::Refused(refusal), Some(request)) = (error, request) {
        if refusal.cause == Refused::AdminForbidden && !request.scopes.is_empty() {
            failure = failure.hint(format!("the admin key needs: {}", request.scopes_text()));
        }
        if is_missing(refusal) && request.path.len() > 1 {
            failure = failure.hint(
                "or it isn't in the key's workspace: Portkey answers 403 or 404 in both cases; use --workspace for another one",
            );
        }
    }
    let fix = of_admin(cause.fix);
    let is_about_url = fix != cause.fix;
    let failure = failure.hint(fix);
    if is_about_url {
        return failure.hint("set the admin URL with --admin-url");
    }
    failure
}

/// The admin key from the flags or the environment.
fn key(args: &AdminArgs, session: &Session<'_>) -> Result<Secret, Failure> {
    not_at_openclaw(session)?;
    let text = if args.admin_key_stdin {
        key_from_input()?
    } else if let Some(path) = &args.admin_key_file {
        not_in_openclaws_folders(path, session)?;
        key_file(path)?
    } else {
        session.env.text(ADMIN_KEY_VARIABLE).ok_or_else(|| {
            usage("no admin key: this command uses Portkey's admin API")
                .hint(format!("export {ADMIN_KEY_VARIABLE}=… in this shell, or pass --admin-key-stdin or --admin-key-file FILE"))
                .hint("create one at https://app.portkey.ai/api-keys; it isn't the key that OpenClaw uses")
        })?
    };
    let key = checked(&text)?;
    not_openclaws(&key, session)?;
    Ok(key)
}

/// OpenClaw's agent can read the environment of its process; with an admin key it could change its
/// own limits.
fn not_at_openclaw(session: &Session<'_>) -> Result<(), Failure> {
    let machine = session.variables();
    let sources = machine
        .variable(ADMIN_KEY_VARIABLE)
        .map(|variable| &variable.sources);
    let exposed = |source: &&KeySource| {
        source.place != KeyPlace::ShellEnvironment && source.secret().is_some()
    };
    let Some(source) = sources.into_iter().flatten().find(exposed) else {
        return Ok(());
    };
    let place = match (&source.file, source.line) {
        (Some(file), Some(line)) => format!("{}:{line}", session.short(file)),
        (Some(file), None) => session.short(file),
        (None, _) => source.place.name().to_owned(),
    };
    Err(Failure::new(
        FailureKind::Check,
        format!("{ADMIN_KEY_VARIABLE} is set in {place}, where OpenClaw's agent can read it; nothing was sent"),
    )
    .hint("remove it from there, create a new admin key and pass it with --admin-key-stdin"))
}

/// OpenClaw's agent can read the key that OpenClaw uses.
fn not_openclaws(key: &Secret, session: &Session<'_>) -> Result<(), Failure> {
    let machine = session.variables();
    let mut machine = machine.clone();
    for variable in &mut machine.variables {
        let is_admin = variable.name == ADMIN_KEY_VARIABLE;
        variable
            .sources
            .retain(|source| !is_admin || source.place != KeyPlace::ShellEnvironment);
    }
    let mut known = known_keys(&machine);
    for provider in crate::causes::portkey_providers(session.config()) {
        let values = provider.headers.iter().map(|header| &header.value);
        let literal = |view: &View<'_>| {
            let text = view.text()?.trim().to_owned();
            (CredentialSource::read(view) == CredentialSource::Literal).then(|| Secret::new(text))
        };
        known.extend(provider.api_key.iter().chain(values).filter_map(literal));
    }
    if !known.contains(key) {
        return Ok(());
    }
    Err(Failure::new(
        FailureKind::Check,
        "this is the key that OpenClaw uses, which its agent can read; nothing was sent",
    )
    .hint("create a second key for administration at https://app.portkey.ai/api-keys, without completions.write"))
}

fn not_in_openclaws_folders(path: &Path, session: &Session<'_>) -> Result<(), Failure> {
    let real = |path: &Path| {
        path.canonicalize()
            .or_else(|_| std::path::absolute(path))
            .ok()
    };
    let Some(file) = real(path) else {
        return Ok(());
    };
    let config = session.config();
    let own = agents(config).into_iter();
    let own = own.filter_map(|agent| agent.view.get("workspace"));
    let workspaces = config.at(&["agents", "defaults", "workspace"]);
    let workspaces = workspaces.into_iter().chain(own);
    let workspaces = workspaces.filter_map(|view| view.text().map(Cow::into_owned));
    let workspaces = workspaces.map(|text| match (text.strip_prefix("~/"), session.env.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    });
    let folders = workspaces.chain([session.location.state_dir.clone()]);
    for folder in folders {
        if real(&folder).is_some_and(|folder| file.starts_with(folder)) {
            return Err(Failure::new(
                FailureKind::Check,
                format!(
                    "{} is in one of OpenClaw's folders, where its agent can read it; nothing was sent",
                    session.short(path)
                ),
            )
            .hint("move the file elsewhere and create a new admin key"));
        }
    }
    Ok(())
}
