//! `team apply`: applies a team file to Portkey step by step. If a run ends early, the next one
//! continues.

use std::collections::HashMap;
use std::path::Path;
use std::thread::sleep;

use serde_json::{Value as Json, json};

use crate::app::change::{Call, Confirm};
use crate::app::gateway_config::publish::NEW;
use crate::app::gateway_config::saved::{self, Edit};
use crate::app::keys::create::{issued, user_id};
use crate::app::output::{self, Stream};
use crate::app::remote::{READ_DELAYS, Remote};
use crate::columns::few;
use crate::error::{Exit, Failure, FailureKind};
use crate::mask::printable;
use crate::portkey::admin::keys::{self, Key, MIN_OVERLAP, NewKey, Settings};
use crate::portkey::admin::{Request, expiry, providers};
use crate::store;
use crate::team::plan::{Action, Observed, Row, Status};
use crate::team::wanted::Ends;
use crate::team::{ApiKey, Team};
use crate::ui::{Progress, Ui};

use super::key_files::KeyFiles;
use super::{record, show, survey, warn_of_prices};

/// A team file to apply.
pub(crate) struct Apply<'a> {
    pub(crate) remote: &'a Remote<'a>,
    pub(crate) team: &'a Team,
    pub(crate) path: &'a Path,
    pub(crate) files: &'a [(String, Json)],
    pub(crate) keys: &'a KeyFiles,
}

/// What is learned during the run.
#[derive(Default)]
struct Known {
    /// User ids by email address.
    users: HashMap<String, String>,
    /// Config ids by name.
    configs: HashMap<String, String>,
    /// The number of completed steps.
    done: usize,
}

