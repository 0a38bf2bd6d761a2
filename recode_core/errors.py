"""Every error the package raises.

    RecodeError
    ├── SessionError            a session file cannot be used
    │   ├── NotASession         foreign, empty or damaged beyond its header
    │   ├── NewerFormat         written by a later version
    │   ├── NotWritable         read-only
    │   ├── DamagedSession      both: readable up to a damaged record
    │   └── SessionBusy         another process is writing it
    ├── Unavailable             an environment, a policy or a sandbox is not available (exit code 3)
    │   ├── EnvironmentUnavailable
    │   ├── SandboxUnavailable
    │   └── PolicyUnavailable
    │       └── CallBrokenOff   aborted by the caller
    ├── UnknownTask             no such task in the environment
    ├── Diverged                a replay diverged from its recording
    │   └── WorldDiverged       the world returned another observation
    └── EvaluationFailed, ReplyRefused, RuleBroken: see interpreter, policies.reply, statements.rules

Failures of an agent are events, never exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recode_core.values import Usage


class CorrectableError(Exception):
    """An error that may know which name was meant: `correction` is the wrong one and the right one."""

    correction: tuple[str, str] | None = None


class RecodeError(CorrectableError):
    """Base of all errors. The message tells the user what to do next."""


def exit_code(error: RecodeError) -> int:
    """The exit code of a command that ends with this error."""
    return 3 if isinstance(error, Unavailable | Diverged) else 2


class ReadOnlyError(RecodeError):
    """The session is open read-only."""


class SessionError(RecodeError):
    """A session file cannot be used."""


class NotASession(SessionError):
    """The file holds no session header."""


class NewerFormat(SessionError):
    """The file was written by a later version of recode."""


class NotWritable(SessionError):
    """The file cannot be written."""


class DamagedSession(NotASession, NotWritable):
    """A record is damaged. The records before it can be read; nothing can be appended."""


class SessionBusy(SessionError):
    """Another process is writing the file."""


class Unavailable(RecodeError):
    """An external resource cannot be reached; trying again may help."""


class EnvironmentUnavailable(Unavailable):
    """The environment cannot be started, or stopped responding."""


class SandboxUnavailable(Unavailable):
    """A sandbox cannot be started, or a crashed one cannot be rebuilt. The recording is complete."""


class PolicyUnavailable(Unavailable):
    """The policy returned no reply; `usage` is what the call cost all the same."""

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        from recode_core.values import Usage  # every command imports this module, few need that one

        super().__init__(message)
        self.usage = usage or Usage()


class CallBrokenOff(PolicyUnavailable):
    """A call was aborted by the caller without a usable reply; it has to be repeated."""


class UnknownTask(RecodeError):
    """The environment has no task of that name."""


class Diverged(RecodeError):
    """A replay diverged from its recording at record `at`."""

    def __init__(self, at: int, recorded: str, actual: str) -> None:
        super().__init__(
            f"the run differs from its recording at record {at}\n  recorded: {recorded}\n  now:      {actual}"
        )
        self.at = at
        self.recorded = recorded
        self.actual = actual


class WorldDiverged(Diverged):
    """A replayed world returned another observation than the recorded one."""

    def offer(self, choice: str) -> None:
        """Add a line to the message that tells what the user can do."""
        self.args = (f"{self}\n{choice}",)
