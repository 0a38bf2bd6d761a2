"""Recordings to hold the laws against: every kind of thing that can happen in a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from recode_core.environments.household import Household
from recode_core.environments.scripted import ScriptedWorld
from recode_core.executor import Limits
from recode_core.expert_policies import turn_based
from recode_core.interpreter import SandboxLimits
from recode_core.log import Record
from recode_core.testing import ROOT, RunHarness
from recode_core.values import Observation

QUICK = SandboxLimits(seconds=0.2, memory_mb=64)
WON = Observation("Done.", score=1.0, done=True, success=True)

LOOPS = """
found = []
for place in ['a', 'b']:
    o = look(place)
    if is_good(o):
        found.append(place)
    while more(o):
        o = ''
else:
    run('end')
"""
JUMPS = """
it = iter(range(9))
for i in it:
    try:
        if i == 2: break
        print(run(f'{i}'))
    finally:
        j = i
rest = list(it)
k = 0
while (k := k + 1) < 4:
    if k == 2: continue
    x = [run(f'{k}{n}') for n in 'ab']
del x
d = {'k': rest}
del d['k'][0]
m = next(v for v in rest if v > 4)
"""
SCRIPTS: dict[str, dict[str, str | list[str]] | list[str]] = {
    "loops with placeholders": {
        ROOT: LOOPS,
        "o = look(place)": "o = run(f'go to {place}')\nprint(o)",
        "is_good_result = is_good(o)": "is_good_result = 'one' in o",
        "more_result = more(o)": "more_result = bool(o)",
    },
    "placeholders in branches": {
        ROOT: "if run('look'):\n    x = find('cup')\nelse:\n    x = None\nif x: y = use(x)",
        "x = find('cup')": "x = run('take cup')",
        "y = use(x)": "y = run('use cup')",
    },
    "repairs": {
        ROOT: ["x = f(1)\nrun('after')", "run('instead')"],
        "x = f(1)": ["y = [run('a')]\n1 / 0", "g(y)", "y.append(run('c'))\nz = y[9]"],
        "g(y)": ["import os", "y.append(2)\nraise ValueError('no')", "pass"],
    },
    "lazy iterators": {
        ROOT: "g = (run(p) for p in 'abc')\nx = next(g)\nfor o in g:\n    f(o)\n"
        "try:\n    y = any(run(p) for p in 'de')\n    del x\nexcept NameError:\n    pass\ndel g",
        "f(o)": "z = [run(q) for q in (p for p in 'xy')]",
    },
    "lost statements": {
        ROOT: [
            "a = [1]\nx = [a.append(run('go')), print('gone'), sum(range(10**12))]",
            "a.append(2)\nb = 'x' * 10**10",
            "for i in 'ab':\n    a.append(run(i))\n    if run('c') + 'x' * 10**10: pass",
        ],
    },
    "jumps and prints": {ROOT: JUMPS},
    "the depth limit": {ROOT: "f(1)", "f(1)": "f(2)", "f(2)": ["f(3)", "run('flat')"]},
    "a limit": {ROOT: "for i in range(100):\n    x = run(f'{i}')"},
    "success": {ROOT: "for i in range(100):\n    x = [run(f'{i}'), run('win')]"},
    "actions in turn": ['run("a")', "go to b", "run('x', 'y')", "x = 1", 'run("c")\nrun("d")', "look", "win"],
    "blocks in turn": [
        "x = run('a')\nprint(x)\nfor i in range(2):\n    run(f'{i}')",
        "import os",
        "y = [f(1) for i in x]",
        "run('b')\nz = 'x' * 10**10",
        "del x",
        "if g(): pass",
        "task_finished = True",
    ],
    "too many turns": ["print('thinking')"] * 6,
    "turns refused": ["import os"] * 6,
}
AGENTS = {
    "actions in turn": "react",
    "blocks in turn": "codeact",
    "too many turns": "codeact",
    "turns refused": "codeact",
}
LIMITS = {
    "the depth limit": Limits(depth=3),
    "a limit": Limits(steps=7),
    "lost statements": Limits(repairs=2),
}
WORLDS = {
    "success": lambda: ScriptedWorld({"win": WON}),
    "actions in turn": lambda: ScriptedWorld({"win": WON}),
}
STEPS = {"too many turns": 4}
HOUSEHOLD = ["put:3", "heat:5", "put:3 by react", "heat:5 by codeact"]
NAMES = [*SCRIPTS, *HOUSEHOLD]


@pytest.fixture(scope="session")
def begin() -> Callable[..., RunHarness]:
    """Begins the run of that name, with anything that a `RunHarness` takes."""

    def begin(name: str, **arguments: object) -> RunHarness:
        if name in HOUSEHOLD:
            household, (task, _, agent) = Household(), name.partition(" by ")
            arguments["agent_name"] = agent or "recode"
            arguments.setdefault("policy", turn_based(household.expert(task), agent))
            arguments.setdefault("world", household.open(task))
            return RunHarness(**arguments)  # type: ignore[arg-type]
        world = WORLDS.get(name, lambda: ScriptedWorld(["one", "two", "three"]))()
        arguments = {"world": world} | arguments
        arguments["world"].step_limit = STEPS.get(name, world.step_limit)  # type: ignore[attr-defined]
        arguments |= {"agent_name": AGENTS.get(name, "recode"), "limits": LIMITS.get(name)}
        return RunHarness(SCRIPTS[name], sandbox=QUICK, **arguments)  # type: ignore[arg-type]

    return begin


@pytest.fixture(scope="session")
def recording(begin: Callable[..., RunHarness]) -> Iterator[Callable[[str], list[Record]]]:
    """The records of the run of that name, from its start to its end."""

    @cache
    def record(name: str) -> list[Record]:
        with begin(name) as played:
            played.to_end()
            return played.log.records

    yield record


@pytest.fixture(scope="session", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each recording in turn."""
    return str(request.param)
