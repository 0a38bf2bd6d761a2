"""The ReAct agent: one action a turn, with all turns before it."""

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
_ONE = 'write one action and nothing else, as in run("look")'


class ReAct:
    """A thought and an action in turn (arXiv 2210.03629), as a baseline of arXiv 2510.23564, section 4."""

    name = "react"
    root = "while True:\n    next_action()"
    given = ""
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
        asked = dialogue("react", self._guide, "Observation:", history, repair, hint, self.edition)
        return Request(statement, variables, asked, repair, hint, history=history)

    def read(self, reply: str) -> ParsedReply:
        """Thought and action of a reply; an action without its `run` is taken for one."""
        parsed = parse_reply(reply)
        return ParsedReply(parsed.thought, f"run({parsed.code!r})") if _is_bare(parsed.code) else parsed

    def parse(self, code: str, names: Names) -> Program:
        try:
            program = parse(code, None, self.edition)
        except RuleBroken as broken:
            raise RuleBroken(broken.line, f"{broken.rule}; {_ONE}", broken.column) from None
        statements = syntax.parse(program.source.text).body
        match statements[0]:
            case ast.Expr(ast.Call(ast.Name("run"), [ast.Constant(str())], [])) if len(statements) == 1:
                return program
        line = statements[min(1, len(statements) - 1)].lineno
        raise RuleBroken(line, f"this is not one action: {_ONE}")


def _is_bare(code: str) -> bool:
    """Whether a line is an action's text, such as `go to desk 1`, `look` or `click[b1]`, and no Python."""
    if "\n" in code or _CALL.search(code):
        return False
    try:
        statements = syntax.parse(code).body
    except (SyntaxError, ValueError):
        return True
    except (RecursionError, MemoryError):  # nested too deeply, which the parser will say
        return False
    match statements:
        case [ast.Expr(ast.Name() | ast.Subscript())]:
            return True
    return False
