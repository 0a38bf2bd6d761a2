"""The first line of a session file: the settings of the run."""

from __future__ import annotations

import importlib.metadata
import platform
from datetime import UTC, datetime

import msgspec

from recode_core.executor.limits import Limits, defaults
from recode_core.interpreter.sessions import SandboxLimits
from recode_core.policies.prompts import Prompts
from recode_core.statements import EDITION
from recode_core.values import Count
from recode_core.version import __version__

FORMAT = "recode.session"
VERSION = 1
IMPORTED = "imported"
"""The policy of a run that was recorded by another program; such a session is read-only."""

_OF_AGENT = Limits()
"""A marker, compared by identity, for limits that were not given."""


class AppliedProtocol(msgspec.Struct, frozen=True):
    """The published protocol of a run.

    `steps` replaces the environment's step limit, None keeps it. `given` names limits and sampling fields
    that the user set; they take precedence.
    """

    name: str
    steps: Count | None = None
    given: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True):
    """The settings of a run. `sandbox` holds the seed and the clock that generated code sees.

    The default of `limits` depends on the agent, see `executor.limits.defaults`. `model` and `sampling` are
    those of the policy, set when a run starts. `protocol` is None for a run without one. `prompts` is the
    user's prompt set for the kind of the task, None for the bundled one.
    """

    environment: str
    task: str
    policy: str = "expert"
    agent: str = "recode"
    model: str = ""
    sampling: dict[str, str | float | int] = {}
    limits: Limits = _OF_AGENT
    sandbox: SandboxLimits = SandboxLimits()
    protocol: AppliedProtocol | None = None
    prompts: Prompts | None = None

    def __post_init__(self) -> None:
        if self.limits is _OF_AGENT:
            msgspec.structs.force_setattr(self, "limits", defaults(self.agent))

    def within(self, most: SandboxLimits) -> Settings:
        """The settings with the sandbox capped to `most`, because a file may be untrusted."""
        return msgspec.structs.replace(self, sandbox=self.sandbox.within(most))


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a session: format, id, time of creation (ISO 8601, UTC), versions of packages, settings.

    `imported` is the source of a run that was recorded by another program, or empty. `edition` is the
    version of the rules for generated code; sessions without one have the first.
    """

    format: str = FORMAT
    version: int = VERSION
    id: str
    created: str
    versions: dict[str, str]
    settings: Settings
    imported: str = ""
    edition: int = 1

    def within(self, most: SandboxLimits) -> Header:
        """The header with the sandbox capped to `most`."""
        return msgspec.structs.replace(self, settings=self.settings.within(most))

    def lowered(self, most: SandboxLimits) -> str:
        """A notice for the user if the sandbox is capped below the recorded limits; else empty."""
        asked = self.settings.sandbox
        if asked.within(most) == asked:
            return ""
        return (
            f"the session was recorded with {asked.seconds:g} s and {asked.memory_mb} MB for its sandbox "
            f"and gets {min(asked.seconds, most.seconds):g} s and {min(asked.memory_mb, most.memory_mb)} MB; "
            "if you trust it, allow more with --statement-seconds and --memory-mb"
        )


def new_header(session_id: str, settings: Settings) -> Header:
    """The header of a new run."""
    return Header(
        id=session_id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={
            "recode": __version__,
            "python": platform.python_version(),
            "pydantic-monty": importlib.metadata.version("pydantic-monty"),
        },
        settings=settings,
        edition=EDITION,
    )
