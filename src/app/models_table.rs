//! Prints the table of models: input, output and price.

use crate::columns::columns;
use crate::mask::printable;
use crate::portkey::model_facts::{Cost, Input, ModelFacts};
use crate::ui::{Tone, Ui};

/// The gap between columns.
const GAP: &str = "  ";

pub(crate) struct Row {
    /// Its id, masked for display.
    pub(crate) id: String,
    /// Whether it is in the config.
    pub(crate) declared: bool,
    pub(crate) facts: ModelFacts,
}

/// A column: its heading, its text for a model, and whether it is right-aligned.
struct Column {
    heading: &'static str,
    cell: fn(&ModelFacts) -> String,
    right: bool,
}

/// The columns after the id, most important first. A narrow terminal drops the last ones.
const COLUMNS: [Column; 5] = [
    Column {
        heading: "context",
        cell: |facts| facts.context_window.map(tokens).unwrap_or_default(),
        right: true,
    },
    Column {
        heading: "$/M in/out",
        cell: |facts| facts.cost.map(price).unwrap_or_default(),
        right: true,
    },
    Column {
        heading: "input",
        cell: |facts| facts.input.as_deref().map(input).unwrap_or_default(),
        right: false,
    },
    Column {
        heading: "output",
        cell: |facts| facts.max_tokens.map(tokens).unwrap_or_default(),
        right: true,
    },
    Column {
        heading: "reasoning",
        cell: |facts| reasoning(facts.reasoning).to_owned(),
        right: false,
    },
];

/// Prints the rows with as many columns as fit in `width`.
pub(crate) fn print(ui: &Ui, rows: &[Row], width: usize) {
    let id_width = widest(rows.iter().map(|row| row.id.as_str()), "model");
    let mut shown: Vec<(&Column, usize)> = Vec::new();
    // Marks would get in the way of programs that read the ids.
    let marks = ui.width().is_some();
    let mark = |row: &Row| match (marks, row.declared) {
        (false, _) => String::new(),
        (true, true) => format!("{} ", ui.out(Tone::Good, "✓")),
        (true, false) => "  ".to_owned(),
    };
    let lead = if marks { 2 } else { 0 };
    let mut taken = lead + id_width;
    for column in &COLUMNS {
        let cells: Vec<String> = rows.iter().map(|row| (column.cell)(&row.facts)).collect();
        let own = widest(cells.iter().map(String::as_str), column.heading);
        if taken + GAP.len() + own > width {
            break;
        }
        taken += GAP.len() + own;
        shown.push((column, own));
    }
    let line = |id: String, cell: &dyn Fn(&Column) -> String| {
        let mut line = id;
        for (column, own) in &shown {
            let text = cell(column);
            let pad = " ".repeat(own.saturating_sub(columns(&text)));
            line.push_str(GAP);
            if column.right {
                line.push_str(&pad);
                line.push_str(&text);
            } else {
                line.push_str(&text);
                line.push_str(&pad);
            }
        }
        line.trim_end().to_owned()
    };
    let heading = line(format!("{:lead$}{:id_width$}", "", "model"), &|column| {
        column.heading.to_owned()
    });
    ui.note(&ui.err(Tone::Dim, &heading));
    for row in rows {
        let pad = " ".repeat(id_width.saturating_sub(columns(&row.id)));
        let id = format!("{}{}{pad}", mark(row), printable(&row.id));
        ui.result(&line(id, &|column| (column.cell)(&row.facts)));
    }
}

fn widest<'t>(cells: impl Iterator<Item = &'t str>, heading: &str) -> usize {
    cells.map(columns).max().unwrap_or(0).max(columns(heading))
}

/// `128K`, `1M`: like vendors, so that 1,048,576 is 1M and 131,072 is 128K.
pub(crate) fn tokens(tokens: u64) -> String {
    const BINARY: u64 = 1024;
    let (unit, sign) = if tokens >= 1_000_000 {
        (1_000_000, "M")
    } else if tokens >= 1000 {
        (1000, "K")
    } else {
        return tokens.to_string();
    };
    let is_binary = tokens.is_multiple_of(BINARY) && !tokens.is_multiple_of(1000);
    let unit = match (is_binary, sign) {
        (true, "M") => BINARY * BINARY,
        (true, _) => BINARY,
        _ => unit,
    };
    let tenths = (tokens * 10 + unit / 2) / unit;
    if tenths.is_multiple_of(10) {
        format!("{}{sign}", tenths / 10)
    } else {
        format!("{}.{}{sign}", tenths / 10, tenths % 10)
    }
}

/// `text` is only shown if it is the only input.
fn input(kinds: &[Input]) -> String {
    let words: Vec<&str> = kinds
        .iter()
        .filter(|kind| kinds.len() == 1 || **kind != Input::Text)
        .map(|kind| kind.as_str())
        .collect();
    words.join("+")
}

fn reasoning(reasons: Option<bool>) -> &'static str {
    match reasons {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

pub(crate) fn price(cost: Cost) -> String {
    if cost.input == 0.0 && cost.output == 0.0 {
        return "free".to_owned();
    }
    format!("{}/{}", dollars(cost.input), dollars(cost.output))
}

/// At most four decimals, without trailing zeros.
fn dollars(amount: f64) -> String {
    let text = format!("{amount:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (number, want) in [
            (999, "999"),
            (8192, "8K"),
            (65_535, "65.5K"),
            (65_536, "64K"),
            (128_000, "128K"),
            (131_072, "128K"),
            (200_000, "200K"),
            (1_000_000, "1M"),
            (1_047_576, "1M"),
            (1_048_576, "1M"),
            (2_000_000, "2M"),
        ] {
            assert_eq!(tokens(number), want, "{number}");
        }
        for (amount, want) in [(10.0, "10"), (1.25, "1.25"), (0.075, "0.075"), (0.0, "0")] {
            assert_eq!(dollars(amount), want);
        }
    }
}
