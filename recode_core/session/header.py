"""The first line of a session file: all that a run was started with."""

from __future__ import annotations

import importlib.metadata
import platform
import secrets
from datetime import UTC, datetime

import msgspec

import recode_core
from recode_core.executor.limits import Limits
from recode_core.interpreter.sessions import SandboxLimits

FORMAT = "recode.session"
VERSION = 1


class Settings(msgspec.Struct, frozen=True):
    """What to run. `sandbox` holds the seed and the clock that generated code sees.

    `model` and `sampling` are those of the policy, filled in when a run starts.
    """

    environment: str
    task: str
    policy: str = "expert"
    agent: str = "recode"
    model: str = ""
    sampling: dict[str, str | float | int] = {}
    limits: Limits = Limits()
    sandbox: SandboxLimits = SandboxLimits()


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A session's format, name, time of creation (ISO 8601, UTC), the versions that wrote it, settings."""

    format: str = FORMAT
    version: int = VERSION
    id: str
    created: str
    versions: dict[str, str]
    settings: Settings


def new_header(settings: Settings) -> Header:
    """A header for a run that starts now, with a name of its own."""
    now = datetime.now(UTC)
    return Header(
        id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
        created=now.isoformat(timespec="seconds"),
        versions={
            "recode": recode_core.__version__,
            "python": platform.python_version(),
            "pydantic-monty": importlib.metadata.version("pydantic-monty"),
        },
        settings=settings,
    )
