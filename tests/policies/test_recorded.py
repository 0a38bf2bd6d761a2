from __future__ import annotations

import pytest

from recode_core.errors import Diverged, PolicyUnavailable
from recode_core.events import Event, ExpansionReplied, ExpansionRequested, Place
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.recorded import Recorded
from recode_core.values import Span, Usage

PLACE = Place("0", (), Span(1, 0, 1, 1))


def _asked(statement: str) -> ExpansionRequested:
    return ExpansionRequested(PLACE, 1, "first", statement, (), (), "hash", "a model")


PAID = Usage(prompt_tokens=5, completion_tokens=7, cost_usd=0.1)
EVENTS: list[Event] = [
    _asked("f()"),
    ExpansionReplied("0", "one", PAID),
    _asked("g()"),
    ExpansionReplied("0", "tw", PAID, "length"),
    _asked("h()"),
]


def _ask(policy: Policy, statement: str, pieces: list[str] | None = None) -> Reply:
    return policy.expand(Request(statement, (), ()), ([] if pieces is None else pieces).append)


def test_it_replies_as_it_once_did_and_at_the_same_price() -> None:
    pieces: list[str] = []
    policy = Recorded(EVENTS)
    assert policy.model == "a model"
    assert _ask(policy, "f()", pieces) == Reply("one", PAID)
    assert _ask(policy, "g()", pieces) == Reply("tw", PAID, "length")
    assert pieces == ["one", "tw"]


def test_it_can_begin_after_replies_that_were_taken_already() -> None:
    assert _ask(Recorded(EVENTS, taken=1), "g()").text == "tw"


def test_another_statement_is_a_divergence_and_takes_no_reply() -> None:
    policy = Recorded(EVENTS)
    with pytest.raises(Diverged) as caught:
        _ask(policy, "g()")
    assert (caught.value.at, caught.value.recorded, caught.value.actual) == (0, "f()", "g()")
    assert _ask(policy, "f()").text == "one"


@pytest.mark.parametrize("policy", [Recorded([]), Recorded(EVENTS, taken=2)])
def test_at_its_end_it_names_the_statement_it_has_no_reply_for(policy: Recorded) -> None:
    with pytest.raises(PolicyUnavailable, match=r"h\(\)"):
        _ask(policy, "h()")
