use super::{MAX_BYTES, SetError, get, names, remove, set};

/// Checked with npm dotenv 17.4.2, with the same results.
#[test]
fn parses_like_npm_dotenv() {
    for (text, expected) in [
        ("A=1", Some("1")),
        ("A=", Some("")),
        ("A", None),
        ("#A=1", None),
        ("  A = 1 2  ", Some("1 2")),
        ("export A=1", Some("1")),
        ("export\tA: 1", Some("1")),
        ("A: 1", Some("1")),
        ("A:1", None),
        ("\u{feff}A=1", Some("1")),
        ("A=1\r\nB=2\r\n", Some("1")),
        ("A=1\nA=2", Some("2")),
        ("A=1#c", Some("1")),
        ("A=1 # c", Some("1")),
        ("A='1 # c' # d", Some("1 # c")),
        ("A=\"1\\n2\\t\"", Some("1\n2\\t")),
        ("A='1\\n2'", Some("1\\n2")),
        ("A=`1 'x' \"y\"`", Some("1 'x' \"y\"")),
        ("A='1\r\n2'\r\nB=3", Some("1\n2")),
        ("A='it\\'s'", Some("it\\'s")),
        ("A='it's'", Some("it's")),
        ("A='1\nB=2", Some("'1")),
        ("A=\"1\" x", Some("\"1\" x")),
        ("A=\n'1'", Some("1")),
        ("A=$B${C}", Some("$B${C}")),
        ("AA=1\na=2\nA.B=3", None),
        ("x = = A=1", None),
    ] {
        assert_eq!(get(text, "A").as_deref(), expected, "{text:?}");
    }
}

#[test]
fn line_is_that_of_the_effective_value() {
    use super::line;
    let text = "A=1\r\n# note\r\nB='two\r\nlines'\r\nA=2\r\n";
    assert_eq!(line(text, "A"), Some(5));
    assert_eq!(line(text, "B"), Some(3));
    assert_eq!(line(text, "C"), None);
}

#[test]
fn names_match_openclaws() {
    let text = "B=1\nexport A=2\nB=3\n1X=4\nC.D=5\nE-F=6\n_g=7\n";
    assert_eq!(names(text), ["B", "A", "_g"]);
}

#[test]
fn sets_in_place_or_at_the_end() {
    for (text, value, expected) in [
        ("", "v", "A=v\n"),
        ("B=1", "v", "B=1\nA=v\n"),
        ("B=1\r\n", "v", "B=1\r\nA=v\r\n"),
        ("# note\n\nB=1\n", "v", "# note\n\nB=1\nA=v\n"),
        ("A=old\nB=1\n", "v", "A=v\nB=1\n"),
        ("A=old # note\r\nB=1", "v", "A=v # note\r\nB=1"),
        (
            "x='\r\n'\r\nA='old' \r\nB=1",
            "v",
            "x='\r\n'\r\nA='v' \r\nB=1",
        ),
        ("export A = \"old\"\n", "v", "export A = \"v\"\n"),
        ("A=1\nA=2\n", "v", "A=1\nA=v\n"),
        ("A=\nB=1\n", "v", "A=v\nB=1\n"),
        ("\u{feff}A=1\n", "v", "\u{feff}A=v\n"),
        ("#A=1\n", "v", "#A=1\nA=v\n"),
        ("A=1\n", "a b#c", "A='a b#c'\n"),
        ("A='1'\n", "it's", "A=\"it's\"\n"),
        ("A=1\n", "l1\r\nl2", "A=\"l1\\r\\nl2\"\n"),
        ("A=1\n", "'\"", "A=`'\"`\n"),
        ("A=1\n", "", "A=''\n"),
        ("B='1\n", "v", "B='1\nA=v\n"),
    ] {
        let changed = set(text, "A", value).unwrap();
        assert_eq!(changed, expected, "{text:?}");
        assert_eq!(get(&changed, "A").as_deref(), Some(value));
        assert_eq!(set(&changed, "A", value).unwrap(), changed);
    }
}

#[test]
fn removes_all_lines_of_a_name() {
    for (text, expected) in [
        ("", ""),
        ("A=1", ""),
        ("A=1\nB=2", "B=2"),
        ("B=2\nA=1", "B=2\n"),
        (
            "# x\r\nexport A='1\r\n2' # y\r\nB=2\r\nA=3\r\n",
            "# x\r\nB=2\r\n",
        ),
        ("AA=1\n  A : 1\n#A=1\n", "AA=1\n  A : 1\n#A=1\n"),
        ("B=2\nA:\n'1'\nC=3\n", "B=2\nC=3\n"),
    ] {
        assert_eq!(remove(text, "A").as_deref(), Ok(expected), "{text:?}");
    }
}

#[test]
fn equal_values_keep_their_spelling() {
    for text in ["A='v'", "export A = v # x", "A:\tv\r\n"] {
        assert_eq!(set(text, "A", "v").unwrap(), text);
    }
}

#[test]
fn rejects_what_cannot_be_read_back() {
    assert_eq!(set("", "A-B", "v"), Err(SetError::BadName));
    assert_eq!(set("", "1A", "v"), Err(SetError::BadName));
    assert_eq!(set("", "", "v"), Err(SetError::BadName));
    assert_eq!(set("", "A", "' #\" #` #"), Err(SetError::Unrepresentable));
    assert_eq!(set("", "A", "a\0"), Err(SetError::Unrepresentable));
    let long = "#".repeat(MAX_BYTES - 3);
    assert_eq!(set(&long, "A", "v"), Err(SetError::TooLong));
}

#[test]
fn a_megabyte_of_blank_lines_is_fast() {
    assert_eq!(names(&"\n".repeat(MAX_BYTES)), Vec::<String>::new());
}
