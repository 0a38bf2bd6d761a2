"""One episode of a batch, from wherever it stands to its end; whatever goes wrong in it is its result."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from recode_core import episode
from recode_core.batch.ledger import Book, Metered, Stopped
from recode_core.batch.manifest import Job, Manifest
from recode_core.entry_points.calls import described, is_interrupt
from recode_core.episode import Episode, resolve
from recode_core.errors import CallBrokenOff, RecodeError
from recode_core.executor.stops import Stop
from recode_core.policies.policy import Policy
from recode_core.result import Result
from recode_core.session import Settings
from recode_core.session.reading import read_header
from recode_core.values import clean

PolicyOf = Callable[[Settings], Policy]
"""Makes the policy of one episode."""


class Played(msgspec.Struct, frozen=True):
    """What came of an episode in one go.

    It `ended`; or it `rests`, because the batch does; or it `failed`: environment, policy or file could
    not be used. `error` then says why, and `trace` where, if that is no error of ours. A world that fails
    when it is closed leaves a `result` all the same. `notice` says that its recording went on in another
    file.
    """

    job: Job
    how: Literal["ended", "rests", "failed"]
    result: Result | None = None
    error: str = ""
    trace: str = ""
    notice: str = ""


class Order(msgspec.Struct, frozen=True):
    """What holds for every episode of a batch. `policy_of` stands for the policy that the settings name."""

    manifest: Manifest
    folder: Path
    repeat_action: bool = False
    policy_of: PolicyOf | None = None


def play(
    job: Job,
    order: Order,
    book: Book,
    hold: Callable[[Policy], None] = lambda policy: None,
    on_stop: Callable[[Stop], None] = lambda stop: None,
) -> Played:
    """Start the episode, or take it up where it was broken off, and run it. Raises nothing of its own.

    `hold` is handed the policy, for who may have to abort it; `on_stop` may raise Stopped.
    """
    moved: list[str] = []
    played = _played(job, order, book, hold, on_stop, moved.append)
    return msgspec.structs.replace(played, notice="\n".join(moved))


def _played(
    job: Job,
    order: Order,
    book: Book,
    hold: Callable[[Policy], None],
    on_stop: Callable[[Stop], None],
    on_moved: Callable[[str], None],
) -> Played:
    result: Result | None = None
    try:
        with _opened(job, order, book, hold) as opened:
            opened.on_moved(on_moved)
            opened.run(on_stop)
            result = opened.result
        return Played(job, "ended", result)
    except (Stopped, CallBrokenOff) as stopped:
        return Played(job, "rests", error=clean(str(stopped)))
    except RecodeError as error:
        return Played(job, "failed", result, clean(str(error)), trace=_trace(error.__cause__))
    except BaseException as error:  # a fault that nobody foresaw ends its episode only
        if is_interrupt(error):
            raise
        return Played(job, "failed", error=described(error), trace=_trace(error))


def _trace(error: BaseException | None) -> str:
    return clean("".join(traceback.format_exception(error))) if error is not None else ""


def _opened(job: Job, order: Order, book: Book, hold: Callable[[Policy], None]) -> Episode:
    path = order.folder / job.file
    is_begun = has_begun(path)
    settings = read_header(path).settings if is_begun else order.manifest.settings_of(job)
    policy = Metered((order.policy_of or _named)(settings), book)
    hold(policy)
    if is_begun:
        most = order.manifest.settings.sandbox
        return episode.resume(path, policy, repeat_action=order.repeat_action, most=most)
    path.unlink(missing_ok=True)
    return episode.start(settings, path, policy, keep_empty=True)


def has_begun(path: Path) -> bool:
    """Whether a session holds anything; a process that is killed at once leaves a file without a line."""
    try:
        with path.open("rb") as file:
            return any(b"\n" in piece for piece in iter(lambda: file.read(1 << 16), b""))
    except FileNotFoundError:
        return False


def _named(settings: Settings) -> Policy:
    return resolve(settings).policy
