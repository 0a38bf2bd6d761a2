"""The layout of a session's panels, and the order in which they draw a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from recode_tui import preferences
from recode_tui.debug.command_line import CommandLine
from recode_tui.debug.completion import candidates
from recode_tui.debug.panels.code import CodePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.status import StatusBar
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.prompt import Mode, Prompt
from recode_tui.debug.status_line import StatusLine
from recode_tui.debug.view import Severity
from recode_tui.debug.view_frame import Frame
from recode_tui.preferences import Preferences
from recode_tui.widgets.dismissable import DismissableScreen
from recode_tui.widgets.row_list import FRAME_SECONDS
from recode_tui.widgets.text_view import TextView

_ENVIRONMENT = 57  # per cent of the height below the code; the variables have the rest

PANELS = ("plan", "code", "environment", "variables", "timeline")


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
        super().__init__()
        self.frame: Frame | None = None
        self.preferences = preferences.load()
        self.panel_before = "plan"
        """The panel that had the focus before the prompt."""
        self._deferred = 0

    def compose(self) -> ComposeResult:
        yield Static("This needs 40 columns and 12 lines: make the terminal larger.", id="too-small")
        yield StatusBar(id="status")
        with Container(id="body"):
            yield PlanPanel(id="plan")
            yield CodePanel(id="code")
            yield EnvironmentPanel(id="environment")
            yield VariablesPanel(id="variables")
        yield TimelinePanel(id="timeline")
        yield CommandLine(self._candidates)
        yield StatusLine(id="status-line")

    def _candidates(self, line: str) -> Iterable[str]:
        """Return the completions of a line; none before the first frame, as the commands are not imported."""
        return candidates(line, self.frame) if self.frame is not None else ()

    def report(self, severity: Severity, text: str) -> None:
        """Show a message in the status line; an empty one clears it."""
        self.query_one(StatusLine).message = (severity, text)

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

    def lay_out(self) -> None:
        """Apply the layout of the preferences."""
        body, layout = self.query_one("#body"), self.preferences
        body.styles.grid_columns = f"{layout.left}fr {100 - layout.left}fr"
        below = 100 - layout.upper
        environment = below * _ENVIRONMENT // 100
        body.styles.grid_rows = f"{layout.upper}fr {environment}fr {below - environment}fr"
        self.set_class(layout.is_zoomed, "-zoomed")
        if layout.is_zoomed:
            self.show_alone(self.panel_of(self.focused))

    def change_layout(self, layout: Preferences) -> None:
        """Apply a layout and store it."""
        self.preferences = layout
        self.lay_out()
        preferences.save_layout(layout)

    def focus_panel(self, name: str) -> None:
        """Show a panel and give it the focus."""
        if name != "plan":
            for panel in PANELS:
                self.set_class(panel == name, f"-show-{panel}")
        if self.has_class("-zoomed"):
            self.show_alone(name)
        widget = self.query_one(f"#{name}")
        self.set_focus(widget.query_one(TextView) if name == "code" else widget)

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

    def panel_of(self, widget: Widget | None) -> str:
        """Return the name of the panel that contains a widget, "plan" if none does."""
        while widget is not None and widget.id not in PANELS:
            widget = widget.parent if isinstance(widget.parent, Widget) else None
        return widget.id if widget is not None and widget.id else "plan"
