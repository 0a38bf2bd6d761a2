"""A result file made into sessions in a folder, one a run."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import msgspec

from recode_core.events import NoteSet, RunImported
from recode_core.executor.limits import Limits
from recode_core.export.published.results import VERSION, Instance, Meta, Plan, runs_in
from recode_core.export.published.story import events_of, full_reward
from recode_core.log import Log
from recode_core.session import Header, Settings, new_header
from recode_core.session.folder import keep
from recode_core.session.header import IMPORTED
from recode_core.values import LARGEST, MOST, clean

_NO_NAME = re.compile(r"[^\w.-]+")
_LONGEST = 60  # characters of an instance's id in a file's name


class Imported(msgspec.Struct, frozen=True):
    """The sessions that were made, and why runs are left out: they have no tree."""

    paths: tuple[Path, ...]
    left_out: tuple[str, ...]


def import_results(source: Path, folder: Path) -> Imported:
    """Make the runs of a result file sessions in the folder; none if one of them is damaged.

    Raises SessionError with what is wrong with the file.
    """
    runs = list(runs_in(source))
    paths, left_out = [], []
    for number, (instance, plan) in enumerate(runs):
        if plan is None:
            left_out.append(clean(f"run {_name(instance, number)}: {instance.error or 'it has no tree'}"))
            continue
        header = _header(source, instance, plan.meta, number)
        stem = f"{source.stem.lstrip('.') or 'results'}-{_name(instance, number)}"
        paths.append(keep(folder, stem, header, _log(plan, instance, header).records))
    return Imported(tuple(paths), tuple(left_out))


def _header(source: Path, instance: Instance, meta: Meta, number: int) -> Header:
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


def _log(plan: Plan, instance: Instance, header: Header) -> Log:
    """The records. Of their times only the first and the last are known, where the file says them."""
    ended = datetime.fromisoformat(header.created).timestamp()
    began = max(0.0, ended - max(0.0, instance.time or 0.0))
    times = iter((began, began))
    log = Log(clock=lambda: next(times, ended))
    log.append(_told(plan.meta, instance))
    log.append(NoteSet("0", _note(instance, header)))
    for event in events_of(plan, instance):
        log.append(event)
    return log


def _told(meta: Meta, instance: Instance) -> RunImported:
    """What the file says of the run; it counts neither calls nor tokens."""
    steps, reward = _steps(instance), instance.reward
    return RunImported(
        score=None if reward is None else reward / full_reward(meta.env_name),
        steps=steps if steps is not None and 0 <= steps <= MOST else None,
        cost_usd=_amount(instance.cost),
        seconds=_amount(instance.time),
    )


def _steps(instance: Instance) -> int | None:
    return instance.step if instance.steps is None else instance.steps


def _amount(given: float | None) -> float | None:
    return given if given is not None and 0 <= given <= LARGEST else None


def _note(instance: Instance, header: Header) -> str:
    """What the file says of the run and a session has no place for."""
    facts = {
        "success": instance.success,
        "reward": instance.reward,
        "steps": _steps(instance),
        "cost": instance.cost,
        "seconds": instance.time,
        "error": instance.error,
    }
    told = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
    return clean(f"imported from {header.imported}{f': {told}' if told else ''}")


def _ended(meta: Meta) -> datetime | None:
    try:
        ended = None if meta.created_at is None else datetime.fromisoformat(meta.created_at)
        return ended if ended is None or ended.timestamp() > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _name(instance: Instance, number: int) -> str:
    """What to call a run: by its id, or its place in the file."""
    given = number if instance.instance_id is None else instance.instance_id
    return _NO_NAME.sub("-", str(given))[:_LONGEST].strip("-.") or str(number)
