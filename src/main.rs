//! The binary: arguments in, exit code out.
#![expect(
    clippy::disallowed_methods,
    reason = "the arguments are read here and passed on"
)]

use std::process::ExitCode;

fn main() -> ExitCode {
    openclaw_portkey::ui::hide_panics();
    openclaw_portkey::cli::run(std::env::args_os()).into()
}
