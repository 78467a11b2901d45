//! `key update` and `key revoke`.

use serde_json::json;

use crate::app::change::{Confirm, Ending, Proposal};
use crate::app::credential;
use crate::app::remote::{Done, Remote, unsure};
use crate::diagnostic::Diagnostic;
use crate::diff;
use crate::error::Failure;
use crate::portkey::admin::keys::{self, Settings};

use super::{find, price, settings_diff, title};

impl Remote<'_> {
    /// Changes a key's settings.
    pub(crate) fn update(
        &self,
        name: &str,
        resets_usage: bool,
        edit: impl FnOnce(&Settings) -> Result<Settings, Failure>,
    ) -> Result<Done, Failure> {
        let mut key = self.asking(|| find(self.admin, name))?;
        let wanted = edit(&key.settings)?;
        let mut proposal = Proposal::default();
        let request = keys::update(&key, &wanted, resets_usage);
        if let Some(request) = &request {
            let mut lines = settings_diff(&title(&key), Some(&key.settings), &wanted);
            if resets_usage {
                lines.push(diff::Line {
                    sign: diff::Sign::Header,
                    text: format!("{}: usage is reset to 0", title(&key)),
                });
            }
            proposal.calls.push(self.call(request, lines));
            let budget = wanted.limits.budget.as_ref();
            let is_new = wanted.limits.budget != key.settings.limits.budget;
            let budget = budget.filter(|_| is_new);
            proposal
                .notes
                .extend(price::unpriced(self.admin, self.session, budget, None));
        }
        let change = self.change("key update", false);
        let offered = change.offer(&proposal)?;
        if let (None, Some(request)) = (&offered, &request) {
            self.asking(|| self.admin.send(request)).map_err(unsure)?;
            self.say(&format!("Changed {}", title(&key)));
            key.settings = wanted.clone();
            key = self.read_back(&key.id, &wanted).unwrap_or(key);
            self.echo(&key);
        }
        let ending = offered.unwrap_or(Ending::Sent);
        self.say_nothing_to_do(&ending, &title(&key));
        Ok(Done {
            exit: ending.exit(),
            fields: Self::key_fields(&change, &proposal, &ending, &key),
        })
    }

    /// Revokes a key permanently.
    pub(crate) fn revoke(&self, name: &str) -> Result<Done, Failure> {
        let mut key = self.asking(|| find(self.admin, name))?;
        let request = keys::revoke(&key);
        let mut proposal = Proposal::default();
        let line = diff::Line {
            sign: diff::Sign::Removed,
            text: format!("{}: requests with it will get 401", title(&key)),
        };
        proposal.calls.push(self.call(&request, vec![line]));
        if key.name.starts_with(super::OPENCLAW) && credential::existing(self.session).is_some() {
            proposal.notes.push(Diagnostic::warning(
                None,
                "its name suggests that OpenClaw uses this key; requests will fail until `key create` or `set-key` sets another",
            ));
        }
        let change = self.change("key revoke", false);
        let change = change.asking(Confirm::AskForGood("Revoke this key permanently?"));
        let offered = change.offer(&proposal)?;
        if offered.is_none() {
            self.asking(|| self.admin.send(&request)).map_err(unsure)?;
            self.say(&format!("Revoked {}", title(&key)));
            "revoked".clone_into(&mut key.status);
        }
        let ending = offered.unwrap_or(Ending::Sent);
        let mut fields = Self::key_fields(&change, &proposal, &ending, &key);
        fields["revoked"] = json!(matches!(ending, Ending::Sent));
        Ok(Done {
            exit: ending.exit(),
            fields,
        })
    }
}
