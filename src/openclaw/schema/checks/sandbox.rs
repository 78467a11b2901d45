//! Checks of sandboxes and of servers that OpenClaw starts.

use crate::document::Step;

use super::super::tree::Cursor;
use super::super::walk::Walk;

impl Walk<'_> {
    pub(super) fn mcp_server(&mut self, check: &str, at: &Cursor) {
        const GONE: &[&str] = &[
            "connectTimeout",
            "connect_timeout",
            "timeout",
            "workingDirectory",
            "supports_parallel_tool_calls",
            "ssl_verify",
            "client_cert",
            "client_key",
            "disabled",
        ];
        if check == "mcp-server" {
            for key in GONE {
                if self.config.get(at, key).is_some() {
                    self.wrong(
                        at,
                        &[key],
                        &format!("OpenClaw doesn't know the key `{key}` here"),
                        "`{openclaw: doctor --fix}` renames it",
                    );
                }
            }
            if self
                .config
                .down(at, &["codex", "default_tools_approval_mode"])
                .is_some()
            {
                self.wrong(
                    at,
                    &["codex", "default_tools_approval_mode"],
                    "OpenClaw doesn't know the key `default_tools_approval_mode` here",
                    "",
                );
            }
            self.per_requester(at);
        }
        let command = self.text_at(at, &["command"]).unwrap_or_default();
        if self.text_at(at, &["transport"]).as_deref() == Some("stdio") && command.trim().is_empty()
        {
            self.wrong(
                at,
                &["transport"],
                "`transport: \"stdio\"` needs a `command`",
                "",
            );
        }
    }

    fn per_requester(&mut self, at: &Cursor) {
        if self.text_at(at, &["oauth", "identity"]).as_deref() != Some("per-requester") {
            return;
        }
        let text = |key: &str| self.text_at(at, &[key]);
        let stdio = self.config.get(at, "command").is_some()
            || text("transport").as_deref() == Some("stdio");
        let no_url = text("url").is_none_or(|url| url.is_empty());
        let no_oauth = text("auth").as_deref() != Some("oauth");
        if no_oauth || no_url || stdio {
            self.wrong(at, &["oauth", "identity"], "`oauth.identity: \"per-requester\"` needs `auth: \"oauth\"` and a `url`, and no `command`", "");
        }
        if self
            .text_at(at, &["oauth", "authProfileId"])
            .is_some_and(|id| !id.is_empty())
        {
            self.wrong(
                at,
                &["oauth", "authProfileId"],
                "`authProfileId` can't be used with `identity: \"per-requester\"`",
                "",
            );
        }
    }

    pub(super) fn sandbox(&mut self, check: &str, at: &Cursor) {
        const JOIN: &[&str] = &["dangerouslyAllowContainerNamespaceJoin"];
        let lower = |at: &Cursor, keys: &[&str]| {
            self.text_at(at, keys)
                .unwrap_or_default()
                .trim()
                .to_lowercase()
        };
        if check == "sandbox" {
            let joins = self.boolean_at(at, &["docker", JOIN[0]]) == Some(true);
            if lower(at, &["browser", "network"]).starts_with("container:") && !joins {
                self.wrong(
                    at,
                    &["browser", "network"],
                    "OpenClaw blocks `container:` networks",
                    "use a bridge network",
                );
            }
            return;
        }
        let network = lower(at, &["network"]);
        let joins = self.boolean_at(at, JOIN) == Some(true);
        let profiles: Vec<&str> = ["seccompProfile", "apparmorProfile"]
            .into_iter()
            .filter(|key| lower(at, &[key]) == "unconfined")
            .collect();
        if network == "host" {
            self.wrong(
                at,
                &["network"],
                "OpenClaw blocks the `host` network",
                "use `bridge` or a network of your own",
            );
        }
        if check.starts_with("docker") {
            if network.starts_with("container:") && !joins {
                self.wrong(
                    at,
                    &["network"],
                    "OpenClaw blocks `container:` networks",
                    "use a bridge network",
                );
            }
            for key in profiles {
                self.wrong(
                    at,
                    &[key],
                    "OpenClaw blocks the profile `unconfined`",
                    "name a profile, or remove the key",
                );
            }
        }
        if check != "sandbox-browser-network" {
            self.binds(check, at);
        }
    }

    fn binds(&mut self, check: &str, at: &Cursor) {
        let Some(list) = self.config.get(at, "binds") else {
            return;
        };
        for (index, bind) in self.config.items(&list).iter().enumerate() {
            let text = self.config.text(bind).unwrap_or_default().into_owned();
            let bytes = text.as_bytes();
            let drive = check != "docker-posix"
                && bytes.len() > 2
                && bytes[0].is_ascii_alphabetic()
                && bytes[1] == b':'
                && matches!(bytes[2], b'/' | b'\\');
            if !text.trim_start().starts_with('/') && !drive
                || (check != "docker-posix" && !drive && !text.starts_with('/'))
            {
                let steps = [Step::Key("binds".to_owned()), Step::Index(index)];
                self.below(
                    at,
                    &steps,
                    "must start with an absolute path".to_owned(),
                    "",
                );
            }
        }
    }
}
