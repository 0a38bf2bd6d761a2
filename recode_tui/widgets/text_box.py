"""A text editor in the colours of the theme, with indentation for code and a marked fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from rich.segment import Segment
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.geometry import Offset
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets.text_area import Selection, TextAreaTheme

from recode_tui._textual.text_area import ShrinkingTextArea
from recode_tui.text import plain
from recode_tui.widgets.fault import Fault

Language = Literal["python", "text"]

_CAPTURES: dict[str, tuple[str, ...]] = {
    "comment": ("comment",),
    "keyword": (
        *("keyword", "keyword.function", "keyword.return", "keyword.operator"),
        *("conditional", "repeat", "exception", "include"),
    ),
    "string": ("string", "string.documentation"),
    "number": ("number", "float", "boolean", "constant.builtin", "function.builtin"),
    "plain": ("none", "punctuation.special"),
}
"""The captures of the grammar by their style. Others have no style."""


class TextBox(ShrinkingTextArea):
    """An editor of `python`, where tab indents, or of `text`, which is wrapped."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("shift+tab", "dedent", "less indentation", show=False)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"text-box--{name}" for name in _CAPTURES),
        "text-box--fault",
        "text-box--fault-gutter",
        "text-box--mark",
    }
    DEFAULT_CSS = """
    TextBox {
        border: none;
        padding: 0;
        scrollbar-size: 0 1;
        &:focus { border: none; }
        & .text-area--gutter { color: $faint; }
        & .text-area--cursor-gutter { color: $quiet; background: $row-blurred; }
        & .text-area--cursor-line { background: $row-blurred; }
        &:focus .text-area--cursor-gutter { color: $accent; background: $row; }
        &:focus .text-area--cursor-line { background: $row; }
        & .text-area--matching-bracket { background: $panel; }
        & .text-box--comment { color: $quiet; text-style: italic; }
        & .text-box--keyword { color: $secondary; }
        & .text-box--string { color: $success; }
        & .text-box--number { color: $primary; }
        & .text-box--plain { color: $foreground; }
        & .text-box--fault { text-style: underline; background: $fault; }
        & .text-box--fault-gutter { color: $error; text-style: bold; }
        & .text-box--mark { color: $quiet; }
    }
    """

    fault: reactive[Fault | None] = reactive(None)
    marks: reactive[Mapping[int, str]] = reactive(dict[int, str])
    """Glyphs in the gutter, by line from 1."""

    def __init__(
        self, text: str, language: Language, is_numbered: bool = True, id: str | None = None
    ) -> None:
        is_code = language == "python"
        super().__init__(
            text,
            id=id,
            language="python" if is_code else None,
            soft_wrap=not is_code,
            tab_behavior="indent" if is_code else "focus",
            show_line_numbers=is_numbered,
            max_checkpoints=500,
        )
        self.is_code = is_code

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._recolour())
        self._recolour()

    def _recolour(self) -> None:
        styles = {
            capture: self.get_component_rich_style(f"text-box--{name}", partial=True)
            for name, captures in _CAPTURES.items()
            for capture in captures
        }
        self.register_theme(TextAreaTheme("recode", syntax_styles=styles))
        self.theme = "recode"

    def replace_all(self, text: str) -> None:
        """Replace the whole text by an edit that can be undone."""
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor((0, 0))

    def undo(self) -> None:
        super().undo()
        self.history.checkpoint()  # else the next edit may join a batch made before the undo

    def on_resize(self) -> None:
        self.scroll_cursor_visible(animate=False)

    def go_to_fault(self) -> None:
        """Move the cursor to the fault."""
        if self.fault is not None:
            self.move_cursor(self._place(self.fault), center=True)

    def _place(self, fault: Fault) -> tuple[int, int]:
        """The location of a fault, clamped to the text."""
        row = min(fault.line, self.document.line_count) - 1
        return row, min(fault.column, len(self.document.get_line(row)))

    def get_line(self, line_index: int) -> Text:
        line = Text(plain(self.document.get_line(line_index)), end="", no_wrap=True)
        if self.fault is not None and line.plain:
            row, column = self._place(self.fault)
            if row == line_index:
                column = min(column, len(line.plain) - 1)
                word = re.match(r"\w+|.", line.plain[column:])
                style = self.get_component_rich_style("text-box--fault", partial=True)
                line.stylize(style, column, column + (word.end() if word else 1))
        return line

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        y += self.scroll_offset.y
        if not (self.fault or self.marks) or not self.gutter_width or y >= self.wrapped_document.height:
            return strip
        row, column = self.wrapped_document.offset_to_location(Offset(0, y))
        if column:
            return strip
        if self.fault is not None and row == self._place(self.fault)[0]:
            return self._marked(strip, "✖", "text-box--fault-gutter")
        mark = self.marks.get(row + 1)
        return strip if mark is None else self._marked(strip, mark, "text-box--mark")

    def _marked(self, strip: Strip, glyph: str, component: str) -> Strip:
        """A line with a glyph in its gutter."""
        gutter, rest = strip.divide([self.gutter_width, strip.cell_length])
        style = self.rich_style + self.get_component_rich_style(component, partial=True)
        return Strip.join([Strip([Segment(f"{gutter.text[:-2]}{glyph} ", style)]), rest])

    def watch_fault(self) -> None:
        super().notify_style_update()  # clears cached lines, whose key does not include the fault
        self.refresh()

    def on_key(self, event: Key) -> None:
        """Indent a new line as the one before; with several lines selected, tab indents them."""
        start, end = sorted(self.selection)
        if self.is_code and event.key == "enter":
            self.replace(f"\n{self._indent_after(start)}", start, end, maintain_selection_offset=False)
        elif self.is_code and event.key == "tab" and start[0] != end[0]:
            self._change_lines(lambda line: line and " " * self.indent_width + line)
        else:
            return
        self.scroll_cursor_visible()
        event.stop()
        event.prevent_default()

    def action_dedent(self) -> None:
        if self.is_code:
            self._change_lines(lambda line: line[min(self.indent_width, _margin(line)) :])
        else:
            self.screen.focus_previous()

    def action_delete_left(self) -> None:
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if self.is_code and self.selection.is_empty and before and before.isspace():
            self.delete((row, (column - 1) // self.indent_width * self.indent_width), (row, column))
        else:
            super().action_delete_left()

    def _indent_after(self, place: tuple[int, int]) -> str:
        before = self.document.get_line(place[0])[: place[1]]
        deeper = " " * self.indent_width if before.rstrip().endswith(":") else ""
        return before[: _margin(before)] + deeper

    def _change_lines(self, changed: Callable[[str], str]) -> None:
        """Apply a function to every line of the selection."""
        (first, left), (last, right) = sorted(self.selection)
        lines = [self.document.get_line(row) for row in range(first, last + 1)]
        new = [changed(line) for line in lines]
        if new != lines:
            self.replace("\n".join(new), (first, 0), (last, len(lines[-1])), maintain_selection_offset=False)
            left, right = left + len(new[0]) - len(lines[0]), right + len(new[-1]) - len(lines[-1])
            is_one = self.selection.is_empty and first == last
            self.selection = Selection((first, max(0, right if is_one else left)), (last, max(0, right)))


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
