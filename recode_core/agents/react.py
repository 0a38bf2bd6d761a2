"""The ReAct agent: each turn is one action, written with knowledge of all earlier turns."""

from __future__ import annotations

import ast
import re

from recode_core import syntax
from recode_core.environments.environment import Guide
from recode_core.policies.policy import History, Request
from recode_core.policies.prompt import dialogue
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.statements import EDITION, Names, Program, RuleBroken, parse
from recode_core.values import Variable

_CALL = re.compile(r"\brun\s*\(")
_RULE = 'write one action and nothing else, as in run("look")'


class ReAct:
    """Alternates thoughts and actions (arXiv 2210.03629), as a baseline of arXiv 2510.23564, section 4."""

    name = "react"
    root = "while True:\n    next_action()"
    prelude = ""
    takes_turns = True

    def __init__(self, guide: Guide, edition: int = EDITION) -> None:
        self._guide = guide
        self.edition = edition

    def request(
        self,
        statement: str,
        variables: tuple[Variable, ...],
        repair: str,
        hint: str = "",
        history: History | None = None,
    ) -> Request:
        assert history is not None, "a turn comes with the turns before it"
        messages = dialogue("react", self._guide, "Observation:", history, repair, hint, self.edition)
        return Request(statement, variables, messages, repair, hint, history=history)

    def read(self, reply: str) -> ParsedReply:
        """Parse a reply; a bare action is wrapped in `run`."""
        parsed = parse_reply(reply)
        return ParsedReply(parsed.thought, f"run({parsed.code!r})") if _is_bare(parsed.code) else parsed

    def parse(self, code: str, names: Names) -> Program:
        try:
            program = parse(code, None, self.edition)
        except RuleBroken as broken:
            raise RuleBroken(broken.line, f"{broken.rule}; {_RULE}", broken.column) from None
        statements = syntax.parse(program.source.text).body
        match statements[0]:
            case ast.Expr(ast.Call(ast.Name("run"), [ast.Constant(str())], [])) if len(statements) == 1:
                return program
        line = statements[min(1, len(statements) - 1)].lineno
        raise RuleBroken(line, f"this is not one action: {_RULE}")


def _is_bare(code: str) -> bool:
    """Whether code is a bare action, such as `go to desk 1`, `look` or `click[b1]`, and not Python."""
    if "\n" in code or _CALL.search(code):
        return False
    try:
        statements = syntax.parse(code).body
    except (SyntaxError, ValueError):
        return True
    except (RecursionError, MemoryError):  # nested too deeply; the parser reports it
        return False
    match statements:
        case [ast.Expr(ast.Name() | ast.Subscript())]:
            return True
    return False
