//! Reads the rows of a table in a database without linking `SQLite`: the file, and what its
//! write-ahead log has committed.
//!
//! Supports what OpenClaw writes: UTF-8, tables with a row id. Anything else is an error with its
//! reason, never a guess. Nothing is locked or written.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The maximum file size, in bytes.
const LIMIT: u64 = 256 * 1024 * 1024;

/// The maximum depth of a tree, and the maximum length of a chain of pages.
const MAX_DEPTH: usize = 40;

/// The sizes of the log's header and of a frame's header.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The error for unsupported contents.
const DAMAGED: &str = "it is damaged or has an unknown format";

/// The texts of a row by column; `None` for a value that isn't text.
pub(super) type Row = HashMap<String, Option<String>>;

/// The rows of a table; empty if there is no such file or table.
///
/// # Errors
/// Why it couldn't be read, as part of a sentence.
pub(super) fn rows(file: &Path, table: &str) -> Result<Vec<Row>, String> {
    let named = |why: String| format!("{} cannot be read: {why}", file.display());
    let log_file = with_ending(file, "-wal");
    let log = bytes(&log_file).map_err(named)?.unwrap_or_default();
    let Some(main) = bytes(file).map_err(named)? else {
        return Ok(Vec::new());
    };
    // The file and the log may not match if they change in between.
    if bytes(&log_file).map_err(named)?.unwrap_or_default() != log {
        return Err(named("it is being written to; try again".to_owned()));
    }
    let rows = Database::new(&main, &log).and_then(|database| database.rows(table));
    rows.ok_or_else(|| named(DAMAGED.to_owned()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    PathBuf::from(whole)
}

fn bytes(file: &Path) -> Result<Option<Vec<u8>>, String> {
    let metadata = match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|error| error.to_string())?,
    };
    if !metadata.is_file() {
        return Err("it is not a file".to_owned());
    }
    if metadata.len() > LIMIT {
        return Err("it is larger than 256 MiB".to_owned());
    }
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    Ok(Some(bytes))
}

/// A database, and the pages that its log overrides.
struct Database<'d> {
    main: &'d [u8],
    page_size: usize,
    /// The number of bytes of a page that hold content.
    usable: usize,
    newer: HashMap<u32, &'d [u8]>,
}

impl<'d> Database<'d> {
    /// `None` if this isn't a database.
    fn new(main: &'d [u8], log: &'d [u8]) -> Option<Self> {
        let newer = committed(log);
        let first = newer.get(&1).copied().unwrap_or(main);
        if !first.starts_with(b"SQLite format 3\0") || be32(first, 56)? > 1 {
            // A database that nothing was written to is an empty file.
            return (main.is_empty() && newer.is_empty()).then(|| Self {
                main,
                page_size: 0,
                usable: 0,
                newer: HashMap::new(),
            });
        }
        let page_size = match be16(first, 16)? {
            1 => 65536,
            size => usize::from(size),
        };
        let usable = page_size.checked_sub(usize::from(*first.get(20)?))?;
        (page_size >= 512 && usable >= 480).then_some(Self {
            main,
            page_size,
            usable,
            newer,
        })
    }

    fn page(&self, number: u32) -> Option<&'d [u8]> {
        if let Some(page) = self.newer.get(&number) {
            return Some(page);
        }
        let start = usize::try_from(number.checked_sub(1)?)
            .ok()?
            .checked_mul(self.page_size)?;
        self.main.get(start..start.checked_add(self.page_size)?)
    }

    /// The rows of a table; empty if there is no such table, `None` if the database is damaged.
    fn rows(&self, table: &str) -> Option<Vec<Row>> {
        if self.page_size == 0 {
            return Some(Vec::new());
        }
        for entry in self.records(1)? {
            let text = |index: usize| entry.get(index).cloned().flatten();
            if text(0).as_deref() == Some("table") && text(1).as_deref() == Some(table) {
                let root = entry.get(3)?.as_deref()?.parse().ok()?;
                let columns = columns(&text(4)?)?;
                let row = |values: Vec<Option<String>>| {
                    columns.iter().cloned().zip(values).collect::<Row>()
                };
                return Some(self.records(root)?.into_iter().map(row).collect());
            }
        }
        Some(Vec::new())
    }

    /// All records in the tree below a page.
    fn records(&self, root: u32) -> Option<Vec<Vec<Option<String>>>> {
        let mut found = Vec::new();
        let mut open = vec![(root, 0)];
        let mut pages = 0;
        while let Some((number, depth)) = open.pop() {
            pages += 1;
            if depth > MAX_DEPTH || pages > self.main.len() / self.page_size + self.newer.len() + 1
            {
                return None;
            }
            let page = self.page(number)?;
            let head = if number == 1 { 100 } else { 0 };
            let count = usize::from(be16(page, head + 3)?);
            let cells = |first: usize| {
                (0..count).map(move |index| Some(usize::from(be16(page, first + 2 * index)?)))
            };
            match page.get(head)? {
                0x05 => {
                    open.push((be32(page, head + 8)?, depth + 1));
                    for cell in cells(head + 12) {
                        open.push((be32(page, cell?)?, depth + 1));
                    }
                }
                0x0d => {
                    for cell in cells(head + 8) {
                        found.push(record(&self.payload(page, cell?)?)?);
                    }
                }
                _ => return None,
            }
        }
        Some(found)
    }

    /// The payload of a leaf cell, including overflow pages.
    fn payload(&self, page: &[u8], cell: usize) -> Option<Vec<u8>> {
        let (size, next) = varint(page, cell)?;
        let (_, start) = varint(page, next)?;
        let size = usize::try_from(size).ok()?;
        if size > self.main.len() + self.newer.len() * self.page_size {
            return None;
        }
        let largest = self.usable - 35;
        if size <= largest {
            return Some(page.get(start..start.checked_add(size)?)?.to_vec());
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (size - least) % (self.usable - 4);
        let local = if fitting <= largest { fitting } else { least };
        let mut payload = page.get(start..start + local)?.to_vec();
        let mut overflow = be32(page, start + local)?;
        while payload.len() < size {
            let page = self.page(overflow)?;
            let part = (size - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + part)?);
            overflow = be32(page, 0)?;
        }
        Some(payload)
    }
}

