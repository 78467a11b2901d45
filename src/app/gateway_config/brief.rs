//! A simulation in a few lines: the most important failures, for one config or before and after a change.

use crate::columns::columns;
use crate::gateway_config::overview::{Row, Scene, rows};
use crate::gateway_config::simulate::Request;
use crate::mask::printable;

use super::table;

const FAILURES: [&str; 5] = [
    "401 wrong key",
    "429 rate limit",
    "500 error",
    "connection lost",
    "no answer",
];

/// What happens if the target that is called first fails, with a column per scene.
pub(crate) fn lines(scenes: &[(&str, Scene<'_>, Request)]) -> Vec<String> {
    let mut table: Vec<Vec<String>> = vec![vec![String::new()]];
    table.extend(FAILURES.iter().map(|name| vec![(*name).to_owned()]));
    for (title, scene, request) in scenes {
        table[0].push((*title).to_owned());
        let all = rows(scene, request);
        for (line, name) in table[1..].iter_mut().zip(FAILURES) {
            let row = all.iter().find(|row| row.failure.name == name);
            line.push(row.map(|row| cell(scene, row)).unwrap_or_default());
        }
    }
    let widths: Vec<usize> = (0..=scenes.len())
        .filter_map(|column| table.iter().map(|line| columns(&line[column])).max())
        .collect();
    let line = |cells: &Vec<String>| {
        let mut line = String::from(" ");
        for (text, width) in cells.iter().zip(&widths) {
            line.push(' ');
            line.push_str(text);
            line.extend(std::iter::repeat_n(
                ' ',
                (width + 1).saturating_sub(columns(text)),
            ));
        }
        line.trim_end().to_owned()
    };
    table.iter().map(line).collect()
}

fn cell(scene: &Scene<'_>, row: &Row) -> String {
    let served = table::cell(scene, &row.first);
    let failed = row.first.iter().find(|summary| summary.reaction.is_some());
    let text = match failed.and_then(|summary| Some((summary.reaction.as_ref()?, summary.calls))) {
        Some((reaction, calls)) => {
            format!("{served}; OpenClaw: {}", table::reaction(reaction, calls))
        }
        None => served,
    };
    printable(&text).into_owned()
}
