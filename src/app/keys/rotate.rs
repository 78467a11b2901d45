//! `key rotate`: replaces a key, which stays valid for a while.

use std::time::Duration;

use serde_json::Value as Json;

use crate::app::remote::{Done, Remote};
use crate::diff;
use crate::error::{Failure, FailureKind};
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::portkey::admin::keys::{self, Issued, Key};
use crate::portkey::admin::{Request, expiry};
use crate::store;

use super::create::{Made, issued};
use super::place::{Place, check_file, rescue};
use super::{find, title};

impl Remote<'_> {
    /// Rotates a key and stores the new one.
    pub(crate) fn rotate(
        &self,
        name: &str,
        overlap: Duration,
        place: &Place<'_>,
    ) -> Result<Done, Failure> {
        let key = self.asking(|| find(self.admin, name))?;
        if let Place::File(path) = place {
            check_file(path)?;
        }
        let millis = u64::try_from(overlap.as_millis()).unwrap_or(u64::MAX);
        let request = keys::rotate(&key, millis);
        let mut proposal = self.proposal(place)?;
        proposal.expects_replaced_keys();
        let how_long = expiry::length(overlap);
        let lines = [(
            diff::Sign::Header,
            format!(
                "{}: a new key; the old one stays valid for {how_long}",
                title(&key)
            ),
        )];
        let lines = lines.map(|(sign, text)| diff::Line { sign, text }).to_vec();
        proposal.calls.push(self.call(&request, lines));
        let change = self.change("key rotate", true);
        if let Some(ending) = change.offer(&proposal)? {
            let mut done = self.not_made(&change, &proposal, &ending, &key);
            done.fields["oldValidUntil"] = Json::Null;
            return Ok(done);
        }
        let (issued, stored) = store::uninterrupted(|| {
            let issued = self.rotated(&request, &key)?;
            self.say(&format!("Rotated {}", title(&key)));
            let stored = self
                .store(place, &issued)
                .map_err(|failure| self.rescued(failure, &issued, place))?;
            Ok::<_, Failure>((issued, stored))
        })?;
        let old_until = issued.old_until.clone();
        self.say_until(old_until.as_deref(), place);
        let mut done = self.ending(Made {
            key,
            issued,
            place,
            stored,
            change: &change,
            proposal: &proposal,
        });
        done.fields["oldValidUntil"] = old_until.into();
        Ok(done)
    }

    /// When the old key expires.
    fn say_until(&self, until: Option<&str>, place: &Place<'_>) {
        let Some(until) = until.map(printable) else {
            return self.warn("Portkey doesn't say how long the old key stays valid");
        };
        let then = match place {
            Place::Openclaw(_) => "; restart the gateway before that: `openclaw gateway restart`",
            Place::File(_) | Place::Screen => "",
        };
        let line = format!("The old key stays valid until {until}{then}.");
        self.ui.note(&line);
    }

    fn rotated(&self, request: &Request, key: &Key) -> Result<Issued, Failure> {
        let again = || {
            Help::from("the old key may be about to expire, and the new one was never shown: `")
                .run(Run::new("key rotate").value(key.id.clone()))
                .text("` creates another one")
        };
        let reply = self.asking(|| self.admin.send(request));
        let issued = reply.and_then(|reply| issued(request, &reply));
        let issued = issued.map_err(|failure| match failure.kind {
            FailureKind::Network => failure.hint(again()),
            _ => failure,
        })?;
        self.ui.secrets().add(issued.key.expose());
        Ok(issued)
    }

    /// The new key exists, and Portkey won't show it again.
    fn rescued(&self, failure: Failure, issued: &Issued, place: &Place<'_>) -> Failure {
        let failure = Failure {
            kind: FailureKind::File,
            ..failure
        };
        let kept = rescue(self.session, &issued.id, &issued.key);
        match (kept, place) {
            (Some(path), Place::File(_) | Place::Screen) => {
                let path = path.display();
                failure.hint(format!(
                    "the new key is in {path}; move it to its destination"
                ))
            }
            (Some(path), Place::Openclaw(_)) => {
                let path = path.display().to_string();
                failure.hint(
                    Help::from(format!("the new key is in {path}: `"))
                        .run(Run::new("set-key").flag("--file").value(path.clone()))
                        .text("` puts it in place; then delete the file"),
                )
            }
            (None, _) => failure.hint("the new key is lost; rotate again"),
        }
    }
}
