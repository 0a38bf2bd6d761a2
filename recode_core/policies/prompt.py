"""Builds the messages of a request, a pure function of the data that the policy may use."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Mapping

from recode_core.environments.environment import Guide
from recode_core.policies.policy import History
from recode_core.policies.prompts import bundled, system_text
from recode_core.policies.reply import ParsedReply
from recode_core.policies.variable_text import one_line, shown
from recode_core.statements import EDITION
from recode_core.values import Message, Variable


def messages(
    guide: Guide,
    statement: str,
    variables: tuple[Variable, ...],
    repair: str = "",
    hint: str = "",
    edition: int = EDITION,
) -> tuple[Message, ...]:
    """The system message, which is the same for all expansions in an environment, and the request."""
    # Quoted text is indented, so that it can't be mistaken for one of our headings.
    sections = [
        "\n    ".join(["Variables:", *_lines(variables, edition)]) if variables else "",
        _quoted("Expand this statement:", statement),
        _quoted("What went wrong before, and what has been done since:", repair),
        _quoted("A hint from the user:", hint),
    ]
    system = system_text(bundled(guide, "recode", edition))
    return Message("system", system), Message("user", _joined(sections))


def dialogue(
    agent: str,
    guide: Guide,
    shown_as: str,
    history: History,
    repair: str = "",
    hint: str = "",
    edition: int = EDITION,
) -> tuple[Message, ...]:
    """The system message of an agent and the whole history; `shown_as` is the heading of each turn's output.

    Messages of a turn are a prefix of those of the next one, unless it needed a repair or a hint.
    """
    opening = [_quoted("Your task:", history.instruction), _quoted("You see:", history.observation)]
    system = system_text(bundled(guide, agent, edition))
    sent = [Message("system", system), Message("user", _joined(opening))]
    for turn in history.turns:
        sent.append(Message("assistant", str(ParsedReply(turn.thought, turn.code))))
        sent.append(Message("user", _quoted(shown_as, turn.output or "(nothing)")))
    now = [sent[-1].content, _quoted("What went wrong:", repair), _quoted("A hint from the user:", hint)]
    return *sent[:-1], Message("user", _joined(now))


def prompt_hash(messages: tuple[Message, ...], model: str, sampling: Mapping[str, str | float | int]) -> str:
    """A SHA-256 in hex of everything that affects a reply."""
    prompt = {
        "messages": [[message.role, message.content] for message in messages],
        "model": model,
        "sampling": dict(sampling),
    }
    canonical = json.dumps(prompt, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _lines(variables: tuple[Variable, ...], edition: int) -> list[str]:
    if edition < 3:
        return [one_line(variable) for variable in variables]
    return [line for variable in variables for line in shown(variable)]


def _quoted(heading: str, text: str) -> str:
    sendable = text.strip().encode("utf-8", "backslashreplace").decode()
    return f"{heading}\n{textwrap.indent(sendable, '    ')}" if sendable else ""


def _joined(sections: list[str]) -> str:
    return "\n\n".join(section for section in sections if section)
