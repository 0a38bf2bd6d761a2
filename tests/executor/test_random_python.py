"""Random statements over texts, numbers and containers do what they do in CPython."""

from __future__ import annotations

import pytest

from tests.executor.alike import assert_acts_alike
from tests.executor.random_python import Programs


# Slow because each of the 50 programs runs in a sandbox of its own.
@pytest.mark.slow_variants
@pytest.mark.parametrize("start", range(0, 200, 50))
def test_random_statements_do_what_they_do_in_cpython(start: int) -> None:
    for seed in range(start, start + 50):
        assert_acts_alike(Programs(seed).program())
