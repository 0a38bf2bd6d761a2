"""The interface of agents: the program of an episode, the requests for its placeholders, and their replies.

An agent is a program whose placeholders a policy expands. An agent that takes turns is a loop around one
placeholder, so each turn is a node of the tree like any other.
"""

from __future__ import annotations

from typing import Protocol

from recode_core.policies.policy import History, Request
from recode_core.policies.reply import ParsedReply
from recode_core.statements import Names, Program
from recode_core.values import Variable


class Agent(Protocol):
    """`root` is the program of an episode. `prelude` is code that runs before it, without events.

    `edition` is the version of the language in which the session's code is read. If the agent
    `takes_turns`, its requests contain the history, and a failure ends the turn and becomes its output.
    """

    name: str
    root: str
    prelude: str
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
        """The request for the expansion of a placeholder."""

    def read(self, reply: str) -> ParsedReply:
        """Parse a reply into thought and code. Raises ReplyRefused."""

    def parse(self, code: str, names: Names) -> Program:
        """Parse the code of an expansion, where `names` are defined. Raises RuleBroken."""
