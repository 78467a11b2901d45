//! Generates `docs/rules.md`, `docs/troubleshooting.md` and the manual in `completions/man/`:
//! `cargo run --example docs`.
#![expect(
    clippy::disallowed_methods,
    reason = "it writes files in this repository"
)]

use std::path::Path;

use openclaw_portkey::commands::man;
use openclaw_portkey::report::docs;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("docs");
    std::fs::write(folder.join("rules.md"), docs::rules())?;
    std::fs::write(folder.join("troubleshooting.md"), docs::troubleshooting())?;
    let folder = root.join("completions/man");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    for page in man::pages(openclaw_portkey::cli::command())? {
        std::fs::write(folder.join(page.name), page.text)?;
    }
    Ok(())
}
