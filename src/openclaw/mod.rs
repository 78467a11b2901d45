//! OpenClaw's view of the config: one view over the main file and the files it includes.

mod agents;
mod aliases;
mod feature;
mod provider;
mod reference;
mod route;
pub mod schema;
mod upgrade;
mod version;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use crate::document::{Document, Kind, NodeId, Path, Position, Step, Value};

pub use agents::{
    Agent, AllowList, ModelChoice, OTHER_REFERENCES, agents, allow_list, allow_lists, choice,
    default_agent, find_agent, holders, own_provider,
};
pub use aliases::Aliases;
pub use feature::{BOUNDARIES, Boundary, Feature};
pub use provider::{Model, Provider, find_provider, providers};
pub use reference::{
    CredentialSource, has_variable, is_variable_name, unexpanded_variable, variable_reference,
    variables_in,
};
pub use route::{RouteError, Routed};
pub use upgrade::{Upgrade, upgrade};
pub use version::{Version, VersionSource};

/// The key that includes another file.
const INCLUDE: &str = "$include";

/// One file of the config.
#[derive(Debug)]
pub struct Source {
    /// The path as displayed.
    pub path: PathBuf,
    /// Its parsed contents.
    pub document: Document,
}

/// An `$include` and the file it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The index of the including file.
    pub source: usize,
    /// The object that holds `$include`.
    pub holder: NodeId,
    /// The string that names the file.
    pub node: NodeId,
    /// The file's path as written.
    pub target: String,
}

/// The config and the files that it includes.
#[derive(Debug)]
pub struct Config {
    sources: Vec<Source>,
    /// Each include that was read, with the index of the file it added.
    included: Vec<(Include, usize)>,
}

/// The location of a value: its file and position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'c> {
    /// The file.
    pub file: &'c FilePath,
    /// Line and column.
    pub position: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct At {
    source: usize,
    node: NodeId,
}

impl Config {
    /// A config of one file; [`Config::includes_of`] lists what else it needs.
    #[must_use]
    pub fn new(path: PathBuf, document: Document) -> Self {
        Self {
            sources: vec![Source { path, document }],
            included: Vec::new(),
        }
    }

    /// The files, the main one first.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The includes in a file, in document order.
    #[must_use]
    pub fn includes_of(&self, source: usize) -> Vec<Include> {
        let document = &self.sources[source].document;
        if !document.text().contains(INCLUDE) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut open = vec![document.root()];
        while let Some(node) = open.pop() {
            open.extend(document.members(node).map(|member| member.value));
            open.extend(document.items(node));
            let Some(include) = document.get(node, INCLUDE) else {
                continue;
            };
            let names = match document.kind(include) {
                Kind::Array => document.items(include).collect(),
                _ => vec![include],
            };
            for name in names {
                if let Some(target) = document.string(name) {
                    found.push(Include {
                        source,
                        holder: node,
                        node: name,
                        target: target.into_owned(),
                    });
                }
            }
        }
        found.sort_by_key(|include| document.span(include.node).start);
        found
    }

    /// Adds the file that an include names; returns its index.
    pub fn add_included(&mut self, include: Include, path: PathBuf, document: Document) -> usize {
        let index = self.sources.len();
        self.sources.push(Source { path, document });
        self.included.push((include, index));
        index
    }

