"""The `recode` command."""

from __future__ import annotations

import sys

from recode_tui import ending


def main() -> None:
    """Run the command line and exit."""
    with ending.heeded() as asked:
        code = _run()
        if asked.is_true:
            ending.leave(code)
    sys.exit(code)


def _run() -> int:
    try:
        from recode_tui.cli import streams  # imports take a moment, in which one may press ctrl+c

        streams.prepare()
        from recode_tui.cli.app import run_command

        return run_command()
    except KeyboardInterrupt:
        print("recode: interrupted", file=sys.stderr)
        return ending.INTERRUPTED
