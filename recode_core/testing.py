"""Test doubles and a harness for tests of environments, policies and agents; recode's own tests use them.

`ScriptedWorld` returns given observations, `ScriptedPolicy` replies with given texts, `scripted_policy`
builds one from code, `RunHarness` is a run in memory, `RunWiring` creates debuggers and restored runs.
`run_script` runs a script of debugger commands as a test.

Examples:
    >>> with RunHarness("answer = run('look')", ScriptedWorld({"look": "You see a cup."})) as harness:
    ...     end = harness.to_end()
    >>> harness.values()["answer"], harness.actions
    ("'You see a cup.'", ['look'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from recode_core.agents.registry import agent
from recode_core.api import AnyPolicy, debug
from recode_core.debugger import script
from recode_core.debugger.console import Console
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.restore import Restorer
from recode_core.environments.environment import Environment, Guide, Restoration, World
from recode_core.environments.household import Household
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.events import Event
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.run_state import AtEnd, RunState
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.log import Log, Record
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted

__all__ = [
    "MakeRun",
    "RunHarness",
    "RunWiring",
    "ScriptFailed",
    "ScriptedPolicy",
    "ScriptedWorld",
    "expert_wiring",
    "reply",
    "run_script",
    "scripted_policy",
]

ScriptedPolicy = Scripted

ROOT = "solve(instruction, observation)"
Code = str | Iterable[str] | Mapping[str, str | list[str]]
_E = TypeVar("_E", bound=Event)


def reply(code: str, thought: str = "a reason") -> str:
    """A reply that expands a placeholder into `code`."""
    return str(ParsedReply(thought, code))


def scripted_policy(code: Code) -> Scripted:
    """A policy that replies with code: a str for the root, a mapping by statement, or a sequence in order."""
    if isinstance(code, str):
        return Scripted({ROOT: reply(code)})
    if isinstance(code, Mapping):
        return Scripted({k: reply(v) if isinstance(v, str) else map(reply, v) for k, v in code.items()})
    return Scripted(map(reply, code))


class ScriptFailed(AssertionError):
    """A script did not hold. `result` has every command that ran, with its output and its error."""

    def __init__(self, path: Path, result: script.ScriptResult) -> None:
        self.path = path
        self.result = result
        super().__init__("\n".join(_failures(path.name, result.outcomes)))


def run_script(
    path: str | PathLike[str],
    environment: str | Environment,
    task: str,
    *,
    policy: AnyPolicy = "expert",
    agent: str = "recode",
    limits: Limits | None = None,
) -> script.ScriptResult:
    """Run a script of debugger commands on a new run, as `recode debug --batch` does.

    The arguments after the path are those of `recode_core.debug`. Raises ScriptFailed, an AssertionError, if
    an assert does not hold or a command cannot be executed, with the line, the command and what was found.

    Examples:
        >>> from tempfile import NamedTemporaryFile
        >>> with NamedTemporaryFile("w", suffix=".recode") as file:
        ...     _ = file.write("continue\\nassert episode.solved\\nassert episode.steps == 5")
        ...     file.flush()
        ...     run_script(file.name, "household", "put:7").asserts
        2
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    path = Path(path)
    commands = script.read_script(path.read_text("utf-8-sig"))
    with debug(environment, task, policy=policy, agent=agent, limits=limits) as debugger:
        result = script.run_script(Console(debugger), commands)
    if result.exit_code:
        raise ScriptFailed(path, result)
    return result


def _failures(name: str, outcomes: Iterable[script.CommandResult]) -> Iterator[str]:
    """The failed commands of a script, and the output of the last other command before them."""
    before: script.CommandResult | None = None
    for outcome in outcomes:
        if outcome.error:
            yield f"{name}:{outcome.line}: {outcome.command}"
            yield f"    {outcome.error.removeprefix(f'line {outcome.line}: ')}"
            if before is not None:
                yield f"    after line {before.line}, {before.command}:"
                yield from (f"      {line}" for line in before.output)
            before = None
        elif not outcome.command.startswith("assert "):
            before = outcome


