//! Matches the old items of an array with new ones.

use crate::document::{Document, Kind, NodeId, Value};

use super::verify::same;

/// Beyond this many comparisons, items are matched only by position.
const MAX_COMPARISONS: usize = 1 << 20;

/// For each old item, the index of the new item that replaces it; `None` if it is removed.
/// Maximises the unchanged items, then those with the same identity (objects with the same `id`),
/// then matches neighbours.
pub(super) fn align(document: &Document, old: &[NodeId], new: &[Value]) -> Vec<Option<usize>> {
    let equal = |&(a, b): &(&NodeId, &Value)| same(document, *a, b);
    let prefix = old.iter().zip(new).take_while(equal).count();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(equal)
        .count();
    let old_middle = &old_rest[..old_rest.len() - suffix];
    let new_middle = &new_rest[..new_rest.len() - suffix];

    let mut pairs: Vec<Option<usize>> = (0..prefix).map(Some).collect();
    let middle = align_middle(document, old_middle, new_middle);
    pairs.extend(
        middle
            .into_iter()
            .map(|pair| pair.map(|index| prefix + index)),
    );
    pairs.extend((new.len() - suffix..new.len()).map(Some));
    pairs
}

fn align_middle(document: &Document, old: &[NodeId], new: &[Value]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; old.len()];
    if old.len().saturating_mul(new.len()) <= MAX_COMPARISONS {
        anchor(document, old, new, &mut pairs);
    }
    // Between two anchors, match the remaining items in order, if they are compatible.
    let mut next_new = 0;
    let mut at = 0;
    while at < old.len() {
        if let Some(index) = pairs[at] {
            next_new = index + 1;
            at += 1;
            continue;
        }
        let gap_end = (at..old.len())
            .find(|&index| pairs[index].is_some())
            .unwrap_or(old.len());
        let new_end = pairs.get(gap_end).copied().flatten().unwrap_or(new.len());
        for index in at..gap_end {
            if next_new < new_end && replaces(document, old[index], &new[next_new]) {
                pairs[index] = Some(next_new);
                next_new += 1;
            }
        }
        at = gap_end;
    }
    pairs
}

/// The heaviest common subsequence; equal items weigh more than items with just the same `id`.
fn anchor(document: &Document, old: &[NodeId], new: &[Value], pairs: &mut [Option<usize>]) {
    let width = new.len() + 1;
    let weight = |a: NodeId, b: &Value| -> u32 {
        if same(document, a, b) {
            3
        } else {
            u32::from(is_namesake(document, a, b) == Some(true))
        }
    };
    let weights: Vec<u32> = old
        .iter()
        .flat_map(|&a| new.iter().map(move |b| weight(a, b)))
        .collect();
    let mut best = vec![0u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            let paired = match weights[a * new.len() + b] {
                0 => 0,
                weight => weight + best[(a + 1) * width + b + 1],
            };
            best[a * width + b] = paired
                .max(best[(a + 1) * width + b])
                .max(best[a * width + b + 1]);
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < old.len() && b < new.len() {
        let here = best[a * width + b];
        let weight = weights[a * new.len() + b];
        if weight > 0 && here == weight + best[(a + 1) * width + b + 1] {
            pairs[a] = Some(b);
            a += 1;
            b += 1;
        } else if here == best[(a + 1) * width + b] {
            a += 1;
        } else {
            b += 1;
        }
    }
}

/// Whether a new item may take an old one's position and comments: not if both have an `id` and
/// these differ.
fn replaces(document: &Document, old: NodeId, new: &Value) -> bool {
    is_namesake(document, old, new) != Some(false)
}

/// For two objects with an `id`, whether it is the same.
fn is_namesake(document: &Document, old: NodeId, new: &Value) -> Option<bool> {
    if document.kind(old) != Kind::Object {
        return None;
    }
    let new_id = new.get("id")?;
    let old_id = document.get(old, "id")?;
    Some(same(document, old_id, new_id))
}
