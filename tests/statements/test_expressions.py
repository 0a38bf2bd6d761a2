"""Expressions that a user writes."""

from __future__ import annotations

import pytest

from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.statements.expressions import NotAnExpression, parse_expression

LONG = "+".join(["1"] * 20_000)


@pytest.mark.parametrize("text", ["", "x = 1", "(", "\0", LONG])
def test_what_is_no_expression_is_refused_and_never_raises_anything_else(text: str) -> None:
    with pytest.raises(NotAnExpression):
        parse_expression(text)


def test_the_interpreter_refuses_the_same_as_an_evaluation_that_failed() -> None:
    interpreter = Interpreter()
    try:
        with pytest.raises(EvaluationFailed, match="nested too deeply"):
            interpreter.evaluate(LONG)
    finally:
        interpreter.close()
