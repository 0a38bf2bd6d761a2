"""`recode debug`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_core.errors import NotWritable, RecodeError
from recode_tui import shutdown
from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder
from recode_tui.cli.streams import OutputLost

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.debugger.script import ScriptCommand, ScriptResult

_STDIN = Path("-")


@options.with_new_run
def debug(
    context: typer.Context,
    batch: Annotated[
        Path | None,
        options.path_option(
            "SCRIPT", "Run the commands in this file without the screen, one a line; - reads stdin."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        options.session_argument(
            "A session to continue; it is appended to, or to a copy if it is a bundled sample. "
            f"{options.NAMED}"
        ),
    ] = None,
    as_json: options.AsJson = False,
    repeat_action: options.RepeatAction = False,
    *,
    new: options.NewRun,
) -> None:
    """Debug a new run, paused at its start, or a session.

    With --batch it exits with 0 if all asserts hold, 1 if one fails, 2 for a wrong command, 3 if the
    environment or the policy is unavailable, 130 if interrupted, whether the task is solved or not.
    """
    from recode_core.debugger import debug_session
    from recode_tui.session_sources import open_live_or_readonly

    if batch is None:
        raise typer.Exit(_show_screen(context, file, repeat_action, new))
    commands = _read_script(batch)
    if file is not None:
        options.refuse_new_run(context, "FILE")
        folder = sessions_folder()
        with open_live_or_readonly(
            file, folder, (NotWritable,), repeat_action=repeat_action, most=new.sandbox
        ) as opened:
            raise typer.Exit(_run_script(opened, commands, as_json))
    with debug_session.start(new.settings("the FILE of a session"), new.path()) as opened:
        raise typer.Exit(_run_script(opened, commands, as_json))


def _show_screen(context: typer.Context, file: Path | None, repeat_action: bool, new: options.NewRun) -> int:
    from recode_tui import session_sources
    from recode_tui.cli.screen import need_terminal, show_screen

    if file is not None:
        options.refuse_new_run(context, "FILE")
        need_terminal()
        folder = sessions_folder()
        session = session_sources.session(file, folder, repeat_action=repeat_action, most=new.sandbox)
        return show_screen(session, folder)
    settings, path = new.settings("the FILE of a session"), new.path()
    need_terminal()
    return show_screen(session_sources.new_run(settings, path), path.parent)


def _read_script(script: Path) -> list[ScriptCommand]:
    from recode_core.debugger.script import read_script

    try:
        data = sys.stdin.buffer.read() if script == _STDIN else script.read_bytes()
        return read_script(data.decode("utf-8-sig"))
    except OSError as error:
        raise RecodeError(f"the script {script} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RecodeError(
            f"the script {script} cannot be read: byte {error.start} is not UTF-8 text"
        ) from None


def _run_script(opened: DebugSession, commands: list[ScriptCommand], as_json: bool) -> int:
    from recode_core.debugger.console import Console
    from recode_core.debugger.script import run_script
    from recode_tui.cli.output import print_notice, truncate

    print_notice(opened.notice)
    opened.on_moved = print_notice
    console = Console(opened.debugger)
    try:
        with shutdown.before_forced_exit(lambda: print_notice(_resume_hint(opened))):
            report = _close(opened, run_script(console, commands, _discard if as_json else _print))
    except (KeyboardInterrupt, OutputLost):
        if as_json:
            _print_json(opened, {"exit_code": shutdown.INTERRUPTED, "error": "interrupted"})
        print_notice(_resume_hint(opened))
        raise
    if as_json:
        _print_json(opened, _row(report))
    else:
        _print_result(opened, report)
    print_notice(truncate(report.error))
    return report.exit_code


def _close(opened: DebugSession, report: ScriptResult) -> ScriptResult:
    """Close a session; returns the report of its script, with the error of closing if there is one."""
    import msgspec

    from recode_core.errors import exit_code

    try:
        opened.close()
    except RecodeError as error:
        code = max(report.exit_code, exit_code(error))
        return msgspec.structs.replace(report, exit_code=code, error=report.error or str(error))
    return report


def _resume_hint(opened: DebugSession) -> str:
    """How to continue a session; empty if nothing happened in it."""
    if opened.is_leftover:
        return ""
    return f"go on with: recode debug --batch SCRIPT {shlex.quote(str(opened.path))}"


def _discard(line: str) -> None:
    pass


def _print(line: str) -> None:
    from recode_tui.text import plain

    print(plain(line), flush=True)


def _print_result(opened: DebugSession, report: ScriptResult) -> None:
    from recode_tui.cli.output import console, result_line
    from recode_tui.text import plain

    out = console()
    out.print(f"{report.asserts - report.failed} of {report.asserts} asserts held")
    out.print(result_line(opened.result))
    if not opened.is_leftover:
        out.print(f"session: {plain(str(opened.path))}")


def _row(report: ScriptResult) -> dict[str, object]:
    """The report of a script for JSON."""
    import msgspec

    from recode_tui.cli.output import truncate

    return {
        "commands": [msgspec.structs.asdict(outcome) for outcome in report.outcomes],
        "asserts": report.asserts,
        "failed": report.failed,
        "exit_code": report.exit_code,
        "error": truncate(report.error),
    }


def _print_json(opened: DebugSession, row: dict[str, object]) -> None:
    import msgspec

    from recode_tui.cli.output import print_json

    path = None if opened.is_leftover else opened.path
    print_json(row | msgspec.structs.asdict(opened.result) | {"session": path})
