"""The `recode` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit."""
    try:
        code = _run()
    except KeyboardInterrupt:
        code = _interrupted()
    sys.exit(code)


def _run() -> int:
    from recode_tui import ending  # imports take a moment, in which one may press ctrl+c
    from recode_tui.cli import streams

    streams.prepare()
    with ending.heeded() as asked:
        try:
            from recode_tui.cli.app import run_command

            code = run_command()
        except KeyboardInterrupt:
            code = _interrupted()
        if asked.is_true:
            ending.leave(code)
    return code


def _interrupted() -> int:
    print("recode: interrupted", file=sys.stderr)
    return 130
