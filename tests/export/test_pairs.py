"""Which expansions of a run make a pair of prompt and target, and what it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from recode_core.environments.household.guide import GUIDE
from recode_core.executor.run_state import AtAction, AtModel, AtStatement
from recode_core.export.pairs import TrainingExpansions, TrainingPair, without_examples
from recode_core.log import Log
from recode_core.policies.prompt import messages
from recode_core.testing import ROOT
from recode_core.timeline import Timeline
from recode_core.values import Message

Pairs = Callable[[Log], list[TrainingPair]]


def _statements(pairs: list[TrainingPair]) -> list[str]:
    return [pair.prompt[-1].content.rpartition("statement:\n    ")[2] for pair in pairs]


def test_a_pair_is_the_prompt_without_examples_and_thought_and_code(make_run: Any, pairs: Pairs) -> None:
    played = make_run({ROOT: "x = find(instruction)", "x = find(instruction)": "x = run('look')"})
    played.to_end()
    first, second = pairs(played.log)
    assert (first.node, first.reason, first.by) == ("0", "first", "policy")
    assert first.target == "<think>\na reason\n</think>\n<execute>\nx = find(instruction)\n</execute>"
    assert [message.role for message in first.prompt] == ["system", "user"]
    assert "# Examples" not in first.prompt[0].content
    assert _statements([second]) == ["x = find(instruction)"]


def test_what_is_left_of_a_prompt_is_what_it_would_be_without_examples() -> None:
    asked = messages(GUIDE, ROOT, (), "# Examples\n\n# Examples\n", "a hint")
    bare = messages(
        msgspec.structs.replace(GUIDE, examples=""), ROOT, (), "# Examples\n\n# Examples\n", "a hint"
    )
    assert without_examples(asked) == bare


def test_a_refused_reply_makes_no_pair_and_the_one_after_it_does(make_run: Any) -> None:
    played = make_run(["def no(): pass", "x = 1"])
    played.to_end()
    expansions = TrainingExpansions(Timeline(played.log.line()))
    (pair,) = expansions.pairs(played.log)
    assert (pair.reason, "x = 1" in pair.target) == ("rewrite", True)
    assert +expansions.unused == {"refused": 1}


def test_an_expansion_that_was_repaired_and_all_below_it_make_no_pair(make_run: Any) -> None:
    played = make_run(["part()\n1 / 0", "y = 1", "x = 1"])
    played.to_end()
    expansions = TrainingExpansions(Timeline(played.log.line()))
    (pair,) = expansions.pairs(played.log)
    assert (pair.node, pair.reason, "x = 1" in pair.target) == ("0", "repair", True)
    assert "ZeroDivisionError" in pair.prompt[-1].content
    assert +expansions.unused == {"superseded": 2}


def test_an_expansion_whose_own_statement_failed_to_the_end_makes_no_pair(make_run: Any) -> None:
    played = make_run({ROOT: ["part()\n1 / 0"] * 3, "part()": ["y = 1"] * 3})
    played.to_end()
    expansions = TrainingExpansions(Timeline(played.log.line()))
    assert _statements(expansions.pairs(played.log)) == ["part()"]
    assert expansions.unused["failed"] == 1


def test_code_that_the_user_mended_is_the_target_and_says_so(make_run: Any, pairs: Pairs) -> None:
    played = make_run("x = 1\ny = 2")
    played.until(AtStatement)
    played.executor.changes.edit("0", "x = 1\ny = 3")
    played.to_end()
    (pair,) = pairs(played.log)
    assert (pair.by, "y = 3" in pair.target, "a reason" in pair.target) == ("user", True, True)


def test_a_prompt_that_the_user_edited_is_the_one_that_was_answered(make_run: Any, pairs: Pairs) -> None:
    played = make_run("x = 1")
    played.until(AtModel)
    played.executor.changes.edit_prompt((Message("user", "write x"),))
    played.to_end()
    assert pairs(played.log)[0].prompt == (Message("user", "write x"),)


def test_an_expansion_that_the_user_overruled_makes_no_pair(make_run: Any) -> None:
    def observed(played: Any) -> None:
        played.until(AtAction)
        played.executor.changes.observe("nothing")

    def replaced(played: Any) -> None:
        played.until(AtAction)
        played.executor.changes.replace_action("inventory")

    def was_set(played: Any) -> None:
        played.until(AtStatement)
        played.executor.changes.set_variable("z", "1")

    def skipped(played: Any) -> None:
        played.until(AtStatement)
        played.executor.changes.skip()

    for overrule in (observed, replaced, was_set, skipped):
        played = make_run("x = run('look')\ny = 2")
        overrule(played)
        played.to_end()
        expansions = TrainingExpansions(Timeline(played.log.line()))
        assert expansions.pairs(played.log) == []
        assert +expansions.unused == {"overruled": 1}


def test_only_the_branch_that_the_session_goes_on_on_counts(make_run: Any, pairs: Pairs) -> None:
    played = make_run("x = 1")
    played.to_end()
    at = next(record.n for record in played.log.records if type(record.event).__name__ == "WorldReset")
    played.log.fork(at, "edit", "nothing yet")
    assert pairs(played.log) == []
    assert len(TrainingExpansions(Timeline(played.log.line("main"))).pairs(played.log)) == 1
