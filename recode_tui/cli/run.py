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

if TYPE_CHECKING:
    from recode_core.episode import Episode
    from recode_tui.cli.progress import OnStop

_INTERRUPTED = 130


def run(
    context: typer.Context,
    env: Annotated[str | None, typer.Option(help="The environment, such as household.")] = None,
    task: Annotated[str | None, typer.Option(help="A task, such as put:7; see recode tasks.")] = None,
    policy: Annotated[str, typer.Option(help="Who expands placeholders: expert.")] = "expert",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as one JSON object, on the last line.")
    ] = False,
    session: Annotated[Path | None, typer.Option(help="Record into this new file.")] = None,
    sessions_dir: Annotated[Path | None, typer.Option(help="Record into a new file in this folder.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with this session.")] = None,
    repeat_action: Annotated[
        bool, typer.Option("--repeat-action", help="On resuming, allow an action to be done a second time.")
    ] = False,
    max_depth: Annotated[int, typer.Option(min=1, help="Nested expansions.")] = 10,
    rewrites: Annotated[int, typer.Option(min=0, help="Refused replies of one expansion.")] = 5,
    repairs: Annotated[int, typer.Option(min=0, help="Failures of one placeholder.")] = 2,
    max_steps: Annotated[int | None, typer.Option(min=0, help="Actions.")] = None,
    max_calls: Annotated[int | None, typer.Option(min=0, help="Policy calls.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=0, help="Tokens.")] = None,
    max_cost: Annotated[float | None, typer.Option(min=0, help="US dollars.")] = None,
    max_seconds: Annotated[float | None, typer.Option(min=0, help="Wall time.")] = None,
    statement_seconds: Annotated[float, typer.Option(min=0.01, help="Sandbox time of a statement.")] = 5.0,
    memory_mb: Annotated[int, typer.Option(min=16, help="Sandbox memory.")] = 256,
    seed: Annotated[int, typer.Option(min=0, help="Of random numbers in the sandbox.")] = 0,
) -> None:
    """Run a task to its end and record it.

    Exits with 0 if it is solved, 1 if not, 2 for a wrong command, 3 if the environment or the policy
    is unavailable, 4 if one of your limits is reached, 130 if interrupted.
    """
    from recode_core import episode
    from recode_core.executor.limits import Limits
    from recode_core.interpreter.sessions import SandboxLimits
    from recode_core.session import Settings

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if resume is not None:
        _refuse_other_options(context)
        with _told_how_to_resume(resume), episode.resume(resume, repeat_action=repeat_action) as taken_up:
            raise typer.Exit(_play(taken_up, as_json))
    if env is None or task is None:
        raise typer.BadParameter("both are needed, or --resume FILE", param_hint="--env, --task")
    limits = Limits(max_depth, rewrites, repairs, max_steps, max_calls, max_tokens, max_cost, max_seconds)
    sandbox = SandboxLimits(statement_seconds, memory_mb, seed)
    settings = Settings(env, task, policy, limits=limits, sandbox=sandbox)
    path = _new_path(session, sessions_dir)
    with _told_how_to_resume(path), episode.start(settings, path) as started:
        raise typer.Exit(_play(started, as_json))


def _refuse_other_options(context: typer.Context) -> None:
    """A session brings its own settings; to change them is another run."""
    given = {
        name
        for name in context.params
        if (source := context.get_parameter_source(name)) is not None and source.name == "COMMANDLINE"
    }
    if others := sorted(given - {"resume", "as_json", "repeat_action"}):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in others)
        raise typer.BadParameter(f"a session has its own settings; leave out {names}", param_hint="--resume")


def _new_path(session: Path | None, sessions_dir: Path | None) -> Path:
    from recode_core.session import new_id

    if session is not None and sessions_dir is not None:
        raise typer.BadParameter("give one of them", param_hint="--session, --sessions-dir")
    if session is not None:
        return session
    if sessions_dir is None:
        import platformdirs

        sessions_dir = platformdirs.user_data_path("recode", appauthor=False) / "sessions"
    return sessions_dir / f"{new_id()}.jsonl"


@contextmanager
def _told_how_to_resume(path: Path) -> Iterator[None]:
    """Say how to go on when a run is broken off."""
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
