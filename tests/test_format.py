"""Numbers, money and times have one wording."""

from __future__ import annotations

import pytest

from recode_core.format import counted, dollars, duration, file_size, plural, score_text, time_text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 calls"), (1, "1 call"), (1200, "1,200 calls"), (None, "calls unknown")]
)
def test_a_count_has_commas_and_its_word(count: int | None, text: str) -> None:
    assert counted(count, "call") == text


def test_a_word_may_have_a_plural_of_its_own() -> None:
    assert (counted(2, "branch", "branches"), plural(1, "branch", "branches")) == ("2 branches", "branch")


@pytest.mark.parametrize(("usd", "text"), [(0.00123, "$0.0012"), (0.0, "no cost"), (None, "cost unknown")])
def test_money_is_told_in_dollars(usd: float | None, text: str) -> None:
    assert dollars(usd) == text


@pytest.mark.parametrize(
    ("score", "text"), [(2 / 3, "score 0.667"), (1.0, "score 1"), (None, "score unknown")]
)
def test_a_score_has_three_digits_at_most(score: float | None, text: str) -> None:
    assert score_text(score) == text


@pytest.mark.parametrize(("took", "text"), [(2.514, "2.51 s"), (75.4, "75 s"), (None, "time unknown")])
def test_a_time_has_the_digits_that_matter(took: float | None, text: str) -> None:
    assert time_text(took) == text


@pytest.mark.parametrize(("seconds", "text"), [(8.2, "8 s"), (125.0, "2 min 5 s"), (4320.0, "1 h 12 min")])
def test_a_long_time_is_rough(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(5, "5 B"), (1234, "1.2 kB"), (12_345, "12 kB"), (104_857_600, "105 MB"), (2 * 10**9, "2.0 GB")],
)
def test_a_size_has_a_unit(size: int, text: str) -> None:
    assert file_size(size) == text