impl Apply<'_> {
    fn ui(&self) -> &Ui {
        self.remote.ui
    }

    /// What exists at Portkey, and the plan.
    fn compared(&self) -> Result<(Observed, Vec<Row>), Failure> {
        let admin = Some(self.remote.admin);
        let observed = survey::observe(self.team, admin, self.keys.lost(), self.ui())?;
        let rows = self.team.plan(self.files, &observed);
        Ok((observed, rows))
    }

    /// Like [`Self::compared`], but retries, since a requested key may not be listed yet.
    fn plan(&self) -> Result<(Observed, Vec<Row>), Failure> {
        let mut waits = READ_DELAYS.iter();
        loop {
            let (observed, rows) = self.compared()?;
            let listed = |name: &String| observed.keys.items.iter().any(|key| key.name == *name);
            let wait = waits.next().filter(|_| !observed.lost.iter().all(listed));
            let Some(wait) = wait else {
                return Ok((observed, rows));
            };
            sleep(*wait);
        }
    }

    /// Runs everything from the plan to the last step; returns the exit code and the JSON fields.
    ///
    /// # Errors
    /// Portkey refuses a step, there is no terminal for the prompt, or the user declines.
    pub(crate) fn run(&self) -> Result<(Exit, Json), Failure> {
        let (observed, rows) = self.plan()?;
        let is_text = self.remote.write.config.format == crate::args::Format::Text;
        if is_text {
            show::text(&rows, self.ui());
        }
        let (admin, session) = (self.remote.admin, self.remote.session);
        warn_of_prices(admin, self.team, &rows, session, self.ui());
        self.show_configs(&rows, &observed);
        let calls = self.calls(&rows, &observed);
        let needed: Vec<&Row> = rows.iter().filter(|row| row.is_needed()).collect();
        let mut known = Known::default();
        let mut applied = false;
        if needed.is_empty() {
            self.ui().note("Nothing to change.");
        } else if self.remote.write.dry_run {
            let stream = if is_text {
                Stream::Result
            } else {
                Stream::Note
            };
            for call in &calls {
                call.show(self.ui(), stream, true);
            }
            self.ui().note("Nothing was written: --dry-run.");
        } else {
            self.check(&needed, &mut known)?;
            let change = self.remote.change("team apply", false);
            change.asking(Confirm::Ask("Apply this?")).confirm(&[])?;
            self.steps(&needed, &observed, &mut known)?;
            self.sum_up(&needed);
            self.read_back();
            applied = true;
        }
        let mut fields = show::json(&rows);
        fields["file"] = printable(self.team.name()).into();
        fields["applied"] = applied.into();
        fields["calls"] = calls.iter().map(Call::json).collect();
        fields["keys"] = self.new_keys(&needed, applied);
        let unknown = rows.iter().any(|row| row.status() == Status::Unknown);
        let exit = if unknown { Exit::Problems } else { Exit::Done };
        Ok((exit, fields))
    }

    /// Compares again, since what exists at Portkey is what counts; prints what still differs.
    fn read_back(&self) {
        let compare = || Ok(Some(self.compared()?.1));
        // The ids of new configs are now in the file, but the plan is from before.
        let differs = |row: &&Row| row.is_needed() && !matches!(row.action, Action::RecordId(_));
        let agrees = |rows: &Vec<Row>| !rows.iter().any(|row| differs(&row));
        let rows = self.remote.until(compare, agrees).unwrap_or_default();
        let open: Vec<String> = rows
            .iter()
            .filter(differs)
            .map(|row| format!("{} {}", row.resource.name(), row.name))
            .collect();
        if !open.is_empty() {
            self.remote.warn(&format!(
                "Portkey doesn't show these changes yet: {}; compare again with `team plan`",
                few(&open)
            ));
        }
    }

    /// The files with new keys.
    fn new_keys(&self, needed: &[&Row], applied: bool) -> Json {
        let has_value =
            |row: &&&Row| matches!(row.action, Action::CreateKey | Action::RenewKey(..));
        let one = |row: &&Row| {
            let path = self.keys.path(&row.name).display().to_string();
            json!({ "name": printable(&row.name), "storedIn": printable(&path) })
        };
        let issued = needed.iter().filter(has_value).filter(|_| applied);
        issued.map(one).collect()
    }

    /// The diff of each gateway config.
    fn show_configs(&self, rows: &[Row], observed: &Observed) {
        for row in rows {
            let (before, after) = match &row.action {
                Action::SaveConfig(after) => (None, after),
                Action::ChangeConfig(slug, after) => {
                    let mut all = observed.configs.items.iter();
                    let found = all.find(|saved| saved.entry.slug == *slug);
                    (found.map(|saved| &saved.config), after)
                }
                _ => continue,
            };
            let title = printable(&format!("gateway config {}", row.name)).into_owned();
            let lines = saved::difference(&title, before, after);
            output::diff(self.ui(), &lines, Stream::Note);
        }
    }

    /// Checks before anything is sent that the key files can be created and the users exist.
    fn check(&self, needed: &[&Row], known: &mut Known) -> Result<(), Failure> {
        let new = |row: &&&Row| matches!(row.action, Action::CreateKey);
        let names = needed.iter().filter(new).map(|row| row.name.as_str());
        self.keys.check(names.clone())?;
        for key in names.filter_map(|name| self.key(name)) {
            self.is_over(key)?;
            if let Some(user) = &key.user
                && !known.users.contains_key(&user.value)
            {
                let id = self
                    .remote
                    .asking(|| user_id(self.remote.admin, &user.value))?;
                known.users.insert(user.value.clone(), id);
            }
        }
        Ok(())
    }

    /// An existing key may have expired, but there is no point in creating one that has.
    fn is_over(&self, key: &ApiKey) -> Result<(), Failure> {
        let (Some(expires), Ends::At(time)) = (&key.expires, key.ends()) else {
            return Ok(());
        };
        if crate::timestamp::parse(&time).is_none_or(|end| end > store::now()) {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::Config,
            "the key doesn't exist, and a new one would have expired already; nothing was sent",
        )
        .at(self.team.location_of(expires))
        .hint("set a later date, or remove the key from the file"))
    }

    fn key(&self, name: &str) -> Option<&ApiKey> {
        let mut keys = self.team.keys.iter();
        let found = keys.find(|key| key.name.value == name)?;
        Some(&found.value)
    }

    fn steps(
        &self,
        needed: &[&Row],
        observed: &Observed,
        known: &mut Known,
    ) -> Result<(), Failure> {
        let progress = self.ui().progress(needed.len());
        let result = self.each(needed, observed, known, &progress);
        progress.done();
        result.map_err(|failure| {
            let (done, all) = (known.done, needed.len());
            failure.hint(format!(
                "{done} of {all} steps done; run the command again to continue"
            ))
        })
    }

    fn each(
        &self,
        needed: &[&Row],
        observed: &Observed,
        known: &mut Known,
        progress: &Progress,
    ) -> Result<(), Failure> {
        for row in needed {
            progress.next(&format!("{} {}", row.resource.name(), printable(&row.name)));
            self.step(row, observed, known)?;
            known.done += 1;
            progress.step();
        }
        Ok(())
    }

    fn step(&self, row: &Row, observed: &Observed, known: &mut Known) -> Result<(), Failure> {
        let admin = self.remote.admin;
        match &row.action {
            Action::None | Action::Unknown(_) => {}
            Action::Limits(provider, limits) => {
                if let Some(request) = providers::update(provider, limits, admin.workspace()) {
                    admin.send(&request)?;
                }
            }
            Action::SaveConfig(after) => {
                let slug = edit(row, None, after).send(admin)?.slug;
                record::id(self.path, &row.name, &slug)?;
                known.configs.insert(row.name.clone(), slug);
            }
            Action::ChangeConfig(slug, after) => {
                edit(row, Some(slug), after).send(admin)?;
                if self.team.config_id(&row.name).is_none() {
                    record::id(self.path, &row.name, slug)?;
                }
            }
            Action::RecordId(slug) => record::id(self.path, &row.name, slug)?,
            Action::CreateKey => self.create(row, observed, known)?,
            Action::ChangeKey(key, wanted) => {
                let wanted = self.with_config(&row.name, wanted, observed, known);
                has_config(&wanted)?;
                if let Some(request) = keys::update(key, &wanted, false) {
                    admin.send(&request)?;
                }
            }
            Action::RenewKey(key, wanted) => {
                self.renew(&row.name, key)?;
                let wanted = self.with_config(&row.name, wanted, observed, known);
                has_config(&wanted)?;
                let request = keys::update(key, &wanted, false);
                if let Some(request) = request.filter(|_| !wanted.same(&key.settings)) {
                    admin.send(&request)?;
                }
            }
        }
        Ok(())
    }

    /// Settings with the id of their config, which may just have been created.
    fn with_config(
        &self,
        name: &str,
        settings: &Settings,
        observed: &Observed,
        known: &Known,
    ) -> Settings {
        let mut settings = settings.clone();
        let named = self.key(name).and_then(|key| key.config.as_ref());
        settings.config = named.map(|named| {
            let made = known.configs.get(&named.value).cloned();
            made.or_else(|| self.team.slug(&named.value, observed))
                .unwrap_or_else(|| NEW.to_owned())
        });
        settings
    }

    /// The key to create.
    fn new_key(&self, row: &Row, observed: &Observed, known: &Known) -> Option<NewKey> {
        let key = self.key(&row.name)?;
        let named = key.config.as_ref().map(|config| config.value.as_str());
        let settings = key.settings(named);
        let mut settings = self.with_config(&row.name, &settings, observed, known);
        if let Ends::After(span) = key.ends() {
            settings.expires = expiry::parse(&span, store::now()).ok();
        }
        let user = key.user.as_ref();
        Some(NewKey {
            name: row.name.clone(),
            kind: key.kind(),
            user: user.map(|user| {
                let id = known.users.get(&user.value).cloned();
                id.unwrap_or_else(|| format!("(the id of {})", user.value))
            }),
            settings,
        })
    }

    /// Creates a key once and stores it in its file.
    fn create(&self, row: &Row, observed: &Observed, known: &Known) -> Result<(), Failure> {
        let Some(new) = self.new_key(row, observed, known) else {
            return Ok(());
        };
        has_config(&new.settings)?;
        self.keys.open()?;
        self.keys.ask(&row.name)?;
        let admin = self.remote.admin;
        let request = keys::create(&new, admin.workspace());
        let made = store::uninterrupted(|| {
            let reply = admin.send(&request)?;
            self.store(&row.name, &request, &reply)
        });
        match made {
            // It may have been created; if so, its value is lost.
            Err(failure) if failure.kind == FailureKind::Network => {
                match self.listed(&row.name)? {
                    Some(key) => self.renew(&row.name, &key),
                    None => Err(failure),
                }
            }
            // Portkey refused: a key with that name that appears later isn't this one.
            Err(failure) if failure.kind == FailureKind::Check => {
                self.keys.forget(&row.name);
                Err(failure)
            }
            made => made,
        }
    }

    /// A key that was just requested, by name.
    fn listed(&self, name: &str) -> Result<Option<Key>, Failure> {
        let admin = self.remote.admin;
        for wait in READ_DELAYS {
            let pages = admin.list(&keys::list(admin.workspace()))?;
            let found = keys::keys(&pages.items);
            let found = found.into_iter().find(|key| key.name == name);
            if found.is_some() {
                return Ok(found);
            }
            sleep(wait);
        }
        Ok(None)
    }

    /// Gives a key a new value, since the previous one is lost.
    fn renew(&self, name: &str, key: &Key) -> Result<(), Failure> {
        self.keys.open()?;
        self.keys.ask(name)?;
        let request = keys::rotate(key, MIN_OVERLAP);
        store::uninterrupted(|| {
            let reply = self.remote.admin.send(&request)?;
            self.store(name, &request, &reply)
        })
    }

    fn store(&self, name: &str, request: &Request, reply: &Json) -> Result<(), Failure> {
        let issued = issued(request, reply)?;
        self.ui().secrets().add(issued.key.expose());
        self.keys.write(name, &issued.key)
    }

    /// The calls of all rows, for display.
    fn calls(&self, rows: &[Row], observed: &Observed) -> Vec<Call> {
        let known = Known::default();
        let admin = self.remote.admin;
        let mut calls = Vec::new();
        for row in rows {
            let with = |settings| self.with_config(&row.name, settings, observed, &known);
            let requests: Vec<Request> = match &row.action {
                Action::None | Action::Unknown(_) | Action::RecordId(_) => Vec::new(),
                Action::Limits(provider, limits) => {
                    let request = providers::update(provider, limits, admin.workspace());
                    request.into_iter().collect()
                }
                Action::SaveConfig(after) => vec![edit(row, None, after).request(admin)],
                Action::ChangeConfig(slug, after) => {
                    vec![edit(row, Some(slug), after).request(admin)]
                }
                Action::CreateKey => {
                    let new = self.new_key(row, observed, &known);
                    let new = new.iter();
                    new.map(|new| keys::create(new, admin.workspace()))
                        .collect()
                }
                Action::ChangeKey(key, wanted) => keys::update(key, &with(wanted), false)
                    .into_iter()
                    .collect(),
                Action::RenewKey(key, wanted) => {
                    let update = keys::update(key, &with(wanted), false);
                    let update = update.filter(|_| !wanted.same(&key.settings));
                    let rotate = keys::rotate(key, MIN_OVERLAP);
                    std::iter::once(rotate).chain(update).collect()
                }
            };
            let shown = requests
                .iter()
                .map(|request| self.remote.call(request, Vec::new()));
            calls.extend(shown);
        }
        calls
    }

    fn sum_up(&self, needed: &[&Row]) {
        let of = |status| needed.iter().filter(|row| row.status() == status).count();
        let (created, changed) = (of(Status::Create), of(Status::Change));
        let parts = [(created, "created"), (changed, "changed")];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        self.remote.say(&format!("Done: {}.", parts.join(", ")));
        let has_value = |row: &&Row| matches!(row.action, Action::CreateKey | Action::RenewKey(..));
        if needed.iter().any(has_value) {
            let folder = self.keys.folder().display().to_string();
            self.ui().note(&format!(
                "  The new keys are in {}, one file each. Give each to its owner, then delete the file.",
                printable(&folder)
            ));
        }
    }
}

/// Never sends the stand-in for a config id.
fn has_config(settings: &Settings) -> Result<(), Failure> {
    if settings.config.as_deref() != Some(NEW) {
        return Ok(());
    }
    Err(Failure::new(
        FailureKind::Internal,
        "the id of the key's config is unknown; nothing was sent for this key",
    ))
}

/// The config to save.
fn edit(row: &Row, slug: Option<&str>, after: &Json) -> Edit {
    Edit {
        name: row.name.clone(),
        slug: slug.map(str::to_owned),
        before: None,
        version: String::new(),
        after: after.clone(),
    }
}
