//! Emits the entries of one container in their new order. Each step must decide who owns the line
//! breaks, commas and comments around an added or removed entry.

use std::ops::Range;

use super::plan::{Added, Goal, Plan};
use super::{KeptComments, Splicer};
use crate::document::NodeId;
use crate::edit::EditError;
use crate::edit::layout::{Entries, Entry, Layout};
use crate::edit::style::Style;
use crate::edit::trivia::{self, Gap};

/// How far the old text has been processed.
#[derive(Clone, Copy)]
enum At {
    /// Up to the end of a kept entry whose successor is kept too.
    Entry(usize),
    /// Up to the start of the lead of the next entry or of the closing bracket.
    Lead(usize),
}

pub(super) struct Row<'a, 'd> {
    pub(super) splicer: &'a mut Splicer<'d>,
    pub(super) container: NodeId,
    pub(super) entries: &'a Entries<'a>,
    pub(super) plan: &'a Plan<'a>,
    pub(super) layout: &'a Layout,
    pub(super) style: &'a Style,
}

struct State {
    at: At,
    /// The number of entries still to be emitted.
    left: usize,
    /// Whether nothing has been emitted yet.
    is_first: bool,
    /// Whether the last emitted entry is a new one.
    follows_new: bool,
    /// The lead of the entry that was just removed; its comments may have to stay.
    removed_lead: Option<Range<usize>>,
    /// The number of new entries emitted.
    added: usize,
}

impl Row<'_, '_> {
    /// Emits everything between the brackets.
    pub(super) fn put(mut self) -> Result<(), EditError> {
        let span = self.splicer.document.span(self.container);
        let start = span.start + 1;
        let head = Gap::after_bracket(self.splicer.text, start).tail_end;
        self.splicer.output.copy_trivia(start..head);
        let mut state = State {
            at: At::Lead(head),
            left: self.entries.len() - self.plan.removed() + self.plan.added.len(),
            is_first: true,
            follows_new: false,
            removed_lead: None,
            added: 0,
        };
        self.add(0, &mut state);
        for index in 0..self.entries.len() {
            match self.plan.goal(self.entries.value(index)) {
                Some(goal) => self.keep(index, goal, &mut state)?,
                None => self.remove(index, &mut state),
            }
            self.add(index + 1, &mut state);
        }
        if let Some(removed) = state.removed_lead.take() {
            self.own_lines(removed, false);
        }
        let (At::Lead(start) | At::Entry(start)) = state.at;
        self.splicer.output.copy_trivia(start..span.end - 1);
        Ok(())
    }

