"""A policy with scripted replies: a double for tests and demonstrations."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat

from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import FreePolicy, Reply, Request

_PIECES = re.compile(r"\s*\S+\s*|\s+")


class Scripted(FreePolicy):
    """Returns the given replies in order, or by statement if they are a mapping.

    In a mapping, a single str is returned for every request of its statement. `requests` lists the requests.
    """

    model = "scripted"

    def __init__(self, script: Iterable[str] | Mapping[str, str | Iterable[str]]) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.requests: list[Request] = []
        by_statement = script if isinstance(script, Mapping) else {}
        self._by_statement = {
            statement: repeat(replies) if isinstance(replies, str) else iter(replies)
            for statement, replies in by_statement.items()
        }
        self._in_order = iter(()) if isinstance(script, Mapping) else iter(script)
        self._aborted = threading.Event()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.requests.append(request)
        text = next(self._by_statement.get(request.statement, self._in_order), None)
        if text is None:
            raise PolicyUnavailable(f"the script has no reply left for {request.statement!r}: add one")
        self._aborted.clear()
        arrived = ""
        for piece in _PIECES.findall(text):
            if self._aborted.is_set():
                return Reply(arrived, finish="aborted")
            arrived += piece
            stream(piece)
        return Reply(text)

    def abort(self) -> None:
        """End the reply before its next word."""
        self._aborted.set()
