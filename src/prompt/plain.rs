//! The questions line by line, for a terminal that cannot move its cursor.

use console::Term;

use super::list::{List, Step};
use super::screen::name_of;
use super::{Cancelled, Check};
use crate::mask::printable;
use crate::secret::Secret;

/// The most items that are listed at a time.
const LISTED: usize = 20;

fn say(line: &str) -> Result<(), Cancelled> {
    Term::stderr().write_line(line).map_err(|_| Cancelled)
}

fn ask(question: &str) -> Result<String, Cancelled> {
    let term = Term::stderr();
    term.write_str(&format!("{question}: "))
        .map_err(|_| Cancelled)?;
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        Ok(0) | Err(_) => Err(Cancelled),
        Ok(_) => Ok(line.trim().to_owned()),
    }
}

pub(super) fn confirm(question: &str, default: bool) -> Result<bool, Cancelled> {
    let choices = if default { "[Y/n]" } else { "[y/N]" };
    loop {
        match ask(&format!("{question} {choices}"))?
            .to_lowercase()
            .as_str()
        {
            "" => return Ok(default),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => say("y or n")?,
        }
    }
}

pub(super) fn text(
    question: &str,
    default: Option<&str>,
    check: Check<'_>,
) -> Result<String, Cancelled> {
    let question = match default {
        Some(default) => format!("{question} (Enter: {default})"),
        None => question.to_owned(),
    };
    loop {
        let text = ask(&question)?;
        let text = if text.is_empty() {
            default.unwrap_or_default().to_owned()
        } else {
            text
        };
        match check(&text) {
            Ok(()) => return Ok(text),
            Err(objection) => say(&printable(&objection))?,
        }
    }
}

pub(super) fn secret(question: &str, check: Check<'_>) -> Result<Secret, Cancelled> {
    loop {
        let text = hidden(question)?;
        say("")?;
        match check(&text) {
            Ok(()) => return Ok(Secret::new(text)),
            Err(objection) => say(&printable(&objection))?,
        }
    }
}

#[cfg(unix)]
fn hidden(question: &str) -> Result<String, Cancelled> {
    let _quiet = super::modes::Quiet::line().map_err(|_| Cancelled)?;
    ask(question)
}

#[cfg(not(unix))]
fn hidden(question: &str) -> Result<String, Cancelled> {
    let term = Term::stderr();
    term.write_str(&format!("{question}: "))
        .map_err(|_| Cancelled)?;
    term.read_secure_line()
        .map(|line| line.trim().to_owned())
        .map_err(|_| Cancelled)
}

/// Numbers choose, other words search, an empty line ends it.
pub(super) fn list(question: &str, list: &mut List<'_>) -> Result<(), Cancelled> {
    let how = if list.is_many() {
        "Numbers mark, words search, Enter goes on"
    } else {
        "A number chooses, words search, Enter takes the one with >"
    };
    say(question)?;
    loop {
        let current = list.chosen();
        for (number, index) in list.found().iter().enumerate().take(LISTED) {
            let sign = if current.contains(index) { '>' } else { ' ' };
            say(&format!(
                "{sign}{:3}. {}",
                number + 1,
                list.described(*index)
            ))?;
        }
        match list.found().len() {
            0 => say("     nothing matches")?,
            count if count > LISTED => say(&format!("     and {} more", count - LISTED))?,
            _ => {}
        }
        let answer = ask(how)?;
        let numbers: Option<Vec<usize>> = answer
            .split_whitespace()
            .map(|word| word.parse().ok())
            .collect();
        match numbers {
            Some(numbers) if numbers.is_empty() => {
                if list.close() == Step::Done {
                    return say(&format!("{}: {}", name_of(question), list.summary()));
                }
            }
            Some(numbers) => {
                let chosen: Vec<usize> = numbers
                    .iter()
                    .filter_map(|number| list.found().get(number.checked_sub(1)?).copied())
                    .collect();
                for index in chosen {
                    if list.is_many() {
                        list.toggle(index);
                    } else {
                        list.move_to(index);
                        return say(&format!("{}: {}", name_of(question), list.summary()));
                    }
                }
            }
            None => list.search(&answer),
        }
    }
}
