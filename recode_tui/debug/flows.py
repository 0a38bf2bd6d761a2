"""What takes more than a line: dialogs that end in a command, and what is said of commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from recode_core.errors import RecodeError
from recode_core.events import ActionReached, ActionReplaced, LimitReached, StatementFailed
from recode_tui.debug import dialogs
from recode_tui.debug.action_suggestions import taken
from recode_tui.debug.dialogs.external_editor import EditorFailed, edited_outside
from recode_tui.debug.drafts import node_of
from recode_tui.debug.edit_targets import Editable, editable
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.variables import VariablesPanel

if TYPE_CHECKING:
    from recode_core.debugger.console import Console
    from recode_core.debugger.diverged_world import WorldDivergence
    from recode_tui.debug.messages import Rested
    from recode_tui.debug.screen import DebugScreen

_MOVES = frozenset({"step", "next", "finish", "continue"})


def tell(screen: DebugScreen, rested: Rested, is_typed: bool) -> None:
    """Say what came of a command: in the last line, or where it has no room, in a window."""
    if not rested.error:
        screen.drafts.pop(rested.line, None)
    if screen.marking is not None:
        screen.marking.annotations = rested.moment.annotations
    if screen.trial is not None and rested.line.startswith("regenerate "):
        if rested.error:
            screen.trial.failed(rested.error)
        else:
            screen.trial.finished(rested.candidates)
    elif screen.marking is not None and screen.marking.is_ready:
        if rested.error:
            screen.marking.complain(rested.error)
    elif rested.differs is not None:
        _choose(screen, rested.line, rested.differs)
    elif rested.error:
        if "\n" in rested.error:
            screen.app.push_screen(dialogs.SaidScreen(f"{rested.line} failed", rested.error.split("\n")))
        again = "; the edit is kept: e opens it again" if rested.line in screen.drafts else ""
        screen.say("error", f"{rested.error}{again}")
    elif rested.moment.hits:
        screen.say(
            "hit", "; ".join(f"breakpoint {hit.breakpoint.id}: {hit.text}" for hit in rested.moment.hits)
        )
    elif is_typed and len(rested.said) > 1:
        screen.app.push_screen(dialogs.SaidScreen(rested.line, rested.said))
    elif is_typed and rested.said:
        screen.say("info", rested.said[0])
    elif screen.frame is not None and isinstance(event := screen.frame.event, StatementFailed):
        screen.say("error", f"{event.failure.type}: {event.failure.message}".rstrip(": "))


def _choose(screen: DebugScreen, line: str, differs: WorldDivergence) -> None:
    """Have the user say what becomes of a world that answered otherwise."""
    again = "; the edit is kept: e opens it again" if line in screen.drafts else ""

    def choose(choice: str | None) -> None:
        if choice == "accept":
            screen.run("accept")
        elif choice == "again" and not again:
            screen.run(line)
        else:
            screen.say("info", f"nothing was changed{again}")

    screen.app.push_screen(dialogs.DivergedScreen(differs), choose)


def limit_before(screen: DebugScreen, line: str) -> LimitReached | None:
    """The limit that the run rests at, so that a move would only end it; None for all that is no move."""
    frame = screen.frame
    if frame is None or frame.stop.kind != "limit" or line not in _MOVES:
        return None
    event = frame.event
    is_last = frame.stop.n == frame.timeline.stops[-1].n
    return event if is_last and isinstance(event, LimitReached) else None


def command(screen: DebugScreen, line: str) -> None:
    """Run a line that was typed; one that needs a text opens the editor."""
    name, _, rest = line.partition(" ")
    if name in ("edit", "reply", "prompt") and rest.strip():
        _edit(
            screen, {"edit": "code"}.get(name, name), rest.split()[0], from_here="from-here" in rest.split()
        )
    else:
        screen.action_run(line)


def go(screen: DebugScreen, branch: str, n: int) -> None:
    """To a record of a branch."""
    is_there = screen.frame is not None and screen.frame.branch == branch
    if is_there:
        screen.run(f"goto {n}")
        return

    def work(console: Console) -> Iterator[str]:
        yield from console.run(f"switch {branch}")
        yield from console.run(f"goto {n}")

    screen.do(f"switch {branch}", work)


def pause(screen: DebugScreen) -> None:
    """Pause; once more breaks off what is under way."""
    if screen.under_way.is_opening:
        screen.say("info", screen.under_way.way_out)
    elif not screen.is_working:
        screen.say("info", "nothing is under way")
    elif screen.engine.is_pausing:
        try:
            screen.engine.abort()
        except RecodeError as error:
            screen.say("error", str(error))
        else:
            screen.say("info", "broken off: what had arrived is kept")
    else:
        screen.engine.pause()


def place_under_cursor(screen: DebugScreen) -> str:
    """The line under the cursor of the code, else the node under that of the plan."""
    line = screen.code.line if screen.panel_of(screen.focused) == "code" else None
    return screen.plan.node if line is None else f"{line[0]}:{line[1]}"


def line_of(screen: DebugScreen, node: str) -> str | None:
    """Where a node's statement stands in code, as NODE:LINE."""
    known = screen.frame.node_text(node) if screen.frame is not None else None
    call = screen.frame.timeline.tree.call_of(node) if screen.frame is not None else ""
    return f"{call}:{known.span.line}" if known is not None and call else None


