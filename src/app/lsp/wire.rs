//! Messages of the Language Server Protocol: a length, then that many bytes of JSON.

use std::io::{self, BufRead};

use serde_json::Value as Json;

/// The maximum length of a message, in bytes.
const MAX_LENGTH: usize = 64 * 1024 * 1024;

/// The next message, which may not be JSON; `None` at the end of the input.
///
/// # Errors
/// The input isn't a message.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<serde_json::Result<Json>>> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let length = length.ok_or_else(|| bad("a message without Content-Length"))?;
    if length > MAX_LENGTH {
        return Err(bad("the message is too long"));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn framed(message: &Json) -> String {
        let body = message.to_string();
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn framed_messages_can_be_read() {
        let message = json!({ "jsonrpc": "2.0", "method": "é" });
        let text = framed(&message) + &framed(&json!(1));
        let mut input = text.as_bytes();
        assert_eq!(read(&mut input).unwrap().unwrap().unwrap(), message);
        assert_eq!(read(&mut input).unwrap().unwrap().unwrap(), json!(1));
        assert!(read(&mut input).unwrap().is_none());
        let broken = "Content-Length: 2\r\n\r\n{x";
        assert!(read(&mut broken.as_bytes()).unwrap().unwrap().is_err());
        for broken in [
            "X: 1\r\n\r\n",
            "Content-Length: 3\r\n\r\n{x",
            "Content-Length: 99999999999\r\n\r\n",
        ] {
            assert!(read(&mut broken.as_bytes()).is_err(), "{broken:?}");
        }
    }
}
