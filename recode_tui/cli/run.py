"""`recode run`."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.episode import Episode
    from recode_tui.cli.progress import OnStop

_INTERRUPTED = 130


def run(
    context: typer.Context,
    env: options.Env = None,
    task: options.Task = None,
    policy: options.Policy = "expert",
    as_json: options.AsJson = False,
    session: options.SessionFile = None,
    sessions_dir: options.SessionsDir = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with this session.")] = None,
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
    """Run a task to its end and record it.

    Exits with 0 if it is solved, 1 if not, 2 for a wrong command, 3 if the environment or the policy
    is unavailable, 4 if one of your limits is reached, 130 if interrupted.
    """
    from recode_core import episode

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if resume is not None:
        options.refuse_others(context, {"resume", "as_json", "repeat_action"}, "--resume")
        with told_how_to_go_on(resume), episode.resume(resume, repeat_action=repeat_action) as taken_up:
            raise typer.Exit(_play(taken_up, as_json))
    settings = options.new_settings(context, "--resume FILE")
    path = options.new_path(session, sessions_dir)
    with told_how_to_go_on(path), episode.start(settings, path) as started:
        raise typer.Exit(_play(started, as_json))


@contextmanager
def told_how_to_go_on(path: Path) -> Iterator[None]:
    """Say how to go on with a session when it is broken off."""
    from recode_core.errors import Unavailable

    hint = f"go on with: recode run --resume {shlex.quote(str(path))}"
    try:
        yield
    except KeyboardInterrupt:
        print(f"recode: interrupted; {hint}", file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None
    except Unavailable:
        if path.exists():
            print(f"recode: {hint}", file=sys.stderr)
        raise


def _play(episode: Episode, as_json: bool) -> int:
    """Run an episode to its end; the exit code. What it came to is printed however it ends."""
    from recode_tui.cli.output import print_notice

    print_notice(episode.notice)
    try:
        with _progress(episode, as_json) as on_stop:
            episode.run(on_stop)
    finally:
        _print_result(episode, as_json)
    result = episode.result
    return 0 if result.solved else 4 if result.hit_own_limit else 1


def _progress(episode: Episode, as_json: bool) -> AbstractContextManager[OnStop]:
    from recode_tui.cli.output import console
    from recode_tui.cli.progress import lines, live_tree

    out = console(is_error=as_json)  # with --json the output is the result alone
    if out.is_terminal:
        return live_tree(episode, out)
    return nullcontext(lambda stop: None) if as_json else lines(episode, out)


def _print_result(episode: Episode, as_json: bool) -> None:
    import msgspec

    from recode_tui.cli.output import console, result_line
    from recode_tui.outline import outline
    from recode_tui.text import plain

    result = episode.result
    if as_json:
        row = msgspec.structs.asdict(result) | {"session": str(episode.path)}
        print(msgspec.json.encode(row).decode(), flush=True)
        return
    out = console()
    if out.is_terminal:
        out.print(outline(episode.tree))
    out.print(result_line(result))
    out.print(f"session: {plain(str(episode.path))}")
