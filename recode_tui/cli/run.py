"""`recode run`."""

from __future__ import annotations

import shlex
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui import shutdown
from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.episode import Episode
    from recode_tui.cli.progress import OnStop


@options.with_new_run
def run(
    context: typer.Context,
    resume: Annotated[
        Path | None,
        options.session_option(f"Continue this session. {options.NAMED}"),
    ] = None,
    as_json: options.AsJson = False,
    repeat_action: options.RepeatAction = False,
    *,
    new: options.NewRun,
) -> None:
    """Run a task to its end and record it.

    Exits with 0 if it is solved, 1 if not, 2 for a wrong command, 3 if the environment or the policy
    is unavailable, 4 if one of your limits is reached, 130 if interrupted.
    """
    from recode_core import episode

    if resume is not None:
        options.refuse_new_run(context, "--resume")
        with episode.resume(resume, repeat_action=repeat_action, most=new.sandbox) as resumed:
            raise typer.Exit(_run(resumed, as_json))
    with episode.start(new.settings("--resume FILE"), new.path()) as started:
        raise typer.Exit(_run(started, as_json))


def _run(episode: Episode, as_json: bool) -> int:
    """Run an episode and return the exit code. Its result is printed however it ends."""
    from recode_core.errors import RecodeError
    from recode_tui.cli.output import print_error, print_notice

    print_notice(episode.notice)
    episode.on_moved(print_notice)
    try:
        with (
            _progress(episode, as_json) as on_stop,
            shutdown.before_forced_exit(lambda: print_notice(_resume_hint(episode))),
        ):
            episode.run(on_stop)
        episode.close()  # closing a world can fail too
    except KeyboardInterrupt:
        _print_result(episode, as_json, "interrupted")
        print_notice(_resume_hint(episode))
        raise
    except RecodeError as error:
        _print_result(episode, as_json, str(error))
        code = print_error(error)
        print_notice(_resume_hint(episode))
        with suppress(RecodeError):  # a world that failed may fail again
            episode.close()
        return code
    _print_result(episode, as_json)
    if not episode.result.hit_own_limit:
        return 0 if episode.result.solved else 1
    print_notice(_raise_hint(episode))
    return 4


def _raise_hint(episode: Episode) -> str:
    """How to continue a run with a higher limit."""
    raised = shlex.quote(f"back\\nlimit {episode.result.limit} N\\ncontinue\\n")
    file = shlex.quote(str(episode.path))
    return f"raise the limit and go on with: printf {raised} | recode debug --batch - {file}"


def _resume_hint(episode: Episode) -> str:
    """How to continue an unfinished run; empty if there is nothing to continue."""
    is_human = episode.header.settings.policy == "human"  # who can only be asked on the screen
    if episode.is_leftover:
        return "recode debug with the same options lets you write the code" if is_human else ""
    if episode.result.outcome is not None:
        return ""
    file = shlex.quote(str(episode.path))
    return f"go on with: recode debug {file}" if is_human else f"go on with: recode run --resume {file}"


def _progress(episode: Episode, as_json: bool) -> AbstractContextManager[OnStop]:
    from recode_tui.cli.output import console
    from recode_tui.cli.progress import lines, live_tree

    out = console(is_error=as_json)  # with --json the output is the result alone
    if out.is_terminal:
        return live_tree(episode, out)
    return nullcontext(lambda stop: None) if as_json else lines(episode, out)


def _print_result(episode: Episode, as_json: bool, error: str = "") -> None:
    import msgspec

    from recode_tui.cli.output import console, print_json, result_line, truncate
    from recode_tui.text import plain
    from recode_tui.tree_text import outline

    result = episode.result
    if as_json:
        more = {"session": None if episode.is_leftover else episode.path, "error": truncate(error)}
        print_json(msgspec.structs.asdict(result) | more)
        return
    out = console()
    if out.is_terminal:
        out.print(outline(episode.timeline.end))
    out.print(result_line(result))
    if not episode.is_leftover:
        out.print(f"session: {plain(str(episode.path))}")
