"""Policies and worlds that depend on nothing but what they are asked, so that any state can be rebuilt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from recode_core.environments.environment import Guide, Restoration, World
from recode_core.environments.household import Household
from recode_core.environments.household.task_id import scene_of
from recode_core.environments.household.world import HouseholdWorld
from recode_core.environments.scripted import GUIDE
from recode_core.executor import Limits
from recode_core.interpreter import SandboxLimits
from recode_core.log import Log
from recode_core.policies.policy import Policy, Reply, Request
from recode_core.policies.reply import ParsedReply
from recode_core.testing import RunWiring
from recode_core.values import Observation

LIMITS = Limits(depth=4, steps=40, calls=24)
DEFAULTS = Limits()
TASK = "put:3:small"

ROOTS = (
    """total = []
for place in ['a', 'b']:
    seen = look(place)
    if 'go' in seen:
        total.append(run(f'take {place}'))
    else:
        print(place, seen)
done = check(total)
run('win')""",
    """n = 0
while n < 3:
    n += 1
    if n == 2:
        continue
    word = run(f'count {n}')
    print(word)
tidy(n); x = [run(f'{c}') for c in 'ab']
y = x[5]
run('win')""",
    """a = first(instruction)
b = second(a); print(b)
if is_fine(b):
    for i in range(2):
        for j in range(2):
            c = third(i, j)
run('win')""",
    """tries = 0
while not is_enough(tries) and 'x' not in run('look'):
    tries += 1
    if 'odd' in run(f'try {tries}') or tries > 2: break
else:
    print('never')
for word in [run('one'), tell('two')]:
    last = [word]
    for k in run('ab'):
        last.append(run(k)); print(k)
""",
)
LEAVES = (
    "{t} = run('go')",
    "{t} = run('go'); print({t})",
    "{t} = ask_more('x')\nprint({t})",
    "{t} = [1]\n{t}.append(run('peek'))\n{t}[0] / 0",
    "for i in range(2):\n    {t} = run(f'go {{i}}')",
    "spare = 1",
    "import os\n{t} = os.name",
    "{t} = [run('a'), run('b')]\ndel {t}[0]",
    "help_with('it')\n{t} = 'x'",
    "{t} = 'x' * 10 ** 10",
)


ACTIONS = (
    'run("look")',
    "go to a",
    "run('take a')\nrun('take b')",
    "x = run('look')",
    'run("look")',
    "win",
)
BLOCKS = (
    "x = run('look')\nprint(x)",
    "for k in range(2):\n    run(f'go {k}')\n    if k: seen = [k]",
    "n = 0\nwhile n < 2:\n    n += 1\n    print(n, run(f'{n}'))",
    "total = help_with('it')",
    "run('go')\ntotal = [1]\ntotal[0] / 0",
    "place = [aid(k) for k in range(2)]",
    "if aid(1): pass",
    "x = 'x' * 10 ** 10",
    "run('win')",
    "task_finished = True",
)


class HashPolicy:
    """A policy whose replies are a function of the request, and of its every part."""

    model = "writing"

    def __init__(self) -> None:
        self.sampling: dict[str, str | float | int] = {}

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        target = re.match(r"(\w+) = ", request.statement)
        pool = _POOLS.get(request.statement.partition("(")[0], LEAVES)
        code = pool[crc32(repr(request).encode()) % len(pool)]
        if pool is LEAVES:
            code = code.format(t=target[1] if target else "spare")
        return Reply(str(ParsedReply("a reason", code)))

    def abort(self) -> None:
        """A reply is there at once."""


_POOLS = {"solve": ROOTS, "next_action": ACTIONS, "next_block": BLOCKS}


class CountedPolicy:
    """Another policy, whose calls are counted."""

    def __init__(self, policy: Policy) -> None:
        self.calls = 0
        self.model, self.sampling = policy.model, policy.sampling
        self._policy = policy

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self.calls += 1
        return self._policy.expand(request, stream)

    def abort(self) -> None:
        self._policy.abort()


class EchoWorld:
    """A world that can't be saved, whose answers tell what it was asked; `win` ends it.

    It lies about its `lies`-th action, where that is a number; 0 is its first observation.
    """

    instruction = "win."
    step_limit = 1000

    def __init__(self, home: DebuggerSetup) -> None:
        self.home = home
        self.actions: list[str] = []

    def reset(self) -> Observation:
        self.actions.clear()
        return Observation(self._said("You begin."))

    def step(self, action: str) -> Observation:
        self.actions.append(action)
        text = self._said(f"{len(self.actions)}: {action}")
        won = action == "win"
        return Observation(text, score=1.0 if won else len(self.actions) / 100, done=won, success=won)

    def close(self) -> None:
        """Nothing is held."""

    def _said(self, text: str) -> str:
        return f"{text} (a lie)" if self.home.lies == len(self.actions) else text


@dataclass
class DebuggerSetup:
    """The policy and the worlds of a debugger; `lies` is the action that a world answers differently."""

    restoration: Restoration
    guide: Guide
    policy: CountedPolicy
    open_world: Callable[[], World]
    limits: Limits = DEFAULTS
    lies: int | None = None
    every: int = 3
    agent: str = "recode"

    def wiring(self, log: Log) -> RunWiring:
        """The wiring of its runs."""
        return RunWiring(
            lambda: self.policy,
            self.open_world,
            self.guide,
            self.agent,
            self.restoration,
            self.limits,
            SandboxLimits(seconds=0.5, memory_mb=64),
            log=log,
        )


def household() -> DebuggerSetup:
    """A small room, its expert, and worlds that can be saved."""
    home, scene = Household(), scene_of(TASK)
    return DebuggerSetup(
        home.restoration, home.guide, CountedPolicy(home.expert(TASK)), lambda: HouseholdWorld(scene)
    )


def scripted() -> DebuggerSetup:
    """Loops, placeholders in loops, failures, repairs, prints; worlds that can't be saved."""
    home = DebuggerSetup("replay", GUIDE, CountedPolicy(HashPolicy()), lambda: EchoWorld(home), LIMITS)
    return home


def react() -> DebuggerSetup:
    """Actions in turn, some of them refused; worlds that can't be saved."""
    home = scripted()
    home.agent = "react"
    return home


def codeact() -> DebuggerSetup:
    """Blocks in turn, some of which fail; worlds that can't be saved."""
    home = scripted()
    home.agent = "codeact"
    return home


SETUPS = {"household": household, "scripted": scripted, "react": react, "codeact": codeact}
