//! Converts nodes to settings.

use crate::document::{Document, Kind, NodeId, Spanned};

use super::{ApiKey, Config, Named, OpenClaw, Pairs, Policy, Provider, Team};

pub(super) fn team(document: Document, name: String) -> Team {
    let root = document.root();
    let at = |key: &str| of(&document, root, key);
    let object = |key: &str| at(key).map_or(root, |at| at.node);
    Team {
        workspace: at("workspace").and_then(|at| at.string(&document)),
        providers: named(&document, at("providers"), provider),
        configs: named(&document, at("configs"), config),
        keys: named(&document, at("keys"), api_key),
        openclaw: at("openclaw").map_or_else(OpenClaw::default, |_| {
            openclaw(&document, object("openclaw"))
        }),
        policy: at("policy").map_or_else(Policy::default, |_| policy(&document, object("policy"))),
        document,
        name,
    }
}

/// The value of a key.
fn of(document: &Document, node: NodeId, key: &str) -> Option<Spanned<()>> {
    let member = document.member(node, key)?;
    Some(Spanned::of(document, &member))
}

fn text(document: &Document, node: NodeId, key: &str) -> Option<Spanned<String>> {
    of(document, node, key)?.string(document)
}

/// A string, or a list of them.
fn texts(document: &Document, node: NodeId, key: &str) -> Vec<Spanned<String>> {
    let Some(at) = of(document, node, key) else {
        return Vec::new();
    };
    match at.string(document) {
        Some(one) => vec![one],
        None => at.strings(document).map_or(Vec::new(), |list| list.value),
    }
}

/// The members of an object of strings.
fn pairs(document: &Document, node: NodeId, key: &str) -> Option<Pairs> {
    let at = of(document, node, key)?;
    at.object(document, |document, node| {
        let members = document.members(node);
        let pair = members.filter_map(|member| {
            let at = Spanned::of(document, &member);
            Some((name(&at, member.key.into_owned()), at.string(document)?))
        });
        pair.collect()
    })
}

/// A name, with the byte range of its key.
fn name(at: &Spanned<()>, name: String) -> Spanned<String> {
    Spanned {
        range: at.key.clone(),
        ..at.with(name)
    }
}

/// The members of an object; for duplicate names, the last one counts.
fn named<T>(
    document: &Document,
    at: Option<Spanned<()>>,
    read: fn(&Document, &Spanned<()>) -> T,
) -> Vec<Named<T>> {
    let Some(at) = at.filter(|at| document.kind(at.node) == Kind::Object) else {
        return Vec::new();
    };
    let mut list: Vec<Named<T>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for member in document.members(at.node) {
        let at = Spanned::of(document, &member);
        let one = Named {
            value: read(document, &at),
            name: name(&at, member.key.into_owned()),
        };
        if let Some(&index) = places.get(&one.name.value) {
            list[index] = one;
        } else {
            places.insert(one.name.value.clone(), list.len());
            list.push(one);
        }
    }
    list
}

fn provider(document: &Document, at: &Spanned<()>) -> Provider {
    Provider {
        budget: text(document, at.node, "budget"),
        rates: texts(document, at.node, "rate"),
    }
}

/// A plain file name, or an object.
fn config(document: &Document, at: &Spanned<()>) -> Config {
    match at.string(document) {
        Some(file) => Config {
            file: Some(file),
            ..Config::default()
        },
        None => Config {
            file: text(document, at.node, "file"),
            id: text(document, at.node, "id"),
            is_object: true,
        },
    }
}

fn api_key(document: &Document, at: &Spanned<()>) -> ApiKey {
    let node = at.node;
    ApiKey {
        user: text(document, node, "user"),
        service: text(document, node, "service"),
        agent: text(document, node, "agent"),
        config: text(document, node, "config"),
        pin: of(document, node, "pin").and_then(|at| at.boolean(document)),
        budget: text(document, node, "budget"),
        rates: texts(document, node, "rate"),
        metadata: pairs(document, node, "metadata"),
        expires: text(document, node, "expires"),
        alerts: texts(document, node, "alert"),
    }
}

fn openclaw(document: &Document, node: NodeId) -> OpenClaw {
    let list = |key| of(document, node, key).and_then(|at| at.strings(document));
    OpenClaw {
        base_url: text(document, node, "baseUrl"),
        models: list("models"),
        primary: text(document, node, "primary"),
        fallbacks: list("fallbacks"),
        config: text(document, node, "config"),
        metadata: pairs(document, node, "metadata"),
        headers: pairs(document, node, "headers"),
    }
}

fn policy(document: &Document, node: NodeId) -> Policy {
    let list = |key| of(document, node, key).and_then(|at| at.strings(document));
    let flag = |key| of(document, node, key).and_then(|at| at.boolean(document));
    Policy {
        required_metadata: list("requiredMetadata"),
        allowed_models: list("allowedModels"),
        no_plaintext_keys: flag("noPlaintextKeys"),
        no_bypass: flag("noBypass"),
    }
}
