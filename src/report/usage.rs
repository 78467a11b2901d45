//! Usage as a table for terminals and as CSV.

use std::fmt::Write as _;

use crate::columns::columns;
use crate::mask::printable;

/// Horizontal block characters in eighths, from empty to full.
const HORIZONTAL: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Vertical block characters in eighths.
const VERTICAL: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The maximum length of a bar, and the minimum useful one.
const BAR_WIDTHS: (usize, usize) = (30, 4);

/// The maximum width of an untruncated name next to a bar.
const MAX_NAME: usize = 40;

/// A row: a model, user, key or day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Requests.
    pub requests: f64,
    /// Tokens, if known.
    pub tokens: Option<f64>,
    /// US dollars, if known.
    pub dollars: Option<f64>,
}

/// Rows as lines of a table, starting with the header. If there is a width, a bar shows the cost
/// or, if unknown, the requests, as far as there is room.
#[must_use]
pub fn table(heading: &str, rows: &[Row], width: Option<usize>) -> Vec<String> {
    let has = |of: fn(&Row) -> Option<f64>| rows.iter().any(|row| of(row).is_some());
    let cell = |value: Option<f64>, text: fn(f64) -> String| value.map(text).unwrap_or_default();
    let mut cells: Vec<Vec<String>> = vec![vec![heading.to_owned(), "requests".to_owned()]];
    let (tokens, dollars) = (has(|row| row.tokens), has(|row| row.dollars));
    cells[0].extend(tokens.then(|| "tokens".to_owned()));
    cells[0].extend(dollars.then(|| "cost".to_owned()));
    for row in rows {
        let mut line = vec![printable(&row.name).into_owned(), count(row.requests)];
        line.extend(tokens.then(|| cell(row.tokens, short)));
        line.extend(dollars.then(|| cell(row.dollars, money)));
        cells.push(line);
    }
    let mut widths: Vec<usize> = (0..cells[0].len())
        .map(|at| {
            cells
                .iter()
                .map(|line| columns(&line[at]))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let others: usize = widths[1..].iter().map(|width| width + 2).sum();
    if let Some(width) = width {
        let room = width.saturating_sub(others).max(8);
        widths[0] = widths[0].min(room.min(MAX_NAME));
    }
    let bar = width.map_or(0, |width| {
        width
            .saturating_sub(widths[0] + others + 2)
            .min(BAR_WIDTHS.0)
    });
    let value = |row: &Row| {
        if dollars {
            row.dollars.unwrap_or(0.0)
        } else {
            row.requests
        }
    };
    let most = rows.iter().map(value).fold(0.0, f64::max);
    let mut lines = Vec::new();
    for (index, line) in cells.iter().enumerate() {
        let mut text = fitted(&line[0], widths[0]);
        for (cell, width) in line[1..].iter().zip(&widths[1..]) {
            text.push_str(&" ".repeat(2 + width.saturating_sub(columns(cell))));
            text.push_str(cell);
        }
        let row = index.checked_sub(1).map(|at| &rows[at]);
        if let Some(row) = row.filter(|_| bar >= BAR_WIDTHS.1) {
            text.push_str("  ");
            text.push_str(&draw_bar(value(row), most, bar));
        }
        lines.push(text.trim_end().to_owned());
    }
    lines
}

/// A text truncated with `…` or padded to a width.
fn fitted(text: &str, width: usize) -> String {
    let own = columns(text);
    if own <= width {
        return format!("{text}{}", " ".repeat(width - own));
    }
    let mut cut = String::new();
    for c in text.chars() {
        if columns(&cut) + columns(&c.to_string()) + 1 > width {
            break;
        }
        cut.push(c);
    }
    let gap = width.saturating_sub(columns(&cut) + 1);
    format!("{cut}…{}", " ".repeat(gap))
}

/// A bar of at most `width` columns.
fn draw_bar(value: f64, most: f64, width: usize) -> String {
    if most <= 0.0 || value <= 0.0 {
        return String::new();
    }
    let eighths = eighths(value / most, width * 8).max(1);
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(HORIZONTAL[eighths % 8]);
    }
    bar
}

/// One character per value, as high as the value.
#[must_use]
pub fn sparkline(values: &[f64]) -> String {
    let most = values.iter().copied().fold(0.0, f64::max);
    let column = |value: &f64| {
        if most <= 0.0 {
            return VERTICAL[0];
        }
        VERTICAL[eighths(value / most, 7).min(7)]
    };
    values.iter().map(column).collect()
}

/// A fraction of a whole, rounded.
fn eighths(part: f64, whole: usize) -> usize {
    (0..=whole)
        .min_by(|a, b| {
            let off = |at: &usize| (as_float(*at) - part * as_float(whole)).abs();
            off(a).total_cmp(&off(b))
        })
        .unwrap_or(0)
}

fn as_float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// `1,234,567`
#[must_use]
pub fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.is_ascii() {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// `12.3k`, `4.5M`: in its shortest form.
#[must_use]
pub fn short(number: f64) -> String {
    for (size, sign) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] {
        if number >= size {
            let text = format!("{:.1}", number / size);
            return format!("{}{sign}", text.trim_end_matches(".0"));
        }
    }
    format!("{number:.0}")
}

/// `12.34 usd`; below a cent with as many digits as needed.
#[must_use]
pub fn money(dollars: f64) -> String {
    if dollars > 0.0 && dollars < 0.01 {
        return format!("{dollars:.4} usd");
    }
    let whole = format!("{dollars:.2}");
    let (before, after) = whole.split_once('.').unwrap_or((&whole, "00"));
    format!("{}.{after} usd", count(before.parse().unwrap_or(0.0)))
}

/// Rows as comma-separated values with a header.
#[must_use]
pub fn csv(heading: &str, rows: &[Row]) -> String {
    let mut text = format!("{heading},requests,tokens,cost_usd\n");
    for row in rows {
        let number = |value: Option<f64>| value.map(plain).unwrap_or_default();
        let _ = writeln!(
            text,
            "{},{},{},{}",
            quoted(&row.name),
            plain(row.requests),
            number(row.tokens),
            number(row.dollars)
        );
    }
    text
}

/// At most six decimals, without trailing zeros.
fn plain(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A field, quoted if necessary. Anything that a spreadsheet would evaluate as a formula becomes
/// text.
fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t']);
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |name: &str, requests, tokens, dollars| Row {
            name: name.to_owned(),
            requests,
            tokens,
            dollars,
        };
        vec![
            row("ops", 1234.0, Some(5_600_000.0), Some(12.34)),
            row(
                "an-agent-with-a-name-that-is-far-too-long-for-a-line",
                100.0,
                Some(900.0),
                Some(3.0),
            ),
            row("日本", 1.0, None, Some(0.0)),
        ]
    }

    #[test]
    fn tables_fit_their_width() {
        for (width, wanted) in [
            (
                Some(80),
                "\
agent                                     requests  tokens       cost
ops                                          1,234    5.6M  12.34 usd  █████████
an-agent-with-a-name-that-is-far-too-lo…       100     900   3.00 usd  ██▎
日本                                             1           0.00 usd",
            ),
            (
                Some(40),
                "\
agent        requests  tokens       cost
ops             1,234    5.6M  12.34 usd
an-agent-w…       100     900   3.00 usd
日本                1           0.00 usd",
            ),
            (
                None,
                "\
agent                                                 requests  tokens       cost
ops                                                      1,234    5.6M  12.34 usd
an-agent-with-a-name-that-is-far-too-long-for-a-line       100     900   3.00 usd
日本                                                         1           0.00 usd",
            ),
        ] {
            let lines = table("agent", &rows(), width);
            assert_eq!(lines.join("\n"), wanted, "{width:?}");
            let fits = |line: &String| columns(line) <= width.unwrap_or(usize::MAX);
            assert!(lines.iter().all(fits), "{width:?}");
        }
        let requests_alone = [Row {
            name: "gpt-5".to_owned(),
            requests: 8.0,
            ..Row::default()
        }];
        assert_eq!(
            table("model", &requests_alone, Some(30)),
            ["model  requests", "gpt-5         8  █████████████"]
        );
        assert_eq!(table("model", &[], Some(30)), ["model  requests"]);
    }

    #[test]
    fn numbers_and_lines() {
        assert_eq!(sparkline(&[0.0, 1.0, 4.0, 7.0]), "▁▂▅█");
        assert_eq!(sparkline(&[0.0, 0.0]), "▁▁");
        assert_eq!(sparkline(&[]), "");
        for (number, text) in [
            (0.0, "0"),
            (999.0, "999"),
            (1000.0, "1,000"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(count(number), text);
        }
        for (number, text) in [
            (999.0, "999"),
            (1000.0, "1k"),
            (12_345.0, "12.3k"),
            (5e6, "5M"),
            (2.5e9, "2.5B"),
        ] {
            assert_eq!(short(number), text);
        }
        for (dollars, text) in [
            (0.0, "0.00 usd"),
            (0.0012, "0.0012 usd"),
            (0.5, "0.50 usd"),
            (1234.5, "1,234.50 usd"),
        ] {
            assert_eq!(money(dollars), text);
        }
    }

    #[test]
    fn csv_output() {
        let row = |name: &str| Row {
            name: name.to_owned(),
            requests: 2.0,
            tokens: Some(10.5),
            dollars: None,
        };
        assert_eq!(
            csv(
                "user",
                &[row("ops"), row("a,b"), row("say \"hi\""), row("=1+1")]
            ),
            "user,requests,tokens,cost_usd\nops,2,10.5,\n\"a,b\",2,10.5,\n\"say \"\"hi\"\"\",2,10.5,\n'=1+1,2,10.5,\n"
        );
    }
}
