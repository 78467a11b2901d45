//! References to models that OpenClaw knows to be retired.

use crate::document::Step;

use super::super::table::CheckRow;
use super::super::tree::Cursor;
use super::super::walk::Walk;
use super::keys;
use super::text::provider_model;

/// Where an agent, or the defaults, refer to models: a single reference, or primary and fallbacks.
const OF_AGENTS: &[&[&str]] = &[
    &["model"],
    &["utilityModel"],
    &["imageModel"],
    &["voiceModel"],
    &["pdfModel"],
    &["mediaModels", "image"],
    &["mediaModels", "video"],
    &["mediaModels", "music"],
    &["heartbeat", "model"],
    &["subagents", "model"],
    &["compaction", "model"],
    &["compaction", "memoryFlush", "model"],
    &["tools", "exec", "reviewer", "model"],
    &["tts", "summaryModel"],
];

/// The same for the whole config.
const OF_CONFIG: &[&[&str]] = &[
    &["tools", "exec", "reviewer", "model"],
    &["tools", "media", "image", "preferredModel"],
    &["tools", "media", "audio", "preferredModel"],
    &["tools", "media", "video", "preferredModel"],
    &["hooks", "gmail", "model"],
    &["tts", "summaryModel"],
];

impl Walk<'_> {
    pub(super) fn suppressed_models(&mut self, check: &CheckRow, root: &Cursor) {
        let retired = self.listed(check.list);
        let mut found: Vec<(Vec<Step>, String)> = Vec::new();
        let config = self.config;
        for path in OF_CONFIG {
            self.retired_in(
                config.down(root, path),
                path,
                &retired,
                &mut |below, text| {
                    found.push((below, text));
                },
            );
        }
        let mut holders = vec![keys(&["agents", "defaults"])];
        for agent in self.roster(root) {
            let mut steps = keys(&["agents"]);
            steps.extend(agent.steps());
            holders.push(steps);
        }
        for holder in holders {
            let Some(at) = self.reach(root, &holder) else {
                continue;
            };
            let mut report =
                |below: Vec<Step>, text| found.push(([&holder[..], &below].concat(), text));
            if let Some(map) = config.get(&at, "models") {
                for entry in config
                    .entries(&map)
                    .iter()
                    .filter(|entry| is_retired(&retired, &entry.key))
                {
                    let key = entry.key.clone().into_owned();
                    report(
                        [keys(&["models"]), vec![Step::Key(key.clone())]].concat(),
                        key,
                    );
                }
            }
            for path in OF_AGENTS {
                self.retired_in(config.down(&at, path), path, &retired, &mut report);
            }
        }
        for (place, text) in found {
            self.below(root, &place, said(&text), HELP);
        }
    }

    fn reach(&self, from: &Cursor, steps: &[Step]) -> Option<Cursor> {
        steps
            .iter()
            .try_fold(from.clone(), |at, step| self.config.step(&at, step))
    }

    /// The references to retired models in a value: a single reference, or primary and fallbacks.
    fn retired_in(
        &self,
        value: Option<Cursor>,
        path: &[&str],
        retired: &[&str],
        report: &mut impl FnMut(Vec<Step>, String),
    ) {
        let Some(value) = value else {
            return;
        };
        let mut report_if_retired = |value: &Cursor, below: &[Step]| {
            let text = self.config.text(value);
            if let Some(text) = text.filter(|text| is_retired(retired, text)) {
                report([&keys(path), below].concat(), text.into_owned());
            }
        };
        report_if_retired(&value, &[]);
        if let Some(primary) = self.config.get(&value, "primary") {
            report_if_retired(&primary, &keys(&["primary"]));
        }
        if let Some(list) = self.config.get(&value, "fallbacks") {
            for (index, item) in self.config.items(&list).iter().enumerate() {
                let below = [keys(&["fallbacks"]), vec![Step::Index(index)]].concat();
                report_if_retired(item, &below);
            }
        }
    }
}

const HELP: &str = "use another model; `{openclaw: models list}` shows them";

fn is_retired(retired: &[&str], text: &str) -> bool {
    provider_model(text).is_some_and(|(provider, model)| {
        let reference = format!("{}/{}", provider.to_lowercase(), model.to_lowercase());
        retired.contains(&&*reference)
    })
}

fn said(text: &str) -> String {
    format!(
        "OpenClaw no longer has the model `{}`",
        crate::portkey::printable(text, 80)
    )
}