def is_held_up(screen: DebugScreen, command: str) -> bool:
    """Whether a command would run past an edit that was not accepted; then one is shown where it is."""
    line = screen.drafts.before(screen.frame, command) if screen.frame is not None else None
    if line is None or screen.frame is None:
        return False
    node, sort = node_of(line), line.partition(" ")[0]
    screen.action_panel("plan")
    screen.plan.follow = False
    screen.plan.reveal(node)
    screen.code.tab = "prompt" if sort == "prompt" else "reply" if sort == "reply" else "code"
    screen.show_node()
    screen.say("error", f"{node} has an edit that was not accepted: e opens it, to accept or throw it away")
    return True


def edit(screen: DebugScreen, outside: bool = False) -> None:
    """Edit what is shown: a prompt or a reply in its tab, else the code or the statement at the focus."""
    is_page = screen.code.display and screen.code.tab in ("prompt", "reply")
    sort = screen.code.tab if is_page else "code"
    node = screen.code.call if is_page or screen.panel_of(screen.focused) == "code" else screen.plan.node
    _edit(screen, sort, node, outside=outside)


def _edit(
    screen: DebugScreen, sort: str, node: str, *, outside: bool = False, from_here: bool = False
) -> None:
    frame = screen.frame
    if frame is None or screen.is_refused():
        return
    found = editable(frame, sort, node, from_here)
    if isinstance(found, str):
        screen.say("error", found)
    elif outside and not found.messages:
        _outside(screen, found)
    else:
        screen.run_in_background(_in_editor, screen, found)


async def _in_editor(screen: DebugScreen, found: Editable) -> None:
    if found.messages:
        draft = screen.drafts.pop(found.line, None)
        dialog = dialogs.MessagesScreen(
            found.title, found.messages, draft=draft if isinstance(draft, tuple) else None
        )
        if (messages := await screen.app.push_screen_wait(dialog)) is not None:

            def work(console: Console) -> Iterator[str]:
                from recode_core.debugger import render
                from recode_core.debugger.outcomes import stop_reached

                console.debugger.prompt(found.node, messages)
                yield from render.stop_reached(stop_reached(console.debugger))

            screen.drafts[found.line] = messages
            screen.do(found.line, work)
        elif dialog.draft is not None:
            screen.drafts[found.line] = dialog.draft
        return
    if (text := await written(screen, found)) is not None:
        _take(screen, found, text)
    elif found.line in screen.drafts:
        screen.say("info", f"the draft for {found.node} is kept: e opens it again")


async def written(screen: DebugScreen, found: Editable) -> str | None:
    """The text that was accepted in the editor; what was left there becomes the draft."""
    draft = screen.drafts.pop(found.line, None)
    editor = dialogs.EditorScreen(
        found.title,
        found.text,
        language=found.language,
        check=found.check,
        note=found.note,
        draft=draft if isinstance(draft, str) else None,
    )
    text = await screen.app.push_screen_wait(editor)
    if editor.draft is not None:
        screen.drafts[found.line] = editor.draft
    return text


def _take(screen: DebugScreen, found: Editable, text: str) -> None:
    screen.drafts[found.line] = text  # until it is taken
    screen.run(found.line, text)


def _outside(screen: DebugScreen, found: Editable) -> None:
    try:
        text = edited_outside(screen.app, found.text, ".py" if found.language == "python" else ".txt")
    except EditorFailed as error:
        screen.say("error", str(error))
        return
    if text == found.text:
        screen.say("info", "the editor changed nothing")
    elif (fault := found.check(text)) is not None:
        screen.drafts[found.line] = text
        screen.say("error", f"not accepted: {fault}; e opens the draft")
    else:
        _take(screen, found, text)


def act(screen: DebugScreen) -> None:
    """Begin another action in place of the one that is about to be taken."""
    frame = screen.frame
    if screen.is_refused():
        return
    if frame is None or frame.stop.kind != "action":
        screen.say("info", "an action is replaced where the run is about to act: step there first")
        return
    event = frame.event
    action = event.action if isinstance(event, ActionReached | ActionReplaced) else ""
    screen.action_begin(taken(action))


def copy(screen: DebugScreen) -> None:
    """Copy what the focus is on."""
    text = screen.get_selected_text() or _copied(screen)
    if text:
        screen.app.copy_to_clipboard(text)
        screen.say("info", f"copied: {text}")


def _copied(screen: DebugScreen) -> str:
    match screen.panel_of(screen.focused):
        case "code":
            return screen.code.page.copied()
        case "environment":
            act = screen.query_one(EnvironmentPanel).act
            return act.observation.text if act is not None else ""
        case "variables":
            bound = screen.query_one(VariablesPanel).bound
            return bound.variable.value if bound is not None and bound.variable is not None else ""
    known = screen.frame.node_text(screen.plan.node) if screen.frame is not None else None
    return known.text if known is not None else ""


def leave(screen: DebugScreen) -> None:
    """Leave; ask, if something would be lost."""
    losses = []
    if screen.is_working:
        losses.append("What is under way is broken off; what has arrived is kept.")
    if screen.drafts:
        many = len(screen.drafts)
        losses.append("An edit was not accepted." if many == 1 else f"{many} edits were not accepted.")
    if not losses:
        screen.leave()
        return

    def answer(is_sure: bool | None) -> None:
        if is_sure:
            screen.leave()

    screen.app.push_screen(
        dialogs.ConfirmScreen("Leave the debugger?", " ".join(losses), yes="Leave", no="Stay"), answer
    )
