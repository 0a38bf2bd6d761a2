"""The code of the node that is looked at, and what belongs to it, in four tabs."""

from __future__ import annotations

from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.timeline import Stop
from recode_tui._textual.border_titles import entitle
from recode_tui.debug.panels import pages
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import DRAFT
from recode_tui.text import one_line
from recode_tui.widgets.document import Document
from recode_tui.widgets.text_view import TextView

Tab = Literal["code", "prompt", "reply", "output"]
TABS: tuple[Tab, ...] = ("code", "prompt", "reply", "output")


class CodePanel(Container):
    """A page of a node; of its reply already while it arrives."""

    DEFAULT_CSS = """
    CodePanel { background: $surface; }
    CodePanel > TextView { height: 1fr; width: 1fr; }
    """

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    node: reactive[str] = reactive("0", repaint=False)
    tab: reactive[Tab] = reactive("code", repaint=False)
    drafts: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)

    class LineToggled(Message):
        """The user wants a breakpoint on a line of a placeholder's code, or none."""

        def __init__(self, call: str, line: int) -> None:
            super().__init__()
            self.call = call
            self.line = line

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._request: Stop | None = None
        self._streamed = ""

    def compose(self) -> ComposeResult:
        yield TextView(has_cursor=True, id="page")

    @property
    def page(self) -> TextView:
        """The text that is shown."""
        return self.query_one(TextView)

    @property
    def call(self) -> str:
        """The placeholder whose page is shown."""
        frame = self.frame
        if frame is None:
            return "0"
        if self.tab in ("prompt", "reply"):
            return frame.placeholder_of(self.node)
        return frame.moment.call_shown(self.node) or self.node

    # what is shown

    def watch_frame(self) -> None:
        self._turn()

    def watch_node(self) -> None:
        self._turn()

    def watch_tab(self) -> None:
        if self.is_mounted:
            self.page.wrap = self.tab != "code"
            self.page.has_cursor = self.tab == "code"
        self._turn()

    def watch_drafts(self) -> None:
        self._turn()

    def is_page_of(self, frame: Frame, node: str) -> bool:
        """Whether what is shown is the code around a node already, so that only its marks may move."""
        call = frame.moment.call_shown(node)
        before = self.frame
        return (
            self.tab == "code"
            and before is not None
            and call == self.call
            and frame.moment.code_shown(call) == before.moment.code_shown(call)
        )

    def look(self, frame: Frame, node: str) -> None:
        """Show a node of a frame, both at once."""
        self.set_reactive(CodePanel.node, node)
        self.set_reactive(CodePanel.frame, frame)
        self.mutate_reactive(CodePanel.frame)  # of the same frame another node may be looked at

    def hear(self, request: Stop, text: str) -> None:
        """Add to the reply that is arriving where the run waits for the policy."""
        is_first = request != self._request
        self._request, self._streamed = request, text if is_first else self._streamed + text
        if self.is_mounted and self._is_streaming:
            if is_first:
                self._turn()
            else:
                self.page.append(text)

    @property
    def heard(self) -> int:
        """Characters of the reply that is arriving where the run stands; 0 where none has begun to."""
        frame, request = self.frame, self._request
        is_here = request is not None and frame is not None and frame.is_running and frame.n == request.n
        return len(self._streamed) if is_here else 0

    @property
    def _is_streaming(self) -> bool:
        """Whether the reply that is arriving is what is shown."""
        place = self._request.place if self._request is not None else None
        return self.tab == "reply" and self.heard > 0 and place is not None and self.call == place.node

    def _turn(self) -> None:
        frame = self.frame
        if frame is None or not self.is_mounted:
            return
        self.page.show(self._document(frame))
        place = frame.stop.place
        passes = place.passes if place is not None else ()
        entitle(self, self._titles(frame), Content(" · ".join(f"pass {n}" for n in passes)))

    def _document(self, frame: Frame) -> Document:
        match self.tab:
            case "code":
                return pages.code(frame, self.node, self._room)
            case "prompt":
                return pages.prompt(frame, self.node)
            case "reply" if self._is_streaming:
                return Document.of(self._streamed)
            case "reply":
                return pages.reply(frame, self.node)
            case "output":
                return pages.output(frame, self.node)

    def _titles(self, frame: Frame) -> Content:
        """The tabs, the open one with what it is of."""
        known = frame.node_text(self.call)
        name = known.text.partition("(")[0].rpartition("=")[2].strip() if known is not None else ""
        parts: list[Content] = [Content("2 ")]
        for tab in TABS:
            if tab == self.tab:
                of = f" · {self.call} {one_line(name, 24)}" if name else ""
                parts.append(Content.styled(f"{tab.capitalize()}{of}", "bold $foreground"))
                if self.drafts & {self.node, self.call}:
                    parts.append(Content.styled(f" {DRAFT.glyph} draft", "$accent"))
            else:
                parts.append(Content.styled(tab.capitalize(), "$quiet"))
            parts.append(Content.styled(" ─ ", "$faint") if tab != TABS[-1] else Content(""))
        return Content("").join(parts)

    @property
    def _room(self) -> int:
        return self.size.width - 8

    # the user

    def on_mount(self) -> None:
        self._turn()

    def on_resize(self) -> None:
        self._turn()

    def on_click(self, event: events.Click) -> None:
        """A click on the border chooses a tab."""
        if event.widget is self and event.y == 0 and self.frame is not None:
            at, x = 0, event.x - 2
            for tab in TABS:
                at = self._titles(self.frame).plain.index(tab.capitalize())
                if at <= x < at + len(tab):
                    self.tab = tab

    def on_text_view_gutter_clicked(self, event: TextView.GutterClicked) -> None:
        event.stop()
        self.toggle(event.line)

    def on_text_view_line_chosen(self, event: TextView.LineChosen) -> None:
        event.stop()
        self.toggle(event.line)

    @property
    def line(self) -> tuple[str, int] | None:
        """The placeholder and the line of its code (from 1) under the cursor."""
        if self.frame is None or self.tab != "code":
            return None
        return pages.line_of_code(self.frame, self.node, self.page.cursor, self._room)

    def toggle(self, line: int | None = None) -> bool:
        """Ask for a breakpoint on a line of the page, by default the cursor's; whether there is code."""
        if self.frame is None or self.tab != "code":
            return False
        at = self.page.cursor if line is None else line
        found = pages.line_of_code(self.frame, self.node, at, self._room)
        if found is not None:
            self.post_message(self.LineToggled(*found))
        return found is not None

    def turn(self, by: int) -> None:
        """To the tab before or after."""
        self.tab = TABS[(TABS.index(self.tab) + by) % len(TABS)]
