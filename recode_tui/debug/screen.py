"""The debugger's screen: what each key does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on

from recode_tui.debug import asking, finding, flows, keys, sizes
from recode_tui.debug.drafts import Drafts
from recode_tui.debug.messages import CodeWanted, Rested
from recode_tui.debug.palette import Palette
from recode_tui.debug.panel_screen import PANELS
from recode_tui.debug.panels.code import CodePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.prompt import Mode, Prompt
from recode_tui.debug.search import Found
from recode_tui.debug.session_screen import SessionScreen
from recode_tui.debug.status_line import LastLine
from recode_tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession
    from recode_tui.debug.dialogs import BreakpointsScreen, CandidatesScreen

_TWICE = 2.0  # seconds in which a second ctrl+c leaves


class DebugScreen(SessionScreen):
    """A session under the user's hands."""

    BINDINGS = keys.bindings()
    COMMANDS = {Palette}  # noqa: RUF012

    def __init__(self, open_session: Callable[[], DebugSession]) -> None:
        super().__init__(open_session)
        self.found = Found()
        self.trial: CandidatesScreen | None = None
        self.marking: BreakpointsScreen | None = None
        self.drafts = Drafts(self._show_drafts)
        self._panel_before = "plan"
        self._typed = ""
        self._interrupted = 0.0

    def run(self, line: str, block: str | None = None) -> None:
        if not flows.is_held_up(self, line):
            super().run(line, block)

    def _show_drafts(self, nodes: frozenset[str]) -> None:
        self.plan.drafts = self.code.drafts = nodes

    def tell(self, rested: Rested) -> None:
        is_typed, self._typed = rested.line == self._typed, ""
        flows.tell(self, rested, is_typed)
        if not rested.error and (reached := flows.limit_before(self, rested.line)) is not None:
            self.run_in_background(asking.raise_limit, self, reached)

    def hear_aside(self, branch: str, asked: int, text: str) -> None:
        kind, _, number = branch.rpartition("-")
        if self.trial is not None and kind == "candidate":
            self.trial.hear(int(number), text, asked)

    @on(CodeWanted)
    def _code_wanted(self, message: CodeWanted) -> None:
        self.run_in_background(asking.write_code, self, message.request)

    # panels

    @on(PlanPanel.NodeShown)
    def show_node(self) -> None:
        """Show the node that is looked at in the panels beside the plan."""
        self.later(self.look)

    @on(PlanPanel.NodeChosen)
    def _node_chosen(self, message: PlanPanel.NodeChosen) -> None:
        self.run(f"goto {message.node}")

    @on(CodePanel.LineToggled)
    def _line_toggled(self, message: CodePanel.LineToggled) -> None:
        self.toggle_breakpoint("line", f"{message.call}:{message.line}")

    @on(EnvironmentPanel.ActShown)
    def _act_shown(self, message: EnvironmentPanel.ActShown) -> None:
        if message.act.place is not None and self.frame is not None:
            self.plan.follow = False
            self.plan.reveal(message.act.place.node)
            self.later(self.look_at_code)

    @on(EnvironmentPanel.ActChosen)
    def _act_chosen(self, message: EnvironmentPanel.ActChosen) -> None:
        self.run_in_background(asking.read, self, message.act, group="read", exclusive=True)

    @on(VariablesPanel.HistoryWanted)
    def _history_wanted(self, message: VariablesPanel.HistoryWanted) -> None:
        self.run_in_background(asking.history, self, message.name)

    @on(VariablesPanel.OriginWanted)
    def _origin_wanted(self, message: VariablesPanel.OriginWanted) -> None:
        self._typed = f"origin {message.name}"
        self.run(self._typed)

    @on(TimelinePanel.MomentChosen)
    def _moment_chosen(self, message: TimelinePanel.MomentChosen) -> None:
        flows.go(self, message.branch, message.n)

    # the prompt

    @on(Prompt.Entered)
    def _entered(self, message: Prompt.Entered) -> None:
        self.action_panel(self._panel_before)
        if message.mode == ":":
            if text := message.text.strip():
                self._typed = text
                flows.command(self, text)
        else:
            finding.find(self, self._panel_before, message.text)
            self.action_found(0)

    @on(Prompt.Typed)
    def _typing(self, message: Prompt.Typed) -> None:
        if message.mode == "/":
            finding.type_ahead(self, self._panel_before, message.text)

    @on(Prompt.ActionsWanted)
    def _actions_wanted(self) -> None:
        self.run_in_background(asking.offer, self, group="offer", exclusive=True)

    @on(Prompt.Left)
    def _left(self) -> None:
        self.action_panel(self._panel_before)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that open the prompt are letters in it."""
        return not (action in ("begin", "search", "note", "set") and isinstance(self.focused, Prompt))

    def on_key(self) -> None:
        """A breakpoint that was met has been read."""
        if self.query_one(LastLine).message[0] == "hit":
            self.say("info", "")

    # commands

    def action_run(self, line: str) -> None:
        if not self.is_working and (reached := flows.limit_before(self, line)) is not None:
            self.run_in_background(asking.raise_limit, self, reached)
        else:
            self.run(line)

    def action_until(self) -> None:
        place = flows.place_under_cursor(self)
        self.run(f"until {place}")

    def action_pause(self) -> None:
        flows.pause(self)

    def action_edit(self) -> None:
        flows.edit(self)

    def action_edit_outside(self) -> None:
        flows.edit(self, outside=True)

    def action_regenerate(self) -> None:
        self.run_in_background(asking.regenerate, self)

    def action_retry(self) -> None:
        self.run(f"retry {self.plan.node}")

    def action_act(self) -> None:
        flows.act(self)

    def action_set(self) -> None:
        if not self.is_refused():
            self.action_begin("set ")

    def action_note(self) -> None:
        notes = self.frame.annotations.notes if self.frame is not None else {}
        self.action_begin(f"note {self.plan.node} {notes.get(self.plan.node, '')}")

    def action_break_here(self) -> None:
        if not (self.panel_of(self.focused) == "code" and self.code.toggle()):
            place = flows.line_of(self, self.plan.node)
            if place is None:
                self.say("error", "no line of code holds this node: break placeholder NAME stops at it")
            else:
                self.toggle_breakpoint("line", place)

    def toggle_breakpoint(self, kind: str, pattern: str) -> None:
        """Set a breakpoint, or delete it where it is set."""
        points = self.frame.annotations.breakpoints.values() if self.frame is not None else ()
        known = next((point for point in points if (point.kind, point.pattern) == (kind, pattern)), None)
        self._typed = f"delete {known.id}" if known is not None else f"break {kind} {pattern}"
        self.run(self._typed)

    def action_breakpoints(self) -> None:
        asking.breakpoints(self)

    def action_branches(self) -> None:
        self.run_in_background(asking.branches, self)

    # looking

    def action_follow(self) -> None:
        self.plan.follow = True
        if self.frame is not None:
            self.plan.reveal(self.frame.node)
            self.show_node()

    def action_failure(self) -> None:
        frame = self.frame
        faults = frame.timeline.failures if frame is not None else []
        if frame is None or not faults:
            self.say("info", "nothing has failed on this branch")
            return
        self.run(f"goto {next((n for n in faults if n > frame.n), faults[0])}")

    def action_search(self) -> None:
        self._open("/", "")

    def action_found(self, by: int) -> None:
        finding.go(self, self.panel_of(self.focused), by)

    def action_only_found(self) -> None:
        hits = frozenset(self.found.nodes)
        self.plan.filter(None if self.plan.is_filtered or not hits else hits.__contains__)

    def action_copy(self) -> None:
        flows.copy(self)

    # the screen

    def action_begin(self, text: str) -> None:
        self._open(":", text)

    def action_panel(self, name: str) -> None:
        if name != "plan":
            for panel in PANELS:
                self.set_class(panel == name, f"-show-{panel}")
        if self.has_class("-zoomed"):
            self._alone(name)
        widget = self.query_one(f"#{name}")
        self.set_focus(widget.query_one(TextView) if name == "code" else widget)

    def action_next_panel(self, by: int) -> None:
        at = PANELS.index(self.panel_of(self.focused))
        self.action_panel(PANELS[(at + by) % len(PANELS)])

    def action_zoom(self) -> None:
        self.toggle_class("-zoomed")
        self._alone(self.panel_of(self.focused))

    def action_tab(self, by: int) -> None:
        self.code.next_tab(by)

    def action_size(self, name: str, by: int) -> None:
        self.panel_sizes = self.panel_sizes.changed(name, by)
        self.lay_out()
        sizes.save(self.panel_sizes)

    def action_help(self) -> None:
        asking.help(self)

    def action_leave(self) -> None:
        flows.leave(self)

    def action_interrupt(self) -> None:
        if text := self.get_selected_text():
            self.app.copy_to_clipboard(text)
            self.say("info", "copied")
        elif self.is_working:
            flows.pause(self)
        elif time.monotonic() - self._interrupted < _TWICE:
            flows.leave(self)
        else:
            self._interrupted = time.monotonic()
            self.say("info", "ctrl+c once more leaves; the session is kept")

    def action_back_out(self) -> None:
        if self.has_class("-zoomed"):
            self.action_zoom()
        finding.forget(self)
        if self.plan.is_filtered:
            self.plan.filter(None)
        self.clear_selection()
        self.say("info", "")

    def _open(self, mode: Mode, text: str) -> None:
        self._panel_before = self.panel_of(self.focused)
        self.query_one(Prompt).open(mode, text)

    def _alone(self, name: str) -> None:
        for panel in PANELS:
            self.set_class(panel == name, f"-alone-{panel}")