@dataclass
class RunWiring:
    """The parts of the runs of one test; `policy` and `world` are factories, called for each run."""

    policy: Callable[[], Policy]
    world: Callable[[], World]
    guide: Guide = GUIDE
    agent: str = "recode"
    restoration: Restoration = "replay"
    limits: Limits = field(default_factory=Limits)
    sandbox: SandboxLimits | None = None
    step_limit: int = 80
    log: Log = field(default_factory=Log)

    def start(self, recorded: Iterable[Record] | None = None) -> Run:
        """A run without a world, which continues after the `recorded` records, if any."""
        recorder = Recorder(self.log) if recorded is None else Recorder(self.log, recorded)
        return Run(
            recorder,
            agent(self.agent, self.guide),
            self.policy(),
            Interpreter(self.sandbox),
            None,
            self.restoration,
            self.limits,
            self.step_limit,
        )

    def executor(self, recorded: Iterable[Record] | None = None) -> Executor:
        """An executor of a run in a new world."""
        run = self.start(recorded)
        run.world = self.world()
        return Executor(run)

    def restorer(self) -> Restorer:
        """A restorer for runs with these parts."""
        return Restorer(self.log, self.start, self.world, self.restoration)

    def debugger(self) -> Debugger:
        """A debugger on a run that has not started."""
        return Debugger(self.log, self.executor(), self.restorer())


def expert_wiring(task: str, *, restoration: Restoration | None = None) -> RunWiring:
    """A household task, solved by the environment's expert."""
    household = Household()

    def expert() -> Policy:
        policy = household.expert(task)
        assert policy is not None
        return policy

    return RunWiring(
        expert,
        lambda: household.open(task),
        household.guide,
        restoration=restoration or household.restoration,
    )


class RunHarness:
    """An execution with its log, world and policy."""

    def __init__(
        self,
        code: Code = (),
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
        self.scripted = scripted_policy(code)
        self.world: World = world or ScriptedWorld()
        self.actions = self.world.actions if isinstance(self.world, ScriptedWorld) else []
        self.log = Log(recorded, sink)
        wiring = RunWiring(
            lambda: policy or self.scripted,
            lambda: self.world,
            agent=agent_name,
            restoration=restoration,
            limits=limits or Limits(),
            sandbox=sandbox,
            step_limit=self.world.step_limit,
            log=self.log,
        )
        self.executor = wiring.executor(recorded)
        self.run = self.executor.run
        self.interpreter = self.run.interpreter

    def __enter__(self) -> RunHarness:
        return self

    def __exit__(self, *error: object) -> None:
        self.interpreter.close()

    def to_end(self) -> AtEnd:
        """Continue to the end, through failures and limits."""
        while not isinstance(stop := self.executor.state, AtEnd):
            self.executor.advance()
        return stop

    def until(self, kind: type[RunState], count: int = 1) -> Any:
        """Continue to the `count`-th stop of a kind from here."""
        while True:
            stop = self.executor.advance()
            count -= isinstance(stop, kind)
            if not count:
                return stop
            assert not isinstance(stop, AtEnd), f"the run ended ({stop}) before any {kind.__name__}"

    def events(self, kind: type[_E]) -> list[_E]:
        """The recorded events of one kind."""
        return [record.event for record in self.log.records if isinstance(record.event, kind)]

    def values(self) -> dict[str, str]:
        """The variables that the code has bound, with their shown values."""
        given = {"instruction", "observation"} | self.executor.variables.unbound_modules()
        names = sorted(self.interpreter.names() - given)
        return {variable.name: variable.value for variable in self.interpreter.variables(names, 10_000)}


MakeRun = Callable[..., RunHarness]
"""The type of the fixture `make_run`."""
