"""Expert policies for turn-based agents: the expert's plan, one action or one code block per turn.

An environment's expert expands placeholders, as ReCode asks for them. To find the next turn, its plan is
executed against a scripted world with the observations of the history.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

from recode_core import syntax
from recode_core.agents.recode import ReCode
from recode_core.environments.environment import Guide
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import PolicyUnavailable
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.run_state import AtAction, AtEnd
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.policies import guard
from recode_core.policies.policy import FreePolicy, History, Policy, Reply, Request, Turn
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.statements import Code, parse
from recode_core.values import Variable

_REPLAN = "Somebody else has acted since. Nothing of it is undone."  # part of the expert's request
_ASSIGNED = re.compile(r"^([ \t]*)(\w+) = run\(.*\)$", re.MULTILINE)
_BOUND = frozenset({"instruction", "observation"})


def turn_based(expert: Policy, agent: str) -> Policy:
    """Adapt an expert to an agent: a `TurnBasedExpert` for agents that take turns, else the expert itself."""
    match agent:
        case "react":
            return TurnBasedExpert(expert, _next_action)
        case "codeact":
            return TurnBasedExpert(expert, _next_block)
    return expert


class TurnBasedExpert(FreePolicy):
    """A policy that replies with the next turn of the expert's plan; `choose` finds it from the history."""

    def __init__(self, expert: Policy, choose: Callable[[Policy, History], ParsedReply]) -> None:
        self.model = expert.model
        self.sampling = expert.sampling
        self._expert = expert
        self._choose = choose

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if request.history is None:
            raise PolicyUnavailable(
                f"{request.statement!r} is not a request for a turn: run this expert with the agent `recode`"
            )
        text = str(self._choose(self._expert, request.history))
        stream(text)
        return Reply(text)

    def abort(self) -> None:
        self._expert.abort()


def _next_action(expert: Policy, history: History) -> ParsedReply:
    """The action after those of the history, found by executing the plan with the recorded observations.

    If a recorded action is not the planned one (a user replaced it), the plan starts again after it, as it
    does after a failure.
    """
    first = 0
    while True:
        with closing(_rehearsal(expert, history, _REPLAN if first else "")) as run:
            executor = Executor(run)
            for number, turn in enumerate(history.turns[first:], start=first):
                if _action(executor) != _recorded_action(turn):
                    first = number + 1
                    break
                executor.changes.observe(turn.output.removesuffix("\n"))
            else:
                action = _action(executor)
                return ParsedReply(run.call.thought, f"run({action!r})")


def _rehearsal(expert: Policy, history: History, repair: str) -> Run:
    world = ScriptedWorld(instruction=history.instruction, first=history.observation)
    policy = _Repairing(expert, repair) if repair else expert
    agent, sandbox = ReCode(Guide("", "")), Interpreter()
    return Run(Recorder(Log()), agent, policy, sandbox, world, "replay", Limits(), sys.maxsize)


class _Repairing:
    """An expert whose request at the root asks for a repair."""

    def __init__(self, expert: Policy, repair: str) -> None:
        self.model, self.sampling, self.abort = expert.model, expert.sampling, expert.abort
        self._expert = expert
        self._repair = repair

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if request.statement != ReCode.root:
            return guard.expand(self._expert, request, stream)
        asked = _asked(request.statement, request.variables, self._repair)
        return guard.expand(self._expert, asked, stream)


def _action(executor: Executor) -> str:
    """Advance a plan to its next action."""
    while not isinstance(stop := executor.state, AtAction):
        if isinstance(stop, AtEnd):
            raise PolicyUnavailable(
                "the expert's plan has ended and the task is not solved: act by hand, or go back"
            )
        executor.advance()
    return stop.action


def _recorded_action(turn: Turn) -> str:
    """The action of a turn."""
    match syntax.parse(turn.code).body:
        case [ast.Expr(ast.Call(args=[ast.Constant(str(action))]))]:
            return action
    return ""


def _next_block(expert: Policy, history: History) -> ParsedReply:
    """The next code block of the plan. A block that failed is expanded again with its error."""
    blocks = list(_blocks(expert, history))
    done = sum(not turn.failed for turn in history.turns)
    if done >= len(blocks):
        return ParsedReply("That was all I can do.", "task_finished = True")
    last = history.turns[-1] if history.turns else None
    before, statement = blocks[done]
    if last is not None and last.failed:
        return _shown(_expanded(expert, statement, (), last.output))
    block = _expanded(expert, statement) if statement else before
    code = f"{before.code}\n{block.code}" if before.code and statement else block.code
    return _shown(ParsedReply(block.thought, code))


def _shown(block: ParsedReply) -> ParsedReply:
    """Add prints of the observations to a block."""
    return ParsedReply(block.thought, _ASSIGNED.sub(r"\g<0>\n\1print(\2)", block.code))


def _blocks(expert: Policy, history: History) -> Iterator[tuple[ParsedReply, str]]:
    """Split the plan into blocks: the code before each placeholder, and the placeholder."""
    texts = {"instruction": history.instruction, "observation": history.observation}
    variables = tuple(Variable(name, "str", repr(text)) for name, text in texts.items())
    plan = _reply(expert, _asked(ReCode.root, variables))
    program, waiting = parse(plan.code, _BOUND), list[str]()
    for top in program.tops:
        text = program.source.text_of(top.span)
        if isinstance(top, Code) and top.calls:
            yield ParsedReply(plan.thought, "\n".join(waiting)), text
            waiting.clear()
        else:
            waiting.append(text)
    if waiting:
        yield ParsedReply(plan.thought, "\n".join(waiting)), ""


def _expanded(
    expert: Policy, statement: str, variables: tuple[Variable, ...] = (), repair: str = ""
) -> ParsedReply:
    """Expand a placeholder and, recursively, the placeholders in its code."""
    found = _reply(expert, _asked(statement, variables, repair))
    names = frozenset(re.findall(r"\w+", statement)) | _BOUND
    program, code = parse(found.code, names), list[str]()
    for top in program.tops:
        text = program.source.text_of(top.span)
        is_placeholder = isinstance(top, Code) and top.calls
        code.append(_expanded(expert, text).code if is_placeholder else text)
    return ParsedReply(found.thought, "\n".join(code))


def _reply(expert: Policy, request: Request) -> ParsedReply:
    return parse_reply(guard.expand(expert, request, lambda text: None).text)


def _asked(statement: str, variables: tuple[Variable, ...], repair: str = "") -> Request:
    return Request(statement, variables, (), repair)
