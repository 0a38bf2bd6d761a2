"""A world that answers otherwise when it is brought back: the old state stays, and the user chooses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.debugger import Debugger
from recode_core.environments.environment import Restoration
from recode_core.environments.household import Household
from recode_core.environments.household.world import HouseholdWorld
from recode_core.errors import Diverged, EnvironmentUnavailable, RecodeError
from recode_core.events import ActionFinished, WorldReset
from recode_core.log import MAIN
from recode_core.session import Settings
from recode_core.testing import RunWiring, scripted_policy
from recode_core.values import Observation
from tests.support.waiting import PATIENCE

CODE = "a = run('fill')\nb = [run('look'), run('pour')]\nc = run('end')"


class Shelf:
    """Worlds in the order in which they are opened; `cups` is what each says on `look`."""

    def __init__(self, *cups: str, rooms: tuple[str, ...] = ()) -> None:
        self.worlds: list[Cup] = []
        self._cups, self._rooms = cups, rooms

    def open(self) -> Cup:
        number = len(self.worlds)
        cup = self._cups[min(number, len(self._cups) - 1)]
        room = self._rooms[min(number, len(self._rooms) - 1)] if self._rooms else "a room"
        self.worlds.append(Cup(cup, room))
        return self.worlds[-1]


class Cup:
    """A world that can't be saved, and whose content is not always the same."""

    instruction = "drink."
    step_limit = 100

    def __init__(self, cup: str, room: str) -> None:
        self.is_closed = False
        self.asked: list[str] = []
        self.hold: threading.Event | None = None
        self._cup, self._room = cup, room

    def reset(self) -> Observation:
        return Observation(self._room)

    def step(self, action: str) -> Observation:
        if self.is_closed:
            raise EnvironmentUnavailable("closed")
        self.asked.append(action)
        text = self._cup if action == "look" else f"you {action}"
        return Observation(text, done=action == "end", success=action == "end")

    def close(self) -> None:
        self.is_closed = True


@contextmanager
def debugging(shelf: Shelf) -> Iterator[Debugger]:
    debugger = RunWiring(lambda: scripted_policy(CODE), shelf.open).debugger()
    try:
        yield debugger
    finally:
        debugger.close()
    assert all(world.is_closed for world in shelf.worlds)


def at_action(debugger: Debugger, action: str) -> int:
    """Go back to before an action."""
    rests = [r for r in debugger.timeline.stops if r.kind == "action"]
    actions = [debugger.timeline.records[debugger.timeline.index(r.n)].event for r in rests]
    return next(
        r.n for r, event in zip(rests, actions, strict=True) if getattr(event, "action", "") == action
    )


def differing(debugger: Debugger) -> None:
    """Act where the world has to be brought back, and differs."""
    debugger.goto(at_action(debugger, "end"))
    with pytest.raises(Diverged, match="nothing is changed; `accept` continues"):
        debugger.action("drink")


def test_the_old_state_stays_until_the_user_chooses() -> None:
    with debugging(Shelf("tea", "milk")) as debugger:
        debugger.resume()
        line = list(debugger.timeline.records)
        differing(debugger)
        assert debugger.timeline.records == line and list(debugger.log.branches) == [MAIN]
        assert debugger.evaluate("b") == "['tea', 'you pour']"


def test_accepted_the_run_goes_on_from_where_the_world_differed() -> None:
    shelf = Shelf("tea", "milk")
    with debugging(shelf) as debugger:
        debugger.resume()
        differing(debugger)
        rest = debugger.accept()
        assert (debugger.branch, rest.kind) == ("accept-1", "action")
        started = debugger.log.branches["accept-1"]
        assert started is not None
        assert started.reason == "the world diverged from the observation in record 12"
        (_, accepted) = [r.event for r in debugger.timeline.records if isinstance(r.event, ActionFinished)]
        assert isinstance(accepted, ActionFinished)
        assert (accepted.observation.text, accepted.by) == ("milk", "world")
        assert debugger.resume().kind == "end"
        assert debugger.evaluate("b") == "['milk', 'you pour']"
        assert shelf.worlds[1].asked == ["fill", "look", "pour", "end"]
        assert "'tea'" in str(debugger.log.line(MAIN)).replace('"', "'")


def test_the_branch_that_was_accepted_is_brought_back_like_any_other() -> None:
    shelf = Shelf("tea", "milk")
    with debugging(shelf) as debugger:
        debugger.resume()
        differing(debugger)
        debugger.accept()
        debugger.resume()
        debugger.goto(at_action(debugger, "end"))
        debugger.action("drink")
        assert debugger.branch == "action-1"
        assert shelf.worlds[-1].asked == ["fill", "look", "pour"]


