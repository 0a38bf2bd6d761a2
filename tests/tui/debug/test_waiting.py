"""While a model thinks or a world hangs, the screen says so and answers; a pause keeps what arrives."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from recode_core.debugger.commands import Print
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.outcomes import Outcome
from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ActionFinished, ExpansionReplied, WorldFailed
from recode_core.executor import Limits
from recode_core.policies.policy import Reply, Request
from recode_core.policies.scripted import Scripted
from recode_tui.session_sources import Open, SessionSource
from tests.support.waiting import PATIENCE
from tests.tui.debug.conftest import ROOT, OpenScreen, ScriptRun
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.debug.doubles import BlockingPolicy, HangingWorld, reply

CODE = "a = 1\nb = 2\nc = 3"


@pytest.fixture
def model() -> Iterator[BlockingPolicy]:
    slow = BlockingPolicy(Scripted({ROOT: reply(CODE)}))
    yield slow
    slow.let_go.set()


@pytest.fixture
def slow(script_run: ScriptRun, model: BlockingPolicy) -> Open:
    """A run whose model thinks until it is let go."""
    return script_run(policy=model)


async def thinking(ui: DebuggerPilot, model: BlockingPolicy) -> None:
    """Let it come to where the model thinks, and is seen to."""
    await ui.hit("c")
    await ui.until(lambda: model.asked.is_set() and "waiting for slow" in ui.status)


async def test_what_is_waited_for_is_said_with_the_time_that_it_takes(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        first = ui.status
        await ui.until(lambda: ui.status != first)
        assert "◐ waiting for slow" in ui.status
        assert " s " in ui.status


async def test_pause_is_said_at_once_and_keeps_the_reply(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.hit("p")
        await ui.until(lambda: "pausing, waiting for slow" in ui.status)
        model.let_go.set()
        await ui.settle()
        assert ui.at == ("statement", "0.0")
        assert [event.finish for event in ui.events(ExpansionReplied)] == ["stop"]


async def test_pause_right_after_continue_is_said_at_once_too(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await ui.press("s")
        assert ui.at == ("model", "0")
        await ui.hit("c", "p")
        await ui.until(lambda: "pausing, waiting for slow" in ui.status)
        model.let_go.set()
        await ui.settle()
        assert "pausing" not in ui.status


async def test_a_second_pause_breaks_off_and_keeps_what_arrived(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.hit("p", "p")
        await ui.settle()
        assert ui.at == ("model", "0")
        assert [(event.finish, event.text) for event in ui.events(ExpansionReplied)] == [
            ("aborted", "<think>let me see")
        ]
        assert "before the model" in ui.status
        assert "103 tok" in ui.status


async def test_help_and_the_command_line_open_while_the_model_thinks(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        assert ": command" in ui.footer and "? help" in ui.footer
        await ui.hit("question_mark")
        await ui.until(lambda: "to the next stop point" in ui.seen)
        await ui.hit("escape", "colon")
        await ui.write("where")
        assert ui.prompt == "where"
        await ui.hit("enter")
        await ui.until(lambda: "waiting for slow: p pauses" in ui.footer)
        model.let_go.set()
        await ui.settle()


async def test_how_much_has_come_is_said_and_what_was_broken_off_can_be_read_on(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.until(lambda: "waiting for slow · 17 characters" in ui.status)
        assert "p pause; again: abort" in ui.footer and "step" not in ui.footer
        await ui.hit("p", "p")
        await ui.press("2", "right_square_bracket", "right_square_bracket")
        assert "No reply has arrived to the last request. The one before was:" in ui.code
        assert "<think>let me see" in ui.code and "broken off before its end" in ui.code


async def test_control_c_pauses_and_the_second_breaks_off(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.hit("ctrl+c")
        await ui.until(lambda: "pausing, waiting for slow" in ui.status)
        await ui.hit("ctrl+c")
        await ui.settle()
        assert [event.finish for event in ui.events(ExpansionReplied)] == ["aborted"]


async def test_control_c_at_rest_leaves_when_it_is_pressed_twice(open_screen: OpenScreen, slow: Open) -> None:
    async with open_screen(slow) as ui:
        await ui.press("ctrl+c")
        assert "ctrl+c once more leaves" in ui.footer
        await ui.hit("ctrl+c")
        await ui.until(lambda: not ui.app.is_running)
        assert ui.app.return_value is None


async def test_the_reply_is_seen_while_it_arrives(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await ui.press("right_square_bracket", "right_square_bracket")
        await thinking(ui, model)
        await ui.until(lambda: "<think>let me see" in ui.code)
        model.let_go.set()
        await ui.settle()


async def test_the_reply_is_seen_in_code_until_it_is_code(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.until(lambda: "<think>let me see" in ui.code)
        assert "Code · 0 solve" in ui.code
        assert "◐ slow is replying" in ui.code and "Not expanded yet" not in ui.code
        await ui.hit("right_square_bracket")
        assert "is replying" not in ui.code
        await ui.hit("right_square_bracket")
        assert "<think>let me see" in ui.code
        await ui.hit("left_square_bracket", "left_square_bracket", "2", "b")  # nothing to break at
        await ui.until(lambda: "◐ slow is replying" in ui.code)
        model.let_go.set()
        await ui.settle()
        assert "is replying" not in ui.code and "a = 1" in ui.code


async def test_a_reply_of_a_placeholder_in_code_takes_the_place_of_the_code_around_it(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    policy = BlockingPolicy(Scripted({ROOT: reply("a = 1\nfind_it()"), "find_it()": reply("b = 2")}))
    policy.let_go.set()
    async with open_screen(script_run(policy=policy)) as ui:
        await ui.press("s", "s", "s")
        assert ui.at == ("model", "0.1")
        policy.let_go.clear()
        policy.asked.clear()
        await ui.hit("s")
        await ui.until(lambda: "◐ slow is replying" in ui.code)
        assert "Code · 0.1 find_it" in ui.code and "a = 1" not in ui.code
        await ui.hit("1", "up")  # another node: its code
        await ui.until(lambda: "is replying" not in ui.code)
        assert "a = 1" in ui.code
        await ui.hit("down")
        await ui.until(lambda: "◐ slow is replying" in ui.code)
        policy.let_go.set()
        await ui.settle()
        assert "b = 2" in ui.code


class Talker:
    """Says a line whenever it is let go on, and ends with code."""

    model = "talker"

    def __init__(self) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        while line := self.lines.get(timeout=PATIENCE):
            stream(line)
        return Reply(reply(CODE))

    def abort(self) -> None:
        self.lines.put("")


@pytest.mark.parametrize("tab", ["code", "reply"])
async def test_a_stream_is_followed_to_its_end_unless_the_user_scrolled_up(
    open_screen: OpenScreen, script_run: ScriptRun, tab: str
) -> None:
    policy = Talker()
    async with open_screen(script_run(policy=policy)) as ui:
        await ui.press("2", *(["right_square_bracket"] * 2 if tab == "reply" else []))
        await ui.hit("c")
        for number in range(200):
            policy.lines.put(f"line {number} of it\n")
        await ui.until(lambda: "line 199 of it" in ui.code)
        assert "line 3 of it" not in ui.code
        await ui.hit("home")
        await ui.until(lambda: "line 3 of it" in ui.code)
        policy.lines.put("line 200 of it\n")
        await ui.until(lambda: ui.screen.code.page.document.lines[-2] == "line 200 of it")
        assert "line 3 of it" in ui.code
        await ui.hit("end")
        policy.lines.put("line 201 of it\n")
        await ui.until(lambda: "line 201 of it" in ui.code)
        await ui.pilot.resize_terminal(100, 30)
        await ui.until(lambda: "line 201 of it" in ui.code)
        policy.lines.put("")
        await ui.settle()
        assert ui.at[0] == "end"


async def test_every_key_of_the_screen_is_answered_while_the_model_thinks(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        keys = "2 tab plus plus 1 down F right_square_bracket slash a escape y colon s escape question_mark"
        for key in keys.split():
            await ui.hit(key)  # a screen that waited for the engine would wait for ever
        assert ui.has_dialog
        assert model.asked.is_set()
        model.let_go.set()


async def test_another_command_is_not_queued_behind_a_long_one_but_told_so(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        for key in ("s", "x", "z", "b"):
            await ui.hit(key)
            assert "waiting for slow: p pauses, a second p aborts" in ui.footer or key == "b"
        model.let_go.set()
        await ui.settle()
        assert ui.at[0] == "end"


async def test_keys_that_come_quickly_are_all_done(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    async with open_screen(script_run("a = 1\nb = 2\nc = 3\nd = 4")) as ui:
        await ui.hit("s", "s", "s", "s")
        await ui.settle()
        assert ui.at == ("statement", "0.2")


@pytest.mark.slow
async def test_leaving_while_the_model_thinks_asks_first(
    open_screen: OpenScreen, slow: Open, model: BlockingPolicy
) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.hit("q")
        assert "The running command is aborted; what has arrived is kept." in ui.seen
        await ui.hit("escape")
        assert not ui.has_dialog
        await ui.hit("ctrl+q", "y")
        await ui.until(lambda: not ui.app.is_running)
        assert ui.app.return_value is None


async def test_escape_breaks_nothing_off(open_screen: OpenScreen, slow: Open, model: BlockingPolicy) -> None:
    async with open_screen(slow) as ui:
        await thinking(ui, model)
        await ui.hit("escape", "escape")
        assert not model.aborted.is_set()
        model.let_go.set()
        await ui.settle()
        assert ui.at[0] == "end"


async def test_a_pause_that_comes_too_late_stops_nothing_later(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    let_go = threading.Event()

    class Wait(Print, frozen=True):
        def execute(self, debugger: Debugger) -> Outcome:
            let_go.wait(PATIENCE)
            return super().execute(debugger)

    async with open_screen(script_run(CODE)) as ui:
        ui.screen.controller.execute(Wait("1"))
        await ui.hit("p")
        let_go.set()
        await ui.settle()
        await ui.press("c")
        assert ui.at[0] == "end"


# worlds


@pytest.mark.slow
async def test_a_world_that_hangs_is_named_and_broken_off_and_the_run_goes_on_in_another(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    asked, let_go = threading.Event(), threading.Event()
    open_session = script_run("run('one')\nrun('hang')", world=lambda: HangingWorld(let_go, asked))
    async with open_screen(open_session) as ui:
        await ui.hit("c")
        await ui.until(lambda: asked.is_set() and "waiting for doubles (hang)" in ui.status)
        await ui.hit("2", "1", "down")
        assert ui.focus == "plan"
        await ui.hit("p")
        await ui.until(lambda: "pausing, waiting for doubles (hang)" in ui.status)
        await ui.hit("p")
        await ui.settle()
        assert ui.at == ("action", "0.1")
        assert "the world was closed" in ui.footer
        assert ui.events(WorldFailed)
        let_go.set()
        await ui.press("c")
        assert ui.at[0] == "end"
        assert len(ui.events(ActionFinished)) == 2


async def test_a_world_that_takes_long_to_open_lets_the_screen_be_drawn_and_left(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    let_go, is_open = threading.Event(), threading.Event()

    def world() -> ScriptedWorld:
        let_go.wait(PATIENCE)
        is_open.set()
        return ScriptedWorld()

    async with open_screen(script_run(CODE, world=world), waits=False) as ui:
        await ui.until(lambda: "opening" in ui.status)
        await ui.hit("s", "2", "tab", "e", "b", "slash", "escape", "y", "t", "F", "exclamation_mark")
        assert "opening" in ui.status and not is_open.is_set()
        let_go.set()
        await ui.settle()
        assert ui.frame is not None


async def test_while_a_session_opens_every_key_says_so_and_how_to_leave_and_then_it_is_forgotten(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    let_go = threading.Event()

    def world() -> ScriptedWorld:
        let_go.wait(PATIENCE)
        return ScriptedWorld()

    doubles = script_run(CODE, world=world)
    async with open_screen(SessionSource("doubles one", doubles), waits=False) as ui:
        await ui.until(lambda: "opening doubles one" in ui.status)
        assert "q leave" in ui.footer and "step" not in ui.footer
        await ui.until(lambda: ui.screen.controller.pending.is_long)
        for key in ("p", "s", "n", "p"):
            await ui.hit(key)
            assert "opening doubles one, for " in ui.footer and "q leaves" in ui.footer
        let_go.set()
        await ui.settle()
        assert "opening" not in ui.footer + ui.status
        assert "s step" in ui.footer
        assert ui.at == ("start", "0")


async def test_a_limit_asks_how_far_to_go_on(open_screen: OpenScreen, script_run: ScriptRun) -> None:
    code = "\n".join(f"run('{number}')" for number in range(5))
    async with open_screen(script_run(code, limits=Limits(steps=2))) as ui:
        await ui.hit("c")
        await ui.until(lambda: "The limit of steps is reached" in ui.seen)
        assert "2 of 2" in ui.seen
        await ui.hit("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.settle()
        assert len(ui.events(ActionFinished)) > 2


async def test_a_limit_that_stays_leaves_the_run_there(
    open_screen: OpenScreen, script_run: ScriptRun
) -> None:
    async with open_screen(script_run("run('a')\nrun('b')", limits=Limits(steps=1))) as ui:
        await ui.hit("c")
        await ui.until(lambda: "The limit of steps is reached" in ui.seen)
        await ui.hit("escape")
        await ui.until(lambda: not ui.has_dialog)
        assert "at a limit" in ui.status
        await ui.hit("s")
        await ui.until(lambda: "The limit of steps is reached" in ui.seen)
        await ui.hit("enter")
        await ui.until(lambda: not ui.has_dialog)
        await ui.settle()
        assert len(ui.events(ActionFinished)) == 2
