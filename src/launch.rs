//! Other programs that show something to the user: `man`, and the browser.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Shows a page through `man`, and with it the user's pager. `false` where there is no `man` that
/// reads a page from its input.
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

/// What opens a link, by system: the program and what goes before the link.
const OPENERS: &[(&str, &[&str])] = if cfg!(target_os = "macos") {
    &[("open", &[])]
} else if cfg!(windows) {
    &[("rundll32", &["url.dll,FileProtocolHandler"])]
} else {
    &[("xdg-open", &[]), ("wslview", &[])]
};

/// Opens a link in the user's browser. `false` where nothing does.
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
