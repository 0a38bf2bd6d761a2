"""`recode replay`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder

if TYPE_CHECKING:
    from recode_core.executor.checks import Verdict
    from recode_core.interpreter import SandboxLimits
    from recode_core.session import Session


def replay(
    file: options.SessionFile,
    check: Annotated[
        bool, typer.Option("--check", help="Execute it again and compare; exits with 1 if a step diverges.")
    ] = False,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="With --check: take observations from the recording too.")
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Show what another process writes to it, as it comes. Changes nothing."
        ),
    ] = False,
    statement_seconds: options.StatementSeconds = 5.0,
    memory_mb: options.MemoryMb = 256,
) -> None:
    """Open a recording in the debugger, read-only; nothing is run or written.

    With --check, execute every branch again and compare: replies come from the recording, observations
    from a new world; the policy is not called. With --recorded no world is needed either.

    With --follow, watch a run while recode run, recode batch or another recode debug records it.
    """
    if check and follow:
        raise typer.BadParameter("a run that is followed cannot be checked: leave out one of them")
    from recode_core.interpreter import SandboxLimits

    most = SandboxLimits(statement_seconds, memory_mb)
    if not check:
        from recode_tui import session_sources
        from recode_tui.cli.screen import show_screen

        source = (session_sources.following if follow else session_sources.recording)(file, most)
        raise typer.Exit(show_screen(source, sessions_folder()))
    raise typer.Exit(_check(file, not recorded, most))


def _check(file: Path, ask_world: bool, most: SandboxLimits) -> int:
    """Execute a session again, print the results, and return the exit code."""
    from recode_core.errors import EnvironmentUnavailable
    from recode_core.session import read
    from recode_tui.cli.output import print_error, print_notice

    session = read(file)
    print_notice(session.notice)
    print_notice(session.header.lowered(most))
    if not session.records:
        if session.damage:
            return 2
        print_notice(f"{file} holds no record yet: there is nothing to replay")
    try:
        results = _check_branches(session, ask_world, most)
    except EnvironmentUnavailable as error:
        code = print_error(error)
        print_notice("--check --recorded checks the session without its environment")
        return code
    _print(results)
    if any(result.divergence for result in results.values()):
        return 1
    return 2 if session.damage else 0


def _check_branches(session: Session, ask_world: bool, most: SandboxLimits) -> dict[str, Verdict]:
    """The result on each branch. After ctrl+c those that are known are printed."""
    from recode_core import episode
    from recode_tui.cli.output import print_notice
    from recode_tui.cli.progress import show_count

    results: dict[str, Verdict] = {}
    count = len(session.log().branches)
    try:
        with show_count(count, "branches checked") as show:
            for branch, result in episode.checks(session, ask_world=ask_world, most=most):
                results[branch] = result
                show(len(results))
    except KeyboardInterrupt:
        if results:
            _print(results)
        print_notice(f"only {len(results)} of {count} branches were checked")
        raise
    return results


def _print(results: Mapping[str, Verdict]) -> None:
    from recode_tui.cli.output import console
    from recode_tui.text import plain

    out, every = console(), results.values()
    if len(results) > 1:
        for branch, result in results.items():
            out.print(f"{plain(branch)}: {_steps([result])}")
    out.print(_steps(every) + (f" on {len(results)} branches" if len(results) > 1 else ""))
    out.print(f"{sum(result.compared for result in every)} records compared, no policy call")
    if not all(result.is_world_asked for result in every):
        out.print("The environment was not asked: only the code was executed, with recorded observations")
    if reworded := sum(result.reworded for result in every):
        out.print(f"{reworded} prompts would be worded, or replies parsed, differently by this version")
    for branch, result in results.items():
        if result.divergence:
            out.print(plain(f"{branch}: {result.divergence}"))


def _steps(results: Collection[Verdict]) -> str:
    replayed = sum(result.replayed for result in results)
    steps = sum(result.steps for result in results)
    return f"{replayed} of {steps} steps replayed, {sum(result.diverged for result in results)} diverged"
