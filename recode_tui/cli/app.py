"""The command line: its commands, and how errors become exit codes."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from recode_core import read_only
from recode_core.errors import RecodeError
from recode_core.version import __version__
from recode_tui.cli.batch import batch
from recode_tui.cli.config import config
from recode_tui.cli.dap import dap
from recode_tui.cli.debug import debug
from recode_tui.cli.demo import demo
from recode_tui.cli.doctor import doctor
from recode_tui.cli.export import export
from recode_tui.cli.help import DebugCommand, NewRunCommand
from recode_tui.cli.import_ import import_
from recode_tui.cli.mcp import mcp
from recode_tui.cli.options import sessions_folder
from recode_tui.cli.output import print_error, print_json, truncate
from recode_tui.cli.prompts import app as prompts_app
from recode_tui.cli.replay import replay
from recode_tui.cli.report import report
from recode_tui.cli.run import run
from recode_tui.cli.screen import show_screen
from recode_tui.cli.serve import serve
from recode_tui.cli.sessions import sessions
from recode_tui.cli.show import show
from recode_tui.cli.streams import OutputLost
from recode_tui.cli.tasks import tasks
from recode_tui.shutdown import INTERRUPTED

app = typer.Typer(
    help="Run, record and replay ReCode agents.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command(cls=NewRunCommand)(run)
app.command(cls=DebugCommand)(debug)
app.command(cls=NewRunCommand)(batch)
for command in (report, tasks, sessions, show, replay, serve, dap, mcp, export, doctor, config):
    app.command()(command)
app.command("import")(import_)
app.add_typer(prompts_app, name="prompts")


_LOOKING = (None, "replay", "show", "sessions")


def _print_version(is_set: bool) -> None:
    if is_set:
        print(f"recode {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    only_look: Annotated[
        bool,
        typer.Option(
            "--read-only",
            help="Alone or before replay, show or sessions: only look. Nothing is run, written or deleted.",
        ),
    ] = False,
) -> None:
    if only_look:
        if context.invoked_subcommand not in _LOOKING:
            raise typer.BadParameter(
                "it goes alone, or before replay, show or sessions", param_hint="--read-only"
            )
        context.with_resource(read_only.enforced())
    if context.invoked_subcommand is None:
        raise typer.Exit(show_screen(None, sessions_folder()))


def run_command() -> int:
    """Run the command in `sys.argv` and return its exit code. Every RecodeError is one message."""
    try:
        code = app(prog_name="recode", standalone_mode=False) or 0
        sys.stdout.flush()
    except typer.TyperException as error:
        return _failed(RecodeError(f"{error.format_message().rstrip('.')}; see --help"))
    except RecodeError as error:
        return _failed(error)
    except OSError as error:
        return _failed(RecodeError(str(error)))
    if code == INTERRUPTED:
        print("recode: interrupted", file=sys.stderr)
    return code


def _failed(error: RecodeError) -> int:
    code = print_error(error)
    if "--json" in sys.argv:
        with contextlib.suppress(OutputLost):
            print_json({"error": truncate(str(error)), "exit_code": code})
    return code
