//! Shared code for the rules of a team.

use crate::document::Spanned;
use crate::openclaw::View;
use crate::team::Team;

use super::{Facts, Findings, PortkeyProvider};
use crate::help::Help;

/// The team, and one of its settings with its location, which a rule enforces.
pub(super) fn asked<'f, T>(
    facts: &'f Facts<'_>,
    setting: impl FnOnce(&'f Team) -> Option<&'f Spanned<T>>,
) -> Option<(&'f Team, &'f Spanned<T>, String)> {
    let team = facts.team.as_deref()?;
    let setting = setting(team)?;
    Some((team, setting, team.place(setting)))
}

/// The id of the model that a reference requests from Portkey.
pub(super) fn model<'t>(facts: &'t Facts<'_>, view: &'t str) -> Option<&'t str> {
    facts.through(view).map(|(_, id)| id.trim())
}

/// Points at the key of a provider's setting; if that is missing, at the provider's own key.
pub(super) fn at_setting(
    provider: &PortkeyProvider<'_>,
    setting: Option<&View<'_>>,
    findings: &mut Findings,
    message: String,
    help: impl Into<Help>,
) {
    match setting {
        Some(view) => findings.at(view, message, help),
        None => findings.at_name(&provider.view, message, help),
    }
}
