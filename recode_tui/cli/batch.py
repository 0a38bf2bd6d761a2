"""`recode batch`."""

from __future__ import annotations

import functools
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from recode_tui import shutdown
from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder

if TYPE_CHECKING:
    from recode_core.batch import Batch, BatchOptions, Manifest, Progress

_MAX_CONCURRENCY = 128  # each episode has a sandbox, which is a process
_MOST = 10**12

Out = Annotated[Path | None, options.path_option("DIR", "The folder of a new batch.")]
Resume = Annotated[Path | None, options.path_option("DIR", "Continue the batch in this folder.")]
Split = Annotated[
    str | None,
    typer.Option(
        metavar="SPLIT|FILE",
        help="Run the tasks of this split, or of a JSON list of ids or indices in a file, as papers publish "
        "them; see recode doctor.",
    ),
]
Tasks = Annotated[str, typer.Option(metavar="ID,ID…", help="Run these tasks.")]
Count = Annotated[
    int | None, typer.Option("-n", "--count", min=1, max=_MOST, help="Number of tasks, chosen by --seed.")
]
Concurrency = Annotated[
    int, typer.Option("-c", "--concurrency", min=1, max=_MAX_CONCURRENCY, help="Episodes at once.")
]
Engine = Annotated[
    Literal["threads", "ray"], typer.Option(help="Where: in this process, or on a Ray cluster.")
]
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
    float | None, typer.Option("--budget-seconds", min=0, max=_MOST, help="Wall time of this invocation.")
]


@functools.partial(options.with_new_run, without=("task", "session", "sessions_dir"))
def batch(
    context: typer.Context,
    out: Out = None,
    resume: Resume = None,
    split: Split = None,
    tasks: Tasks = "",
    count: Count = None,
    at_once: Concurrency = 4,
    engine: Engine = "threads",
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

    The same command again, or --resume, continues the batch: finished episodes are not run again,
    interrupted ones are continued, failed ones are tried again.

    Exits with 0 if all are solved, 1 if not, 2 for a wrong command, 3 if an episode failed because the
    environment or the policy is unavailable, 4 if a budget or one of your limits is reached, 130 if
    interrupted.
    """
    from recode_core.batch import Batch, BatchOptions, Budgets, groups

    folder = _folder(out, resume)
    manifest = None
    if resume is None:
        manifest = _plan(new, split, tasks, count)
    else:
        options.refuse_new_run(context, "--resume", more=("split", "tasks", "count"))
    budgets = Budgets(budget_calls, budget_tokens, budget_cost, budget_seconds)
    with Batch(folder, manifest) as opened:
        groups.register(folder, sessions_folder())  # the home screen lists it
        if manifest is None:
            opened.allow(new.sandbox)
        raise typer.Exit(_run(opened, BatchOptions(at_once, budgets, engine, repeat_action), as_json))


def _folder(out: Path | None, resume: Path | None) -> Path:
    """The folder of the batch: exactly one of both options."""
    if out is not None and resume is None:
        return out
    if resume is not None and out is None:
        return resume
    raise typer.BadParameter(
        "give one of them: the folder of a new batch, or of one to continue", param_hint="--out, --resume"
    )


def _plan(new: options.NewRun, split: str | None, tasks: str, count: int | None) -> Manifest:
    """The manifest of a new batch; notices about its tasks are printed."""
    from recode_core import protocol
    from recode_core.batch import plan_batch
    from recode_tui.cli.output import print_notice

    ids = [task.strip() for task in tasks.split(",") if task.strip()]
    if bool(ids) == (split is not None or count is not None):
        raise typer.BadParameter(
            "select tasks by --split, -n, or both; or by --tasks alone", param_hint="--split, -n, --tasks"
        )
    manifest = plan_batch(replace(new, task="-").settings("--resume DIR"), split, ids, count)
    print_notice(protocol.describe(manifest.settings))
    if manifest.left_out:
        print_notice(f"{manifest.left_out} tasks of the split are left out, as in the paper")
    if others := protocol.left_out(manifest.settings, (job.task for job in manifest.jobs)):
        print_notice(f"{len(others)} of the tasks are not the paper's, which leaves them out: {others[0]}, …")
    return manifest


def _run(opened: Batch, batch_options: BatchOptions, as_json: bool) -> int:
    """Run a batch and return the exit code. Its result is printed however it ends."""
    from recode_core.errors import RecodeError
    from recode_tui.cli.batch_progress import LatestProgress, progress_display
    from recode_tui.cli.output import print_error, print_notice

    print_notice(opened.notice)
    latest = LatestProgress()
    hint = f"go on with: recode batch --resume {shlex.quote(str(opened.folder))}"
    try:
        with progress_display(as_json) as show, shutdown.before_forced_exit(lambda: print_notice(hint)):
            opened.run(batch_options, lambda progress: latest.update(progress, show))
    except KeyboardInterrupt:
        _print_result(opened, latest.progress, as_json, "interrupted")
        print_notice(hint)
        raise
    except RecodeError as error:
        _print_result(opened, latest.progress, as_json, str(error))
        code = print_error(error)
        print_notice(hint)
        return code
    progress = latest.progress
    assert progress is not None, "a batch reports its progress at its end"
    _print_result(opened, progress, as_json, progress.why)
    if not progress.is_complete:
        print_notice(progress.why)
        print_notice(hint)
    return _exit_code(progress)


def _exit_code(progress: Progress) -> int:
    if progress.failures:
        return 3
    if not progress.is_complete or progress.limited:
        return 4
    return 0 if progress.solved == progress.total else 1


def _print_result(opened: Batch, progress: Progress | None, as_json: bool, error: str) -> None:
    from recode_tui.cli.batch_progress import summary
    from recode_tui.cli.output import console, print_json, truncate
    from recode_tui.text import plain

    if progress is None:
        return
    if as_json:
        print_json(_row(opened, progress) | {"error": truncate(error)})
        return
    out = console()
    out.print(summary(progress))
    out.print(f"batch: {plain(str(opened.folder))}")


def _row(opened: Batch, progress: Progress) -> dict[str, object]:
    """The result of a batch for JSON."""
    names = ("total", "finished", "solved", "limited", "score", "steps", "calls", "tokens", "cost_usd")
    failures = [
        {"task": outcome.job.task, "session": opened.folder / outcome.job.file, "error": outcome.error}
        for outcome in progress.failures
    ]
    return {
        "folder": opened.folder,
        **{name: getattr(progress, name) for name in names},
        "seconds": round(progress.seconds, 3),
        "failures": failures,
    }
