"""The base of dialogs: a box with a title over the screen, and a footer with its keys."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol, runtime_checkable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Mount, Resize
from textual.screen import ModalScreen
from textual.widgets import Footer

from recode_tui.text import one_line
from recode_tui.widgets.dismissable import DismissableScreen, Result

__all__ = ["Dialog", "Result"]
Extent = Literal["small", "fitting", "large"]
_WIDE = 100
_LARGE = 92
_LONGEST_TITLE = 200


@runtime_checkable
class KeepsRows(Protocol):
    """A screen whose last rows stay visible below the dialogs over it."""

    @property
    def kept_rows(self) -> int: ...


class Dialog(ModalScreen[Result], DismissableScreen[Result]):
    """A box over the screen. `heading` may contain control codes.

    Its app has the actions `help` and `command_line`, for keys that no text field consumes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.help", "help", show=False),
        # Handled before the next key: text typed ahead belongs to the line that this key opens.
        Binding(
            "colon", "app.command_line", "close this, and open the command line", show=False, priority=True
        ),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 (Textual has it so)
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: transparent;
        #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            background: $surface;
            border: round $border;
            border-title-color: $foreground;
            border-title-background: $surface;
            border-subtitle-color: $quiet;
            border-subtitle-background: $surface;
        }
        #box.-large { width: 92%; height: 92%; }
        #box.-fitting { width: 92%; max-height: 92%; }
        #box.-fitting .fits { height: auto; min-height: 1; }
        Footer { margin-top: 1; background: $surface; }
        FooterKey { background: $surface; }
        .quiet { color: $quiet; }
        .fault { color: $error; }
    }
    Dialog.-narrow #box.-large { width: 100%; height: 100%; }
    Dialog.-narrow #box.-fitting { width: 100%; max-height: 100%; }
    """

    EXTENT: ClassVar[Extent] = "small"
    """The size of the box. A `fitting` one is as wide as a large one, and as high as what it contains of
    the class `fits` needs."""
    AROUND: ClassVar[int] = 5
    """Lines of the box beside its widgets of the class `fits`."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.heading = heading

    @on(Mount)
    def _leave_rows(self) -> int:
        """Leave the last rows free that a screen below keeps, and return their number."""
        kept = max(
            (each.kept_rows for each in self.app.screen_stack if isinstance(each, KeepsRows)), default=0
        )
        self.query_one("#box").styles.margin = (0, 0, kept, 0)
        return kept

    @on(Resize)
    def _limit_height(self, event: Resize) -> None:
        height = event.size.height - self._leave_rows()
        height = height if event.size.width < _WIDE else height * _LARGE // 100
        for widget in self.query(".fits"):
            widget.styles.max_height = max(1, height - self.AROUND)

    def compose(self) -> ComposeResult:
        with Vertical(id="box", classes=f"-{self.EXTENT}") as box:
            if heading := one_line(self.heading, _LONGEST_TITLE):
                box.border_title = Content(heading)
            yield from self.compose_body()
            yield Footer(show_command_palette=False)

    def compose_body(self) -> ComposeResult:
        """Compose the content of the box."""
        raise NotImplementedError
