"""A view with a search field below it, one of a text, and the dialog that shows a text."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from recode_tui.text import plain
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.text_view import Document, TextView


class Searched(Vertical):
    """The base of views with an incremental search: a subclass supplies the view and searches it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search"),
        Binding("full_stop", "found(1)", "next", show=False),
        Binding("comma", "found(-1)", "previous", show=False),
        Binding("escape", "end_search", "end the search", show=False),
    ]
    DEFAULT_CSS = """
    Searched {
        height: 1fr;
        #finding { display: none; height: 1; }
        &.-searching #finding { display: block; }
        #finding > Static { width: auto; color: $quiet; }
        #finding > Input { width: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        yield self.compose_view()
        with Horizontal(id="finding"):
            yield Static("/ ", markup=False)
            yield LineInput(compact=True)
            yield Static("", id="count", markup=False)

    def compose_view(self) -> Widget:
        """The view that is searched."""
        raise NotImplementedError

    def find(self, text: str) -> None:
        """Highlight a text and go to its first match."""
        raise NotImplementedError

    def go(self, by: int) -> None:
        """Go to the next or the previous match."""
        raise NotImplementedError

    def focus_view(self) -> None:
        """Give the focus to the view."""
        raise NotImplementedError

    @property
    def place(self) -> str:
        """Which of the matches is shown, such as `3 of 17`; empty if there is none."""
        raise NotImplementedError

    @property
    def is_searching(self) -> bool:
        """Whether the search field is open."""
        return self.has_class("-searching")

    @property
    def wanted(self) -> str:
        """The text in the search field."""
        return self.query_one(Input).value

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.is_searching if action in ("end_search", "found") else True

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.find(event.value)
        self.show_place()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_view()

    def action_search(self) -> None:
        self.add_class("-searching")
        self.query_one(Input).focus()

    def action_end_search(self) -> None:
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self.focus_view()

    def action_found(self, by: int) -> None:
        self.go(by)
        self.show_place()

    def show_place(self) -> None:
        """Show which of the matches is shown."""
        self.query_one("#count", Static).update((self.place or "nowhere") if self.wanted else "")


class SearchedText(Searched):
    """A text view with incremental search, optional wrapping and copying (of `copied`, if given).

    With `fits`, its height is that of its text. `name` says what is copied.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "toggle_wrap", "wrap"),
        Binding("y", "copy", "copy"),
    ]
    DEFAULT_CSS = """
    SearchedText.-fitting { height: auto; }
    """

    def __init__(
        self,
        document: Document,
        *,
        is_wrapped: bool = True,
        copied: str | None = None,
        copied_name: str = "the text",
        id: str | None = None,
        fits: bool = False,
    ) -> None:
        super().__init__(id=id, classes="-fitting" if fits else "")
        self._document = document
        self._is_wrapped = is_wrapped
        self._copied = copied
        self._copied_name = copied_name

    def compose_view(self) -> Widget:
        fits = "fits" if self.has_class("-fitting") else ""
        return TextView(self._document, wrap=self._is_wrapped, classes=fits)

    @property
    def view(self) -> TextView:
        """The text view."""
        return self.query_one(TextView)

    def show(self, document: Document) -> None:
        """Show another text and repeat the search in it."""
        self.view.show(document)
        self.view.find(self.wanted)
        self.show_place()

    def find(self, text: str) -> None:
        self.view.find(text)

    def go(self, by: int) -> None:
        (self.view.find_next if by > 0 else self.view.find_previous)()

    def focus_view(self) -> None:
        self.view.focus()

    @property
    def place(self) -> str:
        view = self.view
        return f"{view.matches.number_of(view.found)} of {len(view.matches)}" if view.found else ""

    def action_toggle_wrap(self) -> None:
        self.view.wrap = not self.view.wrap

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.view.copied() if self._copied is None else self._copied)
        self.notify(f"copied {plain(self._copied_name)}", timeout=2, markup=False)


class TextViewerScreen(Dialog[None]):
    """A full-screen viewer of one text."""

    EXTENT = "fitting"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", "back")]

    def __init__(
        self,
        heading: str,
        document: Document,
        *,
        is_wrapped: bool,
        copied: str | None = None,
        copied_name: str = "the text",
    ) -> None:
        super().__init__(heading)
        self.copied_name = copied_name
        self.document = document
        self.is_wrapped = is_wrapped
        self.copied = copied

    def compose_body(self) -> ComposeResult:
        yield SearchedText(
            self.document,
            is_wrapped=self.is_wrapped,
            copied=self.copied,
            copied_name=self.copied_name,
            fits=True,
        )

    def action_back(self) -> None:
        self.dismiss(None)
