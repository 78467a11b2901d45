//! Turns an intent and a view of the config into a list of changes.
//!
//! Every command uses this, however it builds its [`Intent`]. Planning again over the changed
//! config gives no changes.

mod absent;
mod choice;
mod metadata;
mod provider;
mod prune;
#[cfg(test)]
mod tests;
mod unwire;

use std::cell::OnceCell;
use std::fmt;

use crate::causes::portkey_providers;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::{Kind, Path, Value};
use crate::edit::Change;
use crate::help::Help;
use crate::openclaw::{
    Agent, Aliases, Config, Place, Provider, RouteError, VersionSource, View, agents, find_agent,
    find_provider,
};
use crate::portkey::model_facts::ModelFacts;
use crate::portkey::model_id::ModelId;

pub use absent::check_removals;

/// What to edit.
#[derive(Clone, Debug)]
pub struct Target {
    /// OpenClaw's id for Portkey, `portkey` by default.
    pub provider_id: String,
    /// The agent whose own model to change, instead of the defaults'. For removals, instead of
    /// those of the defaults and all agents.
    pub agent: Option<String>,
    /// The OpenClaw version that will read the file.
    pub version: VersionSource,
}

/// What the user wants in the config. Anything left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// Create the provider if it is missing.
    pub create: bool,
    /// The provider to copy for a new one, without its key.
    pub like: Option<String>,
    /// `baseUrl`.
    pub base_url: Option<String>,
    /// `api`.
    pub api: Option<String>,
    /// The text of `apiKey`. Doesn't replace a reference in the config unless
    /// [`Intent::new_reference`] is set.
    pub api_key: Option<String>,
    /// Whether `api_key` replaces a reference.
    pub new_reference: bool,
    /// `request.allowPrivateNetwork`.
    pub allow_private_network: bool,
    /// Models to declare.
    pub models: Vec<NewModel>,
    /// Facts about models: written for newly declared ones and, if [`Intent::sync`] is set, for
    /// all.
    pub facts: Vec<(ModelId, ModelFacts)>,
    /// Sync the config's models with [`Intent::facts`].
    pub sync: Option<Sync>,
    /// Models to remove along with all references to them; for an agent, only the references.
    pub remove_models: Vec<ModelId>,
    /// The primary model.
    pub primary: Option<ModelId>,
    /// What happens to a primary that is replaced.
    pub old_primary: OldPrimary,
    /// Changes to the fallbacks.
    pub fallbacks: Fallbacks,
    /// Headers to set or unset.
    pub headers: Vec<HeaderChange>,
    /// Remove Portkey; for an agent, only the references to it.
    pub unwire: Option<Unwire>,
}

/// What else to do when Portkey is removed.
#[derive(Clone, Debug, Default)]
pub struct Unwire {
    /// The new primary, in OpenClaw's notation.
    pub next_primary: Option<String>,
}

/// How a config is synced with the facts about its models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Add what is missing.
    Fill,
    /// Also change what differs.
    Overwrite,
}

/// A model to declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewModel {
    /// Its id.
    pub id: ModelId,
    /// Its name; derived from the id if omitted.
    pub name: Option<String>,
}

/// What happens to a primary that is replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OldPrimary {
    /// It is dropped.
    #[default]
    Forget,
    /// It becomes the last fallback.
    Fallback,
}

/// Changes to the fallbacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fallbacks {
    /// Keep them.
    #[default]
    Keep,
    /// Replace them with these, in this order.
    Set(Vec<ModelId>),
    /// Append these.
    Add(Vec<ModelId>),
    /// Remove these.
    Remove(Vec<ModelId>),
    /// Remove all.
    Clear,
}

impl Fallbacks {
    /// The models that the config will use, and so must declare.
    #[must_use]
    pub fn wanted(&self) -> &[ModelId] {
        match self {
            Self::Set(models) | Self::Add(models) => models,
            Self::Keep | Self::Remove(_) | Self::Clear => &[],
        }
    }
}

/// A header to set, or to unset if it has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderChange {
    /// Its name, as written if it is new.
    pub name: String,
    /// Its value.
    pub value: Option<String>,
    /// The model it is for; `None` for the provider's own headers.
    pub model: Option<ModelId>,
}