    /// The indices of the files that an object includes, in the order they are written.
    pub fn included_at(&self, source: usize, node: NodeId) -> impl Iterator<Item = usize> + '_ {
        self.included_by(At { source, node })
    }

    /// How many includes lead to a file; 0 for the main one.
    #[must_use]
    pub fn include_depth(&self, source: usize) -> usize {
        let mut depth = 0;
        let mut at = source;
        while let Some((include, _)) = self.included.iter().find(|(_, index)| *index == at) {
            depth += 1;
            at = include.source;
        }
        depth
    }

    /// The whole config.
    #[must_use]
    pub fn root(&self) -> View<'_> {
        let root = At {
            source: 0,
            node: self.sources[0].document.root(),
        };
        View {
            config: self,
            layers: self.merged(vec![root]),
            path: Path::default(),
        }
    }

    /// The value at a chain of keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<View<'_>> {
        keys.iter().try_fold(self.root(), |view, key| view.get(key))
    }

    /// The version that last wrote the file, from its `meta`.
    #[must_use]
    pub fn written_by(&self) -> Option<Version> {
        let text = self.at(&["meta", "lastTouchedVersion"])?;
        Version::parse(&text.text()?)
    }

    fn document(&self, at: At) -> &Document {
        &self.sources[at.source].document
    }

    /// An item of an array that is the concatenation of these parts.
    fn item_of<'a>(&self, parts: impl Iterator<Item = &'a At>, mut index: usize) -> Option<At> {
        for part in parts {
            let document = self.document(*part);
            if let Some(node) = document.item(part.node, index) {
                return Some(At { node, ..*part });
            }
            index -= document.item_count(part.node);
        }
        None
    }

    /// The files that an object's `$include` adds, in the order they are written.
    fn included_by(&self, at: At) -> impl Iterator<Item = usize> + '_ {
        self.included
            .iter()
            .filter(move |(include, _)| include.source == at.source && include.holder == at.node)
            .map(|(_, index)| *index)
    }

    /// The layers of a value, strongest first: an object's own keys override what it includes, and
    /// a later file overrides an earlier one.
    fn merged(&self, strongest_first: Vec<At>) -> Vec<At> {
        let mut layers = Vec::new();
        for at in strongest_first {
            self.push_with_includes(at, &mut layers);
        }
        let kind = layers.first().map(|at| self.document(*at).kind(at.node));
        let same = layers
            .iter()
            .take_while(|at| Some(self.document(**at).kind(at.node)) == kind)
            .count();
        let keep = match kind {
            Some(Kind::Object | Kind::Array) => same,
            _ => 1,
        };
        layers.truncate(keep);
        layers
    }

    fn push_with_includes(&self, at: At, layers: &mut Vec<At>) {
        let only_include = self.document(at).get(at.node, INCLUDE).is_some()
            && self.document(at).members(at.node).count() == 1;
        let files: Vec<usize> = self.included_by(at).collect();
        // An object with only `$include` is replaced by the file, whatever that contains.
        if !only_include || files.is_empty() {
            layers.push(at);
        }
        for source in files.into_iter().rev() {
            let node = self.sources[source].document.root();
            self.push_with_includes(At { source, node }, layers);
        }
    }
}

/// A value as OpenClaw sees it, merged from all its files.
#[derive(Clone, Debug)]
pub struct View<'c> {
    config: &'c Config,
    /// Never empty; strongest first.
    layers: Vec<At>,
    path: Path,
}

impl<'c> View<'c> {
    fn strongest(&self) -> At {
        self.layers[0]
    }

