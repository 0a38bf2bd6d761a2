"""Flows of several steps: they await a dialog or a reply of the engine, and then execute commands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from recode_core.errors import ReadOnlyError, RecodeError
from recode_core.format import estimated_dollars
from recode_tui.debug import commands
from recode_tui.debug.action_line import Suggestions
from recode_tui.debug.copies import value_copy
from recode_tui.debug.drafts import draft_key
from recode_tui.debug.failures import next_steps
from recode_tui.debug.keys import shown
from recode_tui.debug.selected_rows import VariableRow, observation_breakpoint
from recode_tui.debug.view import Compare, Switch

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command, Regenerate
    from recode_core.debugger.cost_estimate import CostEstimate
    from recode_core.debugger.debugger import Debugger
    from recode_core.events import LimitReached
    from recode_core.policies.policy import Request
    from recode_core.timeline.actions import Action
    from recode_core.values import Variable
    from recode_tui.debug.controller import DebugController
    from recode_tui.debug.dialogs.diverged import Choice
    from recode_tui.debug.dialogs.regeneration import Regeneration
    from recode_tui.debug.drafts import Draft
    from recode_tui.debug.edit_targets import EditTarget
    from recode_tui.debug.view import ActionsDialog, EstimateDialog

T = TypeVar("T")
_BUSY = "waiting for the running command, to ask the world for the possible actions…"
_ASKED = "asking the world for the possible actions…"
_UNSOLVED = "not solved"
_ELSEWHERE = "the world is at another moment: f2 restores this one, to ask for the possible actions"
_OF_NODE = "the world is at another moment: f2 restores that of {node}, to ask for the possible actions"
_RESTORED = "restoring the world to this moment, to ask for the possible actions…"


class Flows:
    """The flows of a controller."""

    def __init__(self, controller: DebugController) -> None:
        self._controller = controller
        self._view = controller.view
        self._engine = controller.engine

    # edits

    async def edit(self, target: EditTarget) -> None:
        """Edit a text or messages in the editor, and execute the command that takes them."""
        edited = await self._edited(target)
        if edited is not None:
            self._controller.accept(target, edited)
        elif target.key in self._controller.drafts and not target.messages:
            self._view.report(
                "info", f"the draft for {target.key.node} is kept: {shown('edit')} opens it again"
            )

    async def confirm_edit(self, target: EditTarget, text: str) -> None:
        """Accept a text from $EDITOR like one that is typed: it is checked, and its diff confirmed."""
        fault = await asyncio.to_thread(target.check, text)
        if fault is not None:
            self._view.report("error", f"not accepted: {fault}; {shown('edit')} opens the draft")
        elif not target.text.strip() or await self._view.dialogs.confirm_edit(target, text):
            self._controller.accept(target, text)
        else:
            self._view.report("info", f"the draft for {target.key.node} is kept: {shown('edit')} opens it")

    async def write_code(self, request: Request) -> None:
        """Have a person, as the policy, write the code of a placeholder; or pause the run where it is."""
        self._controller.previews.forget()
        state = self._controller.state
        frame = state.frame(self._engine.timeline) if state is not None else None
        if frame is not None:
            self._view.show(frame)
        from recode_tui.debug.edit_targets import code_request  # after the first frame

        code = await self._edited(code_request(request, frame))
        if code is None:
            self._engine.pause()
        self._engine.write(code if isinstance(code, str) else None)

    async def _edited(self, target: EditTarget) -> Draft | None:
        """The text accepted in the editor, None if none was; a text left there becomes the draft."""
        drafts = self._controller.drafts
        known = drafts.pop(target.key, None)
        edited, draft = await self._view.dialogs.edit(target, known, partial(self.show_actions, of=target))
        if draft is not None:
            drafts[target.key] = draft
        return edited

    # paid commands

    async def execute_if_agreed(self, commands: tuple[Command, ...], is_typed: bool) -> None:
        """Execute commands, of which the first may cost money, if the user agrees to the price."""
        if await self.agrees(commands[0]):
            self._controller.execute(*commands, is_typed=is_typed, is_agreed=True)
            self._controller.release_held()
        else:
            self._controller.drop_held()

    async def agrees(self, command: Command) -> bool:
        """Whether a command may be executed: it costs nothing, or the user agrees to the price."""
        controller, line = self._controller, command.format().text
        controller.is_confirming = True
        try:
            estimate = await asyncio.wrap_future(
                self._engine.ask(lambda debugger: command.estimate_to_confirm(debugger))
            )
            if estimate is None or estimate.is_free:
                return True
            return bool(await self._view.dialogs.confirm_price(controller.question_of(command), estimate))
        except RecodeError as error:
            controller.outcomes.report_failure(line, error)
            return False
        finally:
            controller.is_confirming = False

    async def offer_next_steps(self) -> None:
        """At the end of a run that did not solve its task, say so with the keys that help now."""
        view, frame = self._view, self._controller.frame
        if frame is None:
            return
        view.report("info", _UNSOLVED)
        if not frame.is_read_only:
            steps = next_steps(frame, await self._blame_offer())
            if view.message == _UNSOLVED and view.frame is frame:
                view.report("info", f"{_UNSOLVED} · {steps}")

    async def _blame_offer(self) -> str:
        """The command `blame` with its price; empty if it cannot be used."""
        blame = commands.FindBlame()
        try:
            estimate = await asyncio.wrap_future(
                self._engine.ask(lambda debugger: blame.estimate_to_confirm(debugger))
            )
        except RecodeError:
            return ""
        if estimate is None or estimate.is_free:
            return ":blame"
        cost = estimate.cost_usd
        price = "price unknown" if cost is None else f"about {estimated_dollars(cost)}"
        return f":blame, {price}"

    # asking again

    async def regenerate(self) -> None:
        """Request another expansion of the selected placeholder, or compare several candidates."""
        controller, view = self._controller, self._view
        selection, frame = controller.selection, controller.frame
        if controller.read_only.is_refused() or frame is None:
            return
        in_code = selection.panel == "code"
        node = selection.shown if in_code else frame.placeholder_of(selection.node)
        known, history = frame.node_text(node), frame.timeline.expansions.get(node)
        if known is None or history is None or not history.requests:
            view.report("error", f"the model has not been asked for {selection.node} yet")
            return
        wanted = await view.dialogs.regeneration(
            node, known.text, history.requests[-1].model, self._temperature, self._show_price
        )
        if wanted is None:
            return
        command = regenerate_command(wanted)
        if not await self.agrees(command):
            return
        if wanted.candidates == 1:
            controller.execute(command, is_agreed=True)
            return
        code = frame.moment.code_shown(node)
        first = frame.log.next_number("candidate")
        dialog, chosen = view.dialogs.candidates(
            wanted, known.text, code.text if code is not None else "", first, controller.pause
        )
        controller.outcomes.candidates_dialog = dialog
        controller.execute(command, is_agreed=True)
        number = await chosen
        controller.outcomes.candidates_dialog = None
        if number is not None:
            controller.execute(commands.Graft(number))

    @property
    def _temperature(self) -> float | None:
        """The temperature of the run; None if that is unknown."""
        state = self._controller.state
        sampling = state.session.header.settings.sampling if state is not None else {}
        temperature = sampling.get("temperature")
        return float(temperature) if isinstance(temperature, int | float) else None

    def _show_price(self, dialog: EstimateDialog, wanted: Regeneration) -> None:
        def ask(debugger: Debugger) -> CostEstimate | None:
            return regenerate_command(wanted).estimate_to_confirm(debugger)

        async def show() -> None:
            try:
                estimate = await asyncio.wrap_future(self._engine.ask(ask))
                dialog.show_estimate(wanted, estimate if estimate is not None else "no call is made")
            except RecodeError as error:
                dialog.show_estimate(wanted, str(error))

        self._view.start(show)

    # limits and divergences

    async def raise_limit(self, reached: LimitReached) -> None:
        """Raise the limit that stopped the run and continue, or leave it."""
        value = await self._view.dialogs.raise_limit(reached)
        if value is not None:
            limit = None if isinstance(value, str) else value
            self._controller.execute(commands.SetLimit(reached.name, limit), commands.Continue())

    async def resolve_divergence(self, failed: tuple[Command, ...], choice: Awaitable[Choice | None]) -> None:
        """Accept a world that diverged, try the commands again with another one, or change nothing."""
        hint = self._controller.outcomes.draft_hint(*map(draft_key, failed))
        chosen = await choice
        if chosen == "accept":
            self._controller.execute(commands.Accept())
        elif chosen == "again" and not hint:
            self._controller.execute(*failed)
        else:
            self._view.report("info", f"nothing was changed{hint}")

    # looking

    async def suggest_actions(self) -> None:
        """Suggest the admissible actions at the cursor; for that the world may have to be restored."""
        view = self._view

        def show(suggestions: Suggestions) -> None:
            if view.awaits_suggestions:
                view.suggest(suggestions)

        view.suggest(self._asking)
        await self._find_actions(show, may_restore=True)

    def show_actions(self, dialog: ActionsDialog, may_restore: bool, *, of: EditTarget | None = None) -> None:
        """Show the actions that are admissible where a text begins, or else at the cursor, in a dialog.

        The world is restored only if it `may`.
        """
        dialog.show_actions(self._asking)
        self._view.start(lambda: self._find_actions(dialog.show_actions, may_restore, of))

    @property
    def _asking(self) -> Suggestions:
        is_busy = self._controller.pending.is_command and not self._engine.is_writing
        return Suggestions("waiting", reason=_BUSY if is_busy else _ASKED)

    async def _find_actions(
        self, show: Callable[[Suggestions], None], may_restore: bool, of: EditTarget | None = None
    ) -> None:
        at, node = (of.begins, of.key.node) if of is not None and of.begins is not None else (None, "")
        try:
            if not self._engine.is_writing and await self._needs_restore(at):
                if not may_restore:
                    reason = _OF_NODE.format(node=node) if node else _ELSEWHERE
                    show(Suggestions("elsewhere", reason=reason, node=node))
                    return
                show(Suggestions("waiting", reason=_RESTORED, node=node))
            show(Suggestions("here", await asyncio.wrap_future(self._engine.ask_actions(at)), node=node))
        except ReadOnlyError as error:
            show(Suggestions("failed", reason=self._controller.read_only.refusal or str(error)))
        except RecodeError as error:
            show(Suggestions("failed", reason=str(error)))

    async def _needs_restore(self, at: int | None) -> bool:
        """Whether the world is not at a stop, by default at the cursor."""

        def ask(debugger: Debugger) -> bool:
            return debugger.needs_restore_to(debugger.cursor if at is None else at)

        return await asyncio.wrap_future(self._engine.ask(ask))

    async def copy_value(self, row: VariableRow) -> None:
        """Copy the value of a variable that is shortened in the log: ask the engine for the whole."""
        self._view.report("info", f"reading the value of {row.name}…")
        found = await self._full_value(row.name, row.n)
        if found is not None:
            self._controller.finish_copy(value_copy(row, found.value, found.length))

    async def show_history(self, name: str) -> None:
        """Show every change of a variable, and go to the one that is chosen."""
        from recode_core.debugger import queries  # loaded by the engine

        frame = self._controller.frame
        if frame is None:
            return
        changes = await self._answer(lambda debugger: queries.history(debugger.parts, name))
        if changes is None:
            return

        async def value(n: int) -> str:
            asked = self._engine.ask(lambda debugger: queries.full_value(debugger.parts, name, n))
            return (await asyncio.wrap_future(asked)).value

        n = await self._view.dialogs.variable_history(name, changes, frame.n, value)
        if n is not None:
            self._controller.go_to_record(frame.branch, n)

    async def go_to_record(self, branch: str, n: int) -> None:
        """Read the timeline of another branch, and go to the stop at which one of its records shows."""
        state = self._controller.state
        if state is not None:
            await asyncio.to_thread(state.read, branch)
            self._controller.go_to(branch, state.timelines[branch].stop_showing(n).n)

    async def show_branches(self) -> None:
        """Show the branches; switch to one, or compare two."""
        frame, state = self._controller.frame, self._controller.state
        if frame is None:
            return
        found = state.session.branches.branches() if state is not None else ()
        match await self._view.dialogs.branches(found, frame.branch):
            case Switch(name=name):
                self._controller.execute(commands.SwitchBranch(name))
            case Compare(left=left, right=right):
                await self._view.dialogs.compare(frame.log, left, right)

    async def show_breakpoints(self) -> None:
        """Show the breakpoints until the dialog is closed; it shows what commands do to them meanwhile."""
        controller, frame = self._controller, self._controller.frame
        if frame is not None:
            offered = observation_breakpoint(self._view.selection.row)
            controller.outcomes.breakpoints_dialog, closed = self._view.dialogs.breakpoints(
                frame.annotations, controller.execute, offered
            )
            await closed
            controller.outcomes.breakpoints_dialog = None

    async def read_observation(self, action: Action) -> None:
        """Show a whole observation in its environment's layout."""
        from recode_core.environments.observation_layout import laid_out

        state = self._controller.state
        if state is not None:
            environment, text = state.session.header.settings.environment, action.observation.text
            page = await asyncio.to_thread(laid_out, environment, text)
            self._view.dialogs.observation(action.action or "The first observation", text, page)

    async def leave_if(self, is_sure: Awaitable[bool | None]) -> None:
        """Leave, if the user is sure."""
        try:
            if await is_sure:
                self._view.leave()
        finally:
            self._controller.is_leaving = False

    async def _full_value(self, name: str, n: int) -> Variable | None:
        """The full value that record `n` gave to a variable; None if there is an error, which is reported."""
        from recode_core.debugger import queries  # loaded by the engine

        def ask(debugger: Debugger) -> Variable:
            return queries.full_value(debugger.parts, name, n)

        return await self._answer(ask)

    async def _answer(self, question: Callable[[Debugger], T]) -> T | None:
        """The engine's answer; None if there is an error, which is reported."""
        try:
            return await asyncio.wrap_future(self._engine.ask(question))
        except RecodeError as error:
            self._view.report("error", str(error))
            return None


def regenerate_command(wanted: Regeneration) -> Regenerate:
    """The command for the fields of the dialog; a single candidate has no rollout."""
    return commands.Regenerate(
        wanted.node,
        wanted.hint,
        wanted.model,
        wanted.temperature,
        wanted.candidates if wanted.candidates > 1 else None,
        wanted.rollout if wanted.candidates > 1 else 0,
    )
