//! `key create`: creates a key once, stores it, and reads it back.

use serde_json::Value as Json;

use crate::app::admin::Admin;
use crate::app::change::{Change, Ending, Proposal};
use crate::app::remote::{Done, Remote};
use crate::app::{output, usage};
use crate::diagnostic::{Diagnostic, Level};
use crate::error::{Exit, Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::admin::keys::{self, Issued, Key, NewKey};
use crate::portkey::admin::{Request, users};
use crate::store;

use super::place::{Place, check_file, write_file};
use super::{named, price, settings_diff, title};

impl Remote<'_> {
    /// Creates a key and stores it.
    pub(crate) fn create(
        &self,
        mut new: NewKey,
        email: Option<&str>,
        place: &Place<'_>,
        replaces: bool,
    ) -> Result<Done, Failure> {
        let (found, user) = self.asking(|| {
            let found = named(self.admin, &new.name)?;
            let user = email.map(|email| user_id(self.admin, email)).transpose()?;
            Ok::<_, Failure>((found, user))
        })?;
        if let Some(key) = found {
            return Err(exists(&key));
        }
        new.user = user.or(new.user);
        if let Place::File(path) = place {
            check_file(path)?;
        }
        let request = keys::create(&new, self.admin.workspace());
        let mut key = Key {
            name: new.name.clone(),
            kind: new.kind,
            settings: new.settings.clone(),
            ..Key::default()
        };
        let mut proposal = self.proposal(place)?;
        let budget = new.settings.limits.budget.as_ref();
        let unpriced = price::unpriced(self.admin, self.session, budget, None);
        proposal.notes.extend(unpriced);
        let diff = settings_diff(&title(&key), None, &new.settings);
        proposal.calls.push(self.call(&request, diff));
        let change = self.change("key create", replaces);
        if let Some(ending) = change.offer(&proposal)? {
            return Ok(self.not_made(&change, &proposal, &ending, &key));
        }
        let (issued, stored) = store::uninterrupted(|| {
            let issued = self.issue(&request, &new.name)?;
            key.id.clone_from(&issued.id);
            self.say(&format!("Created {}", title(&key)));
            let stored = self.store(place, &issued).map_err(|failure| {
                let again = self.take_back(&key);
                Failure {
                    kind: FailureKind::File,
                    ..failure
                }
                .hint(again)
            })?;
            Ok::<_, Failure>((issued, stored))
        })?;
        Ok(self.ending(Made {
            key,
            issued,
            place,
            stored,
            change: &change,
            proposal: &proposal,
        }))
    }

    /// The result if no key is created.
    pub(super) fn not_made(
        &self,
        change: &Change<'_>,
        proposal: &Proposal,
        ending: &Ending,
        key: &Key,
    ) -> Done {
        let mut fields = Self::key_fields(change, proposal, ending, key);
        fields["checks"] = self.checks_json(&[]);
        fields["storedIn"] = Json::Null;
        Done {
            exit: ending.exit(),
            fields,
        }
    }

    /// The files that change with it.
    pub(super) fn proposal(&self, place: &Place<'_>) -> Result<Proposal, Failure> {
        match place {
            Place::Openclaw(wiring) => wiring.preview(self.ui),
            Place::File(_) | Place::Screen => Ok(Proposal::default()),
        }
    }

    fn issue(&self, request: &Request, name: &str) -> Result<Issued, Failure> {
        let reply = self.asking(|| self.admin.send(request));
        let issued = reply.and_then(|reply| issued(request, &reply));
        let issued = issued.map_err(|failure| self.unsure(failure, name))?;
        self.ui.secrets().add(issued.key.expose());
        Ok(issued)
    }

    /// A POST without a usable answer may have created a key whose value is lost.
    fn unsure(&self, failure: Failure, name: &str) -> Failure {
        if failure.kind != FailureKind::Network {
            return failure;
        }
        let found = self.asking(|| named(self.admin, name));
        match found {
            Ok(Some(key)) => failure.hint(
                Help::from("Portkey created the key, but its value was lost: `")
                    .run(Run::new("key revoke").value(key.id))
                    .text("`, then create it again"),
            ),
            Ok(None) => failure.hint("Portkey doesn't list such a key; run the command again"),
            Err(_) => failure.hint(
                Help::from("Portkey may have created the key; `")
                    .run(Run::new("key list"))
                    .text("` shows it; if so, revoke it, since its value is lost"),
            ),
        }
    }

    /// Stores the key; returns the changes to OpenClaw's files.
    pub(super) fn store(
        &self,
        place: &Place<'_>,
        issued: &Issued,
    ) -> Result<Option<(Ending, Json)>, Failure> {
        match place {
            Place::Openclaw(wiring) => wiring.store(&issued.key, self.ui).map(Some),
            Place::File(path) => {
                write_file(path, &issued.key)?;
                self.say(&format!("Wrote the key to {}", path.display()));
                Ok(None)
            }
            Place::Screen => {
                self.ui.reveal(&issued.key).map_err(|error| {
                    let message = format!("the new key could not be printed: {error}");
                    Failure::new(FailureKind::File, message)
                })?;
                Ok(None)
            }
        }
    }

    /// A key that couldn't be stored is useless.
    fn take_back(&self, key: &Key) -> Help {
        if self.asking(|| self.admin.send(&keys::revoke(key))).is_ok() {
            return Help::from("the new key was revoked; its value was never shown");
        }
        Help::from("the new key could not be revoked: `")
            .run(Run::new("key revoke").value(key.id.clone()))
            .text("`")
    }

    /// Reads the key back, checks that it works, and suggests next steps.
    pub(super) fn ending(&self, made: Made<'_>) -> Done {
        let wanted = made.key.settings.clone();
        let back = self.read_back(&made.issued.id, &wanted);
        let key = back.unwrap_or(made.key);
        self.echo(&key);
        let mut checks: Vec<Diagnostic> = Vec::new();
        if let Place::Openclaw(wiring) = made.place {
            checks.push(wiring.verify(&made.issued.key, self.ui));
        }
        output::checks(self.ui, &checks);
        if let Place::Openclaw(wiring) = made.place {
            wiring.next_steps(&made.issued.key, made.proposal, self.ui);
        }
        let ending = made
            .stored
            .as_ref()
            .map_or(&Ending::Sent, |(ending, _)| ending);
        let mut fields = Self::key_fields(made.change, made.proposal, ending, &key);
        fields["checks"] = self.checks_json(&checks);
        fields["storedIn"] = made.place.path().into();
        let failed = checks.iter().any(|check| check.level >= Level::Warning);
        Done {
            exit: if failed { Exit::Problems } else { Exit::Done },
            fields,
        }
    }

    /// The limits that Portkey returned.
    pub(super) fn echo(&self, key: &Key) {
        for line in super::listing::settings(&key.settings) {
            self.ui.note(&format!("  {}", printable(&line)));
        }
    }
}

