//! Starts other programs that show something to the user: `man`, and the browser.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Shows a page with `man`, and so in the user's pager. `false` if there is no `man` that can read
/// a page from stdin.
pub(crate) fn man(page: &[u8]) -> bool {
    let started = Command::new("man")
        .args(["-l", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut man) = started else {
        return false;
    };
    if let Some(mut input) = man.stdin.take() {
        // A pager that is closed early stops reading.
        let _ = input.write_all(page);
    }
    man.wait().is_ok_and(|status| status.success())
}

/// The program that opens a link, and its arguments before the link.
const OPENERS: &[(&str, &[&str])] = if cfg!(target_os = "macos") {
    &[("open", &[])]
} else if cfg!(windows) {
    &[("rundll32", &["url.dll,FileProtocolHandler"])]
} else {
    &[("xdg-open", &[]), ("wslview", &[])]
};

/// Opens a link in the user's browser. `false` if that fails.
pub(crate) fn browser(url: &str) -> bool {
    OPENERS.iter().any(|(program, words)| {
        Command::new(program)
            .args(*words)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}
