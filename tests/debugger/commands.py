"""Every command of the debugger as a rule, with what taking it back must lead to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from recode_core.debugger.annotations import Annotations
from recode_core.debugger.breakpoints import KINDS
from recode_core.errors import RecodeError
from recode_core.events import CHANGES, ExpansionRequested
from recode_core.policies.prompts import Prompts
from recode_core.timeline import Stop
from recode_core.values import Message
from tests.debugger.debugger_harness import DebuggerHarness
from tests.debugger.doubles import DebuggerSetup

FORWARD = ["step", "next", "finish", "resume"]
BACK = ["back", "back_next", "back_continue"]
NAMES = ["x", "total", "seen", "obj_ID", "place", "n"]
EXPRESSIONS = ["7", "[1, 2]", "place", "1 / 0", "run('a')", "'desk 1'"]
ACTIONS = ["look", "go to desk 1", "win"]
STATEMENTS = [
    "x = 1",
    "x = run('look')",
    "print('here')",
    "x = aid('y')",
    "pass",
    "1 / 0",
    "for k in range(2):\n{indent}    run(f'go {{k}}')\n{indent}    helped = aid(k)",
    "if run('look'):\n{indent}    x = 2",
    "import os",
]
PATTERNS = {
    "placeholder": "*",
    "action": "/go|take/",
    "observation": "*desk*",
    "variable": "x",
    "depth": "2",
    "status": "*",
    "failure": "ZeroDivisionError",
    "score": ">=0.05",
    "budget": "steps>3",
}

pick = st.integers(0, 10**4)


def changed_code(code: str, at: int, how: str, statement: str) -> str:
    """A program with one of its statements, wherever it is, replaced, deleted, or followed by another."""
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt)]
    chosen = found[at % len(found)]
    assert chosen.end_lineno is not None
    indent = " " * chosen.col_offset
    new = indent + statement.replace("{indent}", indent).replace("{{k}}", "{k}")
    lines = code.split("\n")
    first, end = chosen.lineno - 1, chosen.end_lineno
    lines[end if how == "append" else first : end] = [] if how == "delete" else new.split("\n")
    return "\n".join(lines)


@dataclass(frozen=True)
class Digest:
    """What undo brings back, without looking into the run."""

    position: tuple[str, int, Annotations]
    changes_ahead: list[int]
    rest: Stop
    variables: dict[str, Any]


class Commands(RuleBasedStateMachine):
    """A user who gives any commands. A RecodeError is a fair answer; any other error is a fault."""

    enter: Callable[[], DebuggerSetup]

    def __init__(self) -> None:
        super().__init__()
        self.home = self.enter()
        self.harness = DebuggerHarness.open(self.home)
        self.debugger = self.harness.debugger
        self.undos: list[Digest] = []
        self.redos: list[Digest] = []

    @initialize(name=st.sampled_from(FORWARD), times=st.integers(1, 12))
    def begin(self, name: str, times: int) -> None:
        for _ in range(times):
            self.command(getattr(self.debugger, name), asks=True)

    @rule(name=st.sampled_from(FORWARD), times=st.integers(1, 3))
    def go_on(self, name: str, times: int) -> None:
        for _ in range(times):
            self.command(getattr(self.debugger, name), asks=True)

    @rule(name=st.sampled_from(BACK), times=st.integers(1, 3))
    def go_back(self, name: str, times: int) -> None:
        for _ in range(times):
            self.command(getattr(self.debugger, name))

    @rule(at=pick)
    def goto(self, at: int) -> None:
        rests = self.debugger.timeline.stops
        self.command(lambda: self.debugger.goto(rests[at % len(rests)].n))

    @rule(at=pick, line=st.none() | st.integers(1, 6))
    def until(self, at: int, line: int | None) -> None:
        self.command(lambda: self.debugger.until(self.node(at), line), asks=True)

    @rule(at=pick)
    def goto_node(self, at: int) -> None:
        self.command(lambda: self.debugger.goto(self.node(at)))

    @rule(at=pick)
    def switch(self, at: int) -> None:
        branches = list(self.debugger.log.branches)
        self.command(lambda: self.debugger.switch(branches[at % len(branches)]))

    @rule(
        at=pick,
        where=pick,
        how=st.sampled_from(["replace", "replace", "append", "delete"]),
        statement=st.sampled_from(STATEMENTS),
        from_here=st.booleans(),
    )
    def edit(self, at: int, where: int, how: str, statement: str, from_here: bool) -> None:
        tree = self.debugger.moment
        written = [node for node in tree.nodes.values() if node.code]
        if not written:
            return
        node = written[at % len(written)]
        code = changed_code(node.code, where, how, statement)
        self.command(lambda: self.debugger.edit(node.id, code, from_here))

    @rule(at=pick, statement=st.sampled_from(STATEMENTS), from_here=st.booleans())
    def edit_statement(self, at: int, statement: str, from_here: bool) -> None:
        text = statement.replace("{indent}", "").replace("{{k}}", "{k}")
        self.command(lambda: self.debugger.edit(self.node(at), text, from_here))

    @precondition(lambda self: self.requests())
    @rule(at=pick, statement=st.sampled_from(STATEMENTS))
    def reply(self, at: int, statement: str) -> None:
        text = statement.replace("{indent}", "").replace("{{k}}", "{k}")
        self.command(lambda: self.debugger.reply(self.request(at), f"<execute>\n{text}\n</execute>"))

    @precondition(lambda self: self.requests())
    @rule(at=pick, text=st.sampled_from(["be brief", "think twice"]))
    def prompt(self, at: int, text: str) -> None:
        self.command(lambda: self.debugger.prompt(self.request(at), (Message("user", text),)))

    @precondition(lambda self: self.requests())
    @rule(at=pick, hint=st.sampled_from(["", "look first"]), temperature=st.sampled_from([None, 0.5]))
    def regenerate(self, at: int, hint: str, temperature: float | None) -> None:
        self.command(lambda: self.debugger.regenerate(self.request(at), hint, "", temperature))

    @precondition(lambda self: self.requests())
    @rule(at=pick, name=st.sampled_from(["mine", "yours"]), only=st.booleans())
    def change_prompts(self, at: int, name: str, only: bool) -> None:
        prompts = Prompts(name, f"the rules of {name}", "")
        self.command(lambda: self.debugger.change_prompts(self.request(at), prompts, only))

    @rule()
    def skip(self) -> None:
        self.command(self.debugger.skip)

    @rule(at=pick)
    def retry(self, at: int) -> None:
        self.command(lambda: self.debugger.retry(self.node(at) if at % 3 else ""))

    @rule(name=st.sampled_from(NAMES), expression=st.sampled_from(EXPRESSIONS))
    def set(self, name: str, expression: str) -> None:
        self.command(lambda: self.debugger.set(name, expression))

    @precondition(lambda self: self.debugger.stop.kind == "action")
    @rule(text=st.sampled_from(ACTIONS), by_hand=st.booleans())
    def act(self, text: str, by_hand: bool) -> None:
        do = self.debugger.observe if by_hand else self.debugger.action
        self.command(lambda: do(text))

    @rule(name=st.sampled_from(["steps", "calls", "depth", "repairs"]), value=st.integers(1, 60))
    def limit(self, name: str, value: int) -> None:
        self.command(lambda: self.debugger.limit(name, value))

    @rule(is_over=st.booleans())
    def limit_time(self, is_over: bool) -> None:
        self.command(lambda: self.debugger.limit("seconds", 0 if is_over else None))

    @rule(
        kind=st.sampled_from(list(KINDS)),
        at=pick,
        after=st.sampled_from([0, 0, 2]),
        log=st.booleans(),
        once=st.booleans(),
    )
    def break_at(self, kind: str, at: int, after: int, log: bool, once: bool) -> None:
        pattern = f"{self.node(at)}:{1 + at % 4}" if kind == "line" else PATTERNS.get(kind, "")
        condition = ["", "len(instruction) > 3", "x == 1"][at % 3]
        self.command(lambda: self.debugger.add_breakpoint(kind, pattern, condition, after, log, once))

    @precondition(lambda self: self.debugger.annotations.breakpoints)
    @rule(at=pick, how=st.sampled_from(["enable", "disable", "delete"]))
    def change_breakpoint(self, at: int, how: str) -> None:
        numbers = list(self.debugger.annotations.breakpoints)
        number = numbers[at % len(numbers)]
        if how == "delete":
            self.command(lambda: self.debugger.delete(number))
        else:
            self.command(lambda: self.debugger.enable(number, how == "enable"))

    @rule(at=pick, text=st.sampled_from(["", "odd", "see this"]))
    def note(self, at: int, text: str) -> None:
        self.command(lambda: self.debugger.note(self.node(at), text))

    @rule(expression=st.sampled_from(["x", "len(instruction)"]))
    def watch(self, expression: str) -> None:
        self.command(lambda: self.debugger.watch(expression))

    @precondition(lambda self: self.undos)
    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(min(times, len(self.undos))):
            self.redos.append(self.digest())
            self.debugger.undo()
            self.is_again(self.undos.pop())

    @precondition(lambda self: self.redos)
    @rule()
    def redo(self) -> None:
        self.undos.append(self.digest())
        self.debugger.redo()
        self.is_again(self.redos.pop())

    @rule(on=st.booleans())
    def reuse(self, on: bool) -> None:
        self.debugger.parts.live_run().reuse = on

    @rule()
    def forget_checkpoints(self) -> None:
        self.debugger.parts.restorer.checkpoints.clear()

    # inside

    def command(self, do: Callable[[], object], asks: bool = False) -> None:
        """Give a command, and keep what taking it back must lead to."""
        before, calls = self.digest(), self.home.policy.calls
        try:
            do()
        except RecodeError:
            if self.digest() == before:
                return
        assert asks or self.home.policy.calls == calls
        self.undos.append(before)
        self.redos.clear()

    def digest(self) -> Digest:
        debugger = self.debugger
        start, end = debugger.cursor, debugger.parts.history.future_limit
        ahead = [r for r in debugger.timeline.records if r.n > start and (end is None or r.n <= end)]
        return Digest(
            (debugger.branch, debugger.cursor, debugger.annotations),
            [r.n for r in ahead if isinstance(r.event, CHANGES) or getattr(r.event, "by", "") == "user"],
            debugger.stop,
            debugger.variables(),
        )

    def is_again(self, digest: Digest) -> None:
        now = self.digest()
        assert now == digest, f"{now}\n  before it was\n{digest}"

    def node(self, at: int) -> str:
        nodes = list(self.debugger.timeline.tree.nodes) or ["0"]
        return nodes[at % len(nodes)]

    def requests(self) -> list[str]:
        events = [record.event for record in self.debugger.timeline.up_to(self.debugger.cursor)]
        return [event.place.node for event in events if isinstance(event, ExpansionRequested)]

    def request(self, at: int) -> str:
        requests = self.requests()
        return requests[at % len(requests)]