    /// The type of the value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let at = self.strongest();
        self.config.document(at).kind(at.node)
    }

    /// The path from the root of the merged config.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The location of its strongest part.
    #[must_use]
    pub fn place(&self) -> Place<'c> {
        let at = self.strongest();
        let source = &self.config.sources[at.source];
        Place {
            file: &source.path,
            position: source.document.locate(source.document.span(at.node).start),
        }
    }

    /// The file's index in [`Config::sources`] and the byte range of its strongest part.
    #[must_use]
    pub fn range(&self) -> (usize, Range<usize>) {
        let at = self.strongest();
        (at.source, self.config.document(at).span(at.node))
    }

    /// The file index and byte range of a member's key.
    #[must_use]
    pub fn key_range(&self, key: &str) -> Option<(usize, Range<usize>)> {
        self.layers.iter().find_map(|at| {
            let member = self.config.document(*at).member(at.node, key)?;
            Some((at.source, member.key_span))
        })
    }

    /// The one file that owns the value, and its path there: where an edit is safe.
    #[must_use]
    pub fn owner(&self) -> Option<(usize, Path)> {
        let routed = self.config.route(&self.path).ok()?;
        Some((routed.source, routed.path))
    }

    /// The config it belongs to.
    #[must_use]
    pub fn config(&self) -> &'c Config {
        self.config
    }

    /// A member of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<View<'c>> {
        let found: Vec<At> = self
            .layers
            .iter()
            .filter_map(|at| {
                let node = self.config.document(*at).get(at.node, key)?;
                Some(At { node, ..*at })
            })
            .collect();
        (!found.is_empty()).then(|| self.child(found, Step::Key(key.to_owned())))
    }

    /// The value at a relative path.
    #[must_use]
    pub fn down(&self, way: &[Step]) -> Option<View<'c>> {
        way.iter().try_fold(self.clone(), |view, step| match step {
            Step::Key(key) => view.get(key),
            Step::Index(index) => view.item(*index),
        })
    }

    /// The members of an object in document order, without `$include` itself.
    #[must_use]
    pub fn entries(&self) -> Vec<(String, View<'c>)> {
        let mut found: Vec<(String, Vec<At>)> = Vec::new();
        let mut index_of: HashMap<Cow<'c, str>, usize> = HashMap::new();
        for layer in self.layers.iter().rev() {
            for member in self.config.document(*layer).members(layer.node) {
                if member.key == INCLUDE {
                    continue;
                }
                let at = At {
                    node: member.value,
                    ..*layer
                };
                let index = *index_of.entry(member.key).or_insert_with_key(|key| {
                    found.push((key.clone().into_owned(), Vec::new()));
                    found.len() - 1
                });
                let places = &mut found[index].1;
                // If a key is repeated in one object, the last one counts; each file contributes at
                // most one layer.
                places.retain(|place| place.source != at.source);
                places.insert(0, at);
            }
        }
        found
            .into_iter()
            .map(|(key, places)| {
                let view = self.child(places, Step::Key(key.clone()));
                (key, view)
            })
            .collect()
    }

    /// The items of an array.
    #[must_use]
    pub fn items(&self) -> Vec<View<'c>> {
        self.places_of_items()
            .enumerate()
            .map(|(index, item)| self.child(vec![item], Step::Index(index)))
            .collect()
    }

    /// One item of an array.
    #[must_use]
    pub fn item(&self, index: usize) -> Option<View<'c>> {
        let item = self.config.item_of(self.layers.iter().rev(), index)?;
        Some(self.child(vec![item], Step::Index(index)))
    }

    fn places_of_items(&self) -> impl Iterator<Item = At> {
        self.layers.iter().rev().flat_map(|at| {
            let items = self.config.document(*at).items(at.node);
            items.map(|node| At { node, ..*at })
        })
    }

    /// The text of a string.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'c, str>> {
        let at = self.strongest();
        self.config.document(at).string(at.node)
    }

    /// The merged value.
    #[must_use]
    pub fn value(&self) -> Value {
        match self.kind() {
            Kind::Object => Value::Object(
                self.entries()
                    .into_iter()
                    .map(|(key, view)| (key, view.value()))
                    .collect(),
            ),
            Kind::Array => Value::Array(self.items().iter().map(View::value).collect()),
            _ => {
                let at = self.strongest();
                self.config.document(at).value(at.node)
            }
        }
    }

    /// The nodes that the value is merged from, each with its document.
    pub fn nodes(&self) -> impl Iterator<Item = (&'c Document, NodeId)> {
        self.layers
            .iter()
            .map(|at| (self.config.document(*at), at.node))
    }

    /// Whether there is a comment anywhere in the value.
    #[must_use]
    pub fn has_comments(&self) -> bool {
        self.nodes().any(|(document, node)| {
            let span = document.span(node);
            document.comments_in(span).next().is_some()
        })
    }

    fn child(&self, found: Vec<At>, step: Step) -> View<'c> {
        let mut path = self.path.clone();
        path.0.push(step);
        View {
            config: self.config,
            layers: self.config.merged(found),
            path,
        }
    }
}
