"""The CodeAct agent: each turn is a block of code, written with knowledge of all earlier turns."""

from __future__ import annotations

from recode_core.environments.environment import Guide
from recode_core.policies.policy import History, Request
from recode_core.policies.prompt import dialogue
from recode_core.policies.reply import ParsedReply, parse_reply
from recode_core.statements import EDITION, FUNCTIONS_GIVEN, Names, Program, parse
from recode_core.statements.functions import LAST_EDITION_WITHOUT_FUNCTIONS
from recode_core.values import Variable


class CodeAct:
    """Executable code as the action (arXiv 2402.01030), as a baseline of arXiv 2510.23564, section 4.

    There are no placeholders. Code may define functions, which later turns can call; in the first two
    editions it could not. The policy ends the loop by setting `task_finished`.
    """

    name = "codeact"
    root = "while not task_finished:\n    next_block()"
    takes_turns = True

    def __init__(self, guide: Guide, edition: int = EDITION) -> None:
        self._guide = guide
        self.edition = edition
        self._has_functions = edition > LAST_EDITION_WITHOUT_FUNCTIONS
        self.prelude = "task_finished = False\n" + (FUNCTIONS_GIVEN if self._has_functions else "")

    def request(
        self,
        statement: str,
        variables: tuple[Variable, ...],
        repair: str,
        hint: str = "",
        history: History | None = None,
    ) -> Request:
        assert history is not None, "a turn comes with the turns before it"
        messages = dialogue("codeact", self._guide, "Output:", history, repair, hint, self.edition)
        return Request(statement, variables, messages, repair, hint, history=history)

    def read(self, reply: str) -> ParsedReply:
        return parse_reply(reply)

    def parse(self, code: str, names: Names) -> Program:
        return parse(code, None, self.edition, (names or frozenset()) if self._has_functions else None)
