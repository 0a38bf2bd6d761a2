"""The sessions that a client of `recode dap` launches: its arguments are parsed as options are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recode_core.errors import NotWritable, RecodeError, SessionBusy
from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession


class LaunchOpener:
    """Opens sessions with the options of `recode debug`, written as in JSON: `maxSteps` for `--max-steps`."""

    def launch(self, arguments: dict[str, Any]) -> DebugSession:
        """A new run, or a session to continue or, with `readOnly`, to look at."""
        return _opened(_launch, arguments)

    def attach(self, arguments: dict[str, Any]) -> DebugSession:
        """The session `file`, read-only."""
        return _opened(_attach, arguments)


@options.with_new_run
def _launch(
    context: typer.Context,
    file: Annotated[Path | None, options.session_option(f"A session to continue. {options.NAMED}")] = None,
    read_only: bool = False,
    repeat_action: options.RepeatAction = False,
    *,
    new: options.NewRun,
) -> object:
    from recode_core.debugger import debug_session
    from recode_tui import session_sources

    if file is None:
        return debug_session.start(new.settings("the file of a session"), new.path())
    options.refuse_new_run(context, "file")
    if read_only:
        return session_sources.recording(file, new.sandbox).open()
    fallback = (NotWritable, SessionBusy)
    return session_sources.open_live_or_readonly(
        file, sessions_folder(), fallback, repeat_action=repeat_action, most=new.sandbox
    )


def _attach(file: Annotated[Path, options.session_option(f"A session. {options.NAMED}")]) -> object:
    from recode_tui import session_sources

    return session_sources.recording(file).open()


def _opened(command: Any, arguments: dict[str, Any]) -> DebugSession:
    """Call a command with arguments from JSON, which are parsed and checked as options are."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(command)
    try:
        opened: DebugSession = app(_options(arguments), prog_name="launch", standalone_mode=False)
    except typer.TyperException as error:
        message = re.sub(r"--([a-z][a-z-]*)", lambda option: _camel(option[1]), error.format_message())
        raise RecodeError(message.rstrip(".")) from None
    except OSError as error:
        raise RecodeError(str(error)) from None
    return opened


def _options(arguments: dict[str, Any]) -> list[str]:
    words: list[str] = []
    for name, value in arguments.items():
        option = "--" + re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)
        match value:
            case None | False:
                continue
            case True:
                words.append(option)
            case str() | int() | float():
                words.append(f"{option}={value}")
            case _:
                raise RecodeError(f"{name}: expected a text, a number, true or false, not {value!r}")
    return words


def _camel(option: str) -> str:
    return re.sub(r"-([a-z])", lambda letter: letter[1].upper(), option)