/// The pages of a log up to its last commit.
fn committed(log: &[u8]) -> HashMap<u32, &[u8]> {
    let mut pages = HashMap::new();
    let _ = frames(log, &mut pages);
    pages
}

/// Adds them, stopping at the first invalid frame.
fn frames<'l>(log: &'l [u8], pages: &mut HashMap<u32, &'l [u8]>) -> Option<()> {
    let is_big = match be32(log, 0)? {
        0x377f_0682 => false,
        0x377f_0683 => true,
        _ => return None,
    };
    let page_size = usize::try_from(be32(log, 8)?).ok()?;
    let salt = log.get(16..24)?;
    let mut sum = checksum((0, 0), log.get(..24)?, is_big);
    if (be32(log, 24)?, be32(log, 28)?) != sum {
        return None;
    }
    let mut pending = Vec::new();
    let mut at = LOG_HEADER;
    loop {
        let head = log.get(at..at + FRAME_HEADER)?;
        let page = log.get(at + FRAME_HEADER..(at + FRAME_HEADER).checked_add(page_size)?)?;
        sum = checksum(sum, &head[..8], is_big);
        sum = checksum(sum, page, is_big);
        if &head[8..16] != salt || (be32(head, 16)?, be32(head, 20)?) != sum {
            return None;
        }
        pending.push((be32(head, 0)?, page));
        if be32(head, 4)? != 0 {
            pages.extend(pending.drain(..));
        }
        at += FRAME_HEADER + page_size;
    }
}

fn checksum((mut one, mut two): (u32, u32), bytes: &[u8], is_big: bool) -> (u32, u32) {
    let number = |bytes: &[u8]| {
        let mut four = [0; 4];
        four.copy_from_slice(bytes);
        if is_big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        }
    };
    for pair in bytes.chunks_exact(8) {
        one = one.wrapping_add(number(&pair[..4])).wrapping_add(two);
        two = two.wrapping_add(number(&pair[4..])).wrapping_add(one);
    }
    (one, two)
}

/// The values of a record: texts, and integers as text.
fn record(payload: &[u8]) -> Option<Vec<Option<String>>> {
    let (head, mut at) = varint(payload, 0)?;
    let head = usize::try_from(head).ok()?;
    let mut start = head;
    let mut values = Vec::new();
    while at < head {
        let (kind, next) = varint(payload, at)?;
        at = next;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let bytes = payload.get(start..start.checked_add(size)?)?;
        start += size;
        values.push(match kind {
            1..=6 => {
                let number = bytes
                    .iter()
                    .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                Some(number.to_string())
            }
            8 | 9 => Some((kind - 8).to_string()),
            13.. if kind % 2 == 1 => Some(String::from_utf8(bytes.to_vec()).ok()?),
            _ => None,
        });
    }
    Some(values)
}

/// The names of a table's columns, in order; `None` for a table without row ids.
fn columns(sql: &str) -> Option<Vec<String>> {
    if sql.to_ascii_uppercase().contains("WITHOUT ROWID") {
        return None;
    }
    let inner = sql.split_once('(')?.1;
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in inner.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ if depth == 0 => parts.last_mut()?.push(c),
            _ => {}
        }
    }
    let name = |part: &String| {
        let word = part.split_whitespace().next()?;
        Some(word.trim_matches(['"', '`', '[', ']']).to_owned())
    };
    parts.iter().map(name).collect()
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A variable-length integer, and the offset after it.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for index in 0..8 {
        let byte = *bytes.get(at + index)?;
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + index + 1));
        }
    }
    Some((number << 8 | u64::from(*bytes.get(at + 8)?), at + 9))
}
