"""The `recode` command."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import recode_core
from recode_core.errors import Diverged, RecodeError, Unavailable
from recode_tui.cli.debug import debug
from recode_tui.cli.export import export
from recode_tui.cli.replay import replay
from recode_tui.cli.run import run
from recode_tui.cli.show import show
from recode_tui.cli.tasks import tasks
from recode_tui.text import plain

app = typer.Typer(
    help="Run, record and replay ReCode agents.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, debug, tasks, show, replay, export):
    app.command()(command)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"recode {recode_core.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; every error of ours is one message."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app(prog_name="recode")
    except RecodeError as error:
        print(f"recode: {plain(str(error))}", file=sys.stderr)
        sys.exit(3 if isinstance(error, Unavailable | Diverged) else 2)
    except OSError as error:  # nowhere to print to
        print(f"recode: {plain(str(error))}", file=sys.stderr)
        sys.exit(3)
