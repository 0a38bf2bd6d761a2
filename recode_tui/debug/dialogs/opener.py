"""Opening the debugger's dialogs over a screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App
from textual.screen import Screen

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.diff import difference
from recode_core.environments.layout import Page
from recode_core.events import LimitReached
from recode_core.log import Log
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchSummary
from recode_core.timeline.variables import Binding
from recode_tui.debug import dialogs
from recode_tui.debug.drafts import Draft
from recode_tui.debug.selected_rows import RowBreakpoint
from recode_tui.debug.view import (
    AskActions,
    BreakpointsDialog,
    CandidatesDialog,
    Compare,
    EstimateDialog,
    Execute,
    Switch,
)
from recode_tui.widgets.document import Document

if TYPE_CHECKING:
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.debugger.diverged_world import WorldDivergence
    from recode_tui.debug.dialogs.diverged import Choice
    from recode_tui.debug.dialogs.limit import Raised
    from recode_tui.debug.dialogs.regeneration import Regeneration
    from recode_tui.debug.edit_targets import EditTarget

Result = TypeVar("Result")


class DialogOpener:
    """Opens dialogs as screens of an app, on behalf of a controller."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def _open(self, screen: Screen[Result]) -> asyncio.Future[Result | None]:
        """Push a screen and return a future of its result."""
        future: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()

        def dismissed(result: Result | None) -> None:
            if not future.done():  # the awaiting task may have been cancelled
                future.set_result(result)

        self._app.push_screen(screen, dismissed)
        return future

    async def edit(
        self, target: EditTarget, draft: Draft | None, ask_actions: AskActions
    ) -> tuple[Draft | None, Draft | None]:
        if target.messages:
            messages = draft if isinstance(draft, tuple) else None
            chat = dialogs.MessagesScreen(target.title, target.messages, draft=messages)
            return await self._open(chat), chat.draft
        from recode_tui.debug.dialogs.code_help import CodeHelp  # after the first frame

        editor = dialogs.EditorScreen(
            target.title,
            target.text,
            language=target.language,
            check=target.check,
            note=target.note,
            draft=draft if isinstance(draft, str) else None,
            help=CodeHelp(target.words, target.placeholders, ask_actions) if target.words else None,
        )
        return await self._open(editor), editor.draft

    def edit_outside(self, target: EditTarget, text: str) -> str:
        from recode_tui.debug.dialogs.external_editor import edited_outside  # after the first frame

        return edited_outside(self._app, text, ".py" if target.language == "python" else ".txt")

    def confirm_edit(self, target: EditTarget, text: str) -> Awaitable[bool | None]:
        is_code = target.language == "python"
        return self._open(dialogs.DiffConfirmScreen(target.text, text, is_code=is_code))

    def confirm(self, question: str, loss: str, *, yes: str, no: str) -> Awaitable[bool | None]:
        return self._open(dialogs.ConfirmScreen(question, loss, yes=yes, no=no))

    def confirm_price(self, question: str, estimate: CostEstimate) -> Awaitable[bool | None]:
        return self._open(dialogs.PriceScreen(question, estimate))

    def choose_divergence(self, divergence: WorldDivergence) -> Awaitable[Choice | None]:
        return self._open(dialogs.DivergedScreen(divergence))

    def raise_limit(self, reached: LimitReached) -> Awaitable[Raised | None]:
        return self._open(dialogs.LimitScreen(reached))

    def regeneration(
        self,
        node: str,
        statement: str,
        model: str,
        temperature: float | None,
        price: Callable[[EstimateDialog, Regeneration], None],
    ) -> Awaitable[Regeneration | None]:
        def ask(wanted: Regeneration) -> None:
            price(dialog, wanted)

        dialog = dialogs.RegenerateScreen(node, statement, model, ask, temperature)
        return self._open(dialog)

    def candidates(
        self, wanted: Regeneration, statement: str, code: str, first: int | None, stop: Callable[[], None]
    ) -> tuple[CandidatesDialog, Awaitable[int | None]]:
        dialog = dialogs.CandidatesScreen(wanted.node, statement, code, wanted.candidates, stop, first)
        return dialog, self._open(dialog)

    def branches(self, found: Sequence[BranchSummary], current: str) -> Awaitable[Switch | Compare | None]:
        return self._open(dialogs.BranchesScreen(found, current))

    async def compare(self, log: Log, left: str, right: str) -> None:
        def align() -> Screen[None]:
            moments = Timeline(log.line(left)).end, Timeline(log.line(right)).end
            return dialogs.CompareScreen((left, right), *moments, difference(*moments))

        self._app.push_screen(await asyncio.to_thread(align))

    def breakpoints(
        self, annotations: Annotations, execute: Execute, offered: RowBreakpoint | None
    ) -> tuple[BreakpointsDialog, Awaitable[None]]:
        dialog = dialogs.BreakpointsScreen(annotations, execute, offered)
        return dialog, self._open(dialog)

    def variable_history(
        self, name: str, changes: Sequence[Binding], n: int, value: Callable[[int], Awaitable[str]]
    ) -> Awaitable[int | None]:
        return self._open(dialogs.VariableHistoryScreen(name, changes, n, value))

    def text(self, title: str, text: str) -> None:
        self._app.push_screen(dialogs.TextViewerScreen(title, Document.of(text), is_wrapped=True))

    def observation(self, heading: str, text: str, page: Page) -> None:
        self._app.push_screen(dialogs.ObservationScreen(heading, text, page))
