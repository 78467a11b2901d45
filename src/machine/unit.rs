//! Parses systemd units and their environment files, as systemd does.

/// The relevant parts of a unit.
#[derive(Default)]
pub(super) struct Unit {
    /// The words of `ExecStart=`.
    pub(super) command: Vec<String>,
    /// `Environment=`, in order; the last one with the same name wins.
    pub(super) variables: Vec<Assigned>,
    /// `EnvironmentFile=`, in order; later ones override earlier ones, and all override
    /// `variables`.
    pub(super) files: Vec<String>,
    /// `UnsetEnvironment=`
    pub(super) unset: Vec<String>,
    /// `WorkingDirectory=`
    pub(super) folder: Option<String>,
    /// `User=`
    pub(super) user: Option<String>,
    /// The number of files read.
    parts: usize,
}

/// A variable and its value. Has no `Debug`, since the value may be a key.
#[derive(Clone)]
pub(super) struct Assigned {
    pub(super) name: String,
    pub(super) value: String,
    /// From 1.
    pub(super) line: usize,
    /// The index of the file that sets it, among those that make up the unit.
    pub(super) part: usize,
}

impl Unit {
    /// Parses a unit or a drop-in, adding to what was read before. `home` is the value of `%h`.
    pub(super) fn read(&mut self, text: &str, home: &str) {
        let mut in_service = false;
        self.parts += 1;
        for (line, text) in logical_lines(text) {
            let text = text.trim();
            if text.starts_with('[') {
                in_service = text == "[Service]";
            } else if let Some((key, value)) = text.split_once('=').filter(|_| in_service) {
                self.directive(key.trim(), value.trim(), line, home);
            }
        }
    }

    fn directive(&mut self, key: &str, value: &str, line: usize, home: &str) {
        let expand = |text: &str| specifiers(text, home);
        match key {
            "ExecStart" => self.command = words(value).iter().map(|word| expand(word)).collect(),
            "Environment" if value.is_empty() => self.variables.clear(),
            "Environment" => self
                .variables
                .extend(words(value).iter().filter_map(|word| {
                    let (name, value) = word.split_once('=')?;
                    Some(Assigned {
                        name: name.to_owned(),
                        value: expand(value),
                        line,
                        part: self.parts - 1,
                    })
                })),
            "EnvironmentFile" if value.is_empty() => self.files.clear(),
            "EnvironmentFile" => self
                .files
                .push(expand(value.strip_prefix('-').unwrap_or(value))),
            "UnsetEnvironment" if value.is_empty() => self.unset.clear(),
            "UnsetEnvironment" => self.unset.extend(words(value)),
            "WorkingDirectory" => {
                let folder = expand(value.strip_prefix('-').unwrap_or(value));
                self.folder = (!folder.is_empty()).then_some(folder);
            }
            "User" => self.user = (!value.is_empty()).then(|| value.to_owned()),
            _ => {}
        }
    }
}

/// The lines with their numbers from 1, joined after a trailing backslash. Comments within a joined
/// line are dropped.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let (start, mut whole) = open.take().unwrap_or((index + 1, String::new()));
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        if backslashes % 2 == 1 {
            whole.push_str(&line[..line.len() - 1]);
            whole.push(' ');
            open = Some((start, whole));
        } else {
            whole.push_str(line);
            lines.push((start, whole));
        }
    }
    lines.extend(open);
    lines
}

/// Splits a value into words at spaces, with quotes and C escapes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', _) => {
                let word = word.get_or_insert_default();
                match chars.next() {
                    Some('n') => word.push('\n'),
                    Some('t') => word.push('\t'),
                    Some('r') => word.push('\r'),
                    Some('s') => word.push(' '),
                    Some(c @ ('\\' | '"' | '\'' | ' ')) => word.push(c),
                    other => word.extend(['\\'].into_iter().chain(other)),
                }
            }
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn specifiers(text: &str, home: &str) -> String {
    text.replace("%%", "\0")
        .replace("%h", home)
        .replace('\0', "%")
}

/// Parses a file named by `EnvironmentFile=`.
pub(super) fn environment_file(text: &str) -> Vec<Assigned> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let line = line.trim_start();
            let (name, value) = line.split_once('=')?;
            let name = name.trim();
            let is_comment = line.starts_with(['#', ';']);
            (!is_comment && !name.is_empty()).then(|| Assigned {
                name: name.to_owned(),
                value: file_value(value),
                line: index + 1,
                part: 0,
            })
        })
        .collect()
}

