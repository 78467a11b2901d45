//! A diagnosis without secrets or names: what is installed, how OpenClaw is connected, and the
//! results of `doctor`.

use std::fmt::Write as _;
use std::time::Duration;

use crate::args::{ConfigArgs, PortkeyArgs, WriteArgs};
use crate::causes::{Facts, Role};
use crate::diagnostic::Level;
use crate::error::Failure;
use crate::mask::printable;
use crate::openclaw::{CredentialSource, View, agents, providers};
use crate::portkey::base_url::BaseUrl;
use crate::portkey::headers::known;
use crate::ui::Ui;

use super::doctor::Options;
use super::doctor::examine::examine;
use super::session::Session;
use super::{Env, output};

/// Names that identify nobody.
const COMMON: &[&str] = &[
    "portkey",
    "openai",
    "anthropic",
    "google",
    "gemini",
    "mistral",
    "groq",
    "deepseek",
    "main",
    "openrouter",
    "ollama",
    "bedrock",
    "azure",
    "vertex",
    "xai",
    "default",
];

/// The report as Markdown.
///
/// # Errors
/// When the config can't be located or read.
pub(crate) fn report(
    flags: &ConfigArgs,
    portkey: PortkeyArgs,
    version: &str,
    (ui, env): (&Ui, &Env),
) -> Result<String, Failure> {
    let session = Session::examine(flags, env)?;
    session.must_exist_if_named()?;
    let write = WriteArgs {
        config: flags.clone(),
        ..WriteArgs::default()
    };
    let options = Options {
        prove_fallback: false,
        probe: false,
        wait: Duration::ZERO,
        portkey,
        fix: false,
        write: &write,
    };
    let found = examine(&session, &options, ui)?;
    let mut text = String::new();
    let _ = write!(
        text,
        "## openclaw-portkey report\n\n\
         - openclaw-portkey {version}\n\
         - OpenClaw {}\n\
         - {} {}\n\
         - config: {}\n\n\
         **{}**\n\n### Checks\n\n",
        found.openclaw,
        std::env::consts::OS,
        std::env::consts::ARCH,
        found.config,
        found.verdict.summary
    );
    for one in &found.outcomes {
        let (_, sign) = output::sign(one.level);
        let id = one.id().unwrap_or(one.check);
        let _ = writeln!(
            text,
            "- {sign} {} `{id}`: {}",
            one.level,
            printable(&one.message)
        );
        if one.level >= Level::Warning && !one.help.is_empty() {
            let _ = writeln!(text, "  - {}", printable(&one.help.render(&found.context)));
        }
    }
    text.push_str("\n### Setup\n\n```text\n");
    text.push_str(&setup(&session));
    text.push_str("```\n");
    Ok(Names::of(&session).hide(&text))
}

/// The connection: only the strings that describe how it is set up.
fn setup(session: &Session<'_>) -> String {
    let facts = Facts::new(session.config(), session.version);
    let mut text = String::new();
    for provider in &facts.portkey {
        let _ = writeln!(text, "provider {}", provider.id);
        let url = provider.base_url.as_ref().and_then(View::text);
        let _ = writeln!(text, "  baseUrl {}", url.as_deref().unwrap_or("(none)"));
        let api = provider
            .view
            .get("api")
            .and_then(|api| api.text().map(String::from));
        let _ = writeln!(text, "  api {}", api.as_deref().unwrap_or("(none)"));
        let key = provider.api_key.as_ref().map(CredentialSource::read);
        let kind = match key {
            None | Some(CredentialSource::Empty) => "(none)",
            Some(CredentialSource::Literal) => "in plain text",
            Some(CredentialSource::Variable(_)) => "a variable",
            Some(CredentialSource::SecretRef { .. }) => "a secret reference",
            Some(CredentialSource::Unexpanded | CredentialSource::Invalid) => "not usable",
        };
        let _ = writeln!(text, "  apiKey {kind}");
        for header in &provider.headers {
            let name = known(&header.name).map_or("(another header)", |known| known.name);
            let _ = writeln!(text, "  header {name}");
        }
        for model in &provider.models {
            let _ = writeln!(text, "  model {}", printable(&model.id));
        }
    }
    for reference in &facts.references {
        let whose = reference.agent.as_deref().unwrap_or("defaults");
        let role = match reference.role {
            Role::Primary => "primary",
            Role::Fallback => "fallback",
            Role::Other(key) => key,
        };
        let _ = writeln!(text, "{whose}: {role} {}", printable(&reference.text));
    }
    let _ = writeln!(text, "{} other providers", facts.others.len());
    text
}

