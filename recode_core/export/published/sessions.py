"""Convert a result file to sessions in a folder, one per run."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import msgspec

from recode_core.events import NoteSet, RunImported
from recode_core.executor.limits import Limits
from recode_core.export.published.results import VERSION, PlanMeta, PublishedPlan, PublishedRun, runs_in
from recode_core.export.published.run_events import events_of, full_reward
from recode_core.log import Log
from recode_core.session import Header, Settings, new_header
from recode_core.session.folder import save
from recode_core.session.header import IMPORTED
from recode_core.values import LARGEST, MOST, clean

_NO_NAME = re.compile(r"[^\w.-]+")
_LONGEST = 60  # characters of an instance's id in a file's name


class ImportedRuns(msgspec.Struct, frozen=True):
    """The created sessions, and messages on the runs that are omitted because they have no tree."""

    paths: tuple[Path, ...]
    left_out: tuple[str, ...]


def import_results(source: Path, folder: Path) -> ImportedRuns:
    """Import the runs of a result file into the folder. Nothing is imported if one of them is damaged.

    Raises SessionError for an invalid file.
    """
    runs = list(runs_in(source))
    paths, left_out = [], []
    for number, (instance, plan) in enumerate(runs):
        if plan is None:
            left_out.append(clean(f"run {_name(instance, number)}: {instance.error or 'it has no tree'}"))
            continue
        header = _header(source, instance, plan.meta, number)
        stem = f"{source.stem.lstrip('.') or 'results'}-{_name(instance, number)}"
        paths.append(save(folder, stem, header, _log(plan, instance, header).records))
    return ImportedRuns(tuple(paths), tuple(left_out))


def _header(source: Path, instance: PublishedRun, meta: PlanMeta, number: int) -> Header:
    kind = instance.task_type or meta.task_type
    task = f"{kind}, instance {_name(instance, number)}" if kind else f"instance {_name(instance, number)}"
    known = Limits(repairs=0)
    limits = msgspec.structs.replace(
        known,
        depth=meta.max_depth or known.depth,
        rewrites=known.rewrites if meta.max_rewrite is None else meta.max_rewrite,
    )
    settings = Settings(clean(meta.env_name or "unknown"), clean(task), IMPORTED, limits=limits)
    header = new_header("", settings)
    return msgspec.structs.replace(
        header,
        created=meta.created_at if _ended(meta) is not None and meta.created_at else header.created,
        imported=clean(f"{source.name}, {VERSION}, instance {_name(instance, number)}"),
    )


def _log(plan: PublishedPlan, instance: PublishedRun, header: Header) -> Log:
    """The records. The file holds only the times of the first and the last one, or none."""
    ended = datetime.fromisoformat(header.created).timestamp()
    began = max(0.0, ended - max(0.0, instance.time or 0.0))
    times = iter((began, began))
    log = Log(clock=lambda: next(times, ended))
    log.append(_run_imported(plan.meta, instance))
    log.append(NoteSet("0", _note(instance, header)))
    for event in events_of(plan, instance):
        log.append(event)
    return log


def _run_imported(meta: PlanMeta, instance: PublishedRun) -> RunImported:
    """The result of the run in the file, which has no counts of calls and tokens."""
    steps, reward = _steps(instance), instance.reward
    return RunImported(
        score=None if reward is None else reward / full_reward(meta.env_name),
        steps=steps if steps is not None and 0 <= steps <= MOST else None,
        cost_usd=_amount(instance.cost),
        seconds=_amount(instance.time),
    )


def _steps(instance: PublishedRun) -> int | None:
    return instance.step if instance.steps is None else instance.steps


def _amount(given: float | None) -> float | None:
    return given if given is not None and 0 <= given <= LARGEST else None


def _note(instance: PublishedRun, header: Header) -> str:
    """The facts of the file as the text of a note."""
    facts = {
        "success": instance.success,
        "reward": instance.reward,
        "steps": _steps(instance),
        "cost": instance.cost,
        "seconds": instance.time,
        "error": instance.error,
    }
    listed_facts = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
    return clean(f"imported from {header.imported}{f': {listed_facts}' if listed_facts else ''}")


def _ended(meta: PlanMeta) -> datetime | None:
    try:
        ended = None if meta.created_at is None else datetime.fromisoformat(meta.created_at)
        return ended if ended is None or ended.timestamp() > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _name(instance: PublishedRun, number: int) -> str:
    """The name of a run: its id, or its index in the file."""
    given = number if instance.instance_id is None else instance.instance_id
    return _NO_NAME.sub("-", str(given))[:_LONGEST].strip("-.") or str(number)
