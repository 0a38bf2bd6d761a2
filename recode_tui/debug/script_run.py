"""Several lines that were entered at once: a script whose commands run in order, up to the first failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recode_core.format import counted
from recode_tui.debug import commands

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_tui.debug.controller import DebugController
    from recode_tui.debug.messages import CommandsFinished


class ScriptLine(NamedTuple):
    """A command of a script, with the number of its line."""

    number: int
    command: Command


class Script:
    """The commands of a script that have not ended yet; the first of them is `current`."""

    def __init__(self, text: str) -> None:
        """Parse a script. Raises BadCommand, with the number of the wrong line, if not all are commands."""
        from recode_core.debugger.script import read_script  # loaded by the engine

        self._lines = text.splitlines()
        self._left: list[ScriptLine] = []
        where = ""
        try:
            for line in read_script(text):
                where = f"line {line.line}: "
                self._left.append(ScriptLine(line.line, commands.parse(line.text, line.block)))
                where = ""
        except commands.BadCommand as error:
            count = counted(len(self._lines), "line")
            raise commands.BadCommand(f"none of the {count} was run: {where}{error}") from None

    @property
    def current(self) -> Command | None:
        """The next command, or the one that is being executed; None at the end of the script."""
        return self._left[0].command if self._left else None

    @property
    def position(self) -> str:
        """The current line, as `line 2 of 5`."""
        return f"line {self._left[0].number} of {len(self._lines)}" if self._left else ""

    @property
    def rest(self) -> str:
        """The text from the current line on."""
        return "\n".join(self._lines[self._left[0].number - 1 :]) if self._left else ""

    def advance(self) -> None:
        """The current command has ended."""
        self._left.pop(0)


class ScriptRunner:
    """Runs scripts for a controller, one at a time and command by command, as if they were typed."""

    def __init__(self, controller: DebugController) -> None:
        self._controller = controller
        self._script: Script | None = None
        self._is_stopping = False

    def run(self, text: str) -> None:
        """Run a script; if one line is not a command, none is run."""
        if self._script is not None:
            reason = f"a script is running, at {self._script.position}: p stops it"
            self._controller.view.report("error", reason)
            return
        try:
            self._script = Script(text)
        except commands.BadCommand as error:
            self._controller.outcomes.report_failure(text.splitlines()[0], error)
            return
        self._is_stopping = False
        self._execute()

    def finished(self, message: CommandsFinished, *, is_at_limit: bool) -> None:
        """Go on after the current command, unless it failed or reached a limit, or the user paused."""
        script = self._script
        if script is None or script.current is not message.commands[0]:
            return
        where = script.position
        if message.failure is not None:
            self.stop(f"{where} failed: {message.error}")
            return
        is_over = isinstance(script.current, commands.Quit)
        script.advance()
        if is_over or script.current is None:
            self._script = None
        elif is_at_limit or self._is_stopping:
            self.stop(f"stopped after {where}")
        else:
            self._execute()

    def stop_at_next(self) -> None:
        """Stop after the current command."""
        self._is_stopping = True

    def stop(self, why: str = "") -> None:
        """End the script, and keep the rest of it in the history of the command line."""
        script, self._script = self._script, None
        if script is None:
            return
        view = self._controller.view
        view.remember_line(script.rest)
        text = "; ".join(part for part in (why, "`:` and up recall the rest") if part)
        self._controller.transcript.note(text)
        if why:
            view.report("error", text)
            if not view.fits(text):
                view.open_console()

    def _execute(self) -> None:
        """Execute the current command. If it is refused before it begins, the script ends."""
        controller, script = self._controller, self._script
        if script is None or script.current is None:
            self._script = None
            return
        before = controller.pending.count
        controller.execute(script.current, is_typed=True)
        if controller.pending.count == before and not controller.is_waiting:
            self.stop()
