"""Previews: moments that are shown without moving the cursor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recode_core.timeline import Timeline
    from recode_tui.debug.controller import DebugController


class Previews:
    """Shows the moments that the user asks for, one at a time.

    The timeline of a branch other than the current one is built in another thread; meanwhile the user may ask
    for another moment, which is then shown instead.
    """

    def __init__(self, controller: DebugController) -> None:
        self._controller = controller
        self._wanted: tuple[str, int] | None = None
        self._is_reading = False

    def show(self, branch: str, n: int) -> None:
        """Show record `n` of a branch."""
        self._wanted = branch, n
        controller = self._controller
        if (state := controller.state) is None:
            return
        if (timeline := self.timeline(branch, n)) is not None:
            state.preview = timeline, n
            controller.view.show(state.frame(controller.running))
        elif not self._is_reading:
            self._is_reading = True
            controller.view.start(self._read)

    def end(self) -> None:
        """Show the moment at the cursor again."""
        state = self._controller.state
        is_shown = state is not None and state.preview is not None
        self.forget()
        if state is not None and is_shown:
            self._controller.view.show(state.frame(self._controller.running))

    def forget(self) -> None:
        """End the preview, but leave its moment on the screen until another one is shown."""
        self._wanted = None
        if (state := self._controller.state) is not None:
            state.preview = None

    def timeline(self, branch: str, n: int) -> Timeline | None:
        """A timeline that has record `n` of a branch, if there is one."""
        state, running = self._controller.state, self._controller.engine.timeline
        assert state is not None
        known = (running, state.position.timeline, state.timelines.get(branch))
        return next((each for each in known if each and each.branch == branch and n <= each.end.n), None)

    async def _read(self) -> None:
        try:
            while self._wanted is not None and (state := self._controller.state) is not None:
                if self.timeline(*self._wanted) is not None:
                    break
                await asyncio.to_thread(state.read, self._wanted[0])
        finally:
            self._is_reading = False
        if self._wanted is not None:
            self.show(*self._wanted)
