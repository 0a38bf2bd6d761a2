"""A model whose candidates always reply alike, in a time that is always the same."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from unittest.mock import patch

from recode_core.policies.policy import Policy, Reply, Request
from recode_core.values import Usage
from tests.support.waiting import PATIENCE

_BEGAN = 1_764_000_000_000_000_000  # nanoseconds since the epoch
_ELAPSED = 14.2  # seconds that a dialog says, whenever it is looked at
_thread = threading.local()


class SideBySide:
    """Another policy; background runs get these replies, in the order of the candidates.

    Half of a reply arrives, and the rest once it is let go. A call takes as many seconds as its reply has
    tens of characters, by the clock of `timeless`.
    """

    model = "side-by-side"

    def __init__(self, policy: Policy, replies: Sequence[str]) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.let_go = threading.Event()
        self._policy = policy
        self._replies = replies

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        kind, _, number = _branch_of(stream).rpartition("-")
        if kind != "candidate":
            return Reply(self._policy.expand(request, lambda text: None).text, _usage(300))
        text = self._replies[int(number) - 1]
        half = len(text) // 2
        stream(text[:half])
        self.let_go.wait(PATIENCE)
        stream(text[half:])
        _thread.passed = getattr(_thread, "passed", 0) + len(text) * 100_000_000
        return Reply(text, _usage(len(text)))

    def abort(self) -> None:
        self.let_go.set()


def _branch_of(stream: Callable[[str], None]) -> str:
    """The branch that a policy is asked for: it is bound in what the engine hears the pieces with."""
    while not isinstance(stream, partial):
        stream = inspect.getclosurevars(stream).nonlocals["stream"]
    return str(stream.args[0])


@contextmanager
def timeless() -> Iterator[None]:
    """Only what a call takes passes, in the thread that makes it, whatever the machine does besides."""
    clock = SimpleNamespace(time_ns=lambda: _BEGAN + getattr(_thread, "passed", 0))
    elapsed = f"{_ELAPSED} s"
    with (
        patch("recode_core.log.time", clock),
        patch("recode_tui.debug.dialogs.candidates.CandidatesScreen._elapsed", elapsed),
        patch("recode_tui.debug.panels.status.StatusBar._elapsed", elapsed),
    ):
        yield


def _usage(characters: int) -> Usage:
    tokens = characters // 4
    return Usage(prompt_tokens=1312, completion_tokens=tokens, cost_usd=0.0002 + tokens * 6e-7)
