"""A value as a tree whose parts are folded, searched, read and copied."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.widget import Widget

from recode_tui.debug.dialogs.text_viewer import Searched, TextViewerScreen
from recode_tui.debug.value_nodes import ValueNode, find
from recode_tui.text import one_line, plain
from recode_tui.widgets.document import Document
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_DETAIL = 12  # lines of a text below its row
_DETAIL_LENGTH = 2000
_PREVIEW = 400
_MOST_MATCHES = 1000  # that are unfolded by a search
_MOST_INDENTS = 12


class ValueTree(RowList):
    """A row for each part of a value that is not folded away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "fold", "fold", show=False, tooltip="Fold, or go to the part around it"),
        Binding("right,l", "unfold", "unfold", show=False, tooltip="Unfold, or go to the first part in it"),
        Binding("space", "toggle_fold", "fold or unfold", show=False),
        Binding("enter", "choose", "unfold, read"),
        Binding("t", "read", "as text"),
        Binding("y", "copy", "copy"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.root: ValueNode | None = None
        self.is_cut = False
        self._rows: list[tuple[ValueNode, int]] = []
        self._unfolded: set[str] = set()  # names, so that another value of the variable is unfolded alike
        self.is_all_found = True
        """Whether the search found no more matches than are unfolded."""

    # content

    def show(self, root: ValueNode | None, is_cut: bool) -> None:
        """Show another value, or the known part of it, unfolded as the one before."""
        self.is_cut = is_cut
        if root is not None:
            self._unfolded.add(root.name)
        self.root = root
        self._rebuild()
        if self.search_text:
            self._unfold_matches(self.search_text)

    @property
    def node(self) -> ValueNode | None:
        """The part under the cursor."""
        return self._rows[self.cursor][0] if self.cursor < len(self._rows) else None

    def count(self) -> int:
        return len(self._rows)

    def parts(self, row: int, width: int) -> Iterator[Part]:
        node, depth = self._rows[row]
        is_unfolded = self._is_unfolded(node)
        sign = "▾ " if is_unfolded else "▸ " if node.children else "  "
        lead = "  " * min(depth, _MOST_INDENTS) + sign
        yield lead, "faint"
        key = one_line(node.key, max(4, width // 3))
        yield key, "plain"
        left = width - cell_len(lead) - cell_len(key)
        summary = f"  {node.summary}" if node.summary and node.children else ""
        yield fitted(summary, min(cell_len(summary), max(0, left))), "faint"
        left -= cell_len(summary)
        if left > 2 and not is_unfolded:
            yield fitted(f"  {one_line(node.preview(_PREVIEW), _PREVIEW)}", left), "quiet"

    def text_of(self, row: int) -> str:
        return self._rows[row][0].own_text

    def detail_of(self, row: int, width: int) -> tuple[str, ...]:
        node, depth = self._rows[row]
        text = node.preview(_DETAIL_LENGTH + 1)
        used = 2 * min(depth, _MOST_INDENTS) + 4 + cell_len(one_line(node.key, max(4, width // 3)))
        if node.children or cell_len(plain(text)) <= width - used:
            return ()
        lines = textwrap.wrap(plain(text[:_DETAIL_LENGTH]), max(8, width - 4), break_on_hyphens=False)
        if len(lines) > _DETAIL or len(text) > _DETAIL_LENGTH:
            lines = [*lines[: _DETAIL - 1], "… enter reads all of it"]
        return tuple(f"    {line}" for line in lines)

    def highlight(self, search_text: str) -> None:
        super().highlight(search_text)
        self._unfold_matches(search_text)

    def _unfold_matches(self, text: str) -> None:
        paths = find(self.root, text, _MOST_MATCHES) if text and self.root is not None else []
        self.is_all_found = len(paths) < _MOST_MATCHES
        if paths:
            self._unfolded |= {node.name for path in paths for node in path[:-1]}
            self._rebuild()

    def _is_unfolded(self, node: ValueNode) -> bool:
        return node.name in self._unfolded and bool(node.children)

    def _rebuild(self) -> None:
        """Build the rows, and keep the cursor on its part."""
        at = self.node.name if self.node is not None else ""
        self._rows = []
        waiting: list[tuple[ValueNode, int]] = [(self.root, 0)] if self.root is not None else []
        while waiting:
            node, depth = waiting.pop()
            self._rows.append((node, depth))
            if self._is_unfolded(node):
                waiting.extend((child, depth + 1) for child in reversed(node.children))
        self.forget_found()
        self.select(next((row for row, (node, _) in enumerate(self._rows) if node.name == at), 0))
        self.refresh()

    # actions

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self.node is not None and self.node.children:
            self.action_toggle_fold()
        else:
            self.action_read()

    def action_toggle_fold(self) -> None:
        if self.node is not None:
            self._unfolded ^= {self.node.name}
            self._rebuild()

    def action_fold(self) -> None:
        """Fold the part, or move to the part that contains it."""
        if self.node is None:
            return
        if self._is_unfolded(self.node):
            self.action_toggle_fold()
            return
        depth = self._rows[self.cursor][1]
        above = (row for row in range(self.cursor - 1, -1, -1) if self._rows[row][1] < depth)
        self.select(next(above, self.cursor))

    def action_unfold(self) -> None:
        """Unfold the part, or move to the first part in it."""
        if self.node is None or not self.node.children:
            return
        if self._is_unfolded(self.node):
            self.select(self.cursor + 1)
        else:
            self.action_toggle_fold()

    def action_read(self) -> None:
        if (node := self.node) is not None:
            shown, copied, name = Document.of(node.content), node.text, self._name_of(node)
            self.app.push_screen(
                TextViewerScreen(name, shown, is_wrapped=True, copied=copied, copied_name=name)
            )

    def action_copy(self) -> None:
        if (node := self.node) is not None:
            self.app.copy_to_clipboard(node.text)
            self.notify(f"copied {self._name_of(node)}", timeout=2, markup=False)

    def _name_of(self, node: ValueNode) -> str:
        return f"{'the known part of ' if self.is_cut else ''}{one_line(node.name, 200)}"


class SearchedValue(Searched):
    """The tree of a value with incremental search, which unfolds what contains a match."""

    def compose_view(self) -> Widget:
        return ValueTree()

    @property
    def view(self) -> ValueTree:
        """The tree."""
        return self.query_one(ValueTree)

    def show(self, root: ValueNode | None, *, is_cut: bool = False) -> None:
        """Show a value, or the known part of one that `is_cut`, and repeat the search in it."""
        self.view.show(root, is_cut)
        self.show_place()

    def find(self, text: str) -> None:
        self.view.find(text)
        self.go(0)

    def go(self, by: int) -> None:
        self.view.go_to_found(by)

    def focus_view(self) -> None:
        self.view.focus()

    @property
    def place(self) -> str:
        found = self.view.found()
        if not found:
            return ""
        more = "" if self.view.is_all_found else "+"
        number = f"{found.index(self.view.cursor) + 1} of " if self.view.cursor in found else ""
        return f"{number}{len(found):,}{more}"
