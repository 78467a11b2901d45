//! The checks that OpenClaw implements in code, under the names that `scripts/schema/checks.mjs`
//! gives its functions.

mod agents;
mod config;
mod models;
mod objects;
mod sandbox;
mod text;

use crate::document::Step;

use super::issue::Problem;
use super::scalars::variable_reason;
use super::table::{self, CheckRow, Literal, Row, RowId};
use super::tree::Cursor;
use super::walk::Walk;

pub(super) use text::{agent_id, of_text};

impl Walk<'_> {
    /// Runs one check on a value that matches its schema.
    pub(super) fn check(&mut self, check: &CheckRow, at: &Cursor) {
        let config = self.config;
        // A grammar of CSS widths, not worth a parser of its own.
        if check.name == "chat-width" {
            let reason = "OpenClaw's check of this width is unknown";
            self.at(at, Problem::Unsure(reason.to_owned()));
            return;
        }
        if let Some(text) = config.text(at) {
            if let Some(message) = of_text(check.name, &text) {
                if crate::openclaw::has_variable(&text) {
                    self.at(at, Problem::Unsure(variable_reason(&text)));
                } else {
                    self.below(at, &[], message, "");
                }
            }
            return;
        }
        match check.name {
            "?" => self.at(
                at,
                Problem::Unsure("OpenClaw's check of this value is unknown".to_owned()),
            ),
            "plugin-entries" | "plugin-allow" | "plugin-deny" | "plugin-slot" => {
                self.plugins(check, at);
            }
            "plugin-paths" => {
                let paths = self.config.down(at, &["plugins", "load", "paths"]);
                if paths.is_some_and(|paths| !self.config.items(&paths).is_empty()) {
                    let reason =
                        "`plugins.load.paths` refers to folders on the machine where OpenClaw runs";
                    self.at(at, Problem::Unsure(reason.to_owned()));
                }
            }
            "suppressed-models" => self.suppressed_models(check, at),
            "roster"
            | "agents-entries"
            | "agents-entries-strict"
            | "agents-bindings"
            | "agents-broadcast"
            | "agent-dirs"
            | "avatars"
            | "heartbeat"
            | "heartbeat-every"
            | "heartbeat-targets"
            | "policy-refs" => self.check_agents(check, at),
            "tailscale-bind" | "tailscale-auth" | "search-provider" | "channel-ids"
            | "custom-providers" | "channels-acp" | "portals" | "stale-threshold"
            | "roles-default" | "sandbox-env" => self.check_config(check, at),
            "mcp-server" | "mcp-stdio" => self.mcp_server(check.name, at),
            "sandbox"
            | "docker"
            | "docker-posix"
            | "sandbox-browser"
            | "sandbox-browser-network" => {
                self.sandbox(check.name, at);
            }
            _ => self.check_object(check.name, at),
        }
    }

    /// The strings listed for a check.
    fn listed(&self, row: Option<RowId>) -> Vec<&'static str> {
        let mut row = row.map(table::row);
        if let Some(Row::ByVersion(rows)) = row {
            let found = rows.iter().find(|(_, versions)| versions & self.bit != 0);
            row = found.map(|(row, _)| table::row(*row));
        }
        let Some(Row::Values(values)) = row else {
            return Vec::new();
        };
        let known = values
            .iter()
            .filter(|(_, versions)| versions & self.bit != 0);
        known
            .filter_map(|(literal, _)| match literal {
                Literal::String(text) => Some(&**text),
                _ => None,
            })
            .collect()
    }

    fn text_at(&self, at: &Cursor, keys: &[&str]) -> Option<String> {
        let value = self.config.down(at, keys)?;
        Some(self.config.text(&value)?.into_owned())
    }

    fn number_at(&self, at: &Cursor, keys: &[&str]) -> Option<f64> {
        self.config.number(&self.config.down(at, keys)?)
    }

    fn boolean_at(&self, at: &Cursor, keys: &[&str]) -> Option<bool> {
        self.config.boolean(&self.config.down(at, keys)?)
    }

    /// The length of the list at a key.
    fn count_at(&self, at: &Cursor, key: &str) -> usize {
        self.config
            .get(at, key)
            .map_or(0, |list| self.config.item_count(&list))
    }
}

fn keys(steps: &[&str]) -> Vec<Step> {
    steps
        .iter()
        .map(|key| Step::Key((*key).to_owned()))
        .collect()
}
