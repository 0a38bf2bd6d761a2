"""The ReCode agent: a request for each placeholder, with its statement and variables and no history."""

from __future__ import annotations

from recode_core.environments.environment import Guide
from recode_core.policies.policy import History, Request
from recode_core.policies.prompt import messages
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.statements import EDITION, Names, Program, parse
from recode_core.values import Variable


class ReCode:
    """Expands placeholders recursively (arXiv 2510.23564, section 3)."""

    name = "recode"
    root = "solve(instruction, observation)"
    prelude = ""
    takes_turns = False

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
        request = messages(self._guide, statement, variables, repair, hint, self.edition)
        return Request(statement, variables, request, repair, hint)

    def read(self, reply: str) -> ParsedReply:
        return parse_reply(reply, may_skip=self.edition > 2)

    def parse(self, code: str, names: Names) -> Program:
        return parse(code, names, self.edition)
