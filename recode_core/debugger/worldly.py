"""What a user does with the world itself: ask it what is possible, and take it as it is."""

from __future__ import annotations

from recode_core.debugger.navigator import Navigator
from recode_core.debugger.otherwise import Answered
from recode_core.environments import guard
from recode_core.environments.environment import tells_possible
from recode_core.errors import EnvironmentUnavailable, RecodeError
from recode_core.timeline import Stop


class Worldly(Navigator):
    """A session whose world can be asked and accepted."""

    def accept(self) -> Stop:
        """Go on in the world that answered otherwise when it was last to be brought back: on a branch, from
        the action or the start before that answer. Raises RecodeError where none did."""
        otherwise = self.restorer.otherwise
        if otherwise is None or all(record.n != otherwise.n for record in self.timeline.records):
            raise RecodeError("no world has answered otherwise than recorded when it was last brought back")
        at, before = self.timeline.stops[self.timeline.stop_index(otherwise.n - 1)].n, self.position
        executor = self.restorer.interpreter_at(self.timeline.up_to(at))
        self.restorer.otherwise = None
        executor.run.world = Answered(otherwise)
        self._put(executor, at)
        self._start_branch(at, "accept", f"the world answered otherwise than in record {otherwise.n}")
        try:
            self._advance()
        finally:
            executor.run.world = otherwise.world
            self._sync()
            self._remember(before)
            self.horizon = None
        return self._arrive(self.timeline.stops[-1])

    @property
    def is_elsewhere(self) -> bool:
        """Whether the world stands somewhere else than the cursor, so that it has to be brought there."""
        return self._is_lost or self.head != self.cursor

    def possible(self) -> tuple[str, ...]:
        """What would do something in the world at the cursor. It is brought there, and the world is asked.

        Raises RecodeError where the environment doesn't tell, and what bringing it raises.
        """
        if self.stop.kind == "start":
            raise RecodeError("nothing has been reached yet; step first")
        world = self.executor.run.world
        if world is None or tells_possible(world):  # else there is no need to bring it
            self._stand_at(self.cursor)
            world = self.executor.run.world
        if world is None or not tells_possible(world):
            raise RecodeError("this environment doesn't tell which actions are possible")
        try:
            return guard.possible(world)
        except EnvironmentUnavailable:
            self._is_lost = True
            raise
