//! References to models that OpenClaw knows to be gone.

use crate::document::Step;

use super::super::table::CheckRow;
use super::super::tree::Cursor;
use super::super::walk::Walk;
use super::keys;
use super::text::provider_model;

/// Where an agent, or the defaults, name models: a reference, or primary and fallbacks.
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
        let gone = self.listed(check.list);
        let mut places: Vec<Vec<Step>> = OF_CONFIG.iter().map(|path| keys(path)).collect();
        let mut holders = vec![keys(&["agents", "defaults"])];
        for agent in self.roster(root) {
            let mut steps = keys(&["agents"]);
            steps.extend(agent.steps());
            holders.push(steps);
        }
        for holder in holders {
            places.extend(
                OF_AGENTS
                    .iter()
                    .map(|path| [holder.clone(), keys(path)].concat()),
            );
            let models = [holder, keys(&["models"])].concat();
            if let Some(map) = self.reach(root, &models) {
                for entry in self.config.entries(&map) {
                    if is_gone(&gone, &entry.key) {
                        let place =
                            [&models[..], &[Step::Key(entry.key.clone().into_owned())]].concat();
                        self.below(root, &place, said(&entry.key), HELP);
                    }
                }
            }
        }
        for place in places {
            self.reference(root, &place, &gone);
            self.reference(root, &[&place[..], &keys(&["primary"])].concat(), &gone);
            let fallbacks = [&place[..], &keys(&["fallbacks"])].concat();
            let list = self.reach(root, &fallbacks);
            let count = list.map_or(0, |list| self.config.items(&list).len());
            for index in 0..count {
                self.reference(
                    root,
                    &[&fallbacks[..], &[Step::Index(index)]].concat(),
                    &gone,
                );
            }
        }
    }

    fn reach(&self, from: &Cursor, steps: &[Step]) -> Option<Cursor> {
        steps
            .iter()
            .try_fold(from.clone(), |at, step| self.config.step(&at, step))
    }

    fn reference(&mut self, root: &Cursor, place: &[Step], gone: &[&str]) {
        let value = self.reach(root, place);
        let text =
            value.and_then(|value| self.config.text(&value).map(std::borrow::Cow::into_owned));
        if let Some(text) = text.filter(|text| is_gone(gone, text)) {
            self.below(root, place, said(&text), HELP);
        }
    }
}

const HELP: &str = "use another model; `{openclaw: models list}` shows them";

fn is_gone(gone: &[&str], text: &str) -> bool {
    provider_model(text).is_some_and(|(provider, model)| {
        let reference = format!("{}/{}", provider.to_lowercase(), model.to_lowercase());
        gone.contains(&&*reference)
    })
}

fn said(text: &str) -> String {
    format!(
        "OpenClaw no longer has the model `{}`",
        crate::portkey::printable(text, 80)
    )
}
