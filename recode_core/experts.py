"""An environment's expert for the agents that take turns: the same plan, one action or one block a turn.

The expert itself expands placeholders, for ReCode. Its plan is rehearsed with what a history tells.
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
from recode_core.executor.stops import AtAction, AtEnd
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.policies import guard
from recode_core.policies.policy import History, Policy, Reply, Request, Turn
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.statements import Code, parse
from recode_core.values import Variable

_LEFT = "Somebody else has acted since. Nothing of it is undone."
_ASSIGNED = re.compile(r"^([ \t]*)(\w+) = run\(.*\)$", re.MULTILINE)
_BOUND = frozenset({"instruction", "observation"})


def in_turns(expert: Policy, agent: str) -> Policy:
    """The expert as that agent's policy."""
    match agent:
        case "react":
            return InTurns(expert, _next_action)
        case "codeact":
            return InTurns(expert, _next_block)
    return expert


class InTurns:
    """Answers with what `choose` says comes next in the expert's plan, after a history."""

    def __init__(self, expert: Policy, choose: Callable[[Policy, History], ParsedReply]) -> None:
        self.model = expert.model
        self.sampling = expert.sampling
        self._expert = expert
        self._choose = choose

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if request.history is None:
            raise PolicyUnavailable(f"{request.statement!r} is no turn: run the expert as ReCode's")
        text = str(self._choose(self._expert, request.history))
        stream(text)
        return Reply(text)

    def abort(self) -> None:
        self._expert.abort()


def _next_action(expert: Policy, history: History) -> ParsedReply:
    """Rehearse the plan with the observations that there were, as far as they go.

    Where somebody did something else, the plan begins anew there, as after a failure.
    """
    begun = 0
    while True:
        with closing(_rehearsal(expert, history, _LEFT if begun else "")) as run:
            executor = Executor(run)
            for number, turn in enumerate(history.turns[begun:], start=begun):
                if _action(executor) != _said(turn):
                    begun = number + 1
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
    """An expert that is told at the root that something went wrong."""

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
    """The next action of a rehearsal."""
    while not isinstance(stop := executor.stop, AtAction):
        if isinstance(stop, AtEnd):
            raise PolicyUnavailable(
                "the expert's plan is over, and the task is not solved: act by hand, or go back"
            )
        executor.advance()
    return stop.action


def _said(turn: Turn) -> str:
    """The action of a turn."""
    match syntax.parse(turn.code).body:
        case [ast.Expr(ast.Call(args=[ast.Constant(str(action))]))]:
            return action
    return ""


def _next_block(expert: Policy, history: History) -> ParsedReply:
    """The block after those that did not fail; one that did is written anew, knowing that."""
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
    """A block that also prints what it observes."""
    return ParsedReply(block.thought, _ASSIGNED.sub(r"\g<0>\n\1print(\2)", block.code))


def _blocks(expert: Policy, history: History) -> Iterator[tuple[ParsedReply, str]]:
    """The plan in blocks: the code before each of its placeholders, and that placeholder."""
    said = {"instruction": history.instruction, "observation": history.observation}
    variables = tuple(Variable(name, "str", repr(text)) for name, text in said.items())
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
    """What the expert makes of a placeholder, with the placeholders in that expanded, too."""
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
