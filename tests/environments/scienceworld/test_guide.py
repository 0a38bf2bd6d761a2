"""The worked examples, played in the simulator where it is installed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from recode_core.agents.registry import agent as agent_called
from recode_core.environments.scienceworld.experiments import parse as task_of
from recode_core.environments.scienceworld.guide import GUIDE
from recode_core.environments.scienceworld.world import ScienceWorldWorld
from recode_core.policies.reply import parse_reply
from recode_core.statements import Code, parse

Open = Callable[[str], ScienceWorldWorld]
PLANT, SEED = "find-plant:0", "grow-plant:0"
_, *PARTS = re.split(r"^The statement `(.+?)`", GUIDE.examples, flags=re.MULTILINE)
EXAMPLES = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
DEFINED = frozenset({"instruction", "observation", "rooms", "pot"})


def turns(examples: str) -> list[str]:
    """The replies that are shown for an agent that takes turns."""
    return ["<think>" + text.partition("\n\n")[0] for text in examples.split("<think>")[1:]]


@pytest.mark.parametrize("statement", EXAMPLES)
def test_an_example_is_in_the_form_it_teaches_and_keeps_its_rules(statement: str) -> None:
    reply = parse_reply(EXAMPLES[statement])
    assert EXAMPLES[statement].strip().endswith(str(reply))
    (asked,) = parse(statement, DEFINED).block
    assert isinstance(asked, Code)
    program = parse(reply.code, DEFINED)
    pieces = [piece for piece in program.block if isinstance(piece, Code)]
    assert all(piece in program.tops for piece in pieces if piece.calls)
    assert set(asked.targets) <= {name for piece in pieces for name in piece.binds}


@pytest.mark.parametrize("agent", ["react", "codeact"])
def test_the_examples_of_an_agent_that_takes_turns_are_in_its_form_and_keep_its_rules(agent: str) -> None:
    taking_turns = agent_called(agent, GUIDE)
    replies = turns(getattr(GUIDE, agent))
    assert len(replies) > 2
    for text in replies:
        reply = taking_turns.read(text)
        assert str(reply) == text.strip()
        taking_turns.parse(reply.code, None)


@pytest.mark.parametrize("task", [PLANT, SEED])
def test_the_examples_are_of_variations_of_training(task: str) -> None:
    example = task_of(task)
    assert example.variation in example.experiment.variations("train")


@pytest.mark.slow
def test_the_worked_examples_win_the_task_that_they_are_made_for(open_task: Open) -> None:
    world = open_task(PLANT)
    first = world.reset()
    assert world.instruction in GUIDE.examples
    names: dict[str, object] = {
        "re": re,
        "observation": first.text,
        "run": lambda action: world.step(action).text,
    }
    solve, find, carry = (parse_reply(part).code for part in GUIDE.examples.split("The statement `")[1:])
    before, _, after = solve.partition("plant, pot = find_plant(rooms)\n")
    focus, _, statement = after.partition("carry_to_box")
    assert statement == "(pot, 'red box', 'kitchen')"
    exec("\n".join((before, find, focus, carry)), names)
    last = world.step("look around")
    assert (last.score, last.done, last.success) == (1.0, True, True)


@pytest.mark.slow
def test_the_actions_that_are_shown_win_the_task_that_they_are_made_for(open_task: Open) -> None:
    world = open_task(PLANT)
    world.reset()
    assert world.instruction in GUIDE.react
    *actions, number = re.findall(r'run\("(.+?)"\)', GUIDE.react)
    actions.insert(-1, "teleport to kitchen")  # which is told of, not shown
    told = [world.step(action) for action in actions]
    assert (told[-1].score, told[-1].done, told[-1].success) == (1.0, True, True)
    seen = "\n".join(observation.text for observation in told)
    quoted = re.findall(r"`(.+?)`", GUIDE.react.partition("The task 'Your task is to grow")[0])
    assert len(quoted) > 4 and all(text in seen for text in quoted if text != "You see:")
    assert number == "0"


@pytest.mark.slow
def test_the_choice_that_is_shown_is_one_that_the_simulator_offers(open_task: Open) -> None:
    world = open_task(SEED)
    world.reset()
    assert world.instruction.startswith("Your task is to grow a apple plant from seed.")
    for action in ("teleport to kitchen", "pick up seed jar", "teleport to greenhouse"):
        world.step(action)
    asked = world.step("move apple seed in seed jar to flower pot 2").text
    question, choice = re.findall(r"`(Ambiguous.+?)`, `(0: .+?)`", GUIDE.react)[0]
    assert asked.startswith(question) and choice in asked.replace("\t", " ")
    assert world.step("0").text == "You move the apple seed to the flower pot 2."


@pytest.mark.slow
def test_the_blocks_that_are_shown_win_the_task_that_they_are_made_for(open_task: Open) -> None:
    world = open_task(PLANT)
    world.reset()
    assert world.instruction in GUIDE.codeact
    told, printed = [], list[str]()

    def run(action: str) -> str:
        told.append(world.step(action))
        return told[-1].text

    names: dict[str, object] = {"re": re, "run": run, "print": printed.append, "task_finished": False}
    for text in turns(GUIDE.codeact):
        exec(parse_reply(text).code, names)
    assert (told[-1].score, told[-1].success, names["task_finished"]) == (1.0, True, True)
    quoted = re.findall(r"`(.+?)`", GUIDE.codeact)
    assert len(quoted) == 4 and all(text in "\n".join(printed) for text in quoted)
