"""Whether this process may only look at recordings.

It holds for the whole process, since a screen, its engine and the run's world are in threads of their own.
The places that start a run or write a file call `check`, so that no command can forget to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from recode_core.errors import ReadOnlyError

_reasons: list[str] = []


@contextmanager
def enforced(why: str = "was started with --read-only") -> Iterator[None]:
    """Refuse to run, to write and to delete anything until the block ends. `why` completes "recode"."""
    _reasons.append(why)
    try:
        yield
    finally:
        _reasons.pop()


def is_enforced() -> bool:
    """Whether everything but looking is refused."""
    return bool(_reasons)


def reason() -> str:
    """Why only looking is allowed, as a sentence; empty if everything is."""
    return f"recode {_reasons[-1]}" if _reasons else ""


def check(what: str) -> None:
    """Raise ReadOnlyError if only looking is allowed; `what` completes "recode cannot"."""
    if is_enforced():
        raise ReadOnlyError(f"recode cannot {what}: it {_reasons[-1]}, to look at recordings")