/// Parses a value in such a file. Quotes are special until a character occurs outside them; a
/// backslash escapes the next character, inside `"…"` only some; surrounding spaces are dropped.
fn file_value(text: &str) -> String {
    let mut value = String::new();
    // The length to keep when trailing spaces are dropped.
    let mut kept = 0;
    let mut is_bare = false;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let mut counts = true;
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) if !is_bare => quote = Some(c),
            ('\\', Some('"')) => match chars.next() {
                Some(c @ ('"' | '\\' | '`' | '$')) => value.push(c),
                other => value.extend(['\\'].into_iter().chain(other)),
            },
            ('\\', None) => {
                is_bare = true;
                value.extend(chars.next());
            }
            (c, None) if c.is_whitespace() => {
                counts = false;
                if is_bare {
                    value.push(c);
                }
            }
            (c, _) => {
                is_bare |= quote.is_none();
                value.push(c);
            }
        }
        if counts {
            kept = value.len();
        }
    }
    value.truncate(kept);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(texts: &[&str]) -> Unit {
        let mut unit = Unit::default();
        for text in texts {
            unit.read(text, "/home/me");
        }
        unit
    }

    fn pairs(variables: &[Assigned]) -> Vec<(&str, &str, usize)> {
        variables
            .iter()
            .map(|v| (v.name.as_str(), v.value.as_str(), v.line))
            .collect()
    }

    #[test]
    fn parses_quotes_continued_lines_and_specifiers() {
        let unit = unit(&[concat!(
            "[Unit]\nEnvironment=NOT=this\n[Service]\n",
            "ExecStart=\"/opt/my node\" /x/index.js gateway \\\n# a note\n  --port 18789\n",
            "Environment=A=1 \"B=two words\" 'C=\"q\"'\n",
            "; Environment=D=no\n",
            "Environment=\"E=a\\\\b\\\"c\" F=100%% G=%h/x H=\n",
            "EnvironmentFile=-%h/.openclaw/gateway.systemd.env\n",
            "WorkingDirectory=-%h/w\nUser=me\nUnsetEnvironment=X Y\n",
        )]);
        assert_eq!(
            unit.command,
            ["/opt/my node", "/x/index.js", "gateway", "--port", "18789"]
        );
        assert_eq!(
            pairs(&unit.variables),
            [
                ("A", "1", 7),
                ("B", "two words", 7),
                ("C", "\"q\"", 7),
                ("E", "a\\b\"c", 9),
                ("F", "100%", 9),
                ("G", "/home/me/x", 9),
                ("H", "", 9),
            ]
        );
        assert_eq!(unit.files, ["/home/me/.openclaw/gateway.systemd.env"]);
        assert_eq!(unit.folder.as_deref(), Some("/home/me/w"));
        assert_eq!(unit.user.as_deref(), Some("me"));
        assert_eq!(unit.unset, ["X", "Y"]);
    }

    #[test]
    fn an_empty_value_resets_the_list() {
        let unit = unit(&[
            "[Service]\nEnvironment=A=1\nEnvironmentFile=/a\nExecStart=/old\n",
            "[Service]\nEnvironment=\nEnvironment=B=2\nEnvironmentFile=\nExecStart=\nExecStart=/new x\n",
        ]);
        assert_eq!(pairs(&unit.variables), [("B", "2", 3)]);
        assert_eq!(unit.variables[0].part, 1);
        assert!(unit.files.is_empty());
        assert_eq!(unit.command, ["/new", "x"]);
    }

    #[test]
    fn parses_environment_files() {
        let variables = environment_file(concat!(
            "# note\n;note\n\nA=1\n B = two words  \nC=\"a\\\"b\\$c\\n\"\n",
            "D='x # y' \nE=a\\ \nF=\nno\n=x\nG=it's\nH='a' \"b\"\n",
        ));
        assert_eq!(
            pairs(&variables),
            [
                ("A", "1", 4),
                ("B", "two words", 5),
                ("C", "a\"b$c\\n", 6),
                ("D", "x # y", 7),
                ("E", "a ", 8),
                ("F", "", 9),
                ("G", "it's", 12),
                ("H", "ab", 13),
            ]
        );
    }
}