/// The changes for an intent, by file.
#[derive(Debug, Default)]
pub struct Plan {
    /// The changes, each with the index of its file in [`Config::sources`].
    pub changes: Vec<(usize, Change)>,
    /// Notes for the user.
    pub notes: Vec<Diagnostic>,
}

/// Why an intent can't be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// There is no such provider.
    NotWired(String),
    /// There is no such agent; lists the known ones.
    UnknownAgent(String, Vec<String>),
    /// No single file owns the path.
    Route(RouteError),
    /// A value has a type that OpenClaw doesn't accept there.
    WrongKind {
        /// Its path.
        path: Path,
        /// Its type.
        found: &'static str,
        /// The required type.
        wanted: &'static str,
        /// Its location.
        location: Box<Location>,
    },
    /// The thing to remove doesn't exist.
    NotThere {
        /// `model`, `fallback` or `header`.
        what: &'static str,
        /// Its name.
        name: String,
        /// The existing names.
        known: Vec<String>,
    },
    /// The model to remove is the primary.
    RemovesPrimary(ModelId, Option<String>),
    /// A model is both primary and fallback.
    FallbackIsPrimary(ModelId),
    /// Fallbacks need a primary.
    NoPrimary(Option<String>),
    /// A header for a model that is not declared.
    UndeclaredModel(ModelId),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWired(id) => write!(f, "the config has no provider `{id}`"),
            Self::UnknownAgent(id, known) if known.is_empty() => write!(
                f,
                "the config has no agent `{id}`; it lists no agents, so all of them use the defaults"
            ),
            Self::UnknownAgent(id, known) => {
                write!(
                    f,
                    "the config has no agent `{id}`; it has {}",
                    known.join(", ")
                )
            }
            Self::Route(error) => write!(f, "{error}"),
            Self::WrongKind {
                path,
                found,
                wanted,
                ..
            } => {
                write!(f, "`{path}` is {found}, but must be {wanted}")
            }
            Self::NotThere { what, name, known } => {
                write!(f, "{what} `{name}` not found")?;
                match crate::nearest::nearest(name, known) {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None => Ok(()),
                }
            }
            Self::RemovesPrimary(id, None) => write!(f, "{id} is the primary"),
            Self::RemovesPrimary(id, Some(agent)) => {
                write!(f, "{id} is the primary of agent `{agent}`")
            }
            Self::FallbackIsPrimary(id) => {
                write!(f, "{id} cannot be both the primary and a fallback")
            }
            Self::NoPrimary(None) => f.write_str("fallbacks need a primary, and none is set"),
            Self::NoPrimary(Some(agent)) => write!(
                f,
                "fallbacks need a primary, and agent `{agent}` has no model of its own"
            ),
            Self::UndeclaredModel(id) => write!(f, "the config does not declare {id}"),
        }
    }
}

impl std::error::Error for PlanError {}

impl From<RouteError> for PlanError {
    fn from(error: RouteError) -> Self {
        Self::Route(error)
    }
}

/// Plans the changes for an intent.
///
/// # Errors
/// The config has no suitable place, or the intent contradicts itself.
pub fn plan(config: &Config, target: &Target, intent: &Intent) -> Result<Plan, PlanError> {
    let names = OnceCell::new();
    let mut planner = Planner::new(config, target, &names);
    if let Some(unwire) = &intent.unwire {
        planner.next_primary.clone_from(&unwire.next_primary);
        planner.unwire()?;
        return Ok(planner.plan);
    }
    let provider = find_provider(config, &target.provider_id);
    if provider.is_none() && !intent.create {
        return Err(PlanError::NotWired(target.provider_id.clone()));
    }
    let holder = planner.holder()?;
    planner.provider(provider.as_ref(), intent)?;
    planner.sync(provider.as_ref(), intent)?;
    planner.remove_models(provider.as_ref(), &intent.remove_models)?;
    planner.choose(&holder, intent)?;
    planner.allow(intent)?;
    planner.note_left_out();
    planner.note_bypasses(intent);
    Ok(planner.plan)
}

struct Planner<'c> {
    config: &'c Config,
    target: &'c Target,
    plan: Plan,
    /// The paths of the changes in the merged config.
    touched: Vec<Path>,
    /// What isn't written for new models.
    left_out: Vec<String>,
    /// The replacement for a removed primary.
    next_primary: Option<String>,
    /// Built on first use: a long config has many agents.
    names: &'c OnceCell<Aliases>,
}

