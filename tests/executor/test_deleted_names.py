"""A deleted name is unbound, as in CPython, and never taken for a placeholder."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.executor.alike import assert_acts_alike

PROGRAMS = [
    "a = 1\ntry:\n    del a\nexcept NameError:\n    pass\nx = 1",
    "a = 1\ntry:\n    del a\n    a\nexcept NameError as e:\n    x = str(e)",
    "try:\n    del a\nexcept NameError as e:\n    x = 2",
    "a = 1\ndel a\ntry:\n    a\nexcept NameError:\n    x = 'gone'",
    "a = 1\ndel a\nx = a",
    "a = 1\nf = lambda: a\ndel a\ntry:\n    x = f()\nexcept NameError:\n    x = 'none'\na = 7\ny = f()\nf = 0",
    "a = 1\ndel a\nx = 1 if True else a",
    "f = 5\ndel f\nf(1)",
    "f = 5\ndel f\ntry:\n    f(1)\nexcept NameError:\n    x = 1",
    "n = 1\ndel n\nx = n(run('s0'))",
    "n = 1\ndel n\nraise ValueError(n(run('s0')))",
    "e = 5\ntry:\n    raise ValueError('x')\nexcept ValueError as e:\n    pass\ntry:\n    e\nexcept NameError:\n    x = 1",
    "a = b = 1\nfor i in range(3):\n    a = i\n    del a\nelse:\n    del i",
    "a = 1\nif True: del a; b = 2",
    "d = {'k': 1}\ndel d['k'], d",
    "a = 1\nwith_ = [1, 2, 3]\ndel with_[0], with_[-1]",
    "try:\n    undefined_thing\nexcept NameError:\n    x = 'no'",
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_a_deleted_name_is_unbound(code: str) -> None:
    assert_acts_alike(code)
