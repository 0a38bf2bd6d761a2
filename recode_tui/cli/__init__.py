"""The `recode` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit."""
    try:
        from recode_tui.cli import streams  # imports take a moment, in which one may press ctrl+c

        streams.prepare()
        from recode_tui.cli.app import run_command

        sys.exit(run_command())
    except KeyboardInterrupt:
        print("recode: interrupted", file=sys.stderr)
        sys.exit(130)
