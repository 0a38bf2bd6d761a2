"""Undo and redo say what they reverted and what the next step does; both list what they would do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recode_core.debugger.commands import Regenerate, Retry, Step, Undo, parse
from recode_core.debugger.console import Console
from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.debugger.outcomes import Reverted, UndoListed
from recode_core.environments.scripted import GUIDE
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.values import Usage
from tests.debugger.debugger_harness import DebuggerHarness
from tests.debugger.doubles import CountedPolicy, DebuggerSetup, EchoWorld

CODES = {
    "solve(instruction, observation)": "n = 1\nask(n)\nrun('look')\nrun('win')",
    "ask(n)": "said = run(f'ask {n}')",
}


class Priced:
    """A scripted model whose calls have a price, known in advance too where there is a `list_price`."""

    model = "gpt-4o-mini"

    def __init__(self, cost_usd: float | None) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._said = Scripted({statement: str(ParsedReply("a reason", c)) for statement, c in CODES.items()})
        self._usage = Usage(100, completion_tokens=20, cost_usd=cost_usd)

    def expand(self, request: Request, stream: object) -> Reply:
        return Reply(self._said.expand(request, lambda piece: None).text, self._usage)

    def abort(self) -> None:
        """A reply is there at once."""


class Listed(Priced):
    """A model that tells its prices: by the token of the reply, ten times that for the large one."""

    def price(self, usage: Usage, model: str) -> float | None:
        factor = {"gpt-4o-mini": 1, "large": 10}.get(model or self.model)
        return None if factor is None else factor * usage.completion_tokens * 1e-4


def opened(policy: Policy) -> Iterator[Console]:
    home = DebuggerSetup("replay", GUIDE, CountedPolicy(policy), lambda: EchoWorld(home))
    harness = DebuggerHarness.open(home)
    # The policy itself, which tells prices, in place of the one that counts its calls.
    harness.debugger.parts.live_run().run.policy = policy
    yield Console(harness.debugger)
    harness.close()


@pytest.fixture
def console() -> Iterator[Console]:
    yield from opened(Priced(0.002))


def run(console: Console, *lines: str) -> list[str]:
    """The output of the last line."""
    output: list[str] = []
    for line in lines:
        output = list(console.run(line))
    return output


def reverted(console: Console, *lines: str) -> Reverted:
    run(console, *lines)
    assert isinstance(console.outcome, Reverted)
    return console.outcome


def at_the_model(console: Console) -> int:
    """Step to the call of `ask(n)`, and return its record."""
    run(console, "step", "until 0.1")
    assert console.debugger.stop.kind == "model"
    return console.debugger.cursor


def test_an_undone_move_is_named_and_its_reply_is_not_paid_again(console: Console) -> None:
    at = at_the_model(console)
    found = reverted(console, "step", "undo")
    assert (found.how, found.command, found.left) == ("undone", "step", None)
    assert (found.reply, found.next_call) == ("recorded", None)
    first, second = run(console, "redo", "undo")
    assert first == f"undone: step · the next step takes the recorded reply · back at record {at}"
    assert second == f"[main] record {at} · before the model · 0.1 · ask(n)"


def test_an_undone_change_says_what_is_only_on_its_branch(console: Console) -> None:
    run(console, "continue", "goto 0.1", "regenerate 0.1", "step", "step", "step")
    found = reverted(console, "undo", "undo", "undo", "undo")
    assert found.command == "regenerate 0.1" and found.left is not None
    assert (found.left.branch, found.left.steps, found.left.calls) == ("regenerate-1", 1, 1)
    line = run(console, "redo", "undo")[0]
    assert line.endswith("1 action and 1 call ($0.0020) are only on regenerate-1")
    assert run(console, "redo")[0].startswith("redone: regenerate 0.1 · ")


def test_after_an_undo_in_place_the_model_is_asked_again_at_a_known_price(console: Console) -> None:
    at = at_the_model(console)
    found = reverted(console, "regenerate 0.1 hint 'be brief'", "step", "undo", "undo")
    assert found.command == "regenerate 0.1 hint 'be brief'" and found.reply == "asked"
    assert found.next_call is not None and found.next_call.is_again
    assert found.next_call.estimate.cost_usd == pytest.approx(0.002)
    line = run(console, "redo", "undo")[0]
    assert line == (
        "undone: regenerate 0.1 hint 'be brief' · the next step asks gpt-4o-mini again, about $0.0020 · "
        f"back at record {at} · 1 call ($0.0020) is no longer part of the run"
    )
    debugger = console.debugger
    expected = Step().estimate_to_confirm(debugger)
    assert expected is not None and expected.cost_usd == pytest.approx(0.002)
    assert Step().estimate(debugger) is None  # a script is not told of it
    before = len(debugger.log)
    run(console, "step")
    assert debugger.branch == "undone-1" and len(debugger.log) > before
    assert Step().estimate_to_confirm(debugger) is None


def test_a_call_that_was_never_answered_is_no_repetition(console: Console) -> None:
    at_the_model(console)
    found = reverted(console, "set spare = 1", "undo")
    assert found.next_call is not None and not found.next_call.is_again
    assert "the next step asks gpt-4o-mini, about $0.0020" in run(console, "redo", "undo")[0]
    assert Step().estimate_to_confirm(console.debugger) is None


def test_a_reply_that_is_reused_is_not_asked_for_again(console: Console) -> None:
    at_the_model(console)
    found = reverted(console, "set spare = 1", "continue", "undo", "undo")
    assert (found.reply, found.next_call) == ("recorded", None)
    run(console, "step")
    assert console.debugger.branch == "undone-1"
    assert console.debugger.timeline.usage.at(console.debugger.cursor).calls == 1
    found = reverted(console, "undo", "reuse off", "redo", "undo")
    assert found.reply == "asked" and found.next_call is not None and found.next_call.is_again


def test_undo_and_redo_list_what_they_would_take(console: Console) -> None:
    assert run(console, "undo list") == ["nothing to undo"]
    run(console, "step", "watch 1 + 1", "step")
    cursor = console.debugger.cursor
    lines = run(console, "undo list")
    watched = "watch 1 + 1 (watch an expression at every stop, or stop watching it)"
    assert [line.split("  →")[0] for line in lines] == [
        "1  step (to the next stop)",
        f"2  {watched}",
        "3  step (to the next stop)",
    ]
    assert "→ record 3 · before the model · 0 · solve(instruction, observation)" in lines[0] and lines[
        0
    ].endswith(" · on main")
    assert lines[-1].endswith("→ before the first observation · on main")
    assert console.debugger.cursor == cursor and isinstance(console.outcome, UndoListed)
    assert run(console, "redo list") == ["nothing to redo"]
    found = reverted(console, "undo", "undo")
    assert found.command == "watch 1 + 1"
    assert [line.split("  →")[0] for line in run(console, "redo list")] == [
        f"1  {watched}",
        "2  step (to the next stop)",
    ]
    console.debugger.step()
    assert run(console, "undo list")[0].startswith("1  a command  → ")
    assert parse("undo list") == Undo(is_list=True)


def test_the_list_says_where_each_move_came_from(console: Console) -> None:
    at_the_model(console)
    run(console, "back", "goto 0", "until 0.1")
    lines = run(console, "undo list")
    assert lines[0].startswith("1  until 0.1 (to 0.1)  → record ")
    assert lines[1].startswith("2  goto 0 (to the first stop at 0)  → record ")
    assert lines[2].startswith("3  back (back to the stop before)  → record ")
    assert "before the model · 0.1" in lines[2]


def test_the_list_has_places_on_other_branches(console: Console) -> None:
    at_the_model(console)
    run(console, "continue", "regenerate 0.1", "back")
    first, second, *_ = run(console, "undo list")
    assert first.endswith(" · on regenerate-1") and second.endswith(" · on main")
    assert second.startswith("2  regenerate 0.1 (request another expansion") and "at the end" in second


def confirmed(console: Console, line: str) -> CostEstimate | None:
    return parse(line).estimate_to_confirm(console.debugger)


def test_a_regeneration_and_a_retry_of_what_failed_are_confirmed(console: Console) -> None:
    at_the_model(console)
    run(console, "continue")
    one = confirmed(console, "regenerate 0.1")
    assert one is not None and one.calls == 1 and one.cost_usd == pytest.approx(0.002)
    assert one.least_usd == one.most_usd == pytest.approx(0.002)
    assert Regenerate("0.1").estimate(console.debugger) is None
    three = confirmed(console, "regenerate 0.1 candidates 3")
    assert three is not None and three.calls == 3
    assert confirmed(console, "retry 0.0") is None  # code, without a call
    assert confirmed(console, "retry 0.1") is None  # its reply is reused
    run(console, "reuse off")
    again = Retry("0.1").estimate_to_confirm(console.debugger)
    assert again is not None and again.calls == 1


def test_the_price_of_another_model_is_its_own() -> None:
    for console in opened(Listed(0.002)):
        at_the_model(console)
        other = confirmed(console, "regenerate 0.1 model large")
        assert other is not None and other.cost_usd == pytest.approx(0.02)
        assert "would cost 0.020000 USD with large" in other.basis
        unknown = confirmed(console, "regenerate 0.1 model huge")
        assert unknown is not None and unknown.cost_usd is None
    for console in opened(Priced(0.002)):
        at_the_model(console)
        other = confirmed(console, "regenerate 0.1 model large")
        assert other is not None and other.cost_usd is None and "at an unknown price" in other.basis


@pytest.mark.parametrize(
    ("policy", "cost"), [(Listed(0.002), None), (Priced(0.0), None), (Scripted([]), 0.0)]
)
def test_before_the_first_call_a_policy_that_says_so_is_free(policy: Policy, cost: float | None) -> None:
    for console in opened(policy):
        run(console, "step")
        assert console.debugger.stop.kind == "model"
        expected = confirmed(console, "regenerate 0")
        assert expected is not None and expected.cost_usd == cost
