"""Answers a program's questions at a terminal, like a person.

Usage: python3 answer.py QUESTION=KEYS… -- PROGRAM [ARGUMENT…]

Whenever an open question contains the text QUESTION, KEYS are typed. Prints what was on the screen
and exits with the program's status. Exits with 3 if a question was not answered, or never appeared.
"""

import os
import pty
import re
import select
import sys
import time

TIMEOUT = 60
# A drawn question ends like this when it is waiting.
OPEN = re.compile(r"\((y/N|Y/n)\)( ›)?$")


def main():
    split = sys.argv.index("--")
    answers = [argument.rsplit("=", 1) for argument in sys.argv[1:split]]
    program = sys.argv[split + 1:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(program[0], program)
    shown, pending, left, end = "", "", dict(answers), time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            chunk = os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # how Linux reports the end
            chunk = ""
        if not chunk:
            break
        shown += chunk
        pending += chunk
        text = " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", pending).split())
        if not OPEN.search(text):
            continue
        known = [question for question in left if question in text]
        if len(known) != 1:
            print(shown)
            print(f"answer.py: {len(known)} answers to: {text}", file=sys.stderr)
            os.kill(pid, 9)
            sys.exit(3)
        os.write(terminal, left.pop(known[0]).encode())
        pending = ""
    else:
        os.kill(pid, 9)
    print(shown)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if left:
        print(f"answer.py: never asked: {', '.join(left)}", file=sys.stderr)
        sys.exit(3)
    sys.exit(status)


main()
