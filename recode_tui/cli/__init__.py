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
    from recode_tui.cli import commands, streams  # importing here lets `main` handle ctrl+c while it takes

    streams.prepare()
    if sys.argv[1:] in (["-h"], ["--help"]):  # the other imports would take longer than all else
        print(commands.help_text())
        return 0
    from recode_tui import shutdown

    with shutdown.signals_handled() as request:
        try:
            from recode_tui.cli.app import run_command

            code = run_command()
        except KeyboardInterrupt:
            code = _interrupted()
        if request.is_set:
            shutdown.exit_now(code)
    return code


def _interrupted() -> int:
    print("recode: interrupted", file=sys.stderr)
    return 130
