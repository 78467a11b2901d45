//! `__tab`: completes the command line for the shell scripts.

use std::ffi::OsString;

use clap::Args;

use crate::app::{Env, complete};
use crate::error::Exit;
use crate::ui::Ui;

/// The words of a command line so far.
#[derive(Debug, Args)]
pub struct TabArgs {
    /// The word being typed is empty; for shells that can't pass an empty word
    #[arg(long)]
    blank: bool,
    /// The words after the program's name; the last one is being typed
    #[arg(value_name = "WORD", last = true)]
    words: Vec<OsString>,
}

/// Runs `__tab` over the definition of all commands.
#[must_use]
pub fn run(args: &TabArgs, mut root: clap::Command, ui: &Ui, env: &Env) -> Exit {
    let mut words: Vec<String> = args
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if args.blank || words.is_empty() {
        words.push(String::new());
    }
    root.build();
    complete::run(&root, &words, ui, env);
    Exit::Done
}
