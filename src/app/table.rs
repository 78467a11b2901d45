//! Prints tables, with as many columns as fit in the terminal.

use crate::columns::columns;
use crate::mask::printable;
use crate::ui::{Tone, Ui};

/// The gap between columns.
const GAP: &str = "  ";

/// Width of a table if stdout isn't a terminal, in columns: nothing is cut.
const WIDTH: usize = 200;

/// Prints rows under headings; the first column is always shown. A narrow terminal drops the last
/// columns; empty columns are hidden.
pub(crate) fn print(ui: &Ui, headings: &[&str], rows: &[Vec<String>]) {
    for line in lines(headings, rows, ui.width().unwrap_or(WIDTH)) {
        match line {
            Line::Heading(line) => ui.note(&ui.err(Tone::Dim, &line)),
            Line::Row(line) => ui.result(&line),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Line {
    Heading(String),
    Row(String),
}

fn lines(headings: &[&str], rows: &[Vec<String>], width: usize) -> Vec<Line> {
    let cell = |row: &Vec<String>, at: usize| -> String {
        let text = row.get(at).map(String::as_str).unwrap_or_default();
        printable(text).into_owned()
    };
    let mut shown: Vec<(usize, usize)> = Vec::new();
    let mut taken = 0;
    for (at, heading) in headings.iter().enumerate() {
        let widest = rows.iter().map(|row| columns(&cell(row, at))).max();
        let Some(widest) = widest.filter(|widest| *widest > 0) else {
            continue;
        };
        let own = widest.max(columns(heading));
        let gap = if shown.is_empty() { 0 } else { GAP.len() };
        if !shown.is_empty() && taken + gap + own > width {
            break;
        }
        taken += gap + own;
        shown.push((at, own));
    }
    let line = |text: &dyn Fn(usize) -> String| {
        let mut line = String::new();
        for (index, (at, own)) in shown.iter().enumerate() {
            let text = text(*at);
            if index > 0 {
                line.push_str(GAP);
            }
            line.push_str(&text);
            line.push_str(&" ".repeat(own.saturating_sub(columns(&text))));
        }
        line.trim_end().to_owned()
    };
    if rows.is_empty() {
        return Vec::new();
    }
    let heading = line(&|at| headings[at].to_owned());
    let rows = rows.iter().map(|row| Line::Row(line(&|at| cell(row, at))));
    std::iter::once(Line::Heading(heading))
        .chain(rows)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Line, lines};

    #[test]
    fn columns_that_do_not_fit_or_are_empty_are_hidden() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["openclaw", "active", "", "20 usd/month"]),
            row(["日本", "", "", "x"]),
        ];
        let shown = |width| -> Vec<String> {
            let lines = lines(&["name", "status", "rate", "budget"], &rows, width);
            let text = |line| match line {
                Line::Heading(text) | Line::Row(text) => text,
            };
            lines.into_iter().map(text).collect()
        };
        assert_eq!(
            shown(80),
            [
                "name      status  budget",
                "openclaw  active  20 usd/month",
                "日本              x"
            ]
        );
        assert_eq!(shown(20), ["name      status", "openclaw  active", "日本"]);
        assert_eq!(shown(3), ["name", "openclaw", "日本"]);
        assert!(lines(&["name"], &[], 80).is_empty());
    }
}
