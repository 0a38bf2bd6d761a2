"""A process that opens a session to write it at the moment when it is told to, and says what came of it.

It prints `ready`, waits for a line, opens the file, prints the outcome, and holds the session until the next
line; the one that writes makes a step then.
"""

from __future__ import annotations

import sys
from pathlib import Path

from recode_core.debugger import debug_session
from recode_core.errors import RecodeError, SessionBusy

WRITES = "writes"


def main(path: Path) -> None:
    """Open the session when a line comes, and print what came of it."""
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        opened = debug_session.open_live(path)
    except SessionBusy as error:
        with debug_session.open_followed(path) as followed:
            try:
                followed.debugger.skip()
            except RecodeError as refused:
                print(f"{error}; {refused}", flush=True)
            sys.stdin.readline()
        return
    with opened:
        print(WRITES, flush=True)
        sys.stdin.readline()
        opened.debugger.step()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
