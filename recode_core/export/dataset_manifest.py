"""The manifest of training data: how it was selected, its statistics, and the excluded sessions."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

import msgspec

from recode_core.tokens import CHARACTERS

FORMAT = "recode.sft"
VERSION = 1
COUNTED_BY = f"an estimate: {CHARACTERS} characters per token, rounded up for each message"


class DatasetTotals(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table (arXiv 2510.23564, table 1): an agent in an environment.

    `kind` restricts it to one kind of task; empty means all. Rewards are in percent; `reward_std` is the
    standard deviation of the sample, None for a single run.
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
        """The tokens of prompts and targets."""
        return self.prompt_tokens + self.target_tokens


class SourceSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session with the number of its pairs, or the reason why it is excluded (`left_out`, `detail`)."""

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


class DatasetManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest. `reasons` counts pairs by reason of the request, `authors` by author of the code."""

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
    table: tuple[DatasetTotals, ...]
    by_kind: tuple[DatasetTotals, ...]
    reasons: dict[str, int]
    authors: dict[str, int]
    expansions_left_out: dict[str, int]
    sessions_left_out: dict[str, int]
    sessions: tuple[SourceSession, ...]


def tokens_of(text: str) -> int:
    """The estimated number of tokens of a message; see `COUNTED_BY`."""
    return -(-len(text) // CHARACTERS)


def totals_of(sources: Iterable[SourceSession], *, by_kind: bool = False) -> tuple[DatasetTotals, ...]:
    """The totals of the sessions that are not excluded."""
    groups: dict[tuple[str, str, str], list[SourceSession]] = {}
    for source in sources:
        if not source.left_out:
            key = source.agent, source.environment, source.kind if by_kind else ""
            groups.setdefault(key, []).append(source)
    return tuple(_totals(*key, groups[key]) for key in sorted(groups))


def _totals(agent: str, environment: str, kind: str, sources: Sequence[SourceSession]) -> DatasetTotals:
    rewards = [100 * source.score for source in sources if source.score is not None]
    return DatasetTotals(
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
