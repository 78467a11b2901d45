//! Parses launchd's XML property lists, as far as OpenClaw uses them.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

/// The maximum nesting.
const MAX_DEPTH: usize = 16;

/// A value of a property list. Has no `Debug`, since it may hold keys.
pub(super) enum Plist {
    /// `<string>`
    Text(String),
    /// `<dict>`
    Dict(Vec<Member>),
    /// `<array>`
    Array(Vec<Plist>),
    /// Anything else.
    Other,
}

/// A key of a dictionary and its value.
pub(super) struct Member {
    pub(super) key: String,
    /// The line of the key, from 1.
    pub(super) line: usize,
    pub(super) value: Plist,
}

impl Plist {
    /// Parses a property list; `None` if it is binary or broken.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parser = Parser::new(text);
        if parser.start()? != "plist" {
            return None;
        }
        let name = parser.start()?;
        let value = parser.value(&name, 0)?;
        matches!(parser.tag()?, Part::End).then_some(value)
    }

    /// The members of a dictionary.
    pub(super) fn members(&self) -> &[Member] {
        match self {
            Self::Dict(members) => members,
            _ => &[],
        }
    }

    /// The value of a dictionary's key.
    pub(super) fn get(&self, key: &str) -> Option<&Plist> {
        let member = self.members().iter().find(|member| member.key == key)?;
        Some(&member.value)
    }

    /// A string.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The strings of an array.
    pub(super) fn texts(&self) -> Vec<String> {
        let Self::Array(items) = self else {
            return Vec::new();
        };
        let texts = items.iter().filter_map(Self::text);
        texts.map(str::to_owned).collect()
    }
}

/// The relevant parts of an XML file.
enum Part {
    /// The start of an element with this name.
    Start(String),
    End,
    Text(String),
}

struct Parser<'t> {
    text: &'t str,
    xml: Reader<&'t [u8]>,
    /// The line after `counted` bytes, from 1.
    line: usize,
    counted: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let mut xml = Reader::from_str(text);
        xml.config_mut().expand_empty_elements = true;
        Self {
            text,
            xml,
            line: 1,
            counted: 0,
        }
    }

    /// The next part; `None` at the end, or if the XML is broken.
    fn next(&mut self) -> Option<Part> {
        loop {
            return Some(match self.xml.read_event().ok()? {
                Event::Start(tag) => Part::Start(tag.name().0.to_owned()),
                Event::End(_) => Part::End,
                Event::Text(text) => Part::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Part::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(name) => Part::Text(resolved(&name)?),
                Event::Eof => return None,
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => continue,
            });
        }
    }

    /// The next start or end of an element.
    fn tag(&mut self) -> Option<Part> {
        loop {
            let part = self.next()?;
            if !matches!(part, Part::Text(_)) {
                return Some(part);
            }
        }
    }

    /// The name of the element that must start next.
    fn start(&mut self) -> Option<String> {
        match self.tag()? {
            Part::Start(name) => Some(name),
            _ => None,
        }
    }

    /// The text up to the end of the current element.
    fn content(&mut self) -> Option<String> {
        let mut content = String::new();
        loop {
            match self.next()? {
                Part::Start(_) => return None,
                Part::End => return Some(content),
                Part::Text(text) => content.push_str(&text),
            }
        }
    }

    /// The value of the current element.
    fn value(&mut self, name: &str, depth: usize) -> Option<Plist> {
        if depth > MAX_DEPTH {
            return None;
        }
        match name {
            "string" => Some(Plist::Text(self.content()?)),
            "array" => {
                let mut items = Vec::new();
                while let Part::Start(name) = self.tag()? {
                    items.push(self.value(&name, depth + 1)?);
                }
                Some(Plist::Array(items))
            }
            "dict" => {
                let mut members = Vec::new();
                while let Part::Start(name) = self.tag()? {
                    if name != "key" {
                        return None;
                    }
                    let line = self.line();
                    let key = self.content()?;
                    let name = self.start()?;
                    let value = self.value(&name, depth + 1)?;
                    members.push(Member { key, line, value });
                }
                Some(Plist::Dict(members))
            }
            "key" => None,
            _ => self.content().map(|_| Plist::Other),
        }
    }

    /// The parser's current line. Continues counting from the last call.
    fn line(&mut self) -> usize {
        let at = usize::try_from(self.xml.buffer_position()).unwrap_or(self.text.len());
        let passed = self.text.as_bytes().get(self.counted..at);
        let lines = passed
            .unwrap_or_default()
            .iter()
            .filter(|byte| **byte == b'\n');
        self.line += lines.count();
        self.counted = at;
        self.line
    }
}

