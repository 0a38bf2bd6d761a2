"""Dialogs that ask the engine, or give it what was chosen in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from recode_core.debugger.diff import difference
from recode_core.environments.reading import laid_out
from recode_core.errors import RecodeError
from recode_core.timeline import Timeline
from recode_tui.debug import dialogs, flows
from recode_tui.debug.action_suggestions import Offer
from recode_tui.debug.command_line import CommandLine
from recode_tui.debug.dialogs.regeneration import Regeneration
from recode_tui.debug.edit_targets import wanted
from recode_tui.debug.keys import GROUPS
from recode_tui.debug.panels.pages import call_asked

if TYPE_CHECKING:
    from recode_core.debugger.console import Console
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.events import LimitReached
    from recode_core.log import Log
    from recode_core.policies.policy import Request
    from recode_core.timeline.actions import Action
    from recode_tui.debug.engine import Engine
    from recode_tui.debug.screen import DebugScreen

Answer = TypeVar("Answer")
_BUSY = "waiting until what is under way is over, to ask the world what is possible…"
_ASKED = "asking the world what is possible…"
_BROUGHT = "bringing the world back to this moment, to ask it what is possible…"


async def read(screen: DebugScreen, act: Action) -> None:
    """Read an observation whole, as its environment lays it out; to load that may take a moment."""
    if screen.stage is not None:
        name, text = screen.stage.session.header.settings.environment, act.observation.text
        page = await asyncio.to_thread(laid_out, name, text)
        heading = act.action or "The first observation"
        screen.app.push_screen(dialogs.ObservationScreen(heading, text, page))


def help(screen: DebugScreen) -> None:
    """The keys and the commands."""
    screen.app.push_screen(dialogs.HelpScreen(screen.active_bindings, tuple(GROUPS)))


def breakpoints(screen: DebugScreen) -> None:
    """The breakpoints, which go on being the session's while the dialog is open."""
    if screen.frame is not None:

        def close(nothing: None) -> None:
            screen.marking = None

        screen.marking = dialogs.BreakpointsScreen(screen.frame.annotations, screen.run)
        screen.app.push_screen(screen.marking, close)


async def history(screen: DebugScreen, name: str) -> None:
    """Every change of a variable; one of them can be gone to."""
    if screen.frame is None:
        return
    from recode_core.debugger import queries  # the engine has loaded it by now

    changes = await _asked(screen, lambda console: queries.history(console.debugger.parts, name))
    if changes is None:
        return
    dialog: dialogs.ChangesScreen = dialogs.ChangesScreen(name, changes, screen.frame.n, lambda n: whole(n))

    def whole(n: int) -> None:
        async def ask() -> None:
            found = await _asked(screen, lambda console: queries.full_value(console.debugger.parts, name, n))
            if found is not None:
                dialog.give(n, found.value)

        screen.run_in_background(ask)

    if (n := await screen.app.push_screen_wait(dialog)) is not None:
        screen.run(f"goto {n}")


async def branches(screen: DebugScreen) -> None:
    """The branches: go to one, or look at two side by side."""
    if screen.frame is None:
        return
    log = screen.frame.log
    found = screen.stage.session.branches.branches() if screen.stage is not None else ()
    match await screen.app.push_screen_wait(dialogs.BranchesScreen(found, screen.frame.branch)):
        case dialogs.Switch(name=name):
            screen.run(f"switch {name}")
        case dialogs.Compare(left=left, right=right):
            await compare(screen, log, left, right)


async def compare(screen: DebugScreen, log: Log, left: str, right: str) -> None:
    """Two branches side by side."""

    def work() -> dialogs.CompareScreen:
        moments = Timeline(log.line(left)).end, Timeline(log.line(right)).end
        return dialogs.CompareScreen((left, right), *moments, difference(*moments))

    screen.app.push_screen(await asyncio.to_thread(work))


