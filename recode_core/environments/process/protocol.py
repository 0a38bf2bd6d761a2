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
    """The result of a request; the caller knows its type."""

    value: msgspec.Raw


class WorkerFault(msgspec.Struct, frozen=True, tag="fault"):
    """The reason that a request failed."""

    lack: Lack
    why: str


def read(line: bytes) -> WorkerAnswer | WorkerFault:
    """A child's line. Raises msgspec.DecodeError."""
    answer: WorkerAnswer | WorkerFault = msgspec.json.decode(line, type=WorkerAnswer | WorkerFault)
    return answer
