"""Conditions: what `event.x`, `episode.x` and the names in them mean, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recode_core.debugger.conditions import evaluate, holds, parse_condition, undefined
from recode_core.events import ActionFinished, ExpansionReplied, Place, StatementReached
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.statements.expressions import NotAnExpression
from recode_core.timeline import Timeline
from recode_core.values import Observation, Span, Usage

ANSWERED = ActionFinished(Observation("You see a cup."))

NO_FACTS = Timeline().end.facts()


@pytest.fixture
def interpreter() -> Iterator[Interpreter]:
    made = Interpreter()
    yield made
    made.close()


@pytest.mark.parametrize("text", ["not episode.sovled", "event.tpye == None", "[event.x for x in 'ab']"])
def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(text: str) -> None:
    with pytest.raises(
        NotAnExpression, match=r"unknown field of (event|episode) '\w+'.* \(available: .*score"
    ):
        parse_condition(text)


def test_a_field_that_only_other_events_have_is_none(interpreter: Interpreter) -> None:
    reached = StatementReached(Place("0.1", (), Span(1, 0, 1, 4)))
    assert evaluate("event.action", interpreter, reached, NO_FACTS) == "None"
    assert evaluate("event.action", interpreter, None, NO_FACTS) == "None"


def test_a_field_has_its_value_when_that_is_the_usual_one_too(interpreter: Interpreter) -> None:
    assert holds("event.score == 0 and event.by == 'world'", interpreter, ANSWERED, NO_FACTS)
    replied = ExpansionReplied("0", "pass", Usage())
    assert holds("event.by == 'policy' and event.finish == 'stop'", interpreter, replied, NO_FACTS)


def test_an_event_by_itself_is_all_its_fields(interpreter: Interpreter) -> None:
    assert "'text': 'You see a cup.'" in evaluate("event", interpreter, ANSWERED, NO_FACTS)
    assert "'solved': False" in evaluate("episode", interpreter, ANSWERED, NO_FACTS)


def test_an_event_by_itself_is_the_variable_of_that_name_where_there_is_one(interpreter: Interpreter) -> None:
    interpreter.feed("event = 'a fair'")
    interpreter.shown |= {variable.name: variable for variable in interpreter.variables(["event"])}
    assert evaluate("event", interpreter, ANSWERED, NO_FACTS) == "'a fair'"
    assert evaluate("[event for event in 'ab']", interpreter, ANSWERED, NO_FACTS) == "['a', 'b']"


def test_a_comment_may_end_a_condition(interpreter: Interpreter) -> None:
    assert holds("1 < 2  # always", interpreter, None, NO_FACTS)


@pytest.mark.parametrize(("text", "kind"), [("nobody", "NameError"), ("1 / 0", "ZeroDivisionError")])
def test_what_fails_says_the_type_of_its_error(interpreter: Interpreter, text: str, kind: str) -> None:
    with pytest.raises(EvaluationFailed) as caught:
        holds(text, interpreter, None, NO_FACTS)
    assert caught.value.type == kind


def test_a_text_in_an_error_is_not_taken_for_a_name_that_is_missing(interpreter: Interpreter) -> None:
    with pytest.raises(EvaluationFailed, match="is not defined") as caught:
        holds("{}['it is not defined']", interpreter, None, NO_FACTS)
    assert caught.value.type == "KeyError"


def test_names_that_nothing_defines_are_found() -> None:
    text = "nope + len(x) + sum(k for k in y) + (lambda z: z)(1) + event.score"
    assert undefined(text, ["x"]) == ["nope", "y"]
