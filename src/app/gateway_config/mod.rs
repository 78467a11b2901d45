//! Shared by the commands for gateway configs.

pub(crate) mod asking;
pub(crate) mod brief;
pub(crate) mod cases;
pub(crate) mod check;
pub(crate) mod drawing;
pub(crate) mod fix;
pub(crate) mod in_portkey;
pub(crate) mod listing;
pub(crate) mod outcome;
pub(crate) mod probe;
pub(crate) mod publish;
pub(crate) mod push;
pub(crate) mod saved;
pub(crate) mod table;
pub(crate) mod using;
pub(crate) mod write;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::app::output;
use crate::args::Format;
use crate::document::Document;
use crate::error::{Failure, FailureKind};
use crate::gateway_config::read::GatewayConfig;
use crate::mask::secret_values;
use crate::store::{self, MAX_BYTES};
use crate::ui::Ui;

/// The command's name in JSON.
const NAME: &str = "gateway-config";

/// Prints the JSON document of a subcommand, if requested.
pub(crate) fn finish(ui: &Ui, format: Format, action: &str, fields: impl FnOnce() -> Json) {
    output::finish_action(ui, format, (NAME, action), fields);
}

/// Reads a file, or standard input if it is `-`.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().take(MAX_BYTES).read_to_end(&mut bytes);
        return match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(Failure::new(
                FailureKind::File,
                format!("cannot read standard input: {error}"),
            )),
        };
    }
    let snapshot = store::read(path)?;
    snapshot.bytes.ok_or_else(|| {
        Failure::new(
            FailureKind::File,
            format!("{} does not exist", path.display()),
        )
        .hint("`{run: gateway-config new -o FILE --fallback @a/m,@b/n}` writes a new one")
    })
}

/// The file name in output.
pub(crate) fn name(path: &Path) -> PathBuf {
    if path == Path::new("-") {
        PathBuf::from("<stdin>")
    } else {
        path.to_owned()
    }
}

/// Reads a gateway config. Its secrets are masked from then on.
pub(crate) fn read(path: &Path, ui: &Ui) -> Result<GatewayConfig, Failure> {
    document(path, read_bytes(path)?, ui).map(GatewayConfig::new)
}

/// Parses a JSON5 file that isn't OpenClaw's. Its secrets are masked from then on.
pub(crate) fn document(path: &Path, bytes: Vec<u8>, ui: &Ui) -> Result<Document, Failure> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match Document::read(bytes) {
        Ok(document) => {
            ui.secrets().add_all(&secret_values(&document));
            Ok(document)
        }
        Err(error) => {
            let mut failure = Failure::unreadable(&name(path), Some(&text), &error);
            // Nothing was about to be written.
            failure.hints.pop();
            Err(failure.hint("fix the syntax and run the command again"))
        }
    }
}
