"""While a model thinks or a world hangs, the screen says so and answers; a pause keeps what arrives."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from recode_core.debugger.commands import Console
from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ActionFinished, ExpansionReplied, WorldFailed
from recode_core.executor import Limits
from recode_core.policies.scripted import Scripted
from recode_tui.opening import Open, Opening
from tests.tui.debug.conftest import ROOT, Scripting, Sit
from tests.tui.debug.doubles import Hanging, Slow, reply
from tests.tui.debug.seat import Seat

CODE = "a = 1\nb = 2\nc = 3"
AT_ONCE = 0.1
"""Seconds; of the processor's time for a key: a screen that waited for the engine would never answer."""


@pytest.fixture
def model() -> Iterator[Slow]:
    slow = Slow(Scripted({ROOT: reply(CODE)}))
    yield slow
    slow.let_go.set()


@pytest.fixture
def slow(scripting: Scripting, model: Slow) -> Open:
    """A run whose model thinks until it is let go."""
    return scripting(policy=model)


async def thinking(seat: Seat, model: Slow) -> None:
    """Let it come to where the model thinks, and is seen to."""
    await seat.hit("c")
    await seat.until(lambda: model.asked.is_set() and "waiting for the model" in seat.status)


async def at_once(seat: Seat) -> float:
    """The seconds in which a key must be answered; more on a machine that is slow even with nothing to do."""
    took = []
    for _ in range(5):
        began = time.monotonic()
        await seat.taken()
        took.append(time.monotonic() - began)
    return AT_ONCE + 5 * sorted(took)[2]


async def seconds_until(seat: Seat, text: str) -> float:
    began = time.monotonic()
    await seat.until(lambda: text in seat.status)
    return time.monotonic() - began


async def test_what_is_waited_for_is_said_with_the_time_that_it_takes(
    sit: Sit, slow: Open, model: Slow
) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        first = seat.status
        await seat.until(lambda: seat.status != first)
        assert "◐ waiting for the model" in seat.status
        assert " s " in seat.status


