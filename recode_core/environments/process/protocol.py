"""The protocol with a child process: a JSON object per line, each request followed by its answer."""

from __future__ import annotations

from typing import Literal

import msgspec

Lack = Literal["package", "data", "java", "failure"]
"""The requirement whose absence made a request fail; "failure" is any other error."""


class WorkerRequest(msgspec.Struct, frozen=True):
    """A request, such as `step` with the action as its argument."""

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
    """Decode a line from a child. Raises msgspec.DecodeError."""
    answer: WorkerAnswer | WorkerFault = msgspec.json.decode(line, type=WorkerAnswer | WorkerFault)
    return answer
