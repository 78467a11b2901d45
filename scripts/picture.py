#!/usr/bin/env python3
"""Records the playground's wizard in a real terminal and draws it as docs/wizard.svg.

    scripts/picture.py [--show]

Needs tmux as the terminal, whose screen is drawn with its colours. `--show` also prints the text.
"""

import argparse
import html
import pathlib
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "wizard.svg"
COLUMNS, ROWS = 80, 100
TIMEOUT = 20  # seconds for a text to appear

# The keys to type, each after the text to wait for.
TYPED = [
    ("Space mark", ["flash", "Space"]),
    ("1 marked", ["gpt", "Space"]),
    ("2 marked", ["Enter"]),
    ("? Keep", ["n"]),
    ("? Anything else", ["n"]),
    ("? Write this", ["y"]),
    ("? Send a test request", ["y"]),
]
END = "To undo"

# The terminal's sixteen colours, readable on a dark background.
GROUND, TEXT = "#16181d", "#d7dae0"
COLOURS = [
    "#3b4048", "#e06c75", "#8fc379", "#dfb871", "#6cb0f0", "#c78be0", "#56b6c2", "#d7dae0",
    "#7d8590", "#ef7b85", "#a5d68f", "#f0cd8b", "#88c3ff", "#d8a2ef", "#6fd0dc", "#ffffff",
]
WIDTH, HEIGHT, MARGIN, BAR = 8.4, 19, 16, 30


def tmux(socket, *args):
    run = subprocess.run(
        ["tmux", "-L", socket, *args], check=True, capture_output=True, encoding="utf-8"
    )
    return run.stdout


def record():
    """The lines of the terminal with their colours, after the wizard has finished."""
    build = ["cargo", "build", "--quiet", "--locked", "--example", "playground"]
    subprocess.run(build, check=True, cwd=ROOT)
    program = ROOT / "target" / "debug" / "examples" / "playground"
    socket = f"picture-{time.time_ns()}"
    with tempfile.TemporaryDirectory() as home:
        env = f"env -i HOME={home} PATH=/usr/bin:/bin TERM=xterm-256color LANG=C.UTF-8"
        command = f"{env} {program}; sleep 600"
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        tmux(socket, "-f", "/dev/null", "new-session", "-d", *size, command)
        try:
            for text, keys in TYPED:
                wait_for(socket, text)
                for key in keys:
                    tmux(socket, "send-keys", key)
            wait_for(socket, END)
            return tmux(socket, "capture-pane", "-p", "-e", "-S", "-").split("\n")
        finally:
            tmux(socket, "kill-server")


def wait_for(socket, text):
    """Waits until a text is on the screen."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        screen = tmux(socket, "capture-pane", "-p", "-S", "-")
        if text in screen:
            time.sleep(0.3)  # until the whole question is drawn
            return
        time.sleep(0.05)
    raise SystemExit(f"`{text}` did not appear within {TIMEOUT} s:\n{screen.rstrip()}")


def cut(lines):
    """The part from the command to what follows the write."""
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    start = next(i for i, line in enumerate(plain) if line.startswith("$ openclaw-portkey init"))
    end = next(i for i, line in enumerate(plain) if line.startswith(END))
    # The playground needs its own base URL; users don't pass it.
    head = ["$ openclaw-portkey init"]
    return head + lines[start + 1 : end + 1]


PLAIN = {"fg": None, "bold": False, "dim": False}


def spans(line, style):
    """Splits a line where its formatting changes."""
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not piece.startswith("\x1b["):
            if piece:
                yield piece, dict(style)
            continue
        codes = [int(code or 0) for code in piece[2:-1].split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                style.update(PLAIN)
            elif code == 1:
                style["bold"] = True
            elif code == 2:
                style["dim"] = True
            elif code == 22:
                style["bold"] = style["dim"] = False
            elif code == 39:
                style["fg"] = None
            elif 30 <= code <= 37:
                style["fg"] = COLOURS[code - 30]
            elif 90 <= code <= 97:
                style["fg"] = COLOURS[code - 82]
            elif code == 38 and codes[:1] == [5]:
                style["fg"] = COLOURS[codes[1] % 16]
                codes = codes[2:]


def draw(lines):
    width = COLUMNS * WIDTH + 2 * MARGIN
    height = len(lines) * HEIGHT + BAR + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="The wizard of '
        'openclaw-portkey: a few questions, the change as a diff, and what to do next">',
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>',
    ]
    for index, colour in enumerate(["#e06c75", "#dfb871", "#8fc379"]):
        out.append(f'<circle cx="{MARGIN + 4 + index * 18}" cy="{BAR / 2 + 4:g}" r="5" fill="{colour}"/>')
    out.append(
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', '
        'monospace" font-size="14" xml:space="preserve">'
    )
    told = dict(PLAIN)
    for row, line in enumerate(lines):
        y = BAR + MARGIN + row * HEIGHT + 14
        column = 0
        for text, style in spans(line, told):
            if text.strip():
                fill = style["fg"] or TEXT
                extra = ' font-weight="bold"' if style["bold"] else ""
                extra += ' opacity="0.6"' if style["dim"] else ""
                x = MARGIN + column * WIDTH
                length = len(text) * WIDTH
                out.append(
                    f'<text x="{x:g}" y="{y:g}" fill="{fill}"{extra} textLength="{length:g}">'
                    f"{html.escape(text, quote=False)}</text>"
                )
            column += len(text)
    out.append("</g></svg>")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print the text, too")
    args = parser.parse_args()
    lines = cut(record())
    PICTURE.write_text(draw(lines), encoding="utf-8")
    if args.show:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
