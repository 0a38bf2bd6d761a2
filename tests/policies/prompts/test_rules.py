"""The rules say what the engine does, in each edition."""

from __future__ import annotations

import re
from itertools import count

import pytest

from recode_core.executor.run_state import AtModel
from recode_core.policies.prompts import rules_for
from recode_core.statements import EDITION
from recode_core.testing import MakeRun


@pytest.mark.parametrize("agent", ["recode", "codeact"])
def test_only_the_first_edition_has_no_lazy_generators(agent: str) -> None:
    assert [" are lazy, as in Python" in rules_for(agent, edition) for edition in (1, 2, 3)] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("agent", ["recode", "codeact", "react"])
def test_every_edition_has_each_rule_once_and_no_marks(agent: str) -> None:
    for edition in (1, 2, EDITION, EDITION + 1):
        rules = rules_for(agent, edition)
        assert not re.search(r"^\[\d*-\d*\]", rules, re.MULTILINE)
        numbers = [int(number) for number in re.findall(r"^(\d+)\. ", rules, re.MULTILINE)]
        assert numbers == [number for number, _ in zip(count(1), numbers, strict=False)]


def test_the_rules_say_whether_modules_have_to_be_imported(make_run: MakeRun) -> None:
    is_there = make_run("x = re.escape('a')").to_end().outcome == "finished"
    for agent in ("recode", "codeact"):
        assert ("are there without an import" in rules_for(agent)) == is_there
        assert ("You may import re, json" in rules_for(agent)) != is_there


def test_the_rules_say_whether_literals_that_are_passed_by_keyword_are_variables(make_run: MakeRun) -> None:
    run = make_run(["find(kind='mug')"])
    run.until(AtModel)
    stop = run.until(AtModel)
    is_bound = [variable.name for variable in stop.request.variables] == ["kind"]
    assert ("A literal that is passed by keyword is a variable" in rules_for("recode")) == is_bound
