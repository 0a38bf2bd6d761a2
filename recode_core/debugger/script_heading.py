"""The first lines of a session's script: what it is, the options of its run, and the run's limits."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from recode_core.debugger.commands import SetLimit
from recode_core.executor.limits import ENVIRONMENT_STEPS, Limits, defaults
from recode_core.interpreter import SandboxLimits
from recode_core.session import Header, Settings


def heading(header: Header, are_replies_given: bool) -> Iterator[str]:
    """Comments on the session, and on how the script is run."""
    settings = header.settings
    yield f"# The changes of the session {header.id}, and where each branch ended."
    if are_replies_given:
        yield f"# The replies of {settings.model or settings.policy} are written below: no model is asked."
    yield f"# recode debug --batch FILE {shlex.join(_options(settings, are_replies_given))}"
    yield ""


def _options(settings: Settings, are_replies_given: bool) -> list[str]:
    """The options of a new run that the script belongs to."""
    options = ["--env", settings.environment, "--task", settings.task]
    given = {
        "--policy": "human" if are_replies_given else "",
        "--agent": settings.agent if settings.agent != "recode" else "",
        "--seed": str(settings.sandbox.seed or ""),
    }
    usual = SandboxLimits()
    if settings.sandbox.seconds != usual.seconds:
        given["--statement-seconds"] = f"{settings.sandbox.seconds:g}"
    if settings.sandbox.memory_mb != usual.memory_mb:
        given["--memory-mb"] = str(settings.sandbox.memory_mb)
    return options + [word for name, value in given.items() if value for word in (name, value)]


def limit_commands(settings: Settings) -> Iterator[SetLimit]:
    """The limits of a run that are not the defaults."""
    usual = defaults(settings.agent)
    for name in Limits.__struct_fields__:
        value = getattr(settings.limits, name)
        if value != getattr(usual, name):
            yield SetLimit(name, value)
    if settings.protocol is not None and settings.protocol.steps is not None:
        yield SetLimit(ENVIRONMENT_STEPS, settings.protocol.steps)