@pytest.mark.timed
async def test_pause_is_said_at_once_and_keeps_the_reply(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        patience = await at_once(seat)
        await seat.hit("p")
        assert await seconds_until(seat, "pausing, waiting for the model") < patience
        model.let_go.set()
        await seat.settle()
        assert seat.at == ("statement", "0.0")
        assert [event.finish for event in seat.events(ExpansionReplied)] == ["stop"]


@pytest.mark.timed
async def test_pause_right_after_continue_is_said_at_once_too(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await seat.press("s")
        assert seat.at == ("model", "0")
        patience = await at_once(seat)
        await seat.hit("c", "p")
        assert await seconds_until(seat, "pausing, waiting for the model") < patience
        model.let_go.set()
        await seat.settle()
        assert "pausing" not in seat.status


async def test_a_second_pause_breaks_off_and_keeps_what_arrived(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        await seat.hit("p", "p")
        await seat.settle()
        assert seat.at == ("model", "0")
        assert [(event.finish, event.text) for event in seat.events(ExpansionReplied)] == [
            ("aborted", "<think>let me see")
        ]
        assert "before the model" in seat.status
        assert "103 tok" in seat.status


async def test_how_much_has_come_is_said_and_what_was_broken_off_can_be_read_on(
    sit: Sit, slow: Open, model: Slow
) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        await seat.until(lambda: "waiting for the model · 17 characters" in seat.status)
        assert "p pause; again: break off" in seat.footer and "step" not in seat.footer
        await seat.hit("p", "p")
        await seat.press("2", "right_square_bracket", "right_square_bracket")
        assert "No reply has arrived to the last request. The one before was:" in seat.code
        assert "<think>let me see" in seat.code and "broken off before its end" in seat.code


@pytest.mark.timed
async def test_control_c_pauses_and_the_second_breaks_off(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        patience = await at_once(seat)
        await seat.hit("ctrl+c")
        assert await seconds_until(seat, "pausing, waiting for the model") < patience
        await seat.hit("ctrl+c")
        await seat.settle()
        assert [event.finish for event in seat.events(ExpansionReplied)] == ["aborted"]


async def test_control_c_at_rest_leaves_when_it_is_pressed_twice(sit: Sit, slow: Open) -> None:
    async with sit(slow) as seat:
        await seat.press("ctrl+c")
        assert "ctrl+c once more leaves" in seat.footer
        await seat.hit("ctrl+c")
        await seat.until(lambda: not seat.app.is_running)
        assert seat.app.return_value is None


async def test_the_reply_is_seen_while_it_arrives(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await seat.press("right_square_bracket", "right_square_bracket")
        await thinking(seat, model)
        await seat.until(lambda: "<think>let me see" in seat.code)
        model.let_go.set()
        await seat.settle()


@pytest.mark.timed
async def test_every_key_of_the_screen_is_answered_while_the_model_thinks(
    sit: Sit, slow: Open, model: Slow
) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        seconds = []
        keys = "2 tab plus plus 1 down F right_square_bracket slash a escape y colon s escape question_mark"
        for key in keys.split():
            began = time.process_time()
            await seat.hit(key)
            seconds.append(time.process_time() - began)
        assert sorted(seconds)[len(seconds) // 2] < AT_ONCE
        assert seat.has_dialog
        assert model.asked.is_set()
        model.let_go.set()


async def test_another_command_is_not_queued_behind_a_long_one_but_told_so(
    sit: Sit, slow: Open, model: Slow
) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        for key in ("s", "x", "z", "b"):
            await seat.hit(key)
            assert "waiting for the model: p pauses, a second p breaks it off" in seat.footer or key == "b"
        model.let_go.set()
        await seat.settle()
        assert seat.at[0] == "end"


async def test_keys_that_come_quickly_are_all_done(sit: Sit, scripting: Scripting) -> None:
    async with sit(scripting("a = 1\nb = 2\nc = 3\nd = 4")) as seat:
        await seat.hit("s", "s", "s", "s")
        await seat.settle()
        assert seat.at == ("statement", "0.2")


async def test_leaving_while_the_model_thinks_asks_first(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        await seat.hit("q")
        assert "What is under way is broken off; what has arrived is kept." in seat.seen
        await seat.hit("escape")
        assert not seat.has_dialog
        await seat.hit("ctrl+q", "y")
        await seat.until(lambda: not seat.app.is_running)
        assert seat.app.return_value is None


async def test_escape_breaks_nothing_off(sit: Sit, slow: Open, model: Slow) -> None:
    async with sit(slow) as seat:
        await thinking(seat, model)
        await seat.hit("escape", "escape")
        assert not model.aborted.is_set()
        model.let_go.set()
        await seat.settle()
        assert seat.at[0] == "end"


async def test_a_pause_that_comes_too_late_stops_nothing_later(sit: Sit, scripting: Scripting) -> None:
    let_go = threading.Event()

    def work(console: Console) -> Iterator[str]:
        let_go.wait(10)
        yield "done"

    async with sit(scripting(CODE)) as seat:
        seat.screen.do("something else", work)
        await seat.hit("p")
        let_go.set()
        await seat.settle()
        await seat.press("c")
        assert seat.at[0] == "end"


# worlds


@pytest.mark.timed
async def test_a_world_that_hangs_is_named_and_broken_off_and_the_run_goes_on_in_another(
    sit: Sit, scripting: Scripting
) -> None:
    asked, let_go = threading.Event(), threading.Event()
    open_session = scripting("run('one')\nrun('hang')", world=lambda: Hanging(let_go, asked))
    async with sit(open_session) as seat:
        await seat.hit("c")
        await seat.until(lambda: asked.is_set() and "waiting for the environment" in seat.status)
        patience = await at_once(seat)
        await seat.hit("2", "1", "down")
        assert seat.focus == "plan"
        await seat.hit("p")
        assert await seconds_until(seat, "pausing, waiting for the environment") < patience
        await seat.hit("p")
        await seat.settle()
        assert seat.at == ("action", "0.1")
        assert "the world was closed" in seat.footer
        assert seat.events(WorldFailed)
        let_go.set()
        await seat.press("c")
        assert seat.at[0] == "end"
        assert len(seat.events(ActionFinished)) == 2


async def test_a_world_that_takes_long_to_open_lets_the_screen_be_drawn_and_left(
    sit: Sit, scripting: Scripting
) -> None:
    let_go, is_open = threading.Event(), threading.Event()

    def world() -> ScriptedWorld:
        let_go.wait(60)
        is_open.set()
        return ScriptedWorld()

    async with sit(scripting(CODE, world=world), waits=False) as seat:
        await seat.until(lambda: "opening" in seat.status)
        await seat.hit("s", "2", "tab", "e", "b", "slash", "escape", "y", "t", "F", "exclamation_mark")
        assert "opening" in seat.status and not is_open.is_set()
        let_go.set()
        await seat.settle()
        assert seat.frame is not None


async def test_while_a_session_opens_every_key_says_so_and_how_to_leave_and_then_it_is_forgotten(
    sit: Sit, scripting: Scripting
) -> None:
    let_go = threading.Event()

    def world() -> ScriptedWorld:
        let_go.wait(60)
        return ScriptedWorld()

    doubles = scripting(CODE, world=world)
    async with sit(Opening("doubles one", doubles), waits=False) as seat:
        await seat.until(lambda: "opening doubles one" in seat.status)
        assert "q leave" in seat.footer and "step" not in seat.footer
        await seat.until(lambda: seat.screen.under_way.is_long)
        for key in ("p", "s", "n", "p"):
            await seat.hit(key)
            assert "opening doubles one, for " in seat.footer and "q leaves" in seat.footer
        let_go.set()
        await seat.settle()
        assert "opening" not in seat.footer + seat.status
        assert "s step" in seat.footer
        assert seat.at == ("start", "0")


async def test_a_limit_asks_how_far_to_go_on(sit: Sit, scripting: Scripting) -> None:
    code = "\n".join(f"run('{number}')" for number in range(5))
    async with sit(scripting(code, limits=Limits(steps=2))) as seat:
        await seat.hit("c")
        await seat.until(lambda: "The limit of steps is reached" in seat.seen)
        assert "2 of 2" in seat.seen
        await seat.hit("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.settle()
        assert len(seat.events(ActionFinished)) > 2


async def test_a_limit_that_stays_leaves_the_run_there(sit: Sit, scripting: Scripting) -> None:
    async with sit(scripting("run('a')\nrun('b')", limits=Limits(steps=1))) as seat:
        await seat.hit("c")
        await seat.until(lambda: "The limit of steps is reached" in seat.seen)
        await seat.hit("escape")
        await seat.until(lambda: not seat.has_dialog)
        assert "at a limit" in seat.status
        await seat.hit("s")
        await seat.until(lambda: "The limit of steps is reached" in seat.seen)
        await seat.hit("enter")
        await seat.until(lambda: not seat.has_dialog)
        await seat.settle()
        assert len(seat.events(ActionFinished)) == 2
