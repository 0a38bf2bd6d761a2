"""Intervals, against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.report.estimates import mean, rate, student_t

# Wilson's interval: Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]

# Student's t for 95 %, as every table has it.
STUDENT = [
    (1, 12.706),
    (2, 4.303),
    (3, 3.182),
    (4, 2.776),
    (5, 2.571),
    (10, 2.228),
    (30, 2.042),
    (1000, 1.962),
]


@pytest.mark.parametrize(("successes", "n", "low", "high"), NEWCOMBE)
def test_a_rate_has_wilsons_interval(successes: int, n: int, low: float, high: float) -> None:
    estimate = rate(successes, n)
    assert estimate.value == successes / n
    assert estimate.low == pytest.approx(low, abs=5e-5)
    assert estimate.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(("freedom", "t"), STUDENT)
def test_a_mean_has_students_interval(freedom: int, t: float) -> None:
    assert student_t(freedom) == pytest.approx(t, rel=0.002)


def test_a_mean_of_known_values() -> None:
    estimate = mean([1.0, 2.0, 3.0, 4.0])
    assert estimate.value == 2.5
    assert estimate.low == pytest.approx(2.5 - 3.182 * 1.29099 / 2, abs=0.01)


def test_a_single_run_tells_no_spread_of_a_mean() -> None:
    assert (mean([3.0]).low, mean([3.0]).high) == (None, None)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_an_interval_holds_its_mean_and_only_what_can_be(values: list[float]) -> None:
    estimate = mean(values, 0.0, 1.0)
    assert estimate.low is not None and estimate.high is not None
    assert 0 <= estimate.low <= estimate.value + 1e-12
    assert estimate.value - 1e-12 <= estimate.high <= 1


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_rate_holds_it_and_mirrors_that_of_its_opposite(case: tuple[int, int]) -> None:
    successes, n = case
    estimate, opposite = rate(successes, n), rate(n - successes, n)
    assert estimate.low is not None and estimate.high is not None and opposite.high is not None
    assert 0 <= estimate.low <= estimate.value + 1e-12 <= estimate.high + 2e-12
    assert estimate.low == pytest.approx(1 - opposite.high, abs=1e-12)
