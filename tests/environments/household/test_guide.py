from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.agents.registry import agent as agent_called
from recode_core.environments.household import Household
from recode_core.environments.household.guide import GUIDE
from recode_core.environments.household.task_id import KINDS, scene_of
from recode_core.environments.household.texts import HELP
from recode_core.policies.policy import Reply, Request
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.session import Settings
from recode_core.statements import Code, parse

HEADING = re.compile(r"^The statement `(.+?)`", re.MULTILINE)
DEFINED = {"instruction", "observation", "obj", "obj_ID", "locations", "place", "lamp", "first", "second"}


def _examples(kind: str) -> dict[str, str]:
    """The worked examples for a kind of task, by their statements."""
    _, *parts = HEADING.split(GUIDE.kinds[kind])
    return dict(zip(parts[::2], parts[1::2], strict=True))


EXAMPLES = [(kind, statement) for kind in KINDS for statement in _examples(kind)]


@pytest.mark.parametrize(("kind", "statement"), EXAMPLES)
def test_an_example_is_in_the_form_it_teaches(kind: str, statement: str) -> None:
    text = _examples(kind)[statement]
    reply = parse_reply(text)
    assert text.strip().endswith(str(reply))


@pytest.mark.parametrize(("kind", "statement"), EXAMPLES)
def test_an_example_keeps_the_rules_it_teaches(kind: str, statement: str) -> None:
    (asked,) = parse(statement, frozenset(DEFINED)).block
    assert isinstance(asked, Code)
    program = parse(parse_reply(_examples(kind)[statement]).code, frozenset(DEFINED))
    pieces = [piece for piece in program.block if isinstance(piece, Code)]
    assert all(piece in program.tops for piece in pieces if piece.calls)
    assert set(asked.targets) <= {name for piece in pieces for name in piece.binds}


@pytest.mark.parametrize("kind", KINDS)
def test_every_placeholder_of_a_plan_is_shown_expanded_too(kind: str) -> None:
    called = {call for statement in _examples(kind) for call in _placeholders(kind, statement)}
    assert {"solve", *called} == {_name(statement) for statement in _examples(kind)}
    assert called


def _name(statement: str) -> str:
    """The function that a statement calls."""
    return statement.rpartition(" = ")[2].partition("(")[0]


def _placeholders(kind: str, statement: str) -> list[str]:
    pieces = parse(parse_reply(_examples(kind)[statement]).code, frozenset(DEFINED)).block
    return [call for piece in pieces if isinstance(piece, Code) for call in piece.calls]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [3, 7])
def test_the_examples_solve_a_task_of_their_kind(kind: str, seed: int, tmp_path: Path) -> None:
    goal = scene_of(f"{kind}:{seed}").goal
    policy = _Exemplary(_examples(kind), goal.item, goal.target)
    settings = Settings("household", f"{kind}:{seed}", "human")
    with episode.start(settings, tmp_path / "run.jsonl", policy) as played:
        played.run()
        assert (played.result.solved, played.result.score) == (True, 1.0)


class _Exemplary:
    """A policy that answers as the examples do, for another item and another place."""

    model = "examples"

    def __init__(self, examples: dict[str, str], item: str, target: str) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._said = {_name(statement): text for statement, text in examples.items()}
        self._item, self._target = item, target

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        reply = parse_reply(self._said[_name(request.statement)])
        held = request.statement.rpartition(" = ")[0] or self._held(request)
        code = re.sub(r"^obj = '.*'$", f"obj = {self._item!r}", reply.code, flags=re.MULTILINE)
        code = re.sub(r"^target = '.*'$", f"target = {self._target!r}", code, flags=re.MULTILINE)
        return Reply(str(ParsedReply(reply.thought, re.sub(r"\bobj_ID\b", held, code))))

    def _held(self, request: Request) -> str:
        """The variable of the request that stands for the thing in the hand."""
        return next((each.name for each in request.variables if each.name in ("first", "second")), "obj_ID")

    def abort(self) -> None:
        """A reply is there at once."""


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
    names: dict[str, object] = {"run": lambda action: world.step(action).text, "re": re}
    names["observation"] = world.reset().text
    item = re.search(r"(?:hot|heat some) (\w+)", world.instruction)
    assert item
    search, heat, _ = ("<think>" + text for text in GUIDE.codeact.split("<think>")[1:])
    for text in (search, heat):
        exec(parse_reply(text).code.replace(r"\begg", rf"\b{item[1]}"), names)
    assert world.step(f"examine {names['egg']}").text.startswith(("This is a hot", "This is a normal"))
