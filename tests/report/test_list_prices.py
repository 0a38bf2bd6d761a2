"""The cost of runs at list prices: what was recorded, or what follows from tokens in older sessions."""

from __future__ import annotations

import pytest

from recode_core.events import CallFailed, Event, ExpansionReplied, ExpansionRequested, Place
from recode_core.report.list_prices import at_list_prices
from recode_core.report.summary import report_of
from recode_core.values import Span, Usage
from tests.report.conftest import MakeRun
from tests.report.test_report import corpus

HALF_CACHED = Usage(prompt_tokens=1_000_000, cached_tokens=500_000, cost_usd=0.1125)


def _asked(model: str) -> Event:
    return ExpansionRequested(Place("0", (), Span(1, 0, 1, 1)), 1, "first", "solve()", (), (), "", model)


def _replied(usage: Usage) -> Event:
    return ExpansionReplied("0", "", usage)


@pytest.mark.parametrize(
    ("events", "cost"),
    [
        ([], 0.0),
        ([_replied(Usage(10, cost_usd=0.5, list_usd=0.75)), _replied(Usage(list_usd=0.25))], 1.0),
        ([_replied(HALF_CACHED)], 0.15),  # of an older session: 10**6 tokens at $0.15
        ([_asked("gpt-4o-mini"), CallFailed("0", "lost", HALF_CACHED)], 0.15),
        ([_asked("a-model-of-my-own"), _replied(HALF_CACHED)], None),
        ([_replied(HALF_CACHED), _replied(Usage(cost_usd=None))], None),  # a call of which nothing is known
        ([_replied(Usage(prompt_tokens=50, cost_usd=0.0))], 0.0),  # a model on one's own machine
        ([ExpansionReplied("0", "", HALF_CACHED, by="reuse")], 0.0),
    ],
)
def test_calls_are_added_up_at_list_prices(events: list[Event], cost: float | None) -> None:
    found = at_list_prices(events, "gpt-4o-mini")
    assert found == (None if cost is None else pytest.approx(cost))


def test_a_group_has_both_costs_and_none_where_one_is_unknown(run: MakeRun) -> None:
    from msgspec.structs import replace

    runs = [replace(run(cost_usd=0.002), list_usd=0.003), replace(run(cost_usd=0.004), list_usd=0.005)]
    (group,) = report_of(corpus(*runs)).groups
    assert group.cost_usd is not None and group.list_usd is not None
    assert (group.cost_usd.value, group.list_usd.value) == pytest.approx((0.003, 0.004))
    (group,) = report_of(corpus(*runs, run())).groups
    assert group.list_usd is None