/// The text for `&amp;` or `&#65;`; a property list has no other entities.
fn resolved(name: &BytesRef<'_>) -> Option<String> {
    match name.resolve_char_ref().ok()? {
        Some(c) => Some(c.to_string()),
        None => resolve_predefined_entity(name).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::Plist;

    const HEAD: &str = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC ",
        "\"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n",
    );

    #[test]
    fn parses_strings_arrays_and_dictionaries() {
        let body = concat!(
            "<plist version=\"1.0\">\n<dict>\n<!-- <key>No</key> -->\n",
            "<key>Label</key>\n<string>a &amp; &lt;b&gt; &#65;&#x42;&quot;&apos;</string>\n",
            "<key>Keep</key><true/>\n<key>N</key><integer>20</integer>\n",
            "<key>Args</key><array><string>x y</string><string/><true/>",
            "<string>a<!-- b -->c<![CDATA[<&]]></string></array>\n",
            "<key>Env</key>\n<dict>\n<key>K &amp; L</key>\n<string> </string>\n",
            "<key>No</key><false/>\n<key>L</key><string>two\nlines</string></dict>\n",
            "</dict></plist>\n",
        );
        for start in ["", "\u{feff}", "\n\n"] {
            let text = format!("{start}{HEAD}{body}");
            // A declaration after an empty line isn't well-formed, but harmless.
            let plist = Plist::read(&text).unwrap();
            let text = |key| plist.get(key).and_then(Plist::text);
            assert_eq!(text("Label"), Some("a & <b> AB\"'"));
            assert_eq!(text("Keep"), None);
            assert_eq!(text("No"), None);
            assert_eq!(plist.get("Args").unwrap().texts(), ["x y", "", "ac<&"]);
            let env = plist.get("Env").unwrap();
            assert_eq!(env.texts(), [""; 0]);
            let first = 13 + start.matches('\n').count();
            let members: Vec<_> = env
                .members()
                .iter()
                .map(|member| (member.key.as_str(), member.line, member.value.text()))
                .collect();
            assert_eq!(
                members,
                [
                    ("K & L", first, Some(" ")),
                    ("No", first + 2, None),
                    ("L", first + 3, Some("two\nlines"))
                ]
            );
        }
    }

    #[test]
    fn rejects_other_formats() {
        for text in [
            "",
            "bplist00\u{1}",
            "<plist>",
            "<plist/>",
            "<plist><string>x</string>",
            "<dict><key>A</key><string>x</string></dict>",
            "<plist><dict><key>A</key></dict></plist>",
            "<plist><dict><key>A</key><key>B</key></dict></plist>",
            "<plist><dict><string>A</string><string>B</string></dict></plist>",
            "<plist><array><dict><key>A</key></dict></array></plist>",
            "<plist><dict><key>A</key><string>x",
            "<plist><dict><key>A</key><string>x</dict></plist>",
            "<plist><dict><key>A</key><string>x & y</string></dict></plist>",
            "<!DOCTYPE plist [<!ENTITY a \"b\">]><plist><string>&a;</string></plist>",
            "<plist><string>&#xD800;</string></plist>",
            "<plist><!-- x",
        ] {
            assert!(Plist::read(text).is_none(), "{text}");
        }
        let deep = |depth: usize| {
            let (open, close) = ("<array>".repeat(depth), "</array>".repeat(depth));
            format!("<plist>{open}{close}</plist>")
        };
        assert!(Plist::read(&deep(10)).is_some());
        assert!(Plist::read(&deep(100_000)).is_none());
    }
}
