"""The first line of a session file: all that a run was started with."""

from __future__ import annotations

import importlib.metadata
import platform
import secrets
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
"""The policy of a run that another program recorded: it can be looked at, and no more."""

_OF_AGENT = Limits()
"""Known by its identity: limits that were not given."""


class AppliedProtocol(msgspec.Struct, frozen=True):
    """A published protocol that a run keeps to: its name, and the actions that it allows in place of the
    environment's own limit (None leaves that). `given` names what the user set otherwise, which wins:
    limits, and fields of the sampling."""

    name: str
    steps: Count | None = None
    given: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True):
    """What to run. `sandbox` holds the seed and the clock that generated code sees.

    `limits` that are not given are the agent's, as `executor.limits.defaults` has them.

    `model` and `sampling` are those of the policy, filled in when a run starts. `protocol` is None where a
    run has only settings of its own. `prompts` are the user's, for the task's kind; None is our own set.
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
        """The same, with a sandbox that gets no more than `most`: a file may come from anybody."""
        return msgspec.structs.replace(self, sandbox=self.sandbox.within(most))


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A session's format, id, time of creation (ISO 8601, UTC), the versions that wrote it, its settings.

    `imported` says where a run comes from that another program recorded; it is empty for our own.
    `edition` says how generated code is understood; sessions that don't name one have the first.
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
        """The same, with settings that are `within` these limits."""
        return msgspec.structs.replace(self, settings=self.settings.within(most))

    def lowered(self, most: SandboxLimits) -> str:
        """What to tell a user whose limits are below those that the session was recorded with."""
        asked = self.settings.sandbox
        if asked.within(most) == asked:
            return ""
        return (
            f"the session was recorded with {asked.seconds:g} s and {asked.memory_mb} MB for its sandbox "
            f"and gets {min(asked.seconds, most.seconds):g} s and {min(asked.memory_mb, most.memory_mb)} MB; "
            "if you trust it, allow more by --statement-seconds and --memory-mb"
        )


def new_id() -> str:
    """A name for a session that starts now; ids sort by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def new_header(session_id: str, settings: Settings) -> Header:
    """The header of a run that starts now."""
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
