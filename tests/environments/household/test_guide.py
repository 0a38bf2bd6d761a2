from __future__ import annotations

import re

import pytest

from recode_core.agents.registry import agent as agent_called
from recode_core.environments.household import Household
from recode_core.environments.household.dialect import HELP
from recode_core.environments.household.guide import GUIDE
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.statements import Code, parse

HEADING = re.compile(r"^The statement `(.+?)`", re.MULTILINE)
_, *PARTS = HEADING.split(GUIDE.examples)
EXAMPLES = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
DEFINED = {"instruction", "observation", "obj", "obj_ID", "locations"}


def _example(name: str) -> ParsedReply:
    return parse_reply(next(text for statement, text in EXAMPLES.items() if f"{name}(" in statement))


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_is_in_the_form_it_teaches(statement: str) -> None:
    text = EXAMPLES[statement]
    reply = parse_reply(text)
    assert text.strip().endswith(str(reply))


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_keeps_the_rules_it_teaches(statement: str) -> None:
    (asked,) = parse(statement, frozenset(DEFINED)).block
    assert isinstance(asked, Code)
    program = parse(parse_reply(EXAMPLES[statement]).code, frozenset(DEFINED))
    pieces = [piece for piece in program.block if isinstance(piece, Code)]
    assert all(piece in program.tops for piece in pieces if piece.calls)
    assert set(asked.targets) <= {name for piece in pieces for name in piece.binds}


def test_the_examples_show_how_a_plan_becomes_actions() -> None:
    assert _placeholders("solve") == ["find_and_take", "heat_object", "put_object"]
    assert _placeholders("find_and_take") == _placeholders("heat_object") == []


def _placeholders(name: str) -> list[str]:
    pieces = parse(_example(name).code, frozenset(DEFINED)).block
    return [call for piece in pieces if isinstance(piece, Code) for call in piece.calls]


def test_the_examples_work_in_a_household() -> None:
    world = Household().open("heat:7")
    actions: list[str] = []

    def run(action: str) -> str:
        actions.append(action)
        return world.step(action).text

    names: dict[str, object] = {"run": run, "observation": world.reset().text}
    exec(_example("solve").code.partition("obj_ID =")[0], names)
    item = re.search(r"(?:hot|heat some) (\w+)", world.instruction)
    assert item
    names["obj"] = item[1]
    exec(_example("find_and_take").code, names)
    exec(_example("heat_object").code, names)
    assert re.fullmatch(rf"heat {item[1]} \d+ with microwave 1", actions[-1])
    assert world.step(f"examine {names['obj_ID']}").text.startswith(("This is a hot", "This is a normal"))


@pytest.mark.parametrize("verb", re.findall(r"`([a-z ]+?)(?: [A-Z]| desklamp|`)", GUIDE.actions)[2:])
def test_every_action_that_is_named_exists(verb: str) -> None:
    assert re.search(rf"^  {verb}[ :]", HELP, re.MULTILINE)


@pytest.mark.parametrize("agent", ["react", "codeact"])
def test_the_examples_of_an_agent_that_takes_turns_are_in_its_form_and_keep_its_rules(agent: str) -> None:
    taking_turns, examples = agent_called(agent, GUIDE), getattr(GUIDE, agent)
    replies = ["<think>" + text.partition("\n\n")[0] for text in examples.split("<think>")[1:]]
    assert len(replies) > 2
    for text in replies:
        reply = taking_turns.read(text)
        assert str(reply) == text.strip()
        taking_turns.parse(reply.code, None)


def test_the_blocks_that_are_shown_work_in_a_household() -> None:
    world = Household().open("heat:3")
    names: dict[str, object] = {"run": lambda action: world.step(action).text}
    names["observation"] = world.reset().text
    item = re.search(r"(?:hot|heat some) (\w+)", world.instruction)
    assert item
    search, heat, _ = ("<think>" + text for text in GUIDE.codeact.split("<think>")[1:])
    for text in (search, heat):
        exec(parse_reply(text).code.replace(r"\begg", rf"\b{item[1]}"), names)
    assert world.step(f"examine {names['egg']}").text.startswith(("This is a hot", "This is a normal"))
