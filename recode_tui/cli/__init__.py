"""The `recode` command."""

from __future__ import annotations

import os
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
            code = _run_command()
        except KeyboardInterrupt:
            code = _interrupted()
        if request.is_set:
            shutdown.exit_now(code)
    return code


def _run_command() -> int:
    from recode_tui.cli import direct
    from recode_tui.cli.errors import exit_code_of

    is_completing = "_RECODE_COMPLETE" in os.environ  # a shell asks the parser, without arguments
    if not is_completing and (command := direct.command_of(sys.argv[1:])) is not None:
        return exit_code_of(command)
    from recode_tui.cli.app import run_command

    return exit_code_of(run_command)


def _interrupted() -> int:
    print("recode: interrupted", file=sys.stderr)
    return 130
