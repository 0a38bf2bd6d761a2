"""The `recode` command."""

from __future__ import annotations

import sys

from recode_tui.cli import streams


def main() -> None:
    """Run the command line and exit."""
    streams.prepare()
    try:
        from recode_tui.cli.app import run_command  # takes a moment, in which one may press ctrl+c

        sys.exit(run_command())
    except KeyboardInterrupt:
        print("recode: interrupted", file=sys.stderr)
        sys.exit(130)
