"""One execution among doubles, and the questions that tests ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from recode_core.agents.registry import agent
from recode_core.environments.environment import Restoration, World
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.events import Event
from recode_core.executor import Executor, Limits, Run, Tape
from recode_core.executor.stops import AtEnd, Stop
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.log import Log, Record
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted

_E = TypeVar("_E", bound=Event)
Script = Iterable[str] | Mapping[str, str | list[str]]

# A property holds or not; how long an example takes depends on what else the machine does.
settings.register_profile("recode", deadline=None)
settings.load_profile("recode")

ROOT = "solve(instruction, observation)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What says how long something takes has four tries: what else the machine does only makes it longer."""
    for item in items:
        if item.get_closest_marker("timed") is not None:
            item.add_marker(pytest.mark.flaky(reruns=3, only_rerun="AssertionError"))


def reply(code: str, thought: str = "a reason") -> str:
    """What a policy says to expand a placeholder into `code`."""
    return str(ParsedReply(thought, code))


def scripted(code: Script | str) -> Scripted:
    """A policy that expands the root into `code`, or each statement into its own."""
    if isinstance(code, str):
        return Scripted({ROOT: reply(code)})
    if isinstance(code, Mapping):
        return Scripted({k: reply(v) if isinstance(v, str) else map(reply, v) for k, v in code.items()})
    return Scripted(map(reply, code))


class RunHarness:
    """An execution with its log, world and policy."""

    def __init__(
        self,
        code: Script | str = (),
        world: World | None = None,
        *,
        agent_name: str = "recode",
        policy: Policy | None = None,
        limits: Limits | None = None,
        sandbox: SandboxLimits | None = None,
        restoration: Restoration = "replay",
        recorded: Iterable[Record] = (),
        sink: Callable[[Record], None] = lambda record: None,
    ) -> None:
        recorded = list(recorded)
        self.scripted = scripted(code)
        self.actions: list[str] = []
        self.world: World = world or ScriptedWorld()
        if isinstance(self.world, ScriptedWorld):
            self.actions = self.world.actions
        self.log = Log(recorded, sink)
        self.interpreter = Interpreter(sandbox)
        self.run = Run(
            Tape(self.log, recorded),
            agent(agent_name, GUIDE),
            policy or self.scripted,
            self.interpreter,
            self.world,
            restoration,
            limits or Limits(),
            self.world.step_limit,
        )
        self.executor = Executor(self.run)

    def __enter__(self) -> RunHarness:
        return self

    def __exit__(self, *error: object) -> None:
        self.interpreter.close()

    def to_end(self) -> AtEnd:
        """Go on to the end, through failures and limits."""
        while not isinstance(stop := self.executor.stop, AtEnd):
            self.executor.advance()
        return stop

    def until(self, kind: type[Stop], count: int = 1) -> Any:
        """Go on to the `count`-th stop of a kind from here."""
        while True:
            stop = self.executor.advance()
            count -= isinstance(stop, kind)
            if not count:
                return stop
            assert not isinstance(stop, AtEnd), f"the run ended ({stop}) before any {kind.__name__}"

    def events(self, kind: type[_E]) -> list[_E]:
        """What happened, of one kind."""
        return [record.event for record in self.log.records if isinstance(record.event, kind)]

    def values(self) -> dict[str, str]:
        """The variables that the code has made, as they are shown."""
        names = sorted(self.interpreter.names() - {"instruction", "observation"})
        return {variable.name: variable.value for variable in self.interpreter.variables(names, 10_000)}


@pytest.fixture(scope="session")
def plays() -> type[RunHarness]:
    """The class itself, for tests that make many and close each."""
    return RunHarness


@pytest.fixture
def make_run() -> Iterator[Callable[..., RunHarness]]:
    """Makes executions, and closes them when the test is over."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(RunHarness(*args, **kwargs))