    fn next_added(&self, after: usize, state: &State) -> Option<&Added<'_>> {
        self.plan
            .added
            .get(state.added)
            .filter(|added| added.after == after)
    }

    /// Emits the new entries that come after this many old ones.
    fn add(&mut self, after: usize, state: &mut State) {
        while self.next_added(after, state).is_some() {
            if let Some(removed) = state.removed_lead.take() {
                self.own_lines(removed, false);
            }
            let lead = if state.is_first {
                &self.layout.first_lead
            } else {
                &self.layout.lead
            };
            self.splicer.output.blank(lead);
            let added = &self.plan.added[state.added];
            self.splicer
                .entry(self.container, added, self.layout, self.style);
            state.added += 1;
            state.left -= 1;
            state.is_first = false;
            state.follows_new = true;
            if self.needs_comma(state) {
                self.splicer.output.blank(&self.layout.before_comma);
                self.splicer.output.text().push(',');
            }
        }
    }

    fn needs_comma(&self, state: &State) -> bool {
        state.left > 0 || self.layout.trailing_comma
    }

    fn keep(&mut self, index: usize, goal: Goal<'_>, state: &mut State) -> Result<(), EditError> {
        let entry = self.entries.get(index);
        match state.at {
            At::Entry(end) => self.splicer.output.copy(end..entry.start),
            At::Lead(start) => self.lead(index, start..entry.start, state),
        }
        let value_start = self.splicer.document.span(entry.value).start;
        self.splicer.output.copy(entry.start..value_start);
        self.splicer
            .entry_value(self.container, entry.value, goal)?;
        state.left -= 1;
        state.is_first = false;
        state.follows_new = false;
        let next_is_kept = index + 1 < self.entries.len()
            && self.plan.goal(self.entries.value(index + 1)).is_some();
        if next_is_kept && self.next_added(index + 1, state).is_none() {
            state.at = At::Entry(entry.end);
            return Ok(());
        }
        let gap = Gap::after(self.splicer.text, entry.end);
        self.after_kept(entry, &gap, self.needs_comma(state));
        state.at = At::Lead(gap.tail_end);
        Ok(())
    }

    /// Emits the lead of a kept entry if something before it was added or removed.
    fn lead(&mut self, index: usize, lead: Range<usize>, state: &mut State) {
        let text = self.splicer.text;
        let follows_on_line = !trivia::has_break(text, lead.clone());
        match state.removed_lead.take() {
            Some(removed) if follows_on_line => {
                // It moves up to where the removed entry was.
                let (own_lines, line) = trivia::split_lead(text, removed);
                self.splicer.output.copy_trivia(own_lines);
                self.splicer
                    .output
                    .copy_trivia(trivia::before_comments(text, line));
                self.splicer
                    .output
                    .copy_trivia(trivia::without_first_blank(text, lead));
            }
            Some(removed) => {
                let own_lines = trivia::split_lead(text, removed.clone()).0;
                let starts_blank = trivia::starts_with_blank_line(text, lead.clone());
                let lead = if state.is_first && !trivia::has_comment(text, own_lines) {
                    trivia::without_blank_lines(text, lead)
                } else {
                    lead
                };
                self.own_lines(removed, !state.is_first && !starts_blank);
                self.splicer.output.copy_trivia(lead);
            }
            None if index == 0 && state.follows_new && follows_on_line => {
                self.splicer.output.blank(&self.layout.lead);
                self.splicer
                    .output
                    .copy_trivia(trivia::without_first_blank(text, lead));
            }
            None => self.splicer.output.copy_trivia(lead),
        }
    }

    /// Emits the comma and comments after a kept entry.
    fn after_kept(&mut self, entry: Entry, gap: &Gap, needs_comma: bool) {
        let text = self.splicer.text;
        let comma_goes_first = self.comma_goes_first(entry.end..gap.tail_end);
        let output = &mut self.splicer.output;
        match gap.comma {
            Some(comma) => {
                let before = entry.end..comma;
                if needs_comma || trivia::has_comment(text, before.clone()) {
                    output.copy_trivia(before);
                }
                if needs_comma {
                    output.copy(comma..comma + 1);
                }
                output.copy_trivia(comma + 1..gap.tail_end);
            }
            // The comma goes before comments that must stay at the end of their line.
            None if needs_comma && comma_goes_first => {
                output.text().push(',');
                output.copy_trivia(entry.end..gap.tail_end);
            }
            None => {
                output.copy_trivia(entry.end..gap.tail_end);
                if needs_comma {
                    output.blank(&self.layout.before_comma);
                    output.text().push(',');
                }
            }
        }
    }

    fn comma_goes_first(&self, tail: Range<usize>) -> bool {
        let ends_line =
            self.layout.is_multiline || trivia::ends_in_line_comment(self.splicer.text, tail);
        ends_line && self.layout.before_comma.is_empty()
    }

    fn remove(&mut self, index: usize, state: &mut State) {
        let text = self.splicer.text;
        let entry = self.entries.get(index);
        let (At::Lead(start) | At::Entry(start)) = state.at;
        let lead = start..entry.start;
        let gap = Gap::after(text, entry.end);
        let leaves = &self.splicer.marks.leave_comments;
        let left = KeptComments::of(text, lead.clone(), entry, &gap, leaves);
        state.removed_lead = Some(match state.removed_lead.take() {
            None => lead,
            Some(first) if !trivia::has_break(text, lead.clone()) => first,
            Some(first) => {
                self.own_lines(first, !trivia::starts_with_blank_line(text, lead.clone()));
                lead
            }
        });
        match left {
            KeptComments::Nothing => {}
            KeptComments::OwnLines(own_lines) => {
                if let Some(lead) = state.removed_lead.take() {
                    self.own_lines(lead, true);
                }
                self.splicer.output.copy_trivia(own_lines);
            }
            KeptComments::Adjacent(comments) => self.leave_comments(comments, state),
        }
        state.at = At::Lead(gap.tail_end);
    }

    /// Keeps the comments on the line of a removed entry.
    fn leave_comments(&mut self, comments: Vec<Range<usize>>, state: &mut State) {
        let text = self.splicer.text;
        if let Some(lead) = state.removed_lead.take() {
            let line = trivia::split_lead(text, lead.clone()).1;
            self.own_lines(lead, true);
            self.splicer
                .output
                .copy_trivia(trivia::before_comments(text, line));
        }
        for (index, comments) in comments.into_iter().enumerate() {
            if index > 0 {
                self.splicer.output.blank(" ");
            }
            self.splicer.output.copy_trivia(comments);
        }
    }

    /// Keeps the comments on the lines above a removed entry, and blank lines if requested.
    fn own_lines(&mut self, removed: Range<usize>, keeps_blank_lines: bool) {
        let own_lines = trivia::split_lead(self.splicer.text, removed).0;
        if keeps_blank_lines || trivia::has_comment(self.splicer.text, own_lines.clone()) {
            self.splicer.output.copy_trivia(own_lines);
        }
    }
}
