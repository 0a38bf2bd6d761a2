"""Published protocols: the settings behind the figures of a paper, as one option.

The only one, `paper`, is that of ReCode (arXiv 2510.23564) as in its code
(github.com/FoundationAgents/ReCode at c0f4ea6): run.py (900 s), agents/recode/agent.py (depth, attempts, 80
steps in ALFWorld), envs/*/env.py (steps, reward, success), utils/llm.py and configs/profiles_example.yaml
(temperature, no max_tokens).

Reward and success are computed by the environments, as in that code. The published code asks up to five
times for a valid reply and ends an episode at the first error of a statement. The paper has such a
statement repaired but gives no number of attempts; here it is five for both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from recode_core.environments import guard
from recode_core.environments.registry import environment
from recode_core.errors import RecodeError
from recode_core.executor.limits import Limits
from recode_core.session.header import IMPORTED, AppliedProtocol, Settings
from recode_core.suggest import unknown_name

NAMES = ("paper",)

ATTEMPTS = 5
"""Maximum of replies until one is accepted, and of expansions until one runs, including the first."""

LIMITS = Limits(
    depth=10,
    rewrites=ATTEMPTS - 1,
    repairs=ATTEMPTS - 1,
    steps=None,
    calls=None,
    tokens=None,
    cost_usd=None,
    seconds=900.0,
    episode_repairs=None,
)
"""Every limit is listed, so that none of our defaults applies where the paper has no limit."""

SAMPLING: Mapping[str, str | float] = {"temperature": 0.0, "max_tokens": "none"}

_HOUSEHOLD = {"recode": 80, "react": 50, "codeact": 50}
STEPS: Mapping[str, Mapping[str, int]] = {
    "alfworld": _HOUSEHOLD,
    "household": _HOUSEHOLD,
    "scienceworld": {},
    "webshop": {"recode": 30, "react": 30, "codeact": 30},
}
"""Step limits of an episode by environment and agent. ScienceWorld keeps its own, which are the paper's (10
to 120 by task); environments that are not listed keep theirs too.
"""


class PublishedSplit(msgspec.Struct, frozen=True):
    """The tasks of a column of the paper's tables.

    `split` is one of the environment's own splits, or a file in the published code. For a file, `fingerprint`
    identifies its tasks (`environments.splits.digest`); otherwise it is empty.
    """

    environment: str
    seen: Literal["seen", "unseen", ""]
    count: int
    split: str
    fingerprint: str = ""


SPLITS = (
    PublishedSplit("alfworld", "seen", 140, "valid_seen"),
    PublishedSplit("alfworld", "unseen", 134, "valid_unseen"),
    PublishedSplit("scienceworld", "seen", 194, "envs/sciworld/data/valid_indices.json", "44f1d71b869f4320"),
    PublishedSplit("scienceworld", "unseen", 211, "envs/sciworld/data/test_indices.json", "956fb5cfa99c61d5"),
    PublishedSplit("webshop", "", 200, "envs/webshop/data/test_indices.json", "86f2bea132643a21"),
)
"""In the order of the paper's columns."""

SOURCE = "github.com/FoundationAgents/ReCode"
"""The repository with the files of `SPLITS`."""

_NO_MODEL = ("expert", "human")


def applied(settings: Settings, name: str, given: Collection[str] = ()) -> Settings:
    """Apply a protocol to the settings of a new run, except the options in `given` (limits, "temperature").

    Raises RecodeError for an unknown protocol.
    """
    if name not in NAMES:
        raise unknown_name(RecodeError, "protocol", name, NAMES)
    own = {limit: getattr(settings.limits, limit) for limit in Limits.__struct_fields__ if limit in given}
    steps = STEPS.get(settings.environment, {}).get(settings.agent)
    kept = tuple(option for option in (*own, "temperature") if option in given)
    return msgspec.structs.replace(
        settings,
        limits=msgspec.structs.replace(LIMITS, **own),
        protocol=AppliedProtocol(name, steps, kept),
    )


def step_limit(settings: Settings, own: int) -> int:
    """The step limit of a run. `own` is the environment's limit; a limit set by the user takes precedence."""
    if settings.protocol is None:
        return own
    if settings.limits.steps is not None:
        return settings.limits.steps
    return own if settings.protocol.steps is None else settings.protocol.steps


def sampling_of(settings: Settings) -> Mapping[str, str | float]:
    """The sampling parameters that override those of the profile in a new run."""
    return SAMPLING if settings.protocol else {}


def describe(settings: Settings) -> str:
    """Describe the protocol of a run and the options that override it; empty without a protocol."""
    protocol, limits = settings.protocol, settings.limits
    if protocol is None:
        return ""
    values = {
        "steps": _steps(settings),
        "depth": str(LIMITS.depth),
        "attempts at an expansion": str(ATTEMPTS),
        "seconds": f"{LIMITS.seconds:g}",
    }
    if settings.policy not in _NO_MODEL:
        values |= {"temperature": "0", "max_tokens": "none"}
    text = f"protocol {protocol.name}: {', '.join(f'{name} {value}' for name, value in values.items())}"
    chosen = msgspec.structs.asdict(limits) | dict(settings.sampling)
    kept = [f"{name} {_shown(chosen[name])}" for name in protocol.given if name in chosen]
    text += f"; kept as given: {', '.join(kept)}" if kept else ""
    is_left_out = bool(settings.task and left_out(settings, (settings.task,)))
    return f"{text}; the paper leaves {settings.task} out" if is_left_out else text


def left_out(settings: Settings, tasks: Iterable[str]) -> list[str]:
    """The tasks that the protocol of a run excludes; none without a protocol."""
    if settings.protocol is None:
        return []
    found = environment(settings.environment)
    return [task for task in tasks if not guard.task_traits(found, task).in_paper]


def departures(settings: Settings) -> Iterator[str]:
    """The differences between the settings of a recorded run and the protocol `paper`."""
    if settings.policy == IMPORTED:
        yield "imported: another program ran it, with its own settings"
        return
    if settings.protocol is None:
        yield "without --protocol paper"
        return
    published = msgspec.structs.asdict(LIMITS) | {"steps": None, "size_mb": settings.limits.size_mb}
    used = msgspec.structs.asdict(settings.limits)
    if settings.policy not in _NO_MODEL:
        published |= SAMPLING
        used |= {name: settings.sampling.get(name, "none") for name in SAMPLING}
    for name, value in used.items():
        if value != published[name]:
            wanted = _steps(settings) if name == "steps" else _shown(published[name])
            yield f"{name} {_shown(value)}, not {wanted}"


def _steps(settings: Settings) -> str:
    if settings.protocol and settings.protocol.steps is not None:
        return str(settings.protocol.steps)
    return "10 to 120 by task" if settings.environment in STEPS else "as the environment has it"


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else "unlimited" if value is None else str(value)
