"""What a mistake may cost: calls are bounded however a policy fails, and the failure is told once."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.agents.registry import agent
from recode_core.environments.scripted import GUIDE
from recode_core.episode import check_all
from recode_core.errors import Diverged
from recode_core.events import ExpansionRequested, StatementFailed
from recode_core.executor import Limits
from recode_core.executor.limits import defaults
from recode_core.executor.run_state import AtEnd, AtLimit
from recode_core.log import Record
from recode_core.policies.policy import Reply, Request
from recode_core.session import read
from recode_core.session.reading import read_header
from recode_core.statements import EDITION
from recode_core.testing import ROOT, MakeRun, RunHarness, reply
from recode_core.values import Usage
from tests.executor.alike import EchoWorld

Writes = Callable[[str, int], str]
RECORDED = Path(__file__).parents[1] / "session" / "recorded" / "repairs-0.1.jsonl"


class Writer:
    """A policy that writes code for a statement and the number of the call."""

    model = "writer"

    def __init__(self, writes: Writes) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.writes = writes
        self.asked: list[Request] = []

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.asked.append(request)
        text = self.writes(request.statement, len(self.asked))
        return Reply(text if "<execute>" in text else reply(text), Usage())

    def abort(self) -> None: ...


def level(statement: str) -> int:
    return 0 if statement == ROOT else int(re.findall(r"f(\d+)", statement)[0])


def fails_at(depth: int) -> Writes:
    return lambda statement, n: (
        "assert False, 'a mug'" if level(statement) == depth else f"f{level(statement) + 1}()"
    )


def played(writes: Writes, limits: Limits | None = None) -> tuple[Writer, AtEnd, RunHarness]:
    policy = Writer(writes)
    with RunHarness((), EchoWorld(()), policy=policy, limits=limits or defaults()) as run:
        return policy, run.to_end(), run


@pytest.mark.parametrize(("depth", "calls"), [(0, 3), (1, 6), (2, 10), (3, 15), (4, 21), (5, 28)])
def test_a_statement_that_always_fails_costs_little_more_at_each_depth(depth: int, calls: int) -> None:
    policy, end, _ = played(fails_at(depth), Limits())
    assert (end.outcome, len(policy.asked)) == ("failed", calls)


@pytest.mark.parametrize(
    ("depth", "calls", "outcome"),
    [(0, 3, "failed"), (1, 12, "failed"), (2, 17, "limit"), (3, 18, "limit"), (4, 19, "limit")],
)
def test_new_names_for_what_always_fails_cost_no_more_than_the_repairs_of_the_episode(
    depth: int, calls: int, outcome: str
) -> None:
    def writes(statement: str, n: int) -> str:
        return "1 / 0" if level(statement) == depth else f"f{level(statement) + 1}_{n}()"

    policy, end, _ = played(writes)
    assert (len(policy.asked), end.outcome) == (calls, outcome)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_failure_that_went_up_is_told_once(depth: int) -> None:
    policy, end, run = played(fails_at(depth))
    assert end.detail.count("a mug") == 1
    assert end.detail.count("RepairsExhausted") == 1
    for event in run.events(StatementFailed):
        assert event.failure.message.count("a mug") == 1
    for request in policy.asked:
        assert request.messages[-1].content.count("AssertionError: a mug") <= 1


@pytest.mark.parametrize(
    "writes",
    [
        lambda statement, n: f"g{n}()",
        lambda statement, n: f"f{level(statement) + 1}()",
        lambda statement, n: "import os",
        lambda statement, n: "no code at all",
        lambda statement, n: "",
        lambda statement, n: f"g{n}()" if n % 2 else "1 / 0",
        lambda statement, n: f"g{n}()" if n % 4 else "1 / 0",
        lambda statement, n: f"a{n}()\nb{n}()\nc{n}()" if n % 3 else "x = 1",
        lambda statement, n: f"x = g{n}()",
        lambda statement, n: f"run('s{n}')\ng{n}()",
        lambda statement, n: "for i in range(3):\n    run('s1')\n    1 / 0",
    ],
    ids=itertools.count(),
)
def test_no_policy_takes_more_than_60_calls_with_the_default_limits(writes: Writes) -> None:
    policy, end, _ = played(writes)
    assert len(policy.asked) <= 60
    assert end.outcome in ("failed", "limit", "finished", "done")


PIECES = (
    "1 / 0",
    "raise ValueError('no')",
    "f{deeper}()",
    "g{n}()",
    "x = h{n}()",
    "x = f{deeper}()\ny = x + 1",
    "run('s{n}')",
    "pass",
    "import os",
    "",
    "f{deeper}()\ng{n}()",
    "while True:\n    pass_on{n} = run('s1')",
)


# Slow because it runs 30 whole episodes in real sandboxes.
@pytest.mark.slow_variants
@pytest.mark.parametrize("examples", [range(30), range(30, 600)], ids=["some", "many"])
def test_random_policies_take_no_more_than_60_calls(examples: range) -> None:
    for seed in examples:
        choose = random.Random(seed)
        pieces = choose.sample(PIECES, choose.randint(1, 4))

        def writes(statement: str, n: int, choose: random.Random = choose, pieces: list[str] = pieces) -> str:
            known = re.findall(r"f(\d+)", statement)
            return choose.choice(pieces).format(n=n, deeper=int(known[0]) + 1 if known else 1)

        policy, _, _ = played(writes)
        assert len(policy.asked) <= 60, (seed, pieces)


@given(st.integers(0, 5), st.integers(0, 4))
def test_the_cost_of_a_lasting_failure_follows_from_depth_and_repairs(depth: int, repairs: int) -> None:
    policy, _, _ = played(fails_at(depth), Limits(repairs=repairs))
    cost = repairs + 1
    for below in range(1, depth + 1):
        cost += below + 2 if repairs else 1
    assert len(policy.asked) == cost


def test_a_parent_that_calls_it_with_something_else_gets_its_result(
    make_run: MakeRun,
) -> None:
    """The same statement, once more, with other variables: that is a repair that helps."""
    run = make_run(
        {
            ROOT: ["n = 0\nx = half(n)", "n = 4\nx = half(n)"],
            "x = half(n)": ["x = 4 / n"] * 4,
        },
        limits=Limits(repairs=2),
    )
    assert run.to_end().outcome == "finished"
    assert run.values()["x"] == "1.0"
    assert len(run.scripted.requests) == 1 + 3 + 1 + 1


def test_a_parent_is_asked_again_for_each_child_that_is_given_up(make_run: MakeRun) -> None:
    run = make_run(
        {ROOT: ["a()\nb()", "b()", "x = 1"], "a()": "1 / 0", "b()": "1 / 0"}, limits=Limits(repairs=2)
    )
    assert run.to_end().outcome == "finished"
    assert [request.statement for request in run.scripted.requests].count(ROOT) == 3


def test_a_parent_is_not_asked_again_for_a_child_that_is_given_up_twice(make_run: MakeRun) -> None:
    run = make_run({ROOT: ["a()", "a()", "x = 1"], "a()": "1 / 0"}, limits=Limits(repairs=2))
    assert run.to_end().outcome == "failed"
    assert [request.statement for request in run.scripted.requests] == [ROOT, *["a()"] * 3, ROOT, "a()"]


def test_too_deep_a_placeholder_is_repaired_as_any_mistake(make_run: MakeRun) -> None:
    run = make_run({ROOT: ["a()", "b()", "run('s1')"]}, limits=Limits(depth=1, repairs=2))
    assert run.to_end().outcome == "finished"


@pytest.mark.parametrize("repairs", [2, 9])
def test_the_failure_of_a_placeholder_that_was_given_up_is_compared(repairs: int) -> None:
    """A recording that has other words than follow from its records diverges."""
    _, _, run = played(fails_at(1))
    told = [_reworded(record, "2 repairs", f"{repairs} repairs") for record in run.log.records]
    with RunHarness((), EchoWorld(()), limits=defaults(), recorded=told) as again:
        if repairs == 2:
            again.executor.repeat()
            assert isinstance(again.executor.state, AtEnd)
        else:
            with pytest.raises(Diverged, match="9 repairs"):
                again.executor.repeat()


def _reworded(record: Record, old: str, new: str) -> Record:
    if not isinstance(event := record.event, StatementFailed):
        return record
    failure = msgspec.structs.replace(event.failure, message=event.failure.message.replace(old, new))
    return msgspec.structs.replace(record, event=msgspec.structs.replace(event, failure=failure))


def test_repairs_have_a_budget_that_can_be_raised(make_run: MakeRun) -> None:
    names = [f"f{n}()" for n in range(4)]
    scripts = {ROOT: "\n".join(names), **{name: ["1 / 0", "pass"] for name in names}}
    run = make_run(scripts, limits=Limits(repairs=2, episode_repairs=2))
    while not isinstance(run.executor.state, AtLimit):
        run.executor.advance()
    stop = run.executor.state
    assert (stop.name, stop.value, stop.limit) == ("episode_repairs", 2, 2)
    run.executor.changes.raise_limit("episode_repairs", 4)
    assert run.to_end().outcome == "finished"
    assert [event.reason for event in run.events(ExpansionRequested)].count("repair") == 4


def test_a_session_from_before_these_rules_is_repeated_as_it_was() -> None:
    session = read(RECORDED)
    assert session.header.settings.limits.episode_repairs is None
    assert sum(isinstance(record.event, ExpansionRequested) for record in session.records) == 14
    (verdict,) = check_all(RECORDED, ask_world=True).values()
    assert (verdict.divergence, verdict.reworded, verdict.compared) == ("", 0, 67)


@pytest.mark.parametrize(("edition", "calls"), [(2, 14), (EDITION, 9)])
def test_a_session_goes_on_under_the_rules_that_it_was_recorded_with(edition: int, calls: int) -> None:
    """Up to the second edition each placeholder had all its repairs: 2 + 4 + 8 calls at depth 2."""
    policy = Writer(fails_at(2))
    with RunHarness((), EchoWorld(()), policy=policy, limits=Limits(repairs=1)) as run:
        run.run.agent = agent("recode", GUIDE, edition)
        run.to_end()
    assert len(policy.asked) == calls


@pytest.mark.parametrize("limits", [None, {"depth": 10}])
def test_a_session_that_names_no_limit_of_calls_has_none(tmp_path: Path, limits: object) -> None:
    """Neither one without any limits, nor one with limits from before there was this one."""
    header = msgspec.json.decode(RECORDED.read_bytes().splitlines()[0])
    del header["settings"]["limits"]
    if limits is not None:
        header["settings"]["limits"] = limits
    path = tmp_path / "old.jsonl"
    path.write_bytes(msgspec.json.encode(header) + b"\n")
    assert read_header(path).settings.limits == Limits()
