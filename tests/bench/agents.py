"""The three agents on the same tasks with the same plan: calls, prompt tokens and what they would cost.

    python -m tests.bench.agents [--env household] [--split valid] [-n 18] [--tasks ID,ID...]

Tasks are taken from the split (from all, where it is empty), of each kind in turn. The plan is the
expert's, so what differs is what an agent has to ask and to send. Tokens are estimated (4 characters a
token), the completion's too; a prompt's beginning that was sent just before counts as cached, first at the
full price, then at a provider's for cached input. The paper's figures (arXiv 2510.23564, cost per trajectory
with GPT-4o mini, mean of its five test sets) stand beside them.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from pathlib import Path

from recode_core import episode
from recode_core.environments.registry import environment
from recode_core.events import ExpansionReplied
from recode_core.session import Settings
from recode_core.tokens import CHARACTERS, prompt_tokens

AGENTS = ("react", "codeact", "recode")
PAPER = {"react": 8.96, "codeact": 12.15, "recode": 1.89}  # 10⁻³ USD
INPUT, CACHED, OUTPUT = 0.15e-6, 0.075e-6, 0.60e-6  # USD a token: GPT-4o mini, platform.openai.com/pricing


@dataclass
class Totals:
    """What an agent's runs took together."""

    runs: int = 0
    solved: int = 0
    steps: int = 0
    calls: int = 0
    tokens: int = 0
    cached: int = 0
    completion: int = 0
    unsolved: list[str] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """10⁻³ USD a trajectory without a cache."""
        return 1e3 * (self.tokens * INPUT + self.completion * OUTPUT) / self.runs

    @property
    def cost_with_cache(self) -> float:
        """10⁻³ USD a trajectory where every beginning that was sent just before is cached."""
        fresh = self.tokens - self.cached
        return 1e3 * (fresh * INPUT + self.cached * CACHED + self.completion * OUTPUT) / self.runs


def played(env: str, agent: str, tasks: list[str], folder: Path) -> Totals:
    """Every task once."""
    totals = Totals()
    for number, task in enumerate(tasks):
        path = folder / f"{agent}-{number}.jsonl"
        with episode.start(Settings(env, task, agent=agent), path) as run:
            run.run()
            result, records = run.result, run.log.line()
            tokens = prompt_tokens(run.log, records)
        totals.runs += 1
        totals.solved += result.solved
        totals.unsolved += [] if result.solved else [task]
        totals.steps += result.steps or 0
        totals.calls += result.calls or 0
        totals.tokens += tokens.total
        totals.cached += tokens.cached
        replies = (record.event.text for record in records if isinstance(record.event, ExpansionReplied))
        totals.completion += sum(len(text) // CHARACTERS for text in replies)
    return totals


def chosen(env: str, split: str, count: int) -> list[str]:
    """The first tasks of a split, of each kind in turn."""
    by_kind: dict[str, list[str]] = {}
    for task in environment(env).tasks(split or None):
        by_kind.setdefault(task.kind, []).append(task.id)
    in_turn = chain.from_iterable(zip_longest(*by_kind.values()))
    return list(islice((task for task in in_turn if task is not None), count))


def main() -> None:
    """Play, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--env", default="household")
    parser.add_argument("--split", default="valid")
    parser.add_argument("-n", type=int, default=18)
    parser.add_argument("--tasks", type=lambda text: text.split(","))
    options = parser.parse_args()
    tasks = options.tasks or chosen(options.env, options.split, options.n)
    source = "chosen" if options.tasks else options.split or "all splits"
    with tempfile.TemporaryDirectory() as folder:
        rows = {agent: played(options.env, agent, tasks, Path(folder)) for agent in AGENTS}
    ours = rows["recode"]
    print(f"{options.env}, {source}, {len(tasks)} tasks; means a trajectory, costs in 10⁻³ USD")
    head = "agent    solved   steps   calls   prompt tokens   cached     cost  with cache    paper"
    print(f"{head}   to ReCode: calls  tokens  cost  with cache  paper")
    for agent, row in rows.items():
        means = f"{row.steps / row.runs:7.1f} {row.calls / row.runs:7.1f} {row.tokens / row.runs:15.0f}"
        costs = f"{row.cost:8.3f} {row.cost_with_cache:11.3f} {PAPER[agent]:8.2f}"
        ratios = (
            f"{row.calls / ours.calls:15.2f} {row.tokens / ours.tokens:7.2f} {row.cost / ours.cost:5.2f} "
            f"{row.cost_with_cache / ours.cost_with_cache:11.2f} {PAPER[agent] / PAPER['recode']:6.2f}"
        )
        share = row.cached / row.tokens
        print(f"{agent:8} {row.solved:3}/{row.runs:<3} {means} {share:8.0%} {costs} {ratios}")
        if row.unsolved:
            print(f"         not solved: {', '.join(row.unsolved)}")


if __name__ == "__main__":
    main()
