"""What stands beside training data: how it was chosen, how much of what it holds, and what was left out."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

import msgspec

from recode_core.tokens import CHARACTERS

FORMAT = "recode.sft"
VERSION = 1
COUNTED_BY = f"an estimate: a token for every {CHARACTERS} characters begun, message by message"


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table (arXiv 2510.23564, table 1): an agent in an environment, of one kind of task
    or of all (an empty `kind`).

    Rewards are in percent; `reward_std` is the sample's, None where one run is no sample.
    """

    agent: str
    environment: str
    kind: str = ""
    trajectories: int
    solved: int
    pairs: int
    prompt_tokens: int
    target_tokens: int
    reward_mean: float
    reward_std: float | None

    @property
    def tokens(self) -> int:
        """Those of prompts and targets together."""
        return self.prompt_tokens + self.target_tokens


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A session: what it was and how many pairs come from it, or why none (`left_out`, in `detail`)."""

    file: str
    id: str = ""
    agent: str = ""
    environment: str = ""
    task: str = ""
    kind: str = ""
    score: float | None = None
    solved: bool = False
    pairs: int = 0
    prompt_tokens: int = 0
    target_tokens: int = 0
    left_out: str = ""
    detail: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it. `reasons` says why the policy was asked, `authors` who wrote what is learnt."""

    format: str = FORMAT
    version: int = VERSION
    created: str
    recode: str
    file: str
    layout: str
    top_percent: float | None
    min_score: float | None
    tokens_counted_by: str = COUNTED_BY
    pairs: int
    table: tuple[Sum, ...]
    by_kind: tuple[Sum, ...]
    reasons: dict[str, int]
    authors: dict[str, int]
    expansions_left_out: dict[str, int]
    sessions_left_out: dict[str, int]
    sessions: tuple[Source, ...]


def tokens_of(text: str) -> int:
    """About how many tokens a message has; see `COUNTED_BY`."""
    return -(-len(text) // CHARACTERS)


def summed(sources: Iterable[Source], *, by_kind: bool = False) -> tuple[Sum, ...]:
    """The table of those sources from which something was taken."""
    groups: dict[tuple[str, str, str], list[Source]] = {}
    for source in sources:
        if not source.left_out:
            key = source.agent, source.environment, source.kind if by_kind else ""
            groups.setdefault(key, []).append(source)
    return tuple(_sum(*key, groups[key]) for key in sorted(groups))


def _sum(agent: str, environment: str, kind: str, sources: Sequence[Source]) -> Sum:
    rewards = [100 * source.score for source in sources if source.score is not None]
    return Sum(
        agent=agent,
        environment=environment,
        kind=kind,
        trajectories=len(sources),
        solved=sum(source.solved for source in sources),
        pairs=sum(source.pairs for source in sources),
        prompt_tokens=sum(source.prompt_tokens for source in sources),
        target_tokens=sum(source.target_tokens for source in sources),
        reward_mean=round(statistics.fmean(rewards), 2),
        reward_std=round(statistics.stdev(rewards), 2) if len(rewards) > 1 else None,
    )
