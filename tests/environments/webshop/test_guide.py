from __future__ import annotations

import re
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.environments.webshop import WebShop
from recode_core.environments.webshop.guide import GUIDE
from recode_core.policies.reply import parse_reply
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_core.statements import Code, parse

HEADING = re.compile(r"^The statement `(.+?)`", re.MULTILINE)
_, *PARTS = HEADING.split(GUIDE.examples)
EXAMPLES = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
DEFINED = frozenset({"instruction", "observation", "results", "page", "limit"})


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_is_in_the_form_it_teaches(statement: str) -> None:
    text = EXAMPLES[statement]
    assert text.strip().endswith(str(parse_reply(text)))


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_keeps_the_rules_it_teaches(statement: str) -> None:
    (asked,) = parse(statement, DEFINED).block
    assert isinstance(asked, Code)
    program = parse(parse_reply(EXAMPLES[statement]).code, DEFINED)
    pieces = [piece for piece in program.block if isinstance(piece, Code)]
    assert all(piece in program.tops for piece in pieces if piece.calls)
    bound = {name for piece in pieces for name in piece.binds}
    assert set(asked.targets) <= bound | {"page"}  # which its loop binds


@pytest.mark.parametrize("text", [GUIDE.examples, GUIDE.react, GUIDE.codeact])
def test_the_examples_are_of_a_goal_of_training(real: WebShop, text: str) -> None:
    said = re.search(r"'(Find me .+?)'", text)
    assert said
    assert [task.id for task in real.tasks("train") if task.instruction == said[1]] == ["sampled:1513"]


@pytest.mark.parametrize("text", [GUIDE.react, GUIDE.codeact])
def test_the_examples_of_turns_buy_what_they_are_asked_for(real: WebShop, text: str) -> None:
    world = real.open("sampled:1513")
    world.reset()
    actions = re.findall(r"run\(['\"](.+?)['\"]\)", text)
    assert [world.step(action).score for action in actions] == [0, 0, 0, 1]


def test_the_examples_buy_what_they_are_asked_for(real: WebShop, tmp_path: Path) -> None:
    replies = {statement: str(parse_reply(text)) for statement, text in EXAMPLES.items()}
    settings = Settings("webshop", "sampled:1513", "human")
    with episode.start(settings, tmp_path / "run.jsonl", Scripted(replies)) as played:
        played.run()
        assert (played.result.solved, played.result.score, played.result.calls) == (True, 1.0, 4)


@pytest.mark.parametrize("form", re.findall(r"`(search|click)\[(.+?)\]`", GUIDE.actions))
def test_every_action_that_is_named_exists(real: WebShop, form: tuple[str, str]) -> None:
    verb, words = form
    world = real.open("sampled:1513")
    world.reset()
    pages = [world.step("search[tv stand wall mounted]").text, world.step("click[Next >]").text]
    world.step("click[< Prev]")
    pages.append(world.step("click[B09F6SCW47]").text)
    assert verb == "search" or words == "LINK" or any(f"[{words}]" in page for page in pages)
