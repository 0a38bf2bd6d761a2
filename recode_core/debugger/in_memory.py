"""A session that is recorded in memory, until it is saved."""

from __future__ import annotations

from contextlib import ExitStack
from os import PathLike
from pathlib import Path

from recode_core.debugger.debugger import Debugger
from recode_core.debugger.opening import restorer_of
from recode_core.environments import guard
from recode_core.environments.environment import Environment
from recode_core.episode import cast_of
from recode_core.executor import Executor, Recorder
from recode_core.log import Log
from recode_core.policies.policy import Policy
from recode_core.policy import with_prompts
from recode_core.session import Settings, Writer, new_header


class MemorySession:
    """What `Debugger.files` is without a file."""

    def __init__(self, settings: Settings, policy: Policy | None, environment: Environment | None) -> None:
        with ExitStack() as held:
            cast = cast_of(with_prompts(settings), policy, home=environment)
            world = cast.open_world()
            held.callback(guard.close, world)
            log, limit = Log(), guard.step_limit(world)
            executor = Executor(cast.execution(Recorder(log), world, limit))
            self.debugger = Debugger(log, executor, restorer_of(cast, log, limit))
            held.callback(self.debugger.close)
            self.debugger.files = self
            self._settings, self._policy, self._environment = cast.settings, policy, environment
            self._held = held.pop_all()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the session to a new file. Raises SessionError where there is one."""
        writer = Writer.create(Path(path), new_header(Path(path).stem, self._settings))
        try:
            for record in self.debugger.log.records:
                writer.write(record)
        finally:
            writer.close()

    def rerun(self) -> Debugger:
        """Start the same settings again; this session is closed."""
        fresh = MemorySession(self._settings, self._policy, self._environment)
        self.close()
        return fresh.debugger

    def close(self) -> None:
        """Give everything back. Idempotent."""
        self._held.close()
