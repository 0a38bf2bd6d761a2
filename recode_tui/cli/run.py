"""`recode run`."""

from __future__ import annotations

import shlex
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui import ending
from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.episode import Episode
    from recode_tui.cli.progress import OnStop


@options.with_new_run
def run(
    context: typer.Context,
    resume: Annotated[
        Path | None,
        typer.Option(
            parser=options.session,
            autocompletion=options.complete_session,
            metavar="FILE",
            help=f"Go on with this session. {options.NAMED}",
        ),
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
        with episode.resume(resume, repeat_action=repeat_action, most=new.sandbox) as taken_up:
            raise typer.Exit(_play(taken_up, as_json))
    with episode.start(new.settings("--resume FILE"), new.path()) as started:
        raise typer.Exit(_play(started, as_json))


def _play(episode: Episode, as_json: bool) -> int:
    """Run an episode to its end; the exit code. What it came to is printed however it ends."""
    from recode_core.errors import RecodeError
    from recode_tui.cli.output import print_notice, tell

    print_notice(episode.notice)
    episode.on_moved(print_notice)
    try:
        with _progress(episode, as_json) as on_stop, ending.says(lambda: print_notice(_way_on(episode))):
            episode.run(on_stop)
        episode.close()  # a world can fail in that, too
    except KeyboardInterrupt:
        _print_result(episode, as_json, "interrupted")
        print_notice(_way_on(episode))
        raise
    except RecodeError as error:
        _print_result(episode, as_json, str(error))
        code = tell(error)
        print_notice(_way_on(episode))
        with suppress(RecodeError):  # a world that has failed may fail in that, too
            episode.close()
        return code
    _print_result(episode, as_json)
    result = episode.result
    if not result.hit_own_limit:
        return 0 if result.solved else 1
    raised = shlex.quote(f"back\\nlimit {result.limit} N\\ncontinue\\n")
    file = shlex.quote(str(episode.path))
    print_notice(f"raise the limit and go on with: printf {raised} | recode debug --batch - {file}")
    return 4


def _way_on(episode: Episode) -> str:
    """How to go on with a run that did not come to its end; empty where there is nothing to go on with."""
    is_written = episode.header.settings.policy == "human"  # there is nobody to ask without the screen
    if episode.is_leftover:
        return "recode debug with the same options lets you write the code" if is_written else ""
    if episode.result.outcome is not None:
        return ""
    file = shlex.quote(str(episode.path))
    return f"go on with: recode debug {file}" if is_written else f"go on with: recode run --resume {file}"


def _progress(episode: Episode, as_json: bool) -> AbstractContextManager[OnStop]:
    from recode_tui.cli.output import console
    from recode_tui.cli.progress import lines, live_tree

    out = console(is_error=as_json)  # with --json the output is the result alone
    if out.is_terminal:
        return live_tree(episode, out)
    return nullcontext(lambda stop: None) if as_json else lines(episode, out)


def _print_result(episode: Episode, as_json: bool, error: str = "") -> None:
    import msgspec

    from recode_tui.cli.output import console, print_json, result_line, shortened
    from recode_tui.text import plain
    from recode_tui.tree_text import outline

    result = episode.result
    if as_json:
        more = {"session": None if episode.is_leftover else episode.path, "error": shortened(error)}
        print_json(msgspec.structs.asdict(result) | more)
        return
    out = console()
    if out.is_terminal:
        out.print(outline(episode.timeline.end))
    out.print(result_line(result))
    if not episode.is_leftover:
        out.print(f"session: {plain(str(episode.path))}")
