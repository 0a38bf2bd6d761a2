"""The debugger's screen: its keys and the messages of its panels, passed to the controller."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events, on

from recode_tui.concepts import CONCEPTS
from recode_tui.debug import commands, key_bindings, keys
from recode_tui.debug.palette import Palette
from recode_tui.debug.panel_screen import PANELS
from recode_tui.debug.panel_search import PanelSearch
from recode_tui.debug.panels.code import CodePanel
from recode_tui.debug.panels.console import ConsolePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.prompt import Prompt
from recode_tui.debug.session_screen import SessionScreen
from recode_tui.debug.status_line import StatusLine
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import LEGEND, WORDS

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession

_TWICE = 2.0  # seconds in which a second ctrl+c leaves


class DebugScreen(SessionScreen):
    """The screen of an open session, with its keys."""

    BINDINGS = key_bindings.bindings()
    COMMANDS = {Palette}  # noqa: RUF012

    def __init__(self, open_session: Callable[[], DebugSession]) -> None:
        super().__init__(open_session)
        self.search = PanelSearch(self)
        self._interrupted = 0.0

    def show(self, frame: Frame) -> None:
        super().show(frame)
        if self.search.text:
            self.defer(self.search.refresh)

    # panels

    @on(PlanPanel.NodeShown)
    def _node_shown(self) -> None:
        self.defer(self.show_selected)

    @on(PlanPanel.NodeChosen)
    def _node_chosen(self, message: PlanPanel.NodeChosen) -> None:
        self.controller.go_to_node(message.node)

    @on(CodePanel.LineToggled)
    def _line_toggled(self, message: CodePanel.LineToggled) -> None:
        self.controller.marks.toggle_breakpoint("line", f"{message.call}:{message.line}")

    @on(EnvironmentPanel.ActionShown)
    def _action_shown(self, message: EnvironmentPanel.ActionShown) -> None:
        if message.action.place is not None and self.frame is not None:
            self.plan.follow = False
            self.plan.reveal(message.action.place.node)
            self.defer(self.show_selected_code)

    @on(EnvironmentPanel.ActionChosen)
    def _action_chosen(self, message: EnvironmentPanel.ActionChosen) -> None:
        self.start(lambda: self.controller.flows.read_observation(message.action), only="read")

    @on(VariablesPanel.HistoryRequested)
    def _history_requested(self, message: VariablesPanel.HistoryRequested) -> None:
        self.start(lambda: self.controller.flows.show_history(message.name))

    @on(VariablesPanel.OriginRequested)
    def _origin_requested(self, message: VariablesPanel.OriginRequested) -> None:
        self.controller.show_origin(message.name)

    @on(TimelinePanel.MomentChosen)
    def _moment_chosen(self, message: TimelinePanel.MomentChosen) -> None:
        self.controller.go_to(message.branch, message.n)

    @on(ConsolePanel.ReferenceChosen)
    def _reference_chosen(self, message: ConsolePanel.ReferenceChosen) -> None:
        self.controller.follow(message.row.references[message.number], message.row.branch)

    @on(ConsolePanel.NothingNamed)
    def _nothing_named(self) -> None:
        self.report("info", "this line names no record, node or branch to go to")

    @on(TimelinePanel.MomentPreviewed)
    def _moment_previewed(self, message: TimelinePanel.MomentPreviewed) -> None:
        self.controller.previews.show(message.branch, message.n)

    @on(TimelinePanel.PreviewEnded)
    @on(events.ScreenSuspend)
    def _preview_ended(self) -> None:
        self.controller.previews.end()

    @on(StatusLine.MessageClicked)
    def _message_clicked(self) -> None:
        self.controller.read_whole()

    # the prompt

    @on(Prompt.Entered)
    def _prompt_entered(self, message: Prompt.Entered) -> None:
        self.focus_panel(self.panel_before)
        if message.mode == "/":
            if message.text:
                self.search.find(self.panel_before, message.text)
                self.action_found(0)
            else:
                self.search.clear()
                self.report("info", "")
        elif len(message.text.strip().splitlines()) > 1:
            self.controller.run_script(message.text)
        elif text := message.text.strip():
            self.controller.run(text, is_typed=True)

    @on(Prompt.Typed)
    def _prompt_typed(self, message: Prompt.Typed) -> None:
        if message.mode == "/":
            self.search.type_ahead(self.panel_before, message.text)

    @on(Prompt.ActionsRequested)
    def _actions_requested(self) -> None:
        self.start(self.controller.flows.suggest_actions, only="suggest")

    @on(Prompt.Cancelled)
    def _prompt_cancelled(self, message: Prompt.Cancelled) -> None:
        self.focus_panel(self.panel_before)
        if message.mode == "/":
            self.search.clear()
            self.report("info", "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that open the prompt are letters in it. On a terminal that is too small no key acts unseen."""
        if self.has_class("-tiny") or self.has_class("-flat"):
            return action in ("leave", "interrupt")
        if action == "tour":
            return self.guide.is_here
        return not (
            action in ("begin", "search", "note", "set", "watch") and isinstance(self.focused, Prompt)
        )

    def on_key(self) -> None:
        """A breakpoint that was hit has been read."""
        if self.query_one(StatusLine).message[0] == "hit":
            self.report("info", "")

    # commands

    def action_run(self, line: str) -> None:
        self.controller.run(line)

    def action_until(self) -> None:
        self.controller.run_until_selection()

    def action_pause(self) -> None:
        self.controller.pause()

    def action_edit(self) -> None:
        self.controller.edit_selection()

    def action_edit_outside(self) -> None:
        self.controller.edit_selection(outside=True)

    def action_regenerate(self) -> None:
        self.start(self.controller.flows.regenerate)

    def action_retry(self) -> None:
        self.controller.retry()

    def action_act(self) -> None:
        self.controller.begin_action()

    def action_set(self) -> None:
        self.controller.begin_set()

    def action_note(self) -> None:
        self.controller.marks.begin_note()

    def action_break_here(self) -> None:
        self.controller.marks.toggle_at_selection()

    def action_watch(self) -> None:
        self.controller.marks.watch_selection()

    def action_breakpoints(self) -> None:
        self.start(self.controller.flows.show_breakpoints)

    def action_branches(self) -> None:
        self.start(self.controller.flows.show_branches)

    def action_continue_in_copy(self) -> None:
        self.controller.continue_in_copy()

    def action_failure(self) -> None:
        self.controller.go_to_failure()

    def action_leave(self) -> None:
        self.controller.leave()

    # looking

    def action_follow(self) -> None:
        self.plan.follow = True
        self.controller.follow_end()
        if self.frame is not None:
            self.plan.reveal(self.frame.node)
            self.defer(self.show_selected)

    def action_read(self) -> None:
        self.controller.read_whole()

    def action_search(self) -> None:
        self.open_prompt("/")

    def action_found(self, by: int) -> None:
        self.search.go(self.panel_of(self.focused), by)

    def action_only_found(self) -> None:
        self.search.show_only_found()

    def action_copy(self) -> None:
        self.controller.copy()

    def action_help(self) -> None:
        from recode_tui.help_screen import HelpScreen  # after the first frame

        known = () if self.controller.pending.is_opening else tuple(commands.COMMANDS.values())
        groups = tuple(keys.GROUPS)
        help = HelpScreen(self.active_bindings, LEGEND, groups, known, WORDS, CONCEPTS)
        self.app.push_screen(help)

    def action_tour(self) -> None:
        self.guide.toggle()

    # the screen

    def action_begin(self, text: str) -> None:
        self.begin_command(text)

    def action_panel(self, name: str) -> None:
        self.focus_panel(name)

    async def action_in_panel(self, action: str) -> None:
        """Run an action of the panel that has the focus, as its key does."""
        if self.focused is not None:
            await self.app.run_action(action, self.focused)

    def action_next_panel(self, by: int) -> None:
        panels = [panel for panel in PANELS if panel != "console" or self.has_console]
        at = panels.index(self.panel_of(self.focused))
        self.focus_panel(panels[(at + by) % len(panels)])

    def action_zoom(self) -> None:
        self.change_layout(replace(self.preferences, is_zoomed=not self.preferences.is_zoomed))

    def action_tab(self, by: int) -> None:
        self.code.next_tab(by)
        self.search.report_page()

    def action_reset_sizes(self) -> None:
        self.reset_sizes()
        self.report("info", "the panels have the sizes of config.toml, or else the default ones")

    def action_size(self, name: str, by: int) -> None:
        self.change_layout(self.preferences.resized(name, by))

    def action_interrupt(self) -> None:
        if self.get_selected_text():
            self.controller.copy()
        elif self.is_working:
            self.controller.pause()
        elif time.monotonic() - self._interrupted < _TWICE:
            self.controller.leave()
        else:
            self._interrupted = time.monotonic()
            self.report("info", f"{keys.shown('interrupt')} once more leaves; the session is kept")

    def action_back_out(self) -> None:
        self.hints.dismiss()
        self.show_hint()
        if self.has_console:
            self.hide_console()
            return
        if self.guide.is_offered:
            self.guide.withdraw()
            return
        if self.has_class("-zoomed"):
            self.action_zoom()
        self.search.clear()
        if self.plan.is_filtered:
            self.plan.filter(None)
        self.clear_selection()
        self.report("info", "")
