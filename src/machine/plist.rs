//! launchd's XML property lists, as far as OpenClaw writes them.

/// A value of a property list. It may hold keys, so only tests can print it.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) enum Plist {
    /// `<string>`
    Text(String),
    /// `<dict>`: keys with their lines, from 1.
    Dict(Vec<(String, usize, Plist)>),
    /// `<array>`
    Array(Vec<Plist>),
    /// Anything else.
    Other,
}

/// The deepest nesting that is read.
const DEPTH_LIMIT: usize = 16;

impl Plist {
    /// Reads a property list; `None` where it is binary or not understood.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        while let Some(tag) = reader.tag() {
            if tag.name == "plist" && !tag.closes {
                let tag = reader.tag()?;
                return reader.value(&tag, 0);
            }
        }
        None
    }

    /// The member of a dictionary.
    pub(super) fn get(&self, key: &str) -> Option<&Plist> {
        let Self::Dict(members) = self else {
            return None;
        };
        let (_, _, value) = members.iter().find(|(name, ..)| name == key)?;
        Some(value)
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
        items
            .iter()
            .filter_map(|item| item.text().map(str::to_owned))
            .collect()
    }
}

struct Tag<'t> {
    name: &'t str,
    /// `</name>`
    closes: bool,
    /// `<name/>`
    is_empty: bool,
    line: usize,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// The next tag; comments, declarations and text before it are passed over.
    fn tag(&mut self) -> Option<Tag<'t>> {
        loop {
            let start = self.at + self.text[self.at..].find('<')?;
            let rest = &self.text[start..];
            let end = if rest.starts_with("<!--") {
                start + rest.find("-->")? + 3
            } else {
                start + rest.find('>')? + 1
            };
            self.at = end;
            if rest.starts_with("<!") || rest.starts_with("<?") {
                continue;
            }
            let inner = &self.text[start + 1..end - 1];
            let closes = inner.starts_with('/');
            let is_empty = inner.ends_with('/');
            let name = inner.trim_matches('/').split_whitespace().next()?;
            return Some(Tag {
                name,
                closes,
                is_empty,
                line: 1 + self.text[..start].matches('\n').count(),
            });
        }
    }

    /// The text up to the next tag, which must close `name`.
    fn content(&mut self, name: &str) -> Option<String> {
        let start = self.at;
        let end = start + self.text[start..].find('<')?;
        let tag = self.tag()?;
        (tag.closes && tag.name == name).then(|| unescaped(&self.text[start..end]))
    }

    fn value(&mut self, tag: &Tag<'_>, depth: usize) -> Option<Plist> {
        if tag.closes || depth > DEPTH_LIMIT {
            return None;
        }
        match tag.name {
            "string" if tag.is_empty => Some(Plist::Text(String::new())),
            "string" => Some(Plist::Text(self.content("string")?)),
            "array" if tag.is_empty => Some(Plist::Array(Vec::new())),
            "array" => {
                let mut items = Vec::new();
                loop {
                    let tag = self.tag()?;
                    if tag.closes {
                        return Some(Plist::Array(items));
                    }
                    items.push(self.value(&tag, depth + 1)?);
                }
            }
            "dict" if tag.is_empty => Some(Plist::Dict(Vec::new())),
            "dict" => {
                let mut members = Vec::new();
                loop {
                    let key = self.tag()?;
                    if key.closes {
                        return Some(Plist::Dict(members));
                    }
                    let name = if key.name == "key" && !key.is_empty {
                        self.content("key")?
                    } else {
                        return None;
                    };
                    let tag = self.tag()?;
                    members.push((name, key.line, self.value(&tag, depth + 1)?));
                }
            }
            _ if tag.is_empty => Some(Plist::Other),
            name => {
                self.content(name)?;
                Some(Plist::Other)
            }
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').and_then(|end| {
            let c = match &rest[1..end] {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                name => {
                    let code = name.strip_prefix('#')?;
                    let code = match code.strip_prefix('x') {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => code.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((c, end + 1))
        });
        let (c, width) = entity.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[width..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::Plist;

    #[test]
    fn reads_strings_lists_and_dictionaries() {
        let plist = Plist::read(concat!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"x\" \"y\">\n<plist version=\"1.0\">\n",
            "<dict>\n<!-- <key>No</key> -->\n<key>Label</key>\n<string>a &amp; &lt;b&gt; &#65;&x</string>\n",
            "<key>Keep</key><true/>\n<key>N</key><integer>20</integer>\n",
            "<key>Args</key><array><string>x y</string><string/><true/></array>\n",
            "<key>Env</key>\n<dict>\n<key>K</key>\n<string></string></dict>\n</dict></plist>",
        ))
        .unwrap();
        assert_eq!(plist.get("Label").unwrap().text(), Some("a & <b> A&x"));
        assert_eq!(plist.get("Keep"), Some(&Plist::Other));
        assert_eq!(plist.get("Args").unwrap().texts(), ["x y", ""]);
        assert_eq!(
            plist.get("Env"),
            Some(&Plist::Dict(vec![(
                "K".to_owned(),
                13,
                Plist::Text(String::new())
            )]))
        );
    }

    #[test]
    fn what_it_does_not_understand_is_none() {
        for text in [
            "",
            "bplist00\u{1}",
            "<plist>",
            "<plist><dict><key>A</key></dict></plist>",
            "<plist><dict><string>A</string></dict></plist>",
            "<plist><dict><key>A</key><string>x",
            "<plist><!-- x",
        ] {
            assert_eq!(Plist::read(text), None, "{text}");
        }
        let deep = format!("<plist>{}", "<array>".repeat(100_000));
        assert_eq!(Plist::read(&deep), None);
    }
}
