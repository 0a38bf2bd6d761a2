"""The parser of the command line."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from recode_core import read_only
from recode_core.errors import RecodeError
from recode_core.version import __version__
from recode_tui.cli import direct
from recode_tui.cli.commands import COMMANDS, help_text
from recode_tui.cli.help import HELP

if TYPE_CHECKING:
    from typer._click import Command, Context


class _Commands(TyperGroup):
    """The commands, each imported from the module of its name when it is needed."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        return command_named(cmd_name) if cmd_name in COMMANDS else None

    def get_help(self, ctx: Context) -> str:
        return help_text()


def command_named(name: str) -> Command:
    """The command in the module of its name, which is a function or has subcommands."""
    module = f"{name}_" if iskeyword(name) else name
    found = getattr(import_module(f"recode_tui.cli.{module}"), module)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, cls=HELP.get(name))(found)
    return typer.main.get_command(single)


app = typer.Typer(
    cls=_Commands,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
        raise typer.Exit(direct.sessions())


def run_command() -> int:
    """Run the command in `sys.argv` and return its exit code. Raises RecodeError."""
    try:
        code: int = app(prog_name="recode", standalone_mode=False) or 0
    except typer.TyperException as error:
        raise RecodeError(f"{error.format_message().rstrip('.')}; see --help") from None
    return code
