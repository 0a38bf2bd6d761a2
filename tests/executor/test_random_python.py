"""Random statements over texts, numbers and containers do what they do in CPython, or are refused."""

from __future__ import annotations

import pytest

from tests.executor.alike import is_refused
from tests.executor.random_python import Programs

_CHUNK = 250
_MOST_REFUSED = _CHUNK // 20


def test_random_statements_do_what_they_do_in_cpython() -> None:
    for seed in (206, 1214, 1601, *range(60)):  # the first three differed once
        is_refused(Programs(seed).program())


@pytest.mark.parametrize(
    "start",
    [
        *(pytest.param(start, marks=pytest.mark.slow) for start in range(1000, 2000, _CHUNK)),
        *(pytest.param(start, marks=pytest.mark.exhaustive) for start in range(2000, 5000, _CHUNK)),
    ],
)
def test_thousands_of_random_programs_do_what_they_do_in_cpython(start: int) -> None:
    refused = sum(is_refused(Programs(seed).program()) for seed in range(start, start + _CHUNK))
    assert refused <= _MOST_REFUSED
