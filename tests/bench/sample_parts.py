"""Parts for the tests of the command; a module of its own, because each process that measures imports it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import CannotMeasure, Figure


def met() -> Iterator[Figure]:
    yield Figure("a walk", "1 s")
    yield Figure("a run", "2 | 3 s", "<= 4 s", True)


def missed() -> Iterator[Figure]:
    yield Figure("a swim", "9 s", "<= 4 s", False)


def missing() -> Iterator[Figure]:
    yield Figure("a jump", "1 m")
    raise CannotMeasure("there is no moon")


def failing() -> Iterator[Figure]:
    yield from ()
    raise ValueError("it rains")
