"""The seam to agents: what an episode consists of, what to ask for each placeholder, how to take a reply.

An agent is a program whose placeholders a policy expands. One that takes turns is a loop around one
placeholder, so that each turn is a node like any other.
"""

from __future__ import annotations

from typing import Protocol

from recode_core.policies.policy import History, Request
from recode_core.policies.reply import ParsedReply
from recode_core.statements import Names, Program
from recode_core.values import Variable


class Agent(Protocol):
    """`root` is the program of an episode; `given` is run before it, and nobody is told of it.

    `edition` is the session's way to understand code. Where it `takes_turns`, requests come with the
    history, and a failure ends a turn and is part of it.
    """

    name: str
    root: str
    given: str
    takes_turns: bool
    edition: int

    def request(
        self,
        statement: str,
        variables: tuple[Variable, ...],
        repair: str,
        hint: str = "",
        history: History | None = None,
    ) -> Request:
        """What a policy is asked for a placeholder."""

    def read(self, reply: str) -> ParsedReply:
        """Thought and code of a reply. Raises ReplyRefused."""

    def parse(self, code: str, names: Names) -> Program:
        """The program of an expansion, whoever wrote it; `names` are defined. Raises RuleBroken."""
