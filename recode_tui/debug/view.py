"""The screen as its controller sees it: the selection, methods to show something, and the dialogs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

if TYPE_CHECKING:
    from recode_core.debugger.annotations import Annotations
    from recode_core.debugger.candidates import Candidate
    from recode_core.debugger.commands import Command
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.debugger.diverged_world import WorldDivergence
    from recode_core.environments.layout import Page
    from recode_core.events import LimitReached
    from recode_core.log import Log
    from recode_core.timeline.branches import BranchSummary
    from recode_core.timeline.variables import Binding
    from recode_tui.debug.action_line import Suggestions
    from recode_tui.debug.dialogs.diverged import Choice
    from recode_tui.debug.dialogs.limit import Raised
    from recode_tui.debug.dialogs.regeneration import Regeneration
    from recode_tui.debug.drafts import Draft
    from recode_tui.debug.edit_targets import EditTarget
    from recode_tui.debug.panels.code import Tab
    from recode_tui.debug.selected_rows import RowBreakpoint, SelectedRow
    from recode_tui.debug.transcript import TranscriptView
    from recode_tui.debug.view_frame import Frame

Severity = Literal["info", "error", "hit"]
"""A `hit` is shown until the next key, any other message until the next command."""

Flow = Callable[[], Coroutine[None, None, None]]
"""Work in the background, such as waiting for a dialog."""


class Selection(msgspec.Struct, frozen=True):
    """The selection of the user.

    `panel` has the focus, `node` is under the plan's cursor. `shown` is the placeholder whose page is in the
    code panel, on `tab` (empty if the panel is hidden); `line` is the line under the cursor of its code.
    `row` is the row under the cursor of the panel, if its rows are not nodes; `streamed` is the part of the
    shown reply that has arrived; `marked` is text that is selected with the mouse.
    """

    panel: str
    node: str
    shown: str = ""
    tab: Tab | Literal[""] = "code"
    line: tuple[str, int] | None = None
    row: SelectedRow | None = None
    streamed: str = ""
    marked: str = ""


class Switch(msgspec.Struct, frozen=True):
    """Go to a branch."""

    name: str


class Compare(msgspec.Struct, frozen=True):
    """Compare two branches."""

    left: str
    right: str


class Execute(Protocol):
    """Executes commands one after the other, up to the first that fails."""

    def __call__(self, *commands: Command) -> None: ...


class ActionsDialog(Protocol):
    """A dialog that shows the admissible actions."""

    def show_actions(self, suggestions: Suggestions) -> None: ...


AskActions = Callable[[ActionsDialog, bool], None]
"""Shows the admissible actions in a dialog; the flag says whether the world may be restored for that."""


class EstimateDialog(Protocol):
    """A dialog that shows the price of the call that its fields describe."""

    def show_estimate(self, asked: Regeneration, estimate: CostEstimate | str) -> None: ...


class CandidatesDialog(Protocol):
    """A dialog that shows candidates while they reply, and then side by side."""

    def append_stream(self, number: int, text: str, asked: int = 0) -> None: ...

    def finished(self, candidates: Sequence[Candidate]) -> None: ...

    def failed(self, reason: str) -> None: ...


class BreakpointsDialog(Protocol):
    """The dialog of the breakpoints, which stays open while commands change them."""

    annotations: Annotations

    @property
    def is_ready(self) -> bool: ...

    def show_error(self, text: str) -> None: ...


class Dialogs(Protocol):
    """The dialogs, from values to values. A call opens one at once; what it returns is the user's choice."""

    def edit(
        self, target: EditTarget, draft: Draft | None, ask_actions: AskActions
    ) -> Awaitable[tuple[Draft | None, Draft | None]]:
        """The text or messages that were accepted, else None; and the draft that was left, else None."""

    def edit_outside(self, target: EditTarget, text: str) -> str:
        """A text as edited in $EDITOR. Raises EditorFailed."""

    def confirm_edit(self, target: EditTarget, text: str) -> Awaitable[bool | None]:
        """Whether to accept a text, by its diff."""

    def confirm(self, question: str, loss: str, *, yes: str, no: str) -> Awaitable[bool | None]: ...

    def confirm_price(self, question: str, estimate: CostEstimate) -> Awaitable[bool | None]:
        """Whether to make calls that cost money, or may."""

    def choose_divergence(self, divergence: WorldDivergence) -> Awaitable[Choice | None]: ...

    def raise_limit(self, reached: LimitReached) -> Awaitable[Raised | None]: ...

    def regeneration(
        self,
        node: str,
        statement: str,
        model: str,
        temperature: float | None,
        price: Callable[[EstimateDialog, Regeneration], None],
    ) -> Awaitable[Regeneration | None]: ...

    def candidates(
        self, wanted: Regeneration, statement: str, code: str, first: int | None, stop: Callable[[], None]
    ) -> tuple[CandidatesDialog, Awaitable[int | None]]:
        """The dialog, and the number of the candidate that is chosen."""

    def branches(
        self, found: Sequence[BranchSummary], current: str
    ) -> Awaitable[Switch | Compare | None]: ...

    async def compare(self, log: Log, left: str, right: str) -> None:
        """Compare two branches; to align them takes a moment."""

    def breakpoints(
        self, annotations: Annotations, execute: Execute, offered: RowBreakpoint | None
    ) -> tuple[BreakpointsDialog, Awaitable[None]]:
        """The dialog, in which the form of a new breakpoint begins with the one that is `offered`."""

    def variable_history(
        self, name: str, changes: Sequence[Binding], n: int, value: Callable[[int], Awaitable[str]]
    ) -> Awaitable[int | None]:
        """The record to go to. `value` gives the full value that a record gave to the variable."""

    def text(self, title: str, text: str) -> None:
        """Show a text whole, wrapped."""

    def observation(self, heading: str, text: str, page: Page) -> None: ...


