"""The limits of a run, and the counts that are compared with them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from recode_core.errors import RecodeError
from recode_core.events import ActionFinished, CallFailed, ExpansionReplied, LimitReached
from recode_core.log import Record
from recode_core.suggest import unknown_name
from recode_core.values import Amount, Count, Usage, summed


class Limits(msgspec.Struct, frozen=True):
    """Limits that a user can set; None means no limit.

    `depth` counts nested expansions, `rewrites` refused replies of one expansion, `repairs` failures
    of one placeholder, `episode_repairs` those of all placeholders together, `steps` actions, `seconds`
    wall time of the whole run, `size_mb` megabytes (10**6 bytes) of the session's file.
    """

    depth: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)] = 10
    rewrites: Count = 5
    repairs: Count = 2
    steps: Count | None = None
    calls: Count | None = None
    tokens: Count | None = None
    cost_usd: Amount | None = None
    seconds: Amount | None = None
    size_mb: Amount | None = 100.0
    episode_repairs: Count | None = None


def defaults(agent: str = "recode") -> Limits:
    """The default limits of a new run of an agent.

    They bound the cost of a mistake: an episode of ReCode makes at most 60 policy calls, one of an agent that
    takes turns at most as many as the environment's step limit. Older sessions have no such limits.
    """
    from recode_core.agents.registry import takes_turns  # imports every agent

    return Limits(calls=None if takes_turns(agent) else 60, episode_repairs=10)


@dataclass(slots=True)
class Spent:
    """The counts of a run so far.

    `cost_usd` is None once a price was unknown. `turns` counts the turns of an agent that takes turns,
    `repairs` the repair requests.
    """

    steps: int = 0
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    score: float = 0.0
    turns: int = 0
    repairs: int = 0

    def add_call(self, usage: Usage) -> None:
        """Count one policy call."""
        self.calls += 1
        self.add(usage)

    def add(self, usage: Usage) -> None:
        """Add the tokens and the cost of a call, which may have failed."""
        self.tokens += usage.prompt_tokens + usage.completion_tokens
        self.cost_usd = summed(self.cost_usd, usage.cost_usd)


def spent_in(records: Iterable[Record]) -> Spent:
    """Count actions, policy calls, tokens and cost in records, including the usage of failed calls."""
    spent = Spent()
    for record in records:
        match record.event:
            case ExpansionReplied(by="policy", usage=usage):
                spent.add_call(usage)
            case CallFailed(usage=usage):
                spent.add(usage)
            case ActionFinished():
                spent.steps += 1
    return spent


ENVIRONMENT_STEPS = "environment steps"
"""The name of the environment's own step limit."""


LIMITS = (*Limits.__struct_fields__, ENVIRONMENT_STEPS)
"""The names of all limits."""

COUNTED = ("depth", "rewrites", "repairs", "episode_repairs", "steps", "calls", "tokens", ENVIRONMENT_STEPS)
"""The limits that are whole numbers."""

_REQUIRED = ("depth", "rewrites", "repairs")


def checked_limit(name: str, value: float | None) -> float | None:
    """A valid value of a limit, as an int if the limit is a count; None means no limit.

    Raises RecodeError for an unknown limit or an invalid value.
    """
    if name not in LIMITS:
        raise unknown_name(RecodeError, "limit", name, LIMITS)
    if value is None and name not in _REQUIRED:
        return None
    least = 1 if name == "depth" else 0
    is_whole = name in COUNTED
    if value is None or not math.isfinite(value) or value < least or (is_whole and value != int(value)):
        kind, given = "whole number" if is_whole else "number", "none" if value is None else f"{value:g}"
        raise RecodeError(f"the limit of {name} is a {kind} from {least}, not {given}")
    return int(value) if is_whole else value


NextOperation = Literal["statement", "call", "repair", "action"]


def first_reached(
    limits: Limits, spent: Spent, seconds: float, step_limit: int, before: NextOperation, size: int = 0
) -> LimitReached | None:
    """The first limit that is reached before an operation; None if it may begin.

    Time and size are checked before every operation. The environment's step limit also limits turns, so that
    an agent that never acts ends, too.
    """
    counted: list[tuple[str, float, float | None]] = []
    if before == "action":
        counted = [("steps", spent.steps, limits.steps), (ENVIRONMENT_STEPS, spent.steps, step_limit)]
    elif before in ("call", "repair"):
        most = limits.episode_repairs if before == "repair" else None
        counted = [
            ("episode_repairs", spent.repairs, most),
            ("calls", spent.calls, limits.calls),
            ("tokens", spent.tokens, limits.tokens),
            ("cost_usd", spent.cost_usd or 0.0, limits.cost_usd),
            (ENVIRONMENT_STEPS, spent.turns, step_limit),
        ]
    counted += [
        ("seconds", round(seconds, 3), limits.seconds),
        ("size_mb", round(size / 1e6, 3), limits.size_mb),
    ]
    for name, value, limit in counted:
        if limit is not None and value >= limit:
            return LimitReached(name, value, limit)
    return None
