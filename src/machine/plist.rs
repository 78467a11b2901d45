//! launchd's XML property lists, as far as OpenClaw writes them.

use roxmltree::{Document, Node, ParsingOptions};

/// The largest property list that is parsed, in bytes; OpenClaw's have a few thousand.
const MAX_BYTES: usize = 256 * 1024;

/// The most elements and texts that a property list may have.
const MAX_NODES: u32 = 20_000;

/// A property list whose dictionaries are all in order.
pub(super) struct Plist<'t>(Document<'t>);

/// A text of a dictionary. It may be a key, so only tests can print it.
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: String,
    /// The line of the key, from 1.
    pub(super) line: usize,
}

impl<'t> Plist<'t> {
    /// Reads a property list; `None` where it is binary or broken.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        // Entities that a file declares itself could make a long text of a short one.
        if text.len() > MAX_BYTES || text.contains("<!ENTITY") {
            return None;
        }
        let options = ParsingOptions {
            allow_dtd: true,
            nodes_limit: MAX_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).ok()?;
        let root = document.root_element();
        let is_plist = root.has_tag_name("plist") && root.first_element_child().is_some();
        let is_in_order = document
            .descendants()
            .filter(|node| node.has_tag_name("dict"))
            .all(|dict| members(dict).all(|member| member.is_some()));
        (is_plist && is_in_order).then_some(Self(document))
    }

    /// The value of a key.
    fn get(&self, key: &str) -> Option<Node<'_, 't>> {
        let root = self.0.root_element().first_element_child()?;
        members(root)
            .flatten()
            .find(|(name, _)| text(*name) == key)
            .map(|(_, value)| value)
    }

    /// The string of a key.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(string)
    }

    /// The strings in the array of a key.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let array = self.get(key).filter(|value| value.has_tag_name("array"));
        let items = array.into_iter().flat_map(|array| array.children());
        items.filter_map(string).collect()
    }

    /// The strings in the dictionary of a key.
    pub(super) fn members(&self, key: &str) -> Vec<Member> {
        let member = |(key, value): (Node<'_, '_>, _)| {
            let line = self.0.text_pos_at(key.range().start).row;
            Some(Member {
                key: text(key),
                value: string(value)?,
                line: usize::try_from(line).ok()?,
            })
        };
        let dict = self.get(key).into_iter().flat_map(members);
        dict.flatten().filter_map(member).collect()
    }
}

/// The keys of a dictionary, each with its value; `None` where one of the two is missing.
fn members<'d, 't>(
    dict: Node<'d, 't>,
) -> impl Iterator<Item = Option<(Node<'d, 't>, Node<'d, 't>)>> {
    let is_dict = dict.has_tag_name("dict");
    let mut elements = dict
        .children()
        .filter(move |node| is_dict && node.is_element());
    std::iter::from_fn(move || {
        let key = elements.next()?;
        let value = elements.next().filter(|value| !value.has_tag_name("key"));
        Some(
            value
                .map(|value| (key, value))
                .filter(|_| key.has_tag_name("key")),
        )
    })
}

fn string(value: Node<'_, '_>) -> Option<String> {
    value.has_tag_name("string").then(|| text(value))
}

/// The whole text of an element, whatever comments are in between.
fn text(element: Node<'_, '_>) -> String {
    element
        .children()
        .filter_map(|node| node.text().filter(|_| node.is_text()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, Member, Plist};

    const DOCTYPE: &str = "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";

    #[test]
    fn reads_strings_arrays_and_dictionaries() {
        let text = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{DOCTYPE}\n<plist version=\"1.0\">\n{}",
            concat!(
                "<dict>\n<!-- <key>No</key> -->\n",
                "<key>Label</key>\n<string>a &amp; &lt;b&gt; &#65;&#x42;</string>\n",
                "<key>Keep</key><true/>\n<key>N</key><integer>20</integer>\n",
                "<key>Args</key><array><string>x y</string><string/><true/>",
                "<string>a<!-- b -->c<![CDATA[<&]]></string></array>\n",
                "<key>Env</key>\n<dict>\n<key>K</key>\n<string></string>\n",
                "<key>No</key><false/>\n<key>L</key><string>two\nlines</string></dict>\n",
                "</dict></plist>\n",
            )
        );
        let plist = Plist::read(&text).unwrap();
        assert_eq!(plist.text("Label").as_deref(), Some("a & <b> AB"));
        assert_eq!(plist.text("Keep"), None);
        assert_eq!(plist.text("No"), None);
        assert_eq!(plist.texts("Args"), ["x y", "", "ac<&"]);
        assert_eq!(plist.texts("Env"), [""; 0]);
        let member = |key: &str, value: &str, line| Member {
            key: key.to_owned(),
            value: value.to_owned(),
            line,
        };
        assert_eq!(
            plist.members("Env"),
            [member("K", "", 13), member("L", "two\nlines", 16)]
        );
        assert_eq!(plist.members("Args"), []);
    }

    #[test]
    fn what_it_does_not_understand_is_none() {
        for text in [
            "",
            "bplist00\u{1}",
            "<plist>",
            "<plist/>",
            "<dict><key>A</key><string>x</string></dict>",
            "<plist><dict><key>A</key></dict></plist>",
            "<plist><dict><key>A</key><key>B</key></dict></plist>",
            "<plist><dict><string>A</string><string>B</string></dict></plist>",
            "<plist><array><dict><key>A</key></dict></array></plist>",
            "<plist><dict><key>A</key><string>x",
            "<plist><dict><key>A</key><string>x & y</string></dict></plist>",
            "<plist><!-- x",
        ] {
            assert!(Plist::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_is_none() {
        let entities = "<!DOCTYPE plist [<!ENTITY a \"aaa\">]><plist><string>&a;</string></plist>";
        assert!(Plist::read(entities).is_none());
        let deep = format!("<plist>{}", "<array>".repeat(30_000));
        assert!(Plist::read(&deep).is_none());
        let closed = format!("{deep}{}</plist>", "</array>".repeat(30_000));
        assert!(Plist::read(&closed).is_none());
        let of_size = |size: usize| format!("<plist><string>{}</string></plist>", "a".repeat(size));
        assert!(Plist::read(&of_size(MAX_BYTES / 2)).is_some());
        assert!(Plist::read(&of_size(MAX_BYTES)).is_none());
    }
}
