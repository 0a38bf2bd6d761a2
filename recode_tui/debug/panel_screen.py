"""The layout of a session's panels, and the order in which they draw a frame."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.events import DescendantFocus
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from recode_tui import config, preferences
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.command_line import CommandLine
from recode_tui.debug.completion import candidates
from recode_tui.debug.hints import HINTS, SECONDS, Hints, Situation
from recode_tui.debug.keys import shown
from recode_tui.debug.panel_edges import Drag, Region, columns, edge_at
from recode_tui.debug.panels.code import CodePanel
from recode_tui.debug.panels.console import ConsolePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.status import StatusBar
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.prompt import Mode, Prompt
from recode_tui.debug.selected_rows import SelectedRow
from recode_tui.debug.status_line import StatusLine
from recode_tui.debug.transcript import TranscriptView
from recode_tui.debug.view import Severity
from recode_tui.debug.view_frame import Frame
from recode_tui.demo.bar import TourBar
from recode_tui.preferences import Preferences
from recode_tui.widgets.dismissable import DismissableScreen
from recode_tui.widgets.row_list import FRAME_SECONDS
from recode_tui.widgets.text_view import TextView

_BELOW = {
    "code": "Code",
    "environment": "Env",
    "variables": "Vars",
    "timeline": "Time",
    "console": "Console",
}
PANELS = ("plan", "code", "environment", "variables", "timeline", "console")


class PanelScreen(DismissableScreen[None]):
    """A screen that shows one frame. Subclasses supply the frames."""

    CSS_PATH = "screen.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"),
        (40, "-narrow"),
        (100, "-normal"),
        (170, "-wide"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-flat"), (12, "-high")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__(classes="-show-code")
        self.frame: Frame | None = None
        given = config.load()
        self.preferences = preferences.load(given)
        self.panel_before = "plan"
        """The panel that had the focus before the prompt."""
        self._before_console = "plan"
        self._deferred = 0
        self.hints = Hints(
            self.preferences.hints if given["hints"] else (hint.name for hint in HINTS),
            preferences.save_hint,
        )
        self._hint_timer: Timer | None = None
        self._drag: Drag | None = None
        self._is_dragging = False

    def compose(self) -> ComposeResult:
        self._set_breakpoint_classes()
        yield Static("This needs 40 columns and 12 lines: make the terminal larger.", id="too-small")
        yield StatusBar(id="status")
        with Container(id="body"):
            yield PlanPanel(id="plan")
            yield CodePanel(id="code")
            yield EnvironmentPanel(id="environment")
            yield VariablesPanel(id="variables")
        yield ConsolePanel(id="console")
        yield TimelinePanel(id="timeline")
        yield TourBar()
        yield CommandLine(self._candidates)
        yield StatusLine(id="status-line")

    def _set_breakpoint_classes(self) -> None:
        """Set the classes for the terminal's size while there are no panels to style again."""
        width, height = self.app.size
        across = self._get_breakpoint_classes(width, self.HORIZONTAL_BREAKPOINTS)
        self.add_class(*across, *self._get_breakpoint_classes(height, self.VERTICAL_BREAKPOINTS))

    def _candidates(self, line: str) -> Iterable[str]:
        """Return the completions of a line; none before the first frame, as the commands are not imported."""
        return candidates(line, self.frame) if self.frame is not None else ()

    def report(self, severity: Severity, text: str) -> None:
        """Show a message in the status line; an empty one clears it."""
        self.query_one(StatusLine).message = (severity, text)

    def fits(self, text: str) -> bool:
        """Whether the status line shows a message whole."""
        return self.query_one(StatusLine).fits(text)

    # the console

    @property
    def has_console(self) -> bool:
        """Whether the console is visible, or in one column would be in its place."""
        return self.has_class("-has-console")

    def show_transcript(self, transcript: TranscriptView) -> None:
        """Show what was added to the console; it may be hidden."""
        self.query_one(ConsolePanel).transcript = transcript

    def open_console(self) -> None:
        """Make the console visible. The focus stays where it is."""
        self.add_class("-has-console")
        self._show_below("console")

    def hide_console(self) -> None:
        """Hide the console; its focus goes back to the panel before."""
        has_focus = self.panel_of(self.focused) == "console"
        self.remove_class("-has-console")
        if self.has_class("-show-console"):
            self._show_below("code")
        if has_focus:
            self.focus_panel(self._before_console)

    # the frame

    def show(self, frame: Frame) -> None:
        """Show a frame in all panels: the run's position at once, the details one screen refresh later."""
        is_back = self.frame is not None and self.frame.is_preview and not frame.is_preview
        self.frame = frame
        self.plan.frame = frame
        if is_back or self.code.is_page_of(
            frame, self.plan.node
        ):  # a command may be next, about what is shown
            self.code.show(frame, self.plan.node)
        self.defer(self._show_details)

    def defer(self, show: Callable[[], None]) -> None:
        """Defer `show` by one screen refresh, so that earlier changes are drawn first."""
        self._deferred += 1

        def come() -> None:
            self._deferred -= 1
            show()

        self.set_timer(FRAME_SECONDS, come)

    @property
    def is_settled(self) -> bool:
        """Whether all panels show the same frame."""
        return not self._deferred

    def show_selected(self) -> None:
        """Show the code and the environment of the node under the plan's cursor."""
        self.show_selected_code()
        self.query_one(EnvironmentPanel).show_node(self.plan.node)

    def show_selected_code(self) -> None:
        """Show the code of the node under the plan's cursor."""
        if self.frame is not None:
            self.code.show(self.frame, self.plan.node)

    def _show_details(self) -> None:
        """Show the details of the current frame; of several in quick succession, only the last is drawn."""
        frame, variables = self.frame, self.query_one(VariablesPanel)
        if frame is None or frame is variables.frame:
            return
        self.plan.catch_up()
        if self.code.frame is not frame:
            self.show_selected_code()
        self.query_one(EnvironmentPanel).frame = frame
        if not frame.annotations.watches:
            variables.watches = ()
        variables.frame = frame
        self.status.frame = frame
        self.query_one(TimelinePanel).frame = frame

    # parts

    @property
    def plan(self) -> PlanPanel:
        return self.query_one(PlanPanel)

    @property
    def code(self) -> CodePanel:
        return self.query_one(CodePanel)

    @property
    def status(self) -> StatusBar:
        return self.query_one(StatusBar)

    def selected_row(self, panel: str) -> SelectedRow | None:
        """Return the row under the cursor of a panel; None in the plan and the code."""
        match self.query_one(f"#{panel}"):
            case EnvironmentPanel() | VariablesPanel() | TimelinePanel() | ConsolePanel() as rows:
                return rows.selected_row
        return None

    def lay_out(self) -> None:
        """Apply the layout of the preferences."""
        self._size_panels()
        layout = self.preferences
        self.set_class(layout.is_zoomed, "-zoomed")
        if layout.is_zoomed:
            self.show_alone(self.panel_of(self.focused))
        self.show_hint()

    def _size_panels(self) -> None:
        """Apply the sizes of the preferences to the columns of the screen."""
        body, layout, count = self.query_one("#body"), self.preferences, self._columns
        environment = layout.environment
        outer = f"{layout.left}fr {100 - layout.left}fr"
        if count == 3:
            body.styles.grid_columns = f"{outer} {layout.right}fr"
            body.styles.grid_rows = f"{environment}fr {100 - environment}fr"
        else:
            below = 100 - layout.upper
            high = below * environment // 100
            body.styles.grid_columns = outer
            body.styles.grid_rows = f"{layout.upper}fr {high}fr {below - high}fr"
        is_alone = layout.is_zoomed
        for name in ("plan", "code", "environment", "variables"):
            share = layout.plan if name == "plan" else 100 - layout.plan
            self.query_one(f"#{name}").styles.height = f"{share}fr" if count == 1 and not is_alone else None
        timeline = self.query_one("#timeline").styles
        timeline.height = timeline.max_height = None if is_alone or not layout.lines else layout.lines

    @property
    def _columns(self) -> int:
        return columns(self.app.size.width)

    def on_resize(self) -> None:
        self._size_panels()
        self.show_hint()

    # edges that are dragged

    def _regions(self) -> dict[str, Region]:
        shown = (self.query_one(f"#{name}") for name in ("body", *PANELS))
        return {widget.id: widget.region for widget in shown if widget.id and widget.region.area}

    def on_mouse_down(self, event: events.MouseDown) -> None:
        x, y = event.screen_x, event.screen_y
        regions = self._regions()
        edge = edge_at(regions, self._columns, x, y)
        if edge is not None and event.button == 1 and not self.preferences.is_zoomed:
            self._drag = Drag(edge, regions, self.preferences, self._columns, x, y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        drag, x, y = self._drag, event.screen_x, event.screen_y
        if drag is None or (not self._is_dragging and drag.is_at(x, y)):
            return
        if not self._is_dragging:  # a click without a move is one on the tabs in the border
            self._is_dragging = True
            self.capture_mouse()
            self.clear_selection()
        self.preferences = drag.to(x, y)
        self._size_panels()

    def on_mouse_up(self) -> None:
        self._drag = None
        if self._is_dragging:
            self._is_dragging = False
            self.release_mouse()
            preferences.save_layout(self.preferences)

    def reset_sizes(self) -> None:
        """Forget the sizes that were chosen on the screen."""
        found = preferences.reset_sizes()
        self.preferences = replace(found, is_zoomed=self.preferences.is_zoomed)
        self.lay_out()

    def change_layout(self, layout: Preferences) -> None:
        """Apply a layout and store it."""
        self.preferences = layout
        self.lay_out()
        preferences.save_layout(layout)

    def focus_panel(self, name: str) -> None:
        """Show a panel and give it the focus."""
        if name == "console":
            if (before := self.panel_of(self.focused)) != name:
                self._before_console = before
            self.add_class("-has-console")
        if name != "plan":
            self._show_below(name)
        if self.has_class("-zoomed"):
            self.show_alone(name)
        widget = self.query_one(f"#{name}")
        self.set_focus(widget.query_one(TextView) if name == "code" else widget)

    def _show_below(self, name: str) -> None:
        """Select the panel that is shown below the plan in one column."""
        for panel in PANELS:
            self.set_class(panel == name, f"-show-{panel}")
        self.show_hint()

    # hints

    def situation(self) -> Situation | None:
        """The situation for hints; None while there are none."""
        return None

    def show_hint(self) -> None:
        """Show the hint for the situation in the border of the plan, and in one column the other panels."""
        now = self.situation()
        hint = self.hints.at(now, time.monotonic()) if now is not None else ""
        if self._hint_timer is not None:
            self._hint_timer.stop()
        if hint:
            self._hint_timer = self.set_timer(SECONDS, self.show_hint)
        title, line = Content(f"{shown('plan')} Plan"), self._panel_line()
        text = Content.styled(hint, "$accent")
        if hint and line:
            title = Content(" ─ ").join([title, text])
        set_titles(self.plan, title, line or text)

    def on_descendant_focus(self) -> None:
        self.show_hint()

    def _panel_line(self) -> Content:
        """In one column, the panels that can be shown below the plan, with their keys."""
        if self._columns > 1 or self.preferences.is_zoomed:
            return Content("")
        parts = [
            (f"{shown(name)} {title}", "bold $foreground" if self.has_class(f"-show-{name}") else "$quiet")
            for name, title in _BELOW.items()
        ]
        line = Content("  ").join(Content.styled(*part) for part in parts)
        return line if line.cell_length <= self.app.size.width - 6 else Content("")

    def show_alone(self, name: str) -> None:
        """Select the panel that is shown while the screen is zoomed."""
        for panel in PANELS:
            self.set_class(panel == name, f"-alone-{panel}")

    def open_prompt(self, mode: Mode, text: str = "") -> None:
        """Open the prompt with a text."""
        self.panel_before = self.panel_of(self.focused)
        self.query_one(Prompt).open(mode, text)

    def begin_command(self, text: str) -> None:
        """Open the prompt with the beginning of a command."""
        self.open_prompt(":", text)

    @on(DescendantFocus)
    def _show_keys_of_panel(self, event: DescendantFocus) -> None:
        if (panel := self.panel_of(event.widget)) != "plan" or event.widget.id == "plan":
            self.query_one(StatusLine).panel = panel

    def panel_of(self, widget: Widget | None) -> str:
        """Return the name of the panel that contains a widget, "plan" if none does."""
        while widget is not None and widget.id not in PANELS:
            widget = widget.parent if isinstance(widget.parent, Widget) else None
        return widget.id if widget is not None and widget.id else "plan"
