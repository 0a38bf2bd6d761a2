"""Parses replies of policies into thought and code, from any surrounding text.

A reply that ends inside its thought or its code is refused, so that incomplete code never runs.
"""

from __future__ import annotations

import re

import msgspec

from recode_core.errors import RecodeError
from recode_core.policies.markup import Fences, Tags

EXPECTED = "Expected <think>the reason</think> and then <execute>the code</execute>."

_CALL = re.compile(r"^[ \t]*(?:\w+ = )?\w+\(.*\)[ \t]*$", re.M)


class ParsedReply(msgspec.Struct, frozen=True):
    """The thought and code of a reply. `code` is dedented, and otherwise unchanged."""

    thought: str
    code: str

    def __str__(self) -> str:
        """The format that the prompt asks for, and that `parse_reply` parses."""
        return f"<think>\n{self.thought}\n</think>\n<execute>\n{self.code}\n</execute>"


class ReplyRefused(RecodeError):
    """A reply contains no code, or is incomplete. The message is written for the policy."""


def parse_reply(text: str, may_skip: bool = False) -> ParsedReply:
    """Parse a reply into thought and code.

    The code is the last `<execute>` block after the thought; without a block, the joined fenced blocks;
    without those, the text itself if it looks like code. Tags and fences in a thought or in a string are
    ordinary text. With `may_skip`, code without a statement becomes `pass`.

    Raises ReplyRefused if there is no code, or if the reply is incomplete.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ReplyRefused(f"The reply is empty. {EXPECTED}")
    tags = Tags(text)
    _check_whole(tags)
    thought, code = _block(tags) or _untagged(tags)
    code = _dedented(code)
    if may_skip and all(line.lstrip().startswith("#") or not line.strip() for line in code.split("\n")):
        code = f"{code}\npass".lstrip()
    if not code:
        raise ReplyRefused(
            f"The reply's code is empty. {EXPECTED} Where nothing is to be done, write `pass`."
        )
    return ParsedReply(thought.strip(), code)


def _check_whole(tags: Tags) -> None:
    if tags.block_at is not None:
        raise ReplyRefused(f"The reply ends inside its code, without </execute>. {EXPECTED}")
    if tags.is_within_thought:
        raise ReplyRefused(f"The reply ends within its thought. {EXPECTED} Keep the thought short.")
    if tags.has_stray_end:
        raise ReplyRefused(f"The reply has a </execute> that closes no <execute>. {EXPECTED}")


def _block(tags: Tags) -> tuple[str, str] | None:
    """Thought and code of the last block, without a fence around the code."""
    if tags.block is None:
        return None
    code = tags.text[tags.block.code]
    if code.lstrip().startswith("```"):
        fences = Fences(code)
        code = "\n".join([*fences.code, *([fences.rest] if fences.rest else [])])
    return tags.text[tags.block.thought], code


def _untagged(tags: Tags) -> tuple[str, str]:
    """Thought and code of a reply without blocks. Raises ReplyRefused if there is no code."""
    answer = tags.text[tags.answer :]
    thought = tags.text[tags.thought] if tags.thought is not None else ""
    fences = Fences(answer)
    if fences.rest is not None:
        raise ReplyRefused(f"The reply ends inside its code, without a closing ```. {EXPECTED}")
    if fences.code:
        return thought.strip() or fences.before or "", "\n".join(fences.code)
    if _CALL.search(answer):  # neither tags nor fences, but a line that can only be code
        return thought, answer
    raise ReplyRefused(f"The reply holds no code, it begins {tags.text.strip()[:60]!r}. {EXPECTED}")


def _dedented(block: str) -> str:
    """Remove blank lines around a block, and the indentation of its first line from all lines."""
    lines = block.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    if not written:
        return ""
    lines = lines[written[0] : written[-1] + 1]
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t"))]
    if all(line.startswith(margin) or not line.strip() for line in lines):
        lines = [line.removeprefix(margin) for line in lines]
    return "\n".join(lines)
