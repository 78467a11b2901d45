//! Draws a simulation: one track for each way a request can go, one block for each call.

use std::fmt::Write as _;

/// One way a request can go.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// Its heading.
    pub title: String,
    /// The calls, in order.
    pub blocks: Vec<Block>,
    /// The result.
    pub end: String,
    /// Whether the result is a success.
    pub is_good: bool,
    /// What OpenClaw does next.
    pub note: String,
}

/// One call.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The target that is called.
    pub target: String,
    /// The response.
    pub answer: String,
    /// When it is sent, in milliseconds.
    pub at: u64,
    /// Whether the response is a success.
    pub is_good: bool,
}

/// Further calls are not drawn individually.
const MAX_BLOCKS: usize = 8;

const MARGIN: usize = 16;
const HEAD: usize = 60;
const TITLES: usize = 190;
const BLOCK: usize = 216;
const GAP: usize = 46;
const HEIGHT: usize = 34;
const LINE: usize = 72;
const END: usize = 440;
/// The approximate width of a character.
const LETTER: usize = 7;

/// Draws the tracks below each other.
#[must_use]
pub fn svg(title: &str, tracks: &[Track]) -> String {
    let most = tracks
        .iter()
        .map(|track| drawn(track) + usize::from(drawn(track) < track.blocks.len()));
    let most = most.max().unwrap_or(0).max(1);
    let width = MARGIN * 2 + TITLES + most * (BLOCK + GAP) + END;
    let height = HEAD + tracks.len() * LINE + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#24292f\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    text(
        &mut svg,
        (MARGIN, 32),
        title,
        "font-size=\"17\" font-weight=\"bold\"",
    );
    for (number, track) in tracks.iter().enumerate() {
        draw(&mut svg, track, HEAD + number * LINE, width);
    }
    svg.push_str("</svg>\n");
    svg
}

fn drawn(track: &Track) -> usize {
    track.blocks.len().min(MAX_BLOCKS)
}

fn draw(svg: &mut String, track: &Track, top: usize, width: usize) {
    let _ = writeln!(
        svg,
        "<line x1=\"{MARGIN}\" y1=\"{top}\" x2=\"{x}\" y2=\"{top}\" stroke=\"#d0d7de\"/>",
        x = width - MARGIN
    );
    let middle = top + 18 + HEIGHT / 2 + 4;
    text(
        svg,
        (MARGIN, middle),
        &cut(&track.title, TITLES),
        "font-weight=\"bold\"",
    );
    let mut x = MARGIN + TITLES;
    for (number, block) in track.blocks.iter().take(MAX_BLOCKS).enumerate() {
        if number > 0 {
            arrow(svg, x - GAP, middle - 4);
        }
        call(svg, block, (x, top));
        x += BLOCK + GAP;
    }
    let left_out = track.blocks.len() - drawn(track);
    if left_out > 0 {
        text(
            svg,
            (x, middle),
            &format!("… and {left_out} more calls"),
            "fill=\"#57606a\"",
        );
        x += BLOCK + GAP;
    }
    if !track.blocks.is_empty() {
        arrow(svg, x - GAP, middle - 4);
    }
    let (_, stroke) = colours(track.is_good);
    let weight = format!("font-weight=\"bold\" fill=\"{stroke}\"");
    let above = if track.note.is_empty() { 0 } else { 6 };
    text(svg, (x, middle - above), &cut(&track.end, END), &weight);
    text(
        svg,
        (x, middle + 10),
        &cut(&track.note, END),
        "font-size=\"11\" fill=\"#57606a\"",
    );
}

/// Draws a call as a box with the time above it.
fn call(svg: &mut String, block: &Block, (x, top): (usize, usize)) {
    let (fill, stroke) = colours(block.is_good);
    let _ = writeln!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{BLOCK}\" height=\"{HEIGHT}\" rx=\"5\" fill=\"{fill}\" stroke=\"{stroke}\"/>",
        y = top + 18,
    );
    text(
        svg,
        (x + 8, top + 18 + 14),
        &cut(&block.target, BLOCK - 16),
        "font-size=\"12\"",
    );
    text(
        svg,
        (x + 8, top + 18 + 28),
        &cut(&block.answer, BLOCK - 16),
        "font-size=\"11\" fill=\"#57606a\"",
    );
    text(
        svg,
        (x, top + 13),
        &moment(block.at),
        "font-size=\"11\" fill=\"#57606a\"",
    );
}

fn colours(is_good: bool) -> (&'static str, &'static str) {
    if is_good {
        ("#dafbe1", "#1a7f37")
    } else {
        ("#ffebe9", "#cf222e")
    }
}

fn arrow(svg: &mut String, x: usize, y: usize) {
    let end = x + GAP - 6;
    let _ = writeln!(
        svg,
        "<path d=\"M{start} {y} H{end} m-5 -4 l5 4 l-5 4\" fill=\"none\" stroke=\"#57606a\"/>",
        start = x + 6
    );
}

fn text(svg: &mut String, (x, y): (usize, usize), text: &str, more: &str) {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" {more}>{safe}</text>");
}

/// Truncates a text to a width in pixels.
fn cut(text: &str, pixels: usize) -> String {
    let letters = pixels / LETTER;
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn moment(at: u64) -> String {
    match at {
        0..1000 => format!("{at} ms"),
        _ if at.is_multiple_of(1000) => format!("{} s", at / 1000),
        _ => format!("{}.{} s", at / 1000, at % 1000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_gives_well_formed_svg() {
        let block = |at| Block {
            target: "@a/<m>&\"\u{1}".to_owned(),
            answer: "429".to_owned(),
            at,
            is_good: false,
        };
        let track = Track {
            title: "x".repeat(100),
            blocks: (0..20).map(|n| block(n * 1500)).collect(),
            end: "ä".repeat(300),
            ..Track::default()
        };
        for tracks in [vec![], vec![Track::default()], vec![track.clone(), track]] {
            let svg = svg("a < b", &tracks);
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
            let mut reader = quick_xml::Reader::from_str(&svg);
            while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
            assert_eq!(
                svg.matches("<rect").count(),
                1 + tracks.iter().map(drawn).sum::<usize>()
            );
        }
    }
}
