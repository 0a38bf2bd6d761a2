from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.environments.webshop import WebShop
from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.reply import parse_reply
from recode_core.result import Result
from recode_core.session import Settings
from recode_core.values import Variable

ASKED = "solve(instruction, observation)"
GOES_WRONG = "<think>hm</think><execute>run('click[Back to Search]')\n1 / 0</execute>"


class Spoilt:
    """An expert whose first expansion of one placeholder goes wrong."""

    def __init__(self, expert: Policy, name: str) -> None:
        self.model, self.sampling = expert.model, expert.sampling
        self._expert, self._name = expert, name

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if f"{self._name}(" in request.statement:
            self._name = "nothing more"
            return Reply(GOES_WRONG)
        return self._expert.expand(request, stream)

    def abort(self) -> None:
        """Nothing is in flight."""


def expanded(task: str, statement: str, *variables: Variable, repair: str = "") -> str:
    expert = WebShop().expert(task)
    pieces: list[str] = []
    reply = expert.expand(Request(statement, variables, (), repair), pieces.append)
    assert "".join(pieces) == reply.text
    return reply.text


def played(folder: Path, task: str, policy: Policy | None = None) -> Result:
    with episode.start(Settings("webshop", task), folder / "run.jsonl", policy) as running:
        running.run()
        (folder / "run.jsonl").unlink()
        return running.result


def test_the_expert_buys_what_each_person_wanted(real: WebShop, tmp_path: Path) -> None:
    results = [played(tmp_path, f"human:{number}") for number in range(8)]
    assert [result.score for result in results] == [1.0] * 8
    assert max(result.steps or 0 for result in results) <= 6


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    "task", ["sampled:0", "sampled:7", "sampled:1513", "sampled:6909", "human:0:attributes"]
)
def test_the_expert_buys_what_is_sampled(real: WebShop, task: str, tmp_path: Path) -> None:
    assert played(tmp_path, task).solved


def test_the_expert_has_a_placeholder_for_each_decision(folder: Path) -> None:
    code = parse_reply(expanded("human:0", ASKED)).code
    assert [line.split("(")[0] for line in code.splitlines() if "(" in line] == [
        "results = search_products",
        "page = open_product",
        "page = choose_options",
        "score = buy_product",
    ]


def test_the_expert_says_that_it_knows_the_product(folder: Path) -> None:
    thought = parse_reply(expanded("human:0", ASKED)).thought
    assert thought.startswith(
        "I know this shop and what this task wants: the product B000000001 with dark red."
    )


@pytest.mark.parametrize(
    "name", ["solve", "search_products", "open_product", "choose_options", "buy_product"]
)
def test_after_a_failure_anywhere_the_expert_finds_its_way(folder: Path, tmp_path: Path, name: str) -> None:
    spoilt = Spoilt(WebShop().expert("human:0"), name)
    result = played(tmp_path, "human:0", spoilt)
    assert (result.solved, result.score) == (True, 1.0)


def test_a_product_far_down_is_found_by_turning_pages(folder: Path) -> None:
    text = expanded("human:0", "found = search_products(words, wanted)")
    assert "while f'[{wanted}]' not in found:\n" in text
    assert "found = run('click[Next >]')" in text


def test_arguments_that_are_no_names_are_bound_first(folder: Path) -> None:
    text = expanded("human:0", "page = open_product('B000000001', results)")
    assert parse_reply(text).code.startswith("product_ID = 'B000000001'\npage = run(f'click[{product_ID}]')")


@pytest.mark.parametrize(
    ("statement", "variable", "said"),
    [
        ("page = open_product(pid, results)", Variable("pid", "str", "'B000000002'"), "pid is 'B000000002'"),
        ("choose_options(['large'], page)", Variable("page", "str", "''"), r"\['large'\] is \['large'\]"),
        (ASKED, Variable("instruction", "str", "'buy soap'"), "instruction is 'buy soap'"),
    ],
)
def test_a_fork_that_left_what_the_expert_knows_is_refused(
    folder: Path, statement: str, variable: Variable, said: str
) -> None:
    with pytest.raises(PolicyUnavailable, match=f"the webshop expert has no plan for this branch: {said}"):
        expanded("human:0", statement, variable)


@pytest.mark.parametrize(
    "statement", ["x = compare(results)", "open_product(results)", "for i in range(3): go()", "("]
)
def test_what_the_expert_would_not_have_written_is_refused(folder: Path, statement: str) -> None:
    with pytest.raises(PolicyUnavailable, match="has no plan for"):
        expanded("human:0", statement)


def test_what_is_shown_shortened_is_not_taken_for_something_else(folder: Path) -> None:
    shortened = Variable("instruction", "str", "'i want a…", length=4000)
    assert "search_products" in expanded("human:0", ASKED, shortened)
