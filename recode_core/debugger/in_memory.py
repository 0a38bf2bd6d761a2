"""Sessions in memory, without a file."""

from __future__ import annotations

from contextlib import ExitStack
from os import PathLike
from pathlib import Path

from recode_core.debugger.debug_session import restorer_of
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.session_script import script_of
from recode_core.environments import guard
from recode_core.environments.environment import Environment
from recode_core.episode import resolve
from recode_core.executor import Executor, Recorder
from recode_core.log import Log
from recode_core.policies.policy import Policy
from recode_core.policy_registry import with_prompts
from recode_core.session import Settings, Writer, new_header


class MemorySession:
    """A debugger on a new run that is recorded in memory; the `SessionFiles` of that debugger."""

    def __init__(self, settings: Settings, policy: Policy | None, environment: Environment | None) -> None:
        with ExitStack() as held:
            config = resolve(with_prompts(settings), policy, environment=environment)
            world = config.open_world()
            held.callback(guard.close, world)
            log, limit = Log(), guard.step_limit(world)
            executor = Executor(config.new_run(Recorder(log), world, limit))
            self.debugger = Debugger(log, executor, restorer_of(config, log, limit))
            held.callback(self.debugger.close)
            self.debugger.files = self
            self._settings, self._policy, self._environment = config.settings, policy, environment
            self._held = held.pop_all()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the session to a new file. Raises SessionError if the file exists."""
        writer = Writer.create(Path(path), new_header(Path(path).stem, self._settings))
        try:
            for record in self.debugger.log.records:
                writer.write(record)
        finally:
            writer.close()

    def script(self) -> str:
        """The session as a script. Raises RecodeError if none can repeat it."""
        return script_of(new_header("session", self._settings), self.debugger.log)

    def rerun(self) -> Debugger:
        """Start the same settings again; this session is closed."""
        fresh = MemorySession(self._settings, self._policy, self._environment)
        self.close()
        return fresh.debugger

    def close(self) -> None:
        """Close debugger and world. Idempotent."""
        self._held.close()
