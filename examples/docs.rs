//! Writes `docs/rules.md` and `docs/troubleshooting.md` from the tables in the program:
//! `cargo run --example docs`.
#![expect(
    clippy::disallowed_methods,
    reason = "it writes two files of this repository"
)]

use std::path::Path;

use openclaw_portkey::report::docs;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::write(folder.join("rules.md"), docs::rules())?;
    std::fs::write(folder.join("troubleshooting.md"), docs::troubleshooting())
}
