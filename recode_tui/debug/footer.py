"""The last line: what there is to say, else the keys that are used most. Both can be clicked."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from recode_tui.debug.keys import GROUPS
from recode_tui.text import one_line

Sort = Literal["info", "error"]


class Footer(Static):
    """Keys, or a message until the next command."""

    DEFAULT_CSS = """
    Footer { height: 1; background: $panel; color: $quiet; padding: 0 1; }
    """

    message: reactive[tuple[Sort, str]] = reactive(("info", ""), repaint=False)

    def watch_message(self) -> None:
        self.tell()

    def on_resize(self) -> None:
        self.tell()

    def tell(self) -> None:
        """Draw it."""
        width = self.size.width - 2
        sort, text = self.message
        if width < 1:
            return
        if text:
            said = Content.styled(one_line(text, width), "$error" if sort == "error" else "$foreground")
            self.update(said, layout=False)
        else:
            self.update(_keys(width), layout=False)


def _keys(width: int) -> Content:
    shown = Content("")
    for key in (key for keys in GROUPS.values() for key in keys if key.label):
        name = {"colon": ":", "question_mark": "?"}.get(key.keys, key.keys.partition(",")[0])
        click = Style.from_meta({"@click": f"screen.{key.action}"})
        one = Content.assemble((name, "$accent"), (f" {key.label}", "$quiet")).stylize(click)
        if shown.cell_length + one.cell_length + 2 > width:
            break
        shown = Content.assemble(shown, "  " if shown else "", one)
    return shown
