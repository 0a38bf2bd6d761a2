"""The manifest of a batch: the settings that its episodes share, and each task with its file.

The manifest is written once, before the first episode. The session files say which episodes are finished.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from recode_core import files, protocol
from recode_core.decoding import in_plain_words
from recode_core.environments import guard, splits
from recode_core.environments.environment import Environment, Task
from recode_core.environments.guard import kind_in as kind_in
from recode_core.environments.registry import environment
from recode_core.episode import resolve
from recode_core.errors import RecodeError, SessionError
from recode_core.policies.prompts import Prompts
from recode_core.policy_registry import with_prompts
from recode_core.session import Settings
from recode_core.version import __version__

NAME = "batch.json"
"""The manifest's file in the folder of a batch."""

FORMAT = "recode.batch"
VERSION = 1

_SLUG = 60  # characters of a task in a file's name


class Job(msgspec.Struct, frozen=True):
    """One episode: its task, the task's kind (empty if unknown), and the name of its session file."""

    task: str
    kind: str
    file: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The plan of a batch. `created` is in ISO 8601, UTC; `recode` is the version; `settings` have no task.

    `fingerprint` identifies the set of tasks from which the jobs were chosen. `left_out` is the number of
    tasks of the split that the protocol excludes.
    """

    format: str = FORMAT
    version: int = VERSION
    created: str
    recode: str
    settings: Settings
    split: str | None
    jobs: tuple[Job, ...]
    fingerprint: str = ""
    left_out: int = 0

    def settings_of(self, job: Job) -> Settings:
        """Return the settings of an episode."""
        return msgspec.structs.replace(self.settings, task=job.task)


def plan_batch(
    settings: Settings, split: str | None = None, tasks: Sequence[str] = (), count: int | None = None
) -> Manifest:
    """Plan a batch of `tasks`, or of a split: all of it, or `count` tasks sampled with the sandbox's seed.

    A split may be a file, as in `environments.splits`. Raises RecodeError for an unknown name, an invalid
    file or an unavailable policy, before anything is written.
    """
    provider = environment(settings.environment)
    chosen = [_task(provider, task) for task in tasks] or list(splits.tasks(provider, split))
    offered = len(chosen)
    if not tasks and not (split and splits.is_file(split)):
        others = set(protocol.left_out(settings, (task.id for task in chosen)))
        chosen = [task for task in chosen if task.id not in others]
    left_out, fingerprint = offered - len(chosen), splits.digest(task.id for task in chosen)
    if count is not None:
        chosen = _sample(chosen, count, settings)
    if not chosen:
        raise RecodeError(f"{settings.environment} has no tasks in this selection: there is nothing to run")
    if settings.policy == "human":
        raise RecodeError("a batch cannot ask a person: choose another policy than 'human'")
    settings = with_prompts(settings)
    known = resolve(msgspec.structs.replace(settings, task=chosen[0].id)).settings
    jobs = []
    for number, task in enumerate(chosen, 1):
        jobs.append(Job(guard.absolute(provider, task.id), task.kind, f"{number:04d}-{_slug(task.id)}.jsonl"))
    return Manifest(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recode=__version__,
        settings=msgspec.structs.replace(known, task="", prompts=settings.prompts),
        split=split,
        jobs=tuple(jobs),
        fingerprint=fingerprint,
        left_out=left_out,
    )


def load(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, or None. Raises SessionError if it cannot be read."""
    path = folder / NAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SessionError(f"{path} is not a manifest of a batch: {in_plain_words(error)}") from None
    if found.format != FORMAT or found.version > VERSION:
        raise SessionError(f"{path} is {found.format} {found.version}; this recode reads {FORMAT} {VERSION}")
    if unsafe := next((job.file for job in found.jobs if Path(job.file).name != job.file), None):
        raise SessionError(f"{path} is not a manifest of a batch: {unsafe!r} is not the name of a file")
    return found


def save(manifest: Manifest, folder: Path) -> None:
    """Write the manifest atomically."""
    path = folder / NAME
    try:
        files.replace(path, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    except OSError as error:
        raise SessionError(f"{path} cannot be written: {error.strerror}") from None
    except UnicodeEncodeError:
        raise SessionError(f"{path} cannot be written: the names in it must be UTF-8 text") from None


def differences(old: Manifest, new: Manifest) -> Iterator[str]:
    """Yield the differences of two batches, as texts."""
    for name in Settings.__struct_fields__:
        before, now = getattr(old.settings, name), getattr(new.settings, name)
        if before != now:
            yield f"{name} {_shown(before)}, not {_shown(now)}"
    if old.split != new.split:
        yield f"split {_shown(old.split)}, not {_shown(new.split)}"
    if old.jobs != new.jobs:
        yield (
            f"{len(old.jobs)} tasks, not {len(new.jobs)}" if len(old.jobs) != len(new.jobs) else "other tasks"
        )


def _shown(value: object) -> str:
    if isinstance(value, Prompts):
        return f"{value.name} ({value.digest})"
    return msgspec.json.encode(value).decode()


def _task(environment: Environment, task_id: str) -> Task:
    """Make a task from its id, with its kind if the id implies one."""
    return Task(task_id, "", kind=guard.task_traits(environment, task_id).kind)


def _sample(tasks: list[Task], count: int, settings: Settings) -> list[Task]:
    """Return a random sample of tasks, in their order."""
    if count > len(tasks):
        raise RecodeError(f"there are {len(tasks)} tasks to choose from, not {count}")
    chosen = random.Random(settings.sandbox.seed).sample(range(len(tasks)), count)
    return [tasks[at] for at in sorted(chosen)]


def _slug(task_id: str) -> str:
    """Return a task's id as part of a file name that is valid on any system."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", task_id).strip("-.")[-_SLUG:].lstrip("-.") or "task"
