"""Reading a policy's reply: a thought and code, out of whatever surrounds them.

A reply that ends inside its thought or its code is refused: half a plan must not act.
"""

from __future__ import annotations

import re

import msgspec

from recode_core.errors import RecodeError
from recode_core.policies.markup import Fences, Tags

EXPECTED = "Expected <think>the reason</think> and then <execute>the code</execute>."

_CALL = re.compile(r"^[ \t]*(?:\w+ = )?\w+\(.*\)[ \t]*$", re.M)


class ParsedReply(msgspec.Struct, frozen=True):
    """What a reply says. `code` is dedented; its lines are otherwise as they came."""

    thought: str
    code: str

    def __str__(self) -> str:
        """The form that the prompt asks for; `parse_reply` reads it back."""
        return f"<think>\n{self.thought}\n</think>\n<execute>\n{self.code}\n</execute>"


class ReplyRefused(RecodeError):
    """A reply holds no code, or ends before its code does. The text says so to the policy."""


def parse_reply(text: str, may_skip: bool = False) -> ParsedReply:
    """Thought and code of a reply, wherever they can be told apart.

    The code is the last `<execute>` block after the thought; without one, the fenced blocks there,
    joined; without those, the text there if it looks like code. Tags and fences that stand in a thought
    or in a string are text. Where an expansion `may_skip`, code without a statement becomes `pass`.

    Raises ReplyRefused where there is no code, and where the reply is cut.
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
    """Thought and code of the last block; a fence around the code is left out."""
    if tags.block is None:
        return None
    code = tags.text[tags.block.code]
    if code.lstrip().startswith("```"):
        fences = Fences(code)
        code = "\n".join([*fences.code, *([fences.rest] if fences.rest else [])])
    return tags.text[tags.block.thought], code


def _untagged(tags: Tags) -> tuple[str, str]:
    """Thought and code of a reply without blocks. Raises ReplyRefused where there is no code."""
    answer = tags.text[tags.answer :]
    thought = tags.text[tags.thought] if tags.thought is not None else ""
    fences = Fences(answer)
    if fences.rest is not None:
        raise ReplyRefused(f"The reply ends inside its code, without a closing ```. {EXPECTED}")
    if fences.code:
        return thought.strip() or fences.before or "", "\n".join(fences.code)
    if _CALL.search(answer):  # no mark at all, but a line that no prose has
        return thought, answer
    raise ReplyRefused(f"The reply holds no code, it begins {tags.text.strip()[:60]!r}. {EXPECTED}")


def _dedented(block: str) -> str:
    """`block` without blank lines around it and without the margin of its first line."""
    lines = block.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    if not written:
        return ""
    lines = lines[written[0] : written[-1] + 1]
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t"))]
    if all(line.startswith(margin) or not line.strip() for line in lines):
        lines = [line.removeprefix(margin) for line in lines]
    return "\n".join(lines)
