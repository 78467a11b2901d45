//! Converts the `openclaw` part of a team file to flags of `init`.

use crate::app::usage;
use crate::args::{HeaderArgs, KeyIn};
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::model_id::VIRTUAL;
use crate::team::{Policy, Team};

/// The `openclaw` settings of a team file, as flags of `init`.
pub(crate) struct Setup {
    pub(crate) base_url: Option<String>,
    pub(crate) models: Vec<String>,
    pub(crate) primary: Option<String>,
    pub(crate) fallbacks: Vec<String>,
    pub(crate) headers: HeaderArgs,
}

impl Setup {
    /// The team's settings, plus those from the flags.
    ///
    /// # Errors
    /// The team's rules forbid a flag, or require one that is missing.
    pub(crate) fn of(team: &Team, flags: &HeaderArgs, file: &str) -> Result<Self, Failure> {
        let openclaw = &team.openclaw;
        let texts = |list: &Option<crate::team::Texts>| -> Vec<String> {
            let list = list.iter().flat_map(|list| &list.value);
            list.map(|one| one.value.clone()).collect()
        };
        let mut headers = flags.clone();
        headers.gateway_config = config(team, file)?;
        for (name, value) in openclaw.headers.iter().flat_map(|pairs| &pairs.value) {
            headers
                .header
                .push(format!("{}={}", name.value, value.value));
        }
        let mut metadata: Vec<String> = team
            .metadata()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        metadata.extend(own_metadata(team, &flags.metadata)?);
        headers.metadata = metadata;
        complete(team, &headers.metadata, file)?;
        Ok(Self {
            base_url: openclaw.base_url.as_ref().map(|url| url.value.clone()),
            models: texts(&openclaw.models),
            primary: openclaw
                .primary
                .as_ref()
                .map(|primary| primary.value.clone()),
            fallbacks: texts(&openclaw.fallbacks),
            headers,
        })
    }

    /// Whether the team uses only a virtual model.
    pub(crate) fn is_dynamic(&self) -> bool {
        self.models.iter().any(|model| model == VIRTUAL)
    }
}

fn config(team: &Team, file: &str) -> Result<Option<String>, Failure> {
    let Some(named) = &team.openclaw.config else {
        return Ok(None);
    };
    if let Some(id) = team.config_id(&named.value) {
        return Ok(Some(id.to_owned()));
    }
    let shown = printable(&named.value);
    let message = format!(
        "{} doesn't have the id of the config `{shown}` yet",
        team.name()
    );
    let failure = Failure::new(FailureKind::Config, message).at(team.location_of(named));
    let run = Run::new("team").flag("apply").value(file);
    Err(failure.hint(
        Help::from("`")
            .run(run)
            .text("` saves the config at Portkey and adds its id"),
    ))
}

/// The metadata from the flags, which may add to the team's but not change it.
fn own_metadata(team: &Team, flags: &[String]) -> Result<Vec<String>, Failure> {
    for pair in flags {
        let key = pair
            .split_once('=')
            .map_or(pair.as_str(), |(key, _)| key.trim());
        if let Some((_, value)) = team.metadata().find(|(name, _)| *name == key) {
            let (key, value) = (printable(key), printable(value));
            return Err(usage(format!(
                "the team file sets the metadata `{key}` to `{value}` ({})",
                team.name()
            ))
            .hint(format!("leave out --metadata {key}=…")));
        }
    }
    Ok(flags.to_vec())
}

/// Whether all metadata required by the team is present.
fn complete(team: &Team, given: &[String], file: &str) -> Result<(), Failure> {
    let is_given = |name: &str| {
        let mut keys = given.iter().filter_map(|pair| pair.split_once('='));
        keys.any(|(key, value)| key.trim() == name && !value.trim().is_empty())
    };
    let Some(missing) = team.required_metadata().find(|name| !is_given(&name.value)) else {
        return Ok(());
    };
    let name = printable(&missing.value);
    let run = Run::new("init").flag("--from").value(file);
    let run = run.flag("--metadata").value(format!("{name}=VALUE"));
    Err(usage(format!(
        "the team file requires the metadata `{name}` ({})",
        team.place(missing)
    ))
    .hint(Help::from("pass it: `").run(run).text("`")))
}

/// Whether the team allows storing a key this way.
pub(crate) fn check_key_in(team: &Team, key_in: Option<KeyIn>) -> Result<(), Failure> {
    let flag = team.policy.no_plaintext_keys.as_ref();
    if key_in != Some(KeyIn::Config) || !Policy::is_on(flag) {
        return Ok(());
    }
    Err(usage(format!(
        "the team file forbids keys in plain text ({})",
        flag.map(|flag| team.place(flag)).unwrap_or_default()
    ))
    .hint("leave out --key-in, or pass --key-in dotenv"))
}
