"""Every error the package raises.

RecodeError
├── SessionError            a session file cannot be used
│   ├── NotASession         foreign, empty or damaged beyond its header
│   ├── NewerFormat         written by a later version
│   ├── NotWritable         it can be read, and no more
│   ├── Damaged             both: its records can be read up to a damaged one
│   └── SessionBusy         another process is writing it
├── Unavailable             an environment, a policy or a sandbox cannot be had (exit code 3)
│   ├── EnvironmentUnavailable
│   ├── SandboxUnavailable
│   └── PolicyUnavailable
│       └── CallBrokenOff   nobody waited for its reply
├── UnknownTask             no such task in the environment
├── Diverged                a re-execution left its recording
│   └── WorldDiverged       since the world answered otherwise
└── EvaluationFailed, ReplyRefused, RuleBroken: see interpreter, policies.reply, statements.rules

What an agent does wrong is an event, never an exception.
"""

from __future__ import annotations

from recode_core.values import Usage


class RecodeError(Exception):
    """Base of all errors; its text says what to do next."""


def exit_code(error: RecodeError) -> int:
    """What a command that an error ends exits with."""
    return 3 if isinstance(error, Unavailable | Diverged) else 2


class ReadOnlyError(RecodeError):
    """Something was to be done in a session that can only be looked at."""


class SessionError(RecodeError):
    """A session file cannot be used."""


class NotASession(SessionError):
    """The file holds no session header."""


class NewerFormat(SessionError):
    """The file was written by a later version of recode."""


class NotWritable(SessionError):
    """The file, or the folder that its lock would be in, can't be written."""


class Damaged(NotASession, NotWritable):
    """A record is damaged: those before it can be read, and nothing can be added."""


class SessionBusy(SessionError):
    """Another process writes the file."""


class Unavailable(RecodeError):
    """Something outside cannot be reached; trying again may help."""


class EnvironmentUnavailable(Unavailable):
    """The environment cannot be started, or went away."""


class SandboxUnavailable(Unavailable):
    """No sandbox can be started, or one that was lost can't be rebuilt; what is recorded is whole."""


class PolicyUnavailable(Unavailable):
    """The policy gives no reply; `usage` is what was paid for all the same."""

    def __init__(self, message: str, usage: Usage = Usage()) -> None:  # noqa: B008 (it is frozen)
        super().__init__(message)
        self.usage = usage


class CallBrokenOff(PolicyUnavailable):
    """A call was ended from our side, and what arrived is of no use; the call is to be made anew."""


class UnknownTask(RecodeError):
    """The environment has no task of that name."""


class Diverged(RecodeError):
    """A re-execution left its recording at record `at`: what was recorded, and what came instead."""

    def __init__(self, at: int, recorded: str, actual: str) -> None:
        super().__init__(
            f"the run differs from its recording at record {at}\n  recorded: {recorded}\n  now:      {actual}"
        )
        self.at = at
        self.recorded = recorded
        self.actual = actual


class WorldDiverged(Diverged):
    """The world answered otherwise than recorded; nothing else differs."""

    def offer(self, choice: str) -> None:
        """Say what the user can do about it."""
        self.args = (f"{self}\n{choice}",)