async def regenerate(screen: DebugScreen) -> None:
    """Ask again for the node that is looked at."""
    frame = screen.frame
    if screen.is_refused():
        return
    if frame is None:
        return
    is_in_code = screen.panel_of(screen.focused) == "code"
    node = screen.code.call if is_in_code else call_asked(frame, screen.plan.node)
    known = frame.node_text(node)
    asked = frame.timeline.expansions.histories.get(node)
    if known is None or asked is None or not asked.requests:
        screen.say("error", f"nothing has been asked for {screen.plan.node} yet")
        return

    def price(wish: Regeneration) -> None:
        screen.run_in_background(_price, screen.engine, dialog, wish)

    dialog = dialogs.RegenerateScreen(node, known.text, asked.requests[-1].model, price, _warmth(screen))
    wish = await screen.app.push_screen_wait(dialog)
    if wish is None:
        return
    if wish.candidates == 1:
        screen.run(wish.line())
    else:
        code = frame.moment.code_shown(node)
        await _try_out(screen, wish, known.text, code.text if code is not None else "")


def _warmth(screen: DebugScreen) -> float | None:
    """The temperature that the run is asked at; None where that is not known."""
    sampling = screen.stage.session.header.settings.sampling if screen.stage is not None else {}
    warmth = sampling.get("temperature")
    return float(warmth) if isinstance(warmth, int | float) else None


async def _try_out(screen: DebugScreen, wish: Regeneration, statement: str, present: str) -> None:
    """Several candidates side by side; one of them may be taken."""
    first = screen.frame.log.next_number("candidate") if screen.frame is not None else None
    screen.trial = dialogs.CandidatesScreen(
        wish.node, statement, present, wish.candidates, lambda: flows.pause(screen), first
    )
    screen.run(wish.line())
    number = await screen.app.push_screen_wait(screen.trial)
    screen.trial = None
    if number is not None:
        screen.run(f"graft {number}")


async def raise_limit(screen: DebugScreen, reached: LimitReached) -> None:
    """A limit stopped the run: raise it and go on, or leave it."""
    value = await screen.app.push_screen_wait(dialogs.LimitScreen(reached))
    if value is None:
        return
    line = f"limit {reached.name} {value if isinstance(value, str) else f'{value:.12g}'}"

    def work(console: Console) -> list[str]:
        return [*console.run(line), *console.run("continue")]

    screen.do(line, work)


async def write_code(screen: DebugScreen, request: Request) -> None:
    """A person is the policy: have them write the code of a placeholder, or leave the run where it is."""
    frame = screen.stage.frame(screen.engine.timeline) if screen.stage is not None else None
    if frame is not None:
        screen.show(frame)
    code = await flows.written(screen, wanted(request, frame))
    if code is None:
        screen.engine.pause()
    screen.engine.write(code)


async def offer(screen: DebugScreen) -> None:
    """Offer the actions that would do something where the cursor is; the world may have to come there."""
    line = screen.query_one(CommandLine)

    def is_elsewhere(console: Console) -> bool:
        return console.debugger.needs_restore

    def possible(console: Console) -> tuple[str, ...]:
        with console.debugger.busy():  # a pause or an abort is over with it
            return console.debugger.possible()

    line.show(Offer("waiting", said=_BUSY if screen.is_working else _ASKED))
    try:
        if await asyncio.wrap_future(screen.engine.ask(is_elsewhere)) and line.is_awaited:
            line.show(Offer("waiting", said=_BROUGHT))
        actions = await asyncio.wrap_future(screen.engine.ask(possible))
    except RecodeError as error:
        found = Offer("failed", said=str(error))
    else:
        found = Offer("here", actions)
    if line.is_awaited:
        line.show(found)


async def _asked(screen: DebugScreen, question: Callable[[Console], Answer]) -> Answer | None:
    """The engine's answer; None, once the error has been said."""
    try:
        return await asyncio.wrap_future(screen.engine.ask(question))
    except RecodeError as error:
        screen.say("error", str(error))
        return None


async def _price(engine: Engine, dialog: dialogs.RegenerateScreen, wish: Regeneration) -> None:
    def ask(console: Console) -> CostEstimate:
        from recode_core.debugger import candidates

        return candidates.estimate(console.debugger.parts, wish.node, wish.candidates, wish.rollout)

    try:
        dialog.show_estimate(wish, await asyncio.wrap_future(engine.ask(ask)))
    except RecodeError as error:
        dialog.show_estimate(wish, str(error))
