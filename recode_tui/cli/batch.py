"""`recode batch`."""

from __future__ import annotations

import functools
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from recode_tui import ending
from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_core.batch import Batch, BatchOptions, Manifest, Progress

_MOST_AT_ONCE = 128  # each has a sandbox, a process of its own
_MOST = 10**12

Calls = Annotated[
    int | None, typer.Option("--budget-calls", min=0, max=_MOST, help="Policy calls of the whole batch.")
]
Tokens = Annotated[
    int | None, typer.Option("--budget-tokens", min=0, max=_MOST, help="Tokens of the whole batch.")
]
Cost = Annotated[
    float | None, typer.Option("--budget-cost", min=0, max=_MOST, help="US dollars of the whole batch.")
]
Seconds = Annotated[
    float | None, typer.Option("--budget-seconds", min=0, max=_MOST, help="Wall time of this go.")
]


@functools.partial(options.with_new_run, without=("task", "session", "sessions_dir"))
def batch(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(parser=options.path, metavar="DIR", help="The folder of the batch.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(parser=options.path, metavar="DIR", help="Go on with the batch in this folder."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            metavar="SPLIT|FILE",
            help="Run tasks of this split, or of a JSON list of ids or indices in a file, as papers publish "
            "them; see recode doctor.",
        ),
    ] = None,
    tasks: Annotated[str, typer.Option(metavar="ID,ID…", help="Run these tasks.")] = "",
    count: Annotated[
        int | None,
        typer.Option("-n", "--count", min=1, max=_MOST, help="So many tasks, chosen by --seed."),
    ] = None,
    at_once: Annotated[
        int, typer.Option("-c", "--concurrency", min=1, max=_MOST_AT_ONCE, help="Episodes at once.")
    ] = 4,
    engine: Annotated[
        Literal["threads", "ray"], typer.Option(help="Where: in this process, or on a Ray cluster.")
    ] = "threads",
    budget_calls: Calls = None,
    budget_tokens: Tokens = None,
    budget_cost: Cost = None,
    budget_seconds: Seconds = None,
    as_json: options.AsJson = False,
    repeat_action: options.RepeatAction = False,
    *,
    new: options.NewRun,
) -> None:
    """Run many tasks, several at once, each recorded in a session file of its own.

    The same command again, or --resume, goes on where it was: finished episodes are not run again,
    those that were broken off are gone on with, those that failed are tried again.

    Exits with 0 if all are solved, 1 if not, 2 for a wrong command, 3 if an episode failed because the
    environment or the policy is unavailable, 4 if a budget or one of your limits is reached, 130 if
    interrupted.
    """
    from recode_core.batch import Batch, BatchOptions, Budgets

    asked = _asked(context, new, split, tasks, count, out, resume)
    batch_options = BatchOptions(
        at_once,
        Budgets(budget_calls, budget_tokens, budget_cost, budget_seconds),
        engine,
        repeat_action,
    )
    folder = out or resume
    assert folder is not None, "one of them is asked for"
    with Batch(folder, asked) as opened:
        if asked is None:
            opened.allow(new.sandbox)
        raise typer.Exit(_run(opened, batch_options, as_json))


def _asked(
    context: typer.Context,
    new: options.NewRun,
    split: str | None,
    tasks: str,
    count: int | None,
    out: Path | None,
    resume: Path | None,
) -> Manifest | None:
    """The batch that is asked for; None where one is gone on with."""
    if (out is None) == (resume is None):
        raise typer.BadParameter(
            "give one of them: a new batch's folder, or a begun one's", param_hint="--out, --resume"
        )
    if resume is not None:
        options.refuse_new_run(context, "--resume", more=("split", "tasks", "count"))
        return None
    from recode_core import protocol
    from recode_core.batch import plan_batch
    from recode_tui.cli.output import print_notice

    ids = [task.strip() for task in tasks.split(",") if task.strip()]
    if bool(ids) == (split is not None or count is not None):
        raise typer.BadParameter(
            "say which tasks: --split, -n, or both; or --tasks alone", param_hint="--split, -n, --tasks"
        )
    settings = replace(new, task="-").settings("--resume DIR")
    made = plan_batch(settings, split, ids, count)
    print_notice(protocol.describe(made.settings))
    if made.left_out:
        print_notice(f"{made.left_out} tasks of the split are left out, as in the paper")
    if others := protocol.left_out(made.settings, (job.task for job in made.jobs)):
        print_notice(f"{len(others)} of the tasks are not the paper's, which leaves them out: {others[0]}, …")
    return made


def _run(opened: Batch, batch_options: BatchOptions, as_json: bool) -> int:
    """Play a batch; the exit code. What it came to is printed however it ends."""
    from recode_core.errors import RecodeError
    from recode_tui.cli.batch_progress import Shown, shown
    from recode_tui.cli.output import print_notice, tell

    print_notice(opened.notice)
    latest = Shown()
    again = f"go on with: recode batch --resume {shlex.quote(str(opened.folder))}"
    try:
        with shown(as_json) as show, ending.says(lambda: print_notice(again)):
            opened.run(batch_options, lambda progress: latest.take(progress, show))
    except KeyboardInterrupt:
        _print_result(opened, latest.progress, as_json, "interrupted")
        print_notice(again)
        raise
    except RecodeError as error:
        _print_result(opened, latest.progress, as_json, str(error))
        code = tell(error)
        print_notice(again)
        return code
    progress = latest.progress
    assert progress is not None, "a batch tells how it stands at its end"
    _print_result(opened, progress, as_json, progress.why)
    if not progress.is_complete:
        print_notice(progress.why)
        print_notice(again)
    return _code(progress)


def _code(progress: Progress) -> int:
    if progress.failures:
        return 3
    if not progress.is_complete or progress.limited:
        return 4
    return 0 if progress.solved == progress.total else 1


def _print_result(opened: Batch, progress: Progress | None, as_json: bool, error: str) -> None:
    from recode_tui.cli.batch_progress import summary
    from recode_tui.cli.output import console, print_json, shortened
    from recode_tui.text import plain

    if progress is None:
        return
    if as_json:
        print_json(_row(opened, progress) | {"error": shortened(error)})
        return
    out = console()
    out.print(summary(progress))
    out.print(f"batch: {plain(str(opened.folder))}")


def _row(opened: Batch, progress: Progress) -> dict[str, object]:
    numbers = {
        name: getattr(progress, name)
        for name in (
            "total",
            "finished",
            "solved",
            "limited",
            "score",
            "steps",
            "calls",
            "tokens",
            "cost_usd",
        )
    }
    failures = [
        {"task": outcome.job.task, "session": opened.folder / outcome.job.file, "error": outcome.error}
        for outcome in progress.failures
    ]
    return {"folder": opened.folder} | numbers | {"seconds": round(progress.seconds, 3), "failures": failures}
