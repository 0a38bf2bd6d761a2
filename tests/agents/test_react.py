"""ReAct's replies: a thought and one action."""

from __future__ import annotations

import pytest

from recode_core.agents.react import ReAct
from recode_core.environments.scripted import GUIDE
from recode_core.statements import RuleBroken

AGENT = ReAct(GUIDE)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('run("go to desk 1")', 'run("go to desk 1")'),
        ("run('look')", "run('look')"),
        ("go to desk 1", "run('go to desk 1')"),
        ("look", "run('look')"),
        ("click[b07]", "run('click[b07]')"),
        ("click[Buy Now]", "run('click[Buy Now]')"),
        ("say 'it is'", "run(\"say 'it is'\")"),
    ],
)
def test_an_action_is_taken_with_and_without_its_run(written: str, code: str) -> None:
    parsed = AGENT.read(f"<think>why</think>\n<execute>\n{written}\n</execute>")
    assert (parsed.thought, parsed.code) == ("why", code)
    assert len(AGENT.parse(parsed.code, None).tops) == 1


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('run("a")\nrun("b")', 2),
        ('x = run("a")', 1),
        ('run(f"a {1}")', 1),
        ('run("a", "b")', 1),
        ('run("a") + run("b")', 1),
        ('print(run("a"))', 1),
        ('for i in "ab":\n    run("a")', 1),
        ('run("a"', 1),
        ("go to a\ngo to b", 1),
        ("import re", 1),
    ],
)
def test_anything_else_is_refused_with_what_is_wanted(written: str, line: int) -> None:
    parsed = AGENT.read(f"<think>why</think>\n<execute>\n{written}\n</execute>")
    with pytest.raises(
        RuleBroken, match=r'write one action and nothing else, as in run\("look"\)'
    ) as refused:
        AGENT.parse(parsed.code, None)
    assert refused.value.line == line