/// Names from the config, and their replacements in the report.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(session: &Session<'_>) -> Self {
        let mut names = Self(Vec::new());
        let home = session.env.home().map(|home| home.display().to_string());
        for home in home.into_iter().filter(|home| home.len() > 1) {
            names.0.push((home, "~".to_owned()));
        }
        let users = ["USER", "LOGNAME", "USERNAME"].iter();
        names.add("user", users.filter_map(|name| session.env.text(name)));
        let config = session.config();
        let facts = Facts::new(config, session.version);
        let urls = providers(config).into_iter().filter_map(|provider| {
            let url = provider.view.get("baseUrl")?;
            let url = BaseUrl::parse(&url.text()?).ok()?;
            let is_public = url.is_known_portkey_host() || url.is_loopback();
            (!is_public).then(|| url.host().to_owned())
        });
        names.add("host", urls);
        names.add(
            "provider",
            providers(config).into_iter().map(|provider| provider.id),
        );
        names.add("agent", agents(config).into_iter().map(|agent| agent.id));
        let declared = facts.portkey.iter().flat_map(|provider| &provider.models);
        let ids = declared.map(|model| model.id.to_string());
        let used = facts.references.iter().filter_map(|reference| {
            let (_, id) = reference.text.split_once('/')?;
            Some(id.to_string())
        });
        let slugs = ids.chain(used).filter_map(|id| {
            let slug = id.strip_prefix('@')?.split_once('/')?.0;
            Some(slug.to_owned())
        });
        names.add("slug", slugs);
        let headers = facts.portkey.iter().flat_map(|provider| &provider.headers);
        names.add(
            "value",
            headers.filter_map(|header| Some(header.value.text()?.into_owned())),
        );
        // The longest first: it may contain a shorter one.
        names
            .0
            .sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        names
    }

    fn add(&mut self, kind: &str, found: impl Iterator<Item = String>) {
        const SHORTEST: usize = 3;
        let mut count = 0;
        for name in found {
            let is_known = self.0.iter().any(|(known, _)| *known == name);
            let is_common = COMMON
                .iter()
                .any(|common| name.eq_ignore_ascii_case(common));
            if is_known || is_common || name.len() < SHORTEST {
                continue;
            }
            count += 1;
            self.0.push((name, format!("{kind}-{count}")));
        }
    }

    /// Replaces names that are separate words.
    fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, other) in &self.0 {
            let mut done = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some(at) = rest.find(name.as_str()) {
                let (before, after) = (&rest[..at], &rest[at + name.len()..]);
                let joins = |c: char| c.is_alphanumeric() || c == '_';
                let is_word = !before.ends_with(joins) && !after.starts_with(joins);
                done.push_str(before);
                done.push_str(if is_word { other } else { name });
                rest = after;
            }
            done.push_str(rest);
            text = done;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_replaced_as_whole_words() {
        let mut names = Names(Vec::new());
        names.add("agent", ["bob", "main", "x"].map(str::to_owned).into_iter());
        names.add("slug", ["acme-openai"].map(str::to_owned).into_iter());
        assert_eq!(
            names.hide("bob uses @acme-openai/gpt-5; bobby, main and x stay"),
            "agent-1 uses @slug-1/gpt-5; bobby, main and x stay"
        );
    }
}
