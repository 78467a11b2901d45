//! What the commands about gateway configs share.

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

/// Prints the one JSON document of a subcommand, where JSON is wanted.
pub(crate) fn finish(ui: &Ui, format: Format, action: &str, fields: impl FnOnce() -> Json) {
    output::finish_action(ui, format, (NAME, action), fields);
}

/// The text of a file, or of standard input where it is `-`.
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

/// What a file is called in output.
pub(crate) fn name(path: &Path) -> PathBuf {
    if path == Path::new("-") {
        PathBuf::from("<stdin>")
    } else {
        path.to_owned()
    }
}

/// Reads a gateway config. Its secrets are not shown from then on.
pub(crate) fn read(path: &Path, ui: &Ui) -> Result<GatewayConfig, Failure> {
    document(path, read_bytes(path)?, ui).map(GatewayConfig::new)
}

/// The JSON5 of a file that is not OpenClaw's. Its secrets are not shown from then on.
pub(crate) fn document(path: &Path, bytes: Vec<u8>, ui: &Ui) -> Result<Document, Failure> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match Document::read(bytes) {
        Ok(document) => {
            ui.secrets().know_all(&secret_values(&document));
            Ok(document)
        }
        Err(error) => {
            let mut failure = Failure::unreadable(&name(path), Some(&text), &error);
            // Nothing was going to be written.
            failure.hints.pop();
            Err(failure.hint("fix the syntax there and run the command again"))
        }
    }
}
