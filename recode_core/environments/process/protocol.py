"""What is said between us and a child process: one JSON object a line, a request and then its answer."""

from __future__ import annotations

from typing import Literal

import msgspec

Lack = Literal["package", "data", "java", "failure"]
"""What a child lacks, where it can't do what it is asked to."""


class WorkerRequest(msgspec.Struct, frozen=True):
    """Something to do, such as `step` and the action."""

    verb: str
    argument: str


class WorkerAnswer(msgspec.Struct, frozen=True, tag="answer"):
    """What came of it; whoever asked knows its type."""

    value: msgspec.Raw


class WorkerFault(msgspec.Struct, frozen=True, tag="fault"):
    """Why nothing came of it."""

    lack: Lack
    why: str


def read(line: bytes) -> WorkerAnswer | WorkerFault:
    """A child's line. Raises msgspec.DecodeError."""
    answer: WorkerAnswer | WorkerFault = msgspec.json.decode(line, type=WorkerAnswer | WorkerFault)
    return answer
