//! GitHub workflow annotations: `::error file=…,line=…::…`.

use crate::diagnostic::{Diagnostic, Level};
use crate::mask::printable;

use super::Report;

/// One diagnostic on one line.
#[must_use]
pub fn render(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Skipped | Level::Passed => "notice",
    };
    let place = report.place(diagnostic);
    let (start, end) = (place.start, place.end);
    // GitHub accepts an end column only on the same line.
    let end_column = if start.line == end.line {
        format!(",endColumn={}", end.column)
    } else {
        String::new()
    };
    format!(
        "::{command} file={},line={},endLine={},col={}{end_column},title={}::{}%0A{}",
        property(place.name),
        start.line,
        end.line,
        start.column,
        property(diagnostic.check),
        data(&diagnostic.message),
        data(&report.help(diagnostic)),
    )
}

fn data(text: &str) -> String {
    printable(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn escapes_by_the_rules_of_workflow_commands() {
        assert_eq!(data("50%: a, b"), "50%25: a, b");
        assert_eq!(property("a:b,c%\u{1b}\n"), "a%3Ab%2Cc%25\\u{1b}\\n");
    }
}