def test_the_same_command_tries_again_and_drops_the_world_that_differed() -> None:
    shelf = Shelf("tea", "milk", "tea")
    with debugging(shelf) as debugger:
        debugger.resume()
        differing(debugger)
        debugger.action("drink")
        assert shelf.worlds[1].is_closed and debugger.branch == "action-1"
        with pytest.raises(RecodeError, match="nothing to accept"):
            debugger.accept()


def test_accepting_is_undone_to_the_earlier_branch() -> None:
    with debugging(Shelf("tea", "milk", "tea")) as debugger:
        debugger.resume()
        differing(debugger)
        cursor = debugger.cursor
        debugger.accept()
        debugger.undo()
        assert (debugger.branch, debugger.cursor) == (MAIN, cursor)
        assert debugger.evaluate("b") == "['tea', 'you pour']"
        debugger.action("drink")
        assert debugger.branch == "action-1"


def test_another_beginning_is_accepted_from_the_start() -> None:
    with debugging(Shelf("tea", rooms=("a room", "a hall"))) as debugger:
        debugger.resume()
        differing(debugger)
        debugger.accept()
        events = [record.event for record in debugger.timeline.records]
        assert [e.observation.text for e in events if isinstance(e, WorldReset)] == ["a hall"]
        assert debugger.resume().kind == "end"
        assert debugger.evaluate("observation") == "'a hall'"


def test_what_differed_on_one_branch_is_not_accepted_on_another() -> None:
    with debugging(Shelf("tea", "tea", "milk")) as debugger:
        debugger.resume()
        debugger.goto(at_action(debugger, "fill"))
        debugger.action("rinse")
        debugger.switch(MAIN)
        debugger.goto(at_action(debugger, "end"))
        with pytest.raises(Diverged):
            debugger.action("drink")
        debugger.switch("action-1")
        with pytest.raises(RecodeError, match="nothing to accept"):
            debugger.accept()


def test_a_world_that_hangs_while_it_is_brought_back_is_ended_by_abort() -> None:
    shelf = Shelf("tea")
    with debugging(shelf) as debugger:
        debugger.resume()
        debugger.goto(at_action(debugger, "end"))
        world = Cup("tea", "a room")
        waiting, closed = threading.Event(), threading.Event()

        def hang(action: str) -> Observation:
            waiting.set()
            assert closed.wait(PATIENCE)
            raise EnvironmentUnavailable("it was closed")

        world.step, world.close = hang, closed.set  # type: ignore[method-assign]
        debugger.parts.restorer._open_world = lambda: world

        def end_it() -> None:
            waiting.wait(PATIENCE)
            debugger.abort()

        abort = threading.Thread(target=end_it)
        abort.start()
        with pytest.raises(EnvironmentUnavailable, match="it was closed"):
            debugger.action("drink")
        abort.join()
        assert debugger.branch == MAIN and debugger.evaluate("b") == "['tea', 'you pour']"


class Leaky(Household):
    """A household that can only be replayed, and in which one thing is said otherwise."""

    restoration: Restoration = "replay"
    lies = False

    def open(self, task_id: str) -> HouseholdWorld:
        world = super().open(task_id)
        step = world.step

        def told(action: str) -> Observation:
            observation = step(action)
            return Observation(observation.text + "!", observation.score) if self.lies else observation

        world.step = told  # type: ignore[method-assign]
        return world


def test_a_session_whose_world_differs_is_opened_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Leaky()
    monkeypatch.setattr("recode_core.episode.find_environment", lambda name: home)
    path = tmp_path / "run.jsonl"
    with debug_session.start(Settings("household", "put:7"), path) as opened:
        opened.debugger.add_breakpoint("action", "take *")
        opened.debugger.resume()
    home.lies = True
    with debug_session.open_live(path) as opened:
        assert "the run differs from its recording at record" in opened.notice
        assert "`accept` continues in this world" in opened.notice
        console = Console(opened.debugger)
        assert list(console.run("where"))
        assert any("accept-1" in line for line in console.run("accept"))
        assert list(console.run("step"))
        assert opened.debugger.timeline.records[-1].branch == "accept-1"
    with debug_session.open_live(path) as opened:
        assert opened.notice == ""
        assert opened.debugger.branch == "accept-1"
