//! The parser: one pass over the text with an explicit stack, never recursive.

mod token;

use std::ops::Range;

use super::trivia::{Trivia, TriviaKind};
use super::{Entry, MAX_DEPTH, Position, ReadError, ReadErrorKind, Tag, Traits};

/// An error before its line and column are known.
struct Fault {
    kind: ReadErrorKind,
    message: String,
    span: Range<usize>,
    hint: Option<&'static str>,
}

impl Fault {
    fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            kind: ReadErrorKind::Syntax,
            message: message.into(),
            span,
            hint: None,
        }
    }

    fn of_kind(self, kind: ReadErrorKind) -> Self {
        Self { kind, ..self }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }

    fn located(self, text: &str) -> ReadError {
        let position = Position::of(text.as_bytes(), self.span.start);
        let Self {
            kind,
            message,
            span,
            hint,
        } = self;
        ReadError {
            kind,
            message,
            span,
            position,
            hint,
        }
    }
}

pub(super) fn read(text: &str) -> Result<(Vec<Entry>, Traits), ReadError> {
    let mut reader = Reader {
        text,
        at: 0,
        tape: Vec::new(),
        open: Vec::new(),
        traits: Traits {
            json: true,
            beyond_json5: false,
        },
    };
    match reader.document() {
        Ok(()) => Ok((reader.tape, reader.traits)),
        Err(fault) => Err(fault.located(text)),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    tape: Vec<Entry>,
    /// Tape indices of the open containers.
    open: Vec<usize>,
    traits: Traits,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Fault> {
        if self.text.len() >= Entry::MAX_TAPE * 2 - 2 {
            let fault = Fault::new("the text is too large to read", 0..0);
            return Err(fault.of_kind(ReadErrorKind::TooLarge));
        }
        // A byte order mark belongs to the file; whether it is JSON depends on what follows.
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
        }
        self.trivia()?;
        if self.peek().is_none() {
            let fault = Fault::new("the text contains no value", 0..self.text.len());
            return Err(fault.of_kind(ReadErrorKind::Empty));
        }
        loop {
            // A value is expected here.
            let container_opened = self.value()?;
            let value_is_due = container_opened && self.first_entry()?;
            if !value_is_due && !self.next_entry()? {
                return Ok(());
            }
        }
    }

    /// After an opening bracket: whether a value is next, rather than the closing bracket.
    fn first_entry(&mut self) -> Result<bool, Fault> {
        self.trivia()?;
        if self.peek() == Some(self.closing()) {
            return Ok(false);
        }
        self.key_if_object()?;
        Ok(true)
    }

    /// After a value: closes containers, up to the next comma followed by a value. `false` at the
    /// end of the text.
    fn next_entry(&mut self) -> Result<bool, Fault> {
        loop {
            let value_end = self.at;
            self.trivia()?;
            let Some(&container) = self.open.last() else {
                return if self.peek().is_none() {
                    Ok(false)
                } else {
                    Err(self.after_root())
                };
            };
            if self.peek() == Some(self.closing()) {
                self.close(container);
                continue;
            }
            if self.peek() != Some(b',') {
                return Err(self.missing_comma(value_end));
            }
            self.at += 1;
            self.trivia()?;
            if self.peek() == Some(self.closing()) {
                self.traits.json = false;
                self.close(container);
                continue;
            }
            self.key_if_object()?;
            return Ok(true);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn in_object(&self) -> bool {
        self.open
            .last()
            .is_some_and(|&index| self.tape[index].tag() == Tag::Object)
    }

    /// The bracket that closes the innermost container.
    fn closing(&self) -> u8 {
        if self.in_object() { b'}' } else { b']' }
    }

    fn push(&mut self, tag: Tag, span: Range<usize>) {
        let next = self.tape.len() + 1;
        self.tape.push(Entry::new(tag, span, next));
    }

    fn open(&mut self, tag: Tag) -> Result<(), Fault> {
        let start = self.at;
        if self.open.len() == MAX_DEPTH {
            let message =
                format!("objects and arrays are nested more than {MAX_DEPTH} levels deep");
            let fault = Fault::new(message, start..start + 1);
            return Err(fault.of_kind(ReadErrorKind::TooDeep));
        }
        self.open.push(self.tape.len());
        self.at += 1;
        self.push(tag, start..self.at);
        Ok(())
    }

    fn close(&mut self, container: usize) {
        self.open.pop();
        self.at += 1;
        let next = self.tape.len();
        let entry = &mut self.tape[container];
        let tag = entry.tag();
        *entry = Entry::new(tag, entry.start as usize..self.at, next);
    }

    /// Skips whitespace and comments.
    fn trivia(&mut self) -> Result<(), Fault> {
        loop {
            // Common whitespace first: this loop sees every byte of indentation.
            while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
                self.at += 1;
            }
            match self.peek() {
                Some(b'/' | 0xB | 0xC | 0x80..) => {}
                _ => return Ok(()),
            }
            let Some(piece) = Trivia::at(self.text, self.at) else {
                return if self.peek() == Some(b'/') {
                    Err(self.no_comment())
                } else {
                    Ok(())
                };
            };
            debug_assert!(piece.kind != TriviaKind::Blank || !piece.span.is_empty());
            self.traits.json = false;
            self.at = piece.span.end;
        }
    }

    fn no_comment(&self) -> Fault {
        let start = self.at;
        if self.text[start..].starts_with("/*") {
            return Fault::new("this comment has no closing `*/`", start..start + 2);
        }
        Fault::new("unexpected `/`", start..start + 1).hint("comments start with `//` or `/*`")
    }

    fn key_if_object(&mut self) -> Result<(), Fault> {
        if !self.in_object() {
            return Ok(());
        }
        self.key()?;
        let key_end = self.at;
        self.trivia()?;
        if self.peek() == Some(b':') {
            self.at += 1;
            return self.trivia();
        }
        Err(match self.char() {
            None => self.never_closed(),
            Some('=') => Fault::new("expected `:` after this key", self.at..self.at + 1)
                .hint("write `:` between key and value, not `=`"),
            Some(_) if self.at == key_end => {
                let key_start = self
                    .tape
                    .last()
                    .map_or(key_end, |entry| entry.start as usize);
                let is_bare = !self.text[key_start..].starts_with(['"', '\'']);
                let fault = Fault::new("expected `:` after this key", key_end..key_end);
                if is_bare && !matches!(self.peek(), Some(b',' | b'}')) {
                    fault.hint("a key with characters other than letters, digits, `_` and `$` needs quotes")
                } else {
                    fault
                }
            }
            Some(_) => Fault::new("expected `:` after this key", key_end..key_end),
        })
    }

    /// The error for a text that ends inside a container.
    fn never_closed(&self) -> Fault {
        let start = self
            .open
            .last()
            .map_or(0, |&index| self.tape[index].start as usize);
        let message = if self.in_object() {
            "this `{` has no closing `}`"
        } else {
            "this `[` has no closing `]`"
        };
        Fault::new(message, start..start + 1)
    }

    fn after_root(&self) -> Fault {
        let end = self.at + self.char().map_or(0, char::len_utf8);
        let fault = Fault::new(
            "expected nothing more after the outermost value",
            self.at..end,
        );
        match self.peek() {
            Some(b'}' | b']') => fault.hint("there is an extra closing bracket"),
            Some(b'{' | b'[') => fault.hint("a config is one object; merge the two"),
            _ => fault,
        }
    }

    /// The error for a value followed by neither a comma nor the closing bracket.
    fn missing_comma(&self, value_end: usize) -> Fault {
        let closing = char::from(self.closing());
        let here = self.at..self.at + self.char().map_or(0, char::len_utf8);
        let expected = format!("expected `,` or `{closing}` after this value");
        match self.char() {
            None => self.never_closed(),
            Some('}' | ']') => {
                Fault::new(format!("expected `{closing}` before this bracket"), here)
            }
            Some(';') => Fault::new(expected, here).hint("entries are separated by `,`, not `;`"),
            Some('#') => Fault::new(expected, here).hint("comments start with `//` or `/*`"),
            Some('|' | '?' | '&' | '+' | '.' | '(')
                if self.text[value_end..self.at].trim().is_empty() =>
            {
                Fault::new(expected, here).hint(token::NO_EXPRESSIONS)
            }
            // Point directly after the value, where a person would put it.
            Some(c) if self.at > value_end && token::starts_entry(c) => {
                Fault::new(expected, value_end..value_end).hint("a comma seems to be missing here")
            }
            Some(_) => Fault::new(expected, here),
        }
    }
}