/// The owner of a `model`: the defaults, or an agent.
struct Holder<'c> {
    path: Path,
    view: Option<View<'c>>,
}

impl<'c> Planner<'c> {
    fn new(config: &'c Config, target: &'c Target, names: &'c OnceCell<Aliases>) -> Self {
        Self {
            config,
            target,
            plan: Plan::default(),
            touched: Vec::new(),
            left_out: Vec::new(),
            next_primary: None,
            names,
        }
    }

    fn set(&mut self, path: &Path, value: Value) -> Result<(), PlanError> {
        let routed = self.config.route_contents(path)?;
        self.change(
            path,
            routed.source,
            Change::Set {
                path: routed.path,
                value,
            },
        );
        Ok(())
    }

    fn append(&mut self, path: &Path, value: Value) -> Result<(), PlanError> {
        let routed = self.config.route_contents(path)?;
        self.change(
            path,
            routed.source,
            Change::Append {
                path: routed.path,
                value,
            },
        );
        Ok(())
    }

    fn remove(&mut self, path: &Path, comments_stay: bool) -> Result<(), PlanError> {
        let routed = self.config.route(path)?;
        self.change(
            path,
            routed.source,
            Change::Remove {
                path: routed.path,
                comments_stay,
            },
        );
        Ok(())
    }

    fn change(&mut self, path: &Path, source: usize, change: Change) {
        self.plan.changes.push((source, change));
        self.touched.push(path.clone());
    }

    fn note(&mut self, text: impl Into<String>) {
        self.plan.notes.push(Diagnostic::note(None, text));
    }

    fn warn(&mut self, text: impl Into<String>, place: Option<Place<'_>>) {
        self.warn_with_help(text, Help::default(), place);
    }

    fn warn_with_help(&mut self, text: impl Into<String>, help: Help, place: Option<Place<'_>>) {
        self.plan.notes.push(Diagnostic {
            location: place.map(Location::from),
            ..Diagnostic::warning(None, text).help(help)
        });
    }

    /// The current or future key of the provider.
    fn provider_key(&self) -> String {
        find_provider(self.config, &self.target.provider_id).map_or_else(
            || self.target.provider_id.to_ascii_lowercase(),
            |provider| provider.id,
        )
    }

    fn provider_path(&self) -> Path {
        Path::root()
            .key("models")
            .key("providers")
            .key(self.provider_key())
    }

    /// Provider ids ignore case but allow-lists don't, so references use the lower-case id.
    fn reference(&self, id: &ModelId) -> String {
        id.reference(&self.target.provider_id.to_ascii_lowercase())
    }

    fn names(&self) -> &'c Aliases {
        self.names
            .get_or_init(|| Aliases::of(self.config, self.target.version))
    }

    /// Whether a reference goes through Portkey, by this provider or by another.
    fn is_ours(&self, reference: &str) -> bool {
        let through = |id: &str| self.names().through(reference, id).is_some();
        let others = || portkey_providers(self.config);
        through(&self.target.provider_id) || others().iter().any(|one| through(&one.id))
    }

    fn holder(&self) -> Result<Holder<'c>, PlanError> {
        let Some(id) = &self.target.agent else {
            return Ok(Holder {
                path: Path::root().key("agents").key("defaults"),
                view: self.config.at(&["agents", "defaults"]),
            });
        };
        match find_agent(self.config, id) {
            Some(Agent { view, .. }) => Ok(Holder {
                path: view.path().clone(),
                view: Some(view),
            }),
            None => Err(PlanError::UnknownAgent(
                id.clone(),
                agents(self.config)
                    .into_iter()
                    .map(|agent| agent.id)
                    .collect(),
            )),
        }
    }
}

/// The error for a value of the wrong type.
fn wrong_kind(view: &View<'_>, wanted: &'static str) -> PlanError {
    let place = view.place();
    PlanError::WrongKind {
        path: view.path().clone(),
        found: match view.kind() {
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::Bool => "a boolean",
            Kind::Null => "null",
        },
        wanted,
        location: Box::new(place.into()),
    }
}

/// Whether the provider sends a gateway config, so that Portkey routes by it.
#[must_use]
pub fn sends_config(provider: &Provider<'_>) -> bool {
    provider.header(crate::portkey::headers::CONFIG).is_some()
}
