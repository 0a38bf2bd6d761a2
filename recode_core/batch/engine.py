"""Where the episodes of a batch are played: the seam, and the engine that plays them in this process.

An episode waits: for its policy (a network), its sandbox and mostly its world (processes of their own).
Its own share of computing is some 20 ms of a household episode, so threads keep many going at once, and
share what a world keeps in memory; a process each would add a start of half a second and 70 MB.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Protocol

from recode_core.batch.ledger import Ledger, Stopped
from recode_core.batch.manifest import Job
from recode_core.batch.play import Order, Played, play
from recode_core.errors import PolicyUnavailable
from recode_core.executor.limits import Spent
from recode_core.executor.stops import Stop
from recode_core.policies.policy import Policy


class Engine(Protocol):
    """Plays episodes, each on the thread that asks."""

    def play(self, job: Job) -> Played:
        """Play one episode to its end, or until the batch rests."""

    def why(self) -> str:
        """Why no further episode may begin; empty where one may."""

    def spent(self) -> Spent:
        """What all episodes have spent."""

    def break_off(self, why: str) -> None:
        """Bring every episode under way to rest soon, from another thread; may be asked repeatedly."""

    def close(self) -> None:
        """Release what the engine holds. Idempotent."""


class Threads:
    """Plays episodes in this process."""

    def __init__(self, order: Order, ledger: Ledger) -> None:
        self._order = order
        self._ledger = ledger
        self._policies: dict[str, Policy] = {}
        self._leaving = threading.Event()

    def play(self, job: Job) -> Played:
        try:
            return play(
                job,
                self._order,
                self._ledger,
                hold=lambda policy: self._policies.update({job.file: policy}),
                on_stop=self._check,
            )
        finally:
            self._policies.pop(job.file, None)

    def why(self) -> str:
        return self._ledger.why()

    def spent(self) -> Spent:
        return self._ledger.spent()

    def break_off(self, why: str) -> None:
        self._ledger.close(why)
        self._leaving.set()
        for policy in list(self._policies.values()):
            with suppress(PolicyUnavailable):  # the episode then rests once its call is over
                policy.abort()

    def close(self) -> None:
        """Nothing is held."""

    def _check(self, stop: Stop) -> None:
        if self._leaving.is_set():
            raise Stopped(self._ledger.why())
