"""Calls that cost money are confirmed, with the price first; and an undo says what the next step does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Digits

from recode_core.events import ExpansionReplied
from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.profile import Profile
from recode_core.values import Observation
from recode_tui.debug.dialogs.candidates import CandidatesScreen
from recode_tui.debug.dialogs.price import PriceScreen
from tests.policies.openai.endpoint import USAGE, Endpoint, says, serving
from tests.tui.debug.conftest import OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import reply

LOST = {"go": Observation("Lost.", 0.0, True, False)}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "a-key-that-is-long-enough")


def priced(endpoint: Endpoint, *costs: float | None, local: bool = False) -> Chat:
    """A model whose calls are billed at these prices, the last again and again."""
    endpoint.responses = [
        says(reply("run('go')"), usage=USAGE if cost is None else {**USAGE, "cost": cost}) for cost in costs
    ]
    return Chat(Profile(endpoint.url, "gpt-4o-mini", "TEST_KEY", local=local), "test")


async def asks_price(ui: DebuggerPilot) -> PriceScreen:
    """Wait for the question, and return its dialog."""
    await ui.until(lambda: isinstance(ui.app.screen, PriceScreen))
    await ui.taken()
    assert isinstance(ui.app.screen, PriceScreen)
    return ui.app.screen


async def answer(ui: DebuggerPilot, key: str) -> None:
    await ui.hit(key)
    await ui.until(lambda: not isinstance(ui.app.screen, PriceScreen))
    await ui.settle()


async def undo_a_regeneration(ui: DebuggerPilot) -> None:
    """Go back to before a request whose reply is no longer used then."""
    await ui.press("s")
    await ui.hit("colon")
    await ui.write("regenerate 0 hint brief")
    await ui.hit("enter")
    await asks_price(ui)
    await answer(ui, "y")
    await ui.press("s", "z", "z")


async def test_after_an_undo_the_screen_says_that_the_model_is_asked_again_and_asks_first(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, 0.0021), answers=LOST)) as ui:
        await undo_a_regeneration(ui)
        assert ui.at == ("model", "0") and len(endpoint.asked) == 1
        assert "before the model, asks gpt-4o-mini again" in ui.status
        assert "undone: regenerate 0 hint brief · the next step asks gpt-4o-mini again, about $0.0021" in (
            ui.footer
        )
        await ui.hit("s")
        dialog = await asks_price(ui)
        assert dialog.query_one(Digits).value == "$0.0021"
        assert "about $0.0021 · 1 call · 107 tokens" in ui.seen
        assert "`step` asks gpt-4o-mini again, because its reply was undone." in ui.seen
        assert "one call for 0; a call took" not in ui.seen
        await ui.hit("question_mark")
        await ui.until(lambda: "one call for 0; a call took" in ui.seen)
        await answer(ui, "n")
        assert len(endpoint.asked) == 1 and ui.at == ("model", "0")
        await ui.hit("c")
        await asks_price(ui)
        await answer(ui, "y")
        assert len(endpoint.asked) == 2 and "again" not in ui.status
        assert len(ui.events(ExpansionReplied)) == 2


async def test_an_undone_step_keeps_its_reply_and_asks_nothing(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, 0.0021), answers=LOST)) as ui:
        await ui.press("s", "s", "z")
        assert "undone: step · the next step takes the recorded reply" in ui.footer
        assert "again" not in ui.status
        await ui.press("s")
        assert not ui.has_dialog and len(endpoint.asked) == 1


async def test_keys_that_are_typed_ahead_of_an_undo_do_not_spend(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, 0.0021), answers=LOST)) as ui:
        await undo_a_regeneration(ui)
        await ui.press("Z")
        for key in ("z", "s", "s", "s"):
            ui.post(key)
        await asks_price(ui)
        await answer(ui, "n")
        assert len(endpoint.asked) == 1 and not ui.has_dialog


@pytest.mark.parametrize("local", [True, False])
async def test_a_local_server_never_asks_and_an_unknown_price_is_said_as_such(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint, local: bool
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, None, local=local), answers=LOST)) as ui:
        await ui.press("c")
        await ui.hit("colon")
        await ui.write("regenerate 0")
        await ui.hit("enter")
        if not local:
            await asks_price(ui)
            assert "price unknown" in ui.seen and "1 call · 107 tokens" in ui.seen
            await answer(ui, "y")
        await ui.settle()
        assert ui.at == ("model", "0") and ui.frame.branch == "regenerate-1"


async def test_blame_is_confirmed_with_its_range(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, 0.001, 0.003), answers=LOST)) as ui:
        await ui.press("c")
        await ui.hit("colon")
        await ui.write("blame")
        await ui.hit("enter")
        dialog = await asks_price(ui)
        assert dialog.query_one(Digits).value == "$0.0030"
        assert "about $0.0030 · 3 calls · 321 tokens" in ui.seen and "`blame 3` asks the model." in ui.seen
        await answer(ui, "escape")
        assert len(endpoint.asked) == 1 and not ui.has_dialog
        await ui.hit("colon")
        await ui.write("blame 1")
        await ui.hit("enter")
        await asks_price(ui)
        await ui.hit("y")
        await ui.until(lambda: "blame 1" in ui.seen and "0 of 1 solved" in ui.seen)
        await ui.hit("escape")
        await ui.settle()
        assert len(endpoint.asked) == 2
        await ui.hit("colon")
        await ui.write("blame 2")
        await ui.hit("enter")
        await asks_price(ui)
        assert "about $0.0040, from $0.0020 to $0.0060 · 2 calls" in ui.seen


async def test_candidates_are_confirmed_before_they_are_asked_for(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, 0.0021), answers=LOST)) as ui:
        await ui.press("c", "home")
        for key, asked in (("n", 1), ("y", 3)):
            await ui.hit("g")
            await ui.until(lambda: ui.has_dialog)
            await ui.hit("tab", "tab", "tab", "backspace", "2", "enter")
            await asks_price(ui)
            assert "about $0.0042 · 2 calls" in ui.seen
            await ui.hit(key)
            await ui.until(lambda: not isinstance(ui.app.screen, PriceScreen))
            if key == "y":
                await ui.until(lambda: isinstance(ui.app.screen, CandidatesScreen))
            await ui.until(lambda asked=asked: len(endpoint.asked) == asked)  # type: ignore[misc]
        await ui.settle()


async def test_a_retry_is_confirmed_where_it_asks_the_model(
    open_screen: OpenScreen, script_run: ScriptRun, endpoint: Endpoint
) -> None:
    async with open_screen(script_run(policy=priced(endpoint, 0.0021), answers=LOST)) as ui:
        await ui.press("c", "home")
        await ui.command("reuse off")
        await ui.hit("r")
        await asks_price(ui)
        await answer(ui, "y")
        assert ui.frame.branch == "retry-1" and len(endpoint.asked) == 1
        await ui.press("s")
        assert len(endpoint.asked) == 2 and not ui.has_dialog


async def test_a_policy_without_a_cost_is_never_confirmed(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("run('go')", LOST)) as ui:
        await ui.press("s")
        await ui.command("regenerate 0 hint brief")
        await ui.press("s", "z", "z")
        assert "the next step asks scripted again · back at record" in ui.footer
        assert "asks scripted again" in ui.status
        await ui.press("s")
        assert not ui.has_dialog and ui.frame.branch == "undone-1"


async def test_what_undo_would_take_is_listed(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("run('go')", LOST)) as ui:
        await ui.press("s", "s")
        await ui.command("undo list")
        assert "1  step (to the next stop)  → record" in ui.seen
        assert "2  step (to the next stop)  → before the first observation · on main" in ui.seen
