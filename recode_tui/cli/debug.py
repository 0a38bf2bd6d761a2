"""`recode debug`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.debugger.batch import Report, Step
    from recode_core.debugger.opening import Opened


def debug(
    context: typer.Context,
    batch: Annotated[Path, typer.Option(metavar="SCRIPT", help="Run these commands, one a line.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A session to go on with; it is appended to.")
    ] = None,
    env: options.Env = None,
    task: options.Task = None,
    policy: options.Policy = "expert",
    as_json: options.AsJson = False,
    session: options.SessionFile = None,
    sessions_dir: options.SessionsDir = None,
    repeat_action: options.RepeatAction = False,
    max_depth: options.MaxDepth = 10,
    rewrites: options.Rewrites = 5,
    repairs: options.Repairs = 2,
    max_steps: options.MaxSteps = None,
    max_calls: options.MaxCalls = None,
    max_tokens: options.MaxTokens = None,
    max_cost: options.MaxCost = None,
    max_seconds: options.MaxSeconds = None,
    statement_seconds: options.StatementSeconds = 5.0,
    memory_mb: options.MemoryMb = 256,
    seed: options.Seed = 0,
) -> None:
    """Debug a run by a script: a new one, paused at its start, or a session.

    Exits with 0 if all asserts held, 1 if one failed, 2 for a wrong command, 3 if the environment or the
    policy is unavailable, 130 if interrupted, whether the task is solved or not.
    """
    from recode_core.debugger import opening
    from recode_tui.cli.run import told_how_to_go_on

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    steps = _read(batch)
    if file is not None:
        options.refuse_others(context, {"batch", "file", "as_json", "repeat_action"}, "FILE")
        with told_how_to_go_on(file), opening.go_on(file, repeat_action=repeat_action) as opened:
            raise typer.Exit(_play(opened, steps, as_json))
    settings = options.new_settings(context, "the FILE of a session")
    path = options.new_path(session, sessions_dir)
    with told_how_to_go_on(path), opening.start(settings, path) as opened:
        raise typer.Exit(_play(opened, steps, as_json))


def _read(script: Path) -> list[Step]:
    from recode_core.debugger.batch import read_script

    try:
        return read_script(script.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{script} cannot be read: {error}", param_hint="--batch") from None


def _play(opened: Opened, steps: list[Step], as_json: bool) -> int:
    from recode_core.debugger.batch import run_script
    from recode_core.debugger.commands import Console
    from recode_tui.cli.output import print_notice

    print_notice(opened.notice)
    console = Console(opened.debugger, opened.save, opened.rerun)
    report = run_script(console, steps, _silent if as_json else _say)
    if as_json:
        _print_json(opened, report)
    else:
        _print_result(opened, report)
    if report.exit_code > 1:
        print_notice(report.outcomes[-1].error)
    return report.exit_code


def _silent(line: str) -> None:
    pass


def _say(line: str) -> None:
    from recode_tui.text import plain

    print(plain(line), flush=True)


def _print_result(opened: Opened, report: Report) -> None:
    from recode_tui.cli.output import console, result_line
    from recode_tui.text import plain

    out = console()
    out.print(f"{report.asserts - report.failed} of {report.asserts} asserts held")
    out.print(result_line(opened.result))
    out.print(f"session: {plain(str(opened.path))}")


def _print_json(opened: Opened, report: Report) -> None:
    import msgspec

    commands = [msgspec.structs.asdict(outcome) for outcome in report.outcomes]
    counts = {"asserts": report.asserts, "failed": report.failed, "exit_code": report.exit_code}
    result = msgspec.structs.asdict(opened.result)
    row = {"commands": commands, **counts, **result, "session": str(opened.path)}
    print(msgspec.json.encode(row).decode(), flush=True)
