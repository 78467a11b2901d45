//! Applies fixes to a gateway config file one at a time until none is left.

use std::collections::HashSet;

use crate::app::change::document_diff;
use crate::diff::{self, Line};
use crate::document::Document;
use crate::edit;
use crate::gateway_config::check::Finding;
use crate::gateway_config::read::GatewayConfig;

/// The maximum number of fixes per run.
const MAX_FIXES: usize = 500;

/// A config after its fixes.
pub(crate) struct Fixed {
    pub(crate) config: GatewayConfig,
    pub(crate) made: usize,
}

/// Applies the safe fixes, or all.
pub(crate) fn fixed(
    config: &GatewayConfig,
    also_unsafe: bool,
    check: impl Fn(&GatewayConfig) -> Vec<Finding>,
) -> Fixed {
    let mut fixed = Fixed {
        config: config.clone(),
        made: 0,
    };
    // Two fixes that undo each other would loop forever.
    let mut seen = HashSet::from([config.document().text().to_owned()]);
    while fixed.made < MAX_FIXES {
        let found = check(&fixed.config);
        let next = found
            .into_iter()
            .filter_map(|finding| finding.fix)
            .filter(|fix| fix.safe || also_unsafe)
            .filter_map(|fix| edit::apply(fixed.config.document(), &fix.changes).ok())
            .find(|edited| seen.insert(edited.document.text().to_owned()));
        let Some(edited) = next else {
            break;
        };
        fixed.config = GatewayConfig::new(edited.document);
        fixed.made += 1;
    }
    fixed
}

/// The diff of the fixes, secrets masked.
pub(crate) fn lines(name: &str, before: &Document, after: &Document) -> Vec<Line> {
    let replacement = diff::between(before.text(), after.text());
    document_diff(name, Some(before), after, &[replacement], &[])
}
