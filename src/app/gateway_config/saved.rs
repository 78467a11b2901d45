//! The saved gateway configs.

use std::thread::sleep;
use std::time::Duration;

use serde_json::Value as Json;

use crate::app::admin::Admin;
use crate::app::change::{Call, document_diff};
use crate::app::remote::READ_DELAYS;
use crate::app::usage;
use crate::diff::{self, Line};
use crate::document::Document;
use crate::error::{Failure, FailureKind};
use crate::gateway_config::read::GatewayConfig;
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::admin::Request;
use crate::portkey::admin::configs::{self, Entry, Saved};

/// All usable configs of the workspace.
pub(crate) fn all(admin: &Admin) -> Result<Vec<Entry>, Failure> {
    let pages = admin.list(&configs::list(admin.workspace()))?;
    Ok(configs::entries(&pages.items))
}

/// A config by name, or by an id that starts with `pc-`.
pub(crate) fn named(admin: &Admin, name: &str) -> Result<Option<Entry>, Failure> {
    if name.starts_with("pc-") {
        return read(admin, name).map(|saved| Some(saved.entry));
    }
    let pages = admin.list(&configs::list(admin.workspace()))?;
    let is_one = |entry: &Entry| entry.name == name;
    let mut found: Vec<Entry> = configs::entries(&pages.items);
    found.retain(is_one);
    match found.len() {
        0 if pages.is_partial() => Err(Failure::new(
            FailureKind::Network,
            format!(
                "Portkey listed only {} of its configs, and `{name}` may be among the others; nothing was written",
                pages.items.len()
            ),
        )
        .hint("pass the config's id with --name pc-…")),
        0 | 1 => Ok(found.pop()),
        _ => {
            let ids: Vec<&str> = found.iter().map(|entry| entry.slug.as_str()).collect();
            Err(usage(format!(
                "{} configs are called `{}`: {}",
                ids.len(),
                printable(name),
                printable(&ids.join(", "))
            ))
            .hint(format!("choose one with --name {}", printable(ids[0]))))
        }
    }
}

/// A config with its contents.
pub(crate) fn read(admin: &Admin, slug: &str) -> Result<Saved, Failure> {
    let reply = admin.find(&configs::get(slug, admin.workspace()))?;
    let mut saved = configs::saved(&reply.ok_or_else(|| unknown(slug))?)
        .map_err(|error| Failure::new(FailureKind::Network, format!("{slug}: {error}")))?;
    if saved.entry.slug.is_empty() {
        slug.clone_into(&mut saved.entry.slug);
    }
    Ok(saved)
}

/// The versions of a config, newest first.
pub(crate) fn history(admin: &Admin, slug: &str) -> Result<Vec<Saved>, Failure> {
    let pages = admin.list(&configs::versions(slug, admin.workspace()))?;
    Ok(configs::history(&pages.items))
}

fn unknown(slug: &str) -> Failure {
    Failure::new(
        FailureKind::Check,
        format!("no config {} at Portkey", printable(slug)),
    )
    .hint(
        Help::from("`")
            .run(Run::new("gateway-config list"))
            .text("` lists the configs"),
    )
}

/// A saved config as text, in strict JSON.
pub(crate) fn text(config: &Json) -> String {
    format!("{config:#}\n")
}

/// A saved config, parsed like a file.
pub(crate) fn parsed(config: &Json) -> Result<GatewayConfig, Failure> {
    GatewayConfig::parse(text(config)).map_err(|error| {
        Failure::new(
            FailureKind::Internal,
            format!("the saved config cannot be read: {error:?}"),
        )
    })
}

/// The difference between two configs; empty if they are the same.
pub(crate) fn difference(name: &str, before: Option<&Json>, after: &Json) -> Vec<Line> {
    if before.is_some_and(|before| configs::same(before, after)) {
        return Vec::new();
    }
    let document = |config: &Json| Document::parse(text(config)).ok();
    let before = before.map(|before| configs::ordered_like(before, after));
    let (Some(new), old) = (document(after), before.as_ref().and_then(document)) else {
        return Vec::new();
    };
    let old_text = old.as_ref().map_or("", Document::text);
    let replacement = diff::between(old_text, new.text());
    document_diff(name, old.as_ref(), &new, &[replacement], &[])
}