/// A key that was created and stored.
pub(super) struct Made<'m> {
    pub(super) key: Key,
    pub(super) issued: Issued,
    pub(super) place: &'m Place<'m>,
    pub(super) stored: Option<(Ending, Json)>,
    pub(super) change: &'m Change<'m>,
    pub(super) proposal: &'m Proposal,
}

/// The key in a reply.
pub(crate) fn issued(request: &Request, reply: &Json) -> Result<Issued, Failure> {
    keys::issued(reply)
        .map_err(|what| Failure::new(FailureKind::Network, format!("{request}: {what}")))
}

fn exists(key: &Key) -> Failure {
    let name = printable(&key.name).into_owned();
    let message = format!("the key `{name}` already exists; nothing was sent");
    let run = |command: &'static str| Run::new(command).value(key.name.clone());
    Failure::new(FailureKind::Check, message)
        .hint(Help::from("`").run(run("key rotate")).text("` replaces it"))
        .hint(
            Help::from("`")
                .run(run("key update"))
                .text("` changes its limits"),
        )
        .hint("use --name NAME to create another one")
}

/// The UUID of the user with an address.
pub(crate) fn user_id(admin: &Admin, email: &str) -> Result<String, Failure> {
    let request = match admin.workspace() {
        Some(workspace) => users::in_workspace(workspace, email),
        None => users::by_email(email),
    };
    let pages = admin.list(&request).map_err(|failure| {
        failure.hint("or pass the user's id instead of the address; --workspace looks among that workspace's members")
    })?;
    let found = users::find(&pages.items, email);
    found.map(|user| user.id).ok_or_else(|| {
        usage(format!("no user {} at Portkey", printable(email)))
            .hint("invite the person at https://app.portkey.ai first, or use --service NAME")
    })
}
