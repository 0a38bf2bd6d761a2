"""The code panel: the code, prompt, reply and output of a node in four tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from recode_core.timeline import Stop
from recode_tui._textual.border_titles import set_titles
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.panels import pages
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import DRAFT
from recode_tui.widgets.document import Document
from recode_tui.widgets.text_view import TextView

Tab = Literal["code", "prompt", "reply", "output"]
TABS: tuple[Tab, ...] = ("code", "prompt", "reply", "output")


class CodePanel(Container):
    """A tab about a node. A reply is shown while it is streamed, in the tabs code and reply."""

    DEFAULT_CSS = """
    CodePanel { background: $surface; }
    CodePanel > TextView { height: 1fr; width: 1fr; }
    """

    tab: reactive[Tab] = reactive("code", repaint=False)
    drafts: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)

    @dataclass
    class LineToggled(Message):
        """Posted when the user toggles a breakpoint on a line (from 1) of the code of a placeholder."""

        call: str
        line: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.frame: Frame | None = None
        self.node = "0"
        self._request: Stop | None = None
        self._streamed = ""
        self._stream_shown: tuple[Stop, Tab] | None = None  # the stream that the page grows with

    def compose(self) -> ComposeResult:
        yield TextView(has_cursor=True, id="page")

    @property
    def page(self) -> TextView:
        """The text of the open tab."""
        return self.query_one(TextView)

    @property
    def call(self) -> str:
        """The placeholder that the open tab is about."""
        frame = self.frame
        if frame is None:
            return "0"
        if self._is_streaming or self.tab in ("prompt", "reply"):
            return frame.placeholder_of(self.node)
        return frame.moment.call_shown(self.node) or self.node

    # content

    def watch_tab(self) -> None:
        self._update_page()

    def watch_drafts(self) -> None:
        self._update_page()

    def is_page_of(self, frame: Frame, node: str) -> bool:
        """Whether the code around a node is shown already, so that at most its marks change."""
        call = frame.moment.call_shown(node)
        before = self.frame
        return (
            self.tab == "code"
            and not self._is_streaming
            and before is not None
            and call == self.call
            and frame.moment.code_shown(call) == before.moment.code_shown(call)
        )

    def show(self, frame: Frame, node: str) -> None:
        """Show a node at a moment."""
        self.frame, self.node = frame, node
        self._update_page()

    def append_stream(self, request: Stop, text: str) -> None:
        """Append to the reply that is streamed for `request`, the stop at which the run waits for it."""
        is_first = request != self._request
        self._request, self._streamed = request, text if is_first else self._streamed + text
        if self.is_mounted and self._is_streaming:
            if is_first:
                self._update_page()
            else:
                self.page.append(text)

    @property
    def streamed_length(self) -> int:
        """The number of characters streamed of the reply that the run waits for, 0 if it waits for none."""
        frame, request = self.frame, self._request
        is_here = request is not None and frame is not None and frame.is_running and frame.n == request.n
        return len(self._streamed) if is_here else 0

    @property
    def streamed(self) -> str:
        """The part of the reply on the open tab that has arrived, if it is being streamed."""
        return self._streamed if self._is_streaming else ""

    @property
    def _is_streaming(self) -> bool:
        """Whether the open tab shows the reply that is being streamed.

        The code tab shows it where it shows the placeholder itself, and not a statement of its old code.
        """
        frame, place = self.frame, self._request.place if self._request is not None else None
        if frame is None or place is None or not self.streamed_length:
            return False
        match self.tab:
            case "code":
                return self.node == place.node
            case "reply":
                return frame.placeholder_of(self.node) == place.node
        return False

    def _update_page(self) -> None:
        frame = self.frame
        if frame is None or not self.is_mounted:
            return
        is_code = self.tab == "code" and not self._is_streaming
        self.page.wrap, self.page.has_cursor = not is_code, is_code
        stream = (self._request, self.tab) if self._request is not None and self._is_streaming else None
        if stream is None or stream != self._stream_shown:
            self.page.show(self._document(frame))
            if stream is not None:
                self.page.action_edge(1)
        self._stream_shown = stream
        place = frame.stop.place
        passes = place.passes if place is not None else ()
        set_titles(self, self._titles(frame), Content(" · ".join(f"pass {n}" for n in passes)))

    def _document(self, frame: Frame) -> Document:
        match self.tab:
            case "code" if self._is_streaming:
                return pages.stream(frame, self.node, self._streamed)
            case "code":
                return pages.code(frame, self.node, self._text_width)
            case "prompt":
                return pages.prompt(frame, self.node)
            case "reply" if self._is_streaming:
                return Document.of(self._streamed)
            case "reply":
                return pages.reply(frame, self.node)
            case "output":
                return pages.output(frame, self.node)

    def _titles(self, frame: Frame) -> Content:
        """The tabs; the open one has the name of its node."""
        title = frame.title_of(self.call)
        parts: list[Content] = [Content(f"{shown('code')} ")]
        for tab in TABS:
            if tab == self.tab:
                of = f" · {title}" if title != self.call else ""
                parts.append(Content.styled(f"{tab.capitalize()}{of}", "bold $foreground"))
                if self.drafts & {self.node, self.call}:
                    parts.append(Content.styled(f" {DRAFT.text} draft", "$accent"))
            else:
                parts.append(Content.styled(tab.capitalize(), "$quiet"))
            parts.append(Content.styled(" ─ ", "$faint") if tab != TABS[-1] else Content(""))
        return Content("").join(parts)

    @property
    def _text_width(self) -> int:
        return self.size.width - 8

    # events

    def on_mount(self) -> None:
        self.page.wrap = True
        self.page.show(Document((Content.styled(to_come("code"), "$quiet"),)))
        self._update_page()

    def on_resize(self) -> None:
        self._update_page()

    def on_click(self, event: events.Click) -> None:
        """Open the tab whose title in the border was clicked."""
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
        if self.frame is None or self.tab != "code" or self._is_streaming:
            return None
        return pages.line_of_code(self.frame, self.node, self.page.cursor, self._text_width)

    def toggle(self, line: int | None = None) -> bool:
        """Post `LineToggled` for a line of the page, by default that of the cursor, if it is a line of code.

        Returns whether it is.
        """
        if self.frame is None or self.tab != "code" or self._is_streaming:
            return False
        at = self.page.cursor if line is None else line
        found = pages.line_of_code(self.frame, self.node, at, self._text_width)
        if found is not None:
            self.post_message(self.LineToggled(*found))
        return found is not None

    def next_tab(self, by: int) -> None:
        """Open the tab that is `by` tabs to the right."""
        self.tab = TABS[(TABS.index(self.tab) + by) % len(TABS)]