/// A change of a saved config, or a new one.
pub(crate) struct Edit {
    /// Its name at Portkey.
    pub(crate) name: String,
    /// Its id, if it exists.
    pub(crate) slug: Option<String>,
    pub(crate) before: Option<Json>,
    /// The version of `before`, if known.
    pub(crate) version: String,
    pub(crate) after: Json,
}

/// The result of an edit.
pub(crate) struct Stored {
    pub(crate) slug: String,
    pub(crate) version: String,
    /// The difference between what was sent and what Portkey returned.
    pub(crate) differs: Vec<Line>,
    /// Other configs with the same name.
    pub(crate) twins: Vec<String>,
}

impl Edit {
    pub(crate) fn is_needed(&self) -> bool {
        let same = |before: &Json| configs::same(before, &self.after);
        !self.before.as_ref().is_some_and(same)
    }

    pub(crate) fn request(&self, admin: &Admin) -> Request {
        match &self.slug {
            Some(slug) => configs::update(slug, &self.after, admin.workspace()),
            None => configs::create(&self.name, &self.after, admin.workspace()),
        }
    }

    /// The display name.
    pub(crate) fn title(&self) -> String {
        let name = match &self.slug {
            Some(slug) if self.name.is_empty() => slug.clone(),
            Some(slug) => format!("{slug} ({})", self.name),
            None => format!("{} (new)", self.name),
        };
        printable(&format!("gateway config {name}")).into_owned()
    }

    /// The call, for display.
    pub(crate) fn call(&self, admin: &Admin) -> Call {
        let diff = difference(&self.title(), self.before.as_ref(), &self.after);
        let request = self.request(admin);
        Call::new(&request, admin.address(&request), diff)
    }

    /// Saves it, once, and reads it back.
    pub(crate) fn send(&self, admin: &Admin) -> Result<Stored, Failure> {
        let request = self.request(admin);
        let reply = admin
            .send(&request)
            .map_err(|failure| self.unsure(failure))?;
        let entry = configs::entry(&reply);
        let (slug, twins) = match &self.slug {
            Some(slug) => (slug.clone(), Vec::new()),
            None => self.created(admin, &entry)?,
        };
        let mut read_back = read(admin, &slug)?;
        for wait in READ_DELAYS {
            if configs::same(&read_back.config, &self.after) {
                break;
            }
            sleep(wait);
            read_back = read(admin, &slug)?;
        }
        let version = [entry.version, read_back.entry.version];
        let version = version.into_iter().find(|version| !version.is_empty());
        let title = format!("{} as returned by Portkey", self.title());
        Ok(Stored {
            slug,
            version: version.unwrap_or_default(),
            differs: difference(&title, Some(&self.after), &read_back.config),
            twins,
        })
    }

    /// The id of a new config, and others with its name. The list may lag behind.
    fn created(&self, admin: &Admin, entry: &Entry) -> Result<(String, Vec<String>), Failure> {
        let mut found = Vec::new();
        for wait in [Duration::ZERO].into_iter().chain(READ_DELAYS) {
            sleep(wait);
            found = all(admin)?;
            found.retain(|one| one.name == self.name);
            if !found.is_empty() {
                break;
            }
        }
        let own = found.iter().find(|one| {
            (!entry.id.is_empty() && one.id == entry.id)
                || (!entry.slug.is_empty() && one.slug == entry.slug)
        });
        let only = found
            .first()
            .filter(|_| found.len() == 1 && entry.id.is_empty());
        let slug = match own.or(only) {
            Some(own) => own.slug.clone(),
            None if !entry.slug.is_empty() => entry.slug.clone(),
            None => {
                return Err(Failure::new(
                    FailureKind::Network,
                    format!("Portkey has saved `{}` but doesn't list it yet", self.name),
                )
                .hint("run the command again in a minute; it continues with that config instead of creating another"));
            }
        };
        let mut twins: Vec<String> = found.into_iter().map(|one| one.slug).collect();
        twins.retain(|twin| *twin != slug);
        Ok((slug, twins))
    }

    /// A write without an answer may have succeeded.
    fn unsure(&self, failure: Failure) -> Failure {
        if failure.kind != FailureKind::Network {
            return failure;
        }
        let what = if self.slug.is_some() {
            "changed"
        } else {
            "saved"
        };
        failure.hint(format!(
            "Portkey may have {what} the config; run the command again: it checks first and doesn't create another"
        ))
    }
}
