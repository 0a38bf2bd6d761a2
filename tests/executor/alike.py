"""A program acts, binds and raises in the executor as it does in CPython, or the test fails."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ExpansionRefused, StatementFailed
from recode_core.executor import Limits
from recode_core.testing import ROOT, RunHarness
from recode_core.values import Observation

_ACTIONS = 60
_FUNCTION = re.compile(  # a method as a value is a function of ours
    r"<function .*? at 0x\w+>|<(?:built-in (?:function|method)|slot wrapper|method(?:-wrapper)?) [^>]*>"
)
_ITERATOR = re.compile(r"<(\w+) object(?: <genexpr>)?(?: at 0x\w+)?>", re.IGNORECASE)
_ITERATOR_TYPE = re.compile(r"'list_reverseiterator'")  # implementations name their iterators as they like
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_KEY = re.compile(
    r"(?<=[{ ])(?:True|False|(-?\d+)\.0)(?=: )"
)  # which of two equal keys a dict keeps: docs/language.md
_BRACES = str.maketrans("{}:", "();")
_SET = re.compile(r"\{[^{}:]*\}")  # whose order differs between two processes of CPython, too


class _Enough(BaseException):
    """The program acts more often than it may."""


class EchoWorld(ScriptedWorld):
    """Answers `s1` with `saw 1`, and anything else with `Nothing 7 happens.`"""

    def step(self, action: str) -> Observation:
        self.actions.append(action)
        return Observation(_echo(action))


def _echo(action: str) -> str:
    return f"saw {action[1:]}" if action.startswith("s") else "Nothing 7 happens."


def assert_acts_alike(code: str) -> None:
    """Run `code` in both, and compare variables, actions and the type of the error."""
    ours, rule = by_executor(code)
    assert not rule, rule
    assert ours == by_cpython(code), code


def is_refused(code: str) -> bool:
    """Whether the executor refuses `code`; what it does of it must be what CPython does."""
    ours, rule = by_executor(code)
    expected = by_cpython(code)
    if rule:
        assert not ours[1], code
        return True
    if ours[2] == "NotImplementedError" != expected[2]:
        assert ours[1] == expected[1][: len(ours[1])], code
        return True
    assert ours == expected, code
    return False


def by_executor(code: str) -> tuple[tuple[dict[str, str], list[str], str], str]:
    """Variables, actions and the type of the error; and the rule that refuses the code, if one does."""
    world = EchoWorld(())
    with RunHarness({ROOT: code}, world, limits=Limits(steps=_ACTIONS, repairs=0, rewrites=0)) as run:
        if run.to_end().outcome == "limit":
            return ({}, world.actions, "stopped"), ""
        rules = [event.rule for event in run.events(ExpansionRefused)]
        failed = run.events(StatementFailed)
        error = failed[0].failure.type if failed else ""
        return (comparable(run.values()), world.actions, error), rules[0] if rules else ""


def by_cpython(code: str) -> tuple[dict[str, str], list[str], str]:
    """Variables, actions and the type of the error."""
    actions: list[str] = []

    def run(action: str) -> str:
        if not isinstance(action, str):
            raise TypeError("run() takes one string")
        if len(actions) >= _ACTIONS:
            raise _Enough
        actions.append(action)
        return _echo(action)

    scope: dict[str, Any] = {"run": run, "print": lambda *args, **how: None, "re": re}
    given, error = {*scope, "__builtins__"}, ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, "program", "exec"), scope)
    except _Enough:
        return {}, actions, "stopped"
    except Exception as caught:
        error = type(caught).__name__
    return comparable({k: repr(v) for k, v in scope.items() if k not in given}), actions, error


def comparable(variables: Mapping[str, str]) -> dict[str, str]:
    """Values without addresses; without modules, classes and names that the sandbox does not have."""
    return {
        name: _without_addresses(text)
        for name, text in variables.items()
        if not text.startswith(("<module", "<class"))
        and name not in ("__annotations__", "__doc__", "__warningregistry__")
    }


def _without_addresses(text: str) -> str:
    if "..." in text and "dict_" in text:
        return "<a cycle through a view of a dict>"
    text = _ITERATOR.sub(r"<\1>", _FUNCTION.sub("<function>", text))
    text = _ITERATOR_TYPE.sub("'reversed'", text)
    text = re.sub(r"<(?:list_reverse|reversed)\w*>", "<reversed>", text)
    text = _QUOTED.sub(lambda found: found.group().translate(_BRACES), text)
    text = _KEY.sub(lambda found: found[1] or str(int(found.group() == "True")), text)
    return _SET.sub(lambda found: "".join(sorted(found.group())), text)