class View(Protocol):
    """The screen."""

    @property
    def dialogs(self) -> Dialogs: ...

    @property
    def frame(self) -> Frame | None:
        """The moment that is shown."""

    @property
    def selection(self) -> Selection: ...

    @property
    def message(self) -> str:
        """The message that the status line shows, else the empty text."""

    @property
    def last_message(self) -> str:
        """The message that was shown last, although it may be cleared."""

    @property
    def awaits_suggestions(self) -> bool:
        """Whether suggestions for an action are still of use."""

    def report(self, severity: Severity, text: str) -> None:
        """Show a message in the status line; an empty one clears it."""

    def fits(self, text: str) -> bool:
        """Whether the status line shows a message whole."""

    def show_transcript(self, transcript: TranscriptView) -> None:
        """Show what was added to the console; it may be hidden."""

    def open_console(self) -> None:
        """Make the console visible. The focus stays where it is."""

    def remember_line(self, text: str) -> None:
        """Add a text to the history of the command line."""

    def offer_line(self, text: str) -> None:
        """Offer a command, which tab writes into an empty command line."""

    def continue_from(self, branch: str, n: int) -> object:
        """Open a copy of the session at a record, to go on with it, in place of this one."""

    def show(self, frame: Frame) -> None:
        """Show a moment."""

    def show_pending(self, *, follows: bool) -> None:
        """A command was given to the engine: show it, and if it `follows`, follow the run."""

    def show_drafts(self, nodes: frozenset[str]) -> None: ...

    def select_node(self, node: str, tab: Tab) -> None:
        """Move the plan's cursor to a node, and show a tab of it."""

    def begin_command(self, text: str) -> None:
        """Open the command line with a text."""

    def suggest(self, suggestions: Suggestions) -> None: ...

    def copy(self, text: str) -> None:
        """Copy a text to the clipboard."""

    def start(self, flow: Flow, *, only: str = "") -> None:
        """Run a flow in the background; `only` names a group, in which a new flow cancels the one before."""

    def leave(self) -> object:
        """Close the session and the screen."""
