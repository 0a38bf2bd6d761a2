"""Reading a policy's reply: a thought and code, out of whatever surrounds them."""

from __future__ import annotations

import re

import msgspec

from recode_core.errors import RecodeError

EXPECTED = "Expected <think>the reason</think> and then <execute>the code</execute>."

# What comes before the code, tried in order: a thought that is closed, whatever is there, nothing.
_THOUGHT = re.compile(r"(?:(?!<execute\s*>|<think\s*>).)*(?:<think\s*>.*?)?</think\s*>", re.I | re.S)
_PROSE = re.compile(r".*?(?=<execute\s*>|^[ \t]*```)", re.I | re.M | re.S)
_NOTHING = re.compile("")
_OPEN_THINK = re.compile(r"<think\s*>", re.I)
_CLOSE_THINK = re.compile(r"</think\s*>", re.I)
# A block also ends where the next begins, and where the reply was cut, perhaps inside the closing tag.
_EXECUTE = re.compile(r"<execute\s*>(.*?)(?:</execute\s*>|(?=<execute\s*>)|(?:</[a-z]*)?\Z)", re.I | re.S)
_FENCE = re.compile(r"^[ \t]*```[ \t]*(\w*)[ \t]*\n(.*?)(?:^[ \t]*```|\Z)", re.M | re.S)
_CALL = re.compile(r"^[ \t]*(?:\w+ = )?\w+\(.*\)[ \t]*$", re.M)
_CODE_LANGUAGES = {"", "py", "python", "python3"}


class ParsedReply(msgspec.Struct, frozen=True):
    """What a reply says. `code` is dedented; its lines are otherwise as they came."""

    thought: str
    code: str

    def __str__(self) -> str:
        """The form that the prompt asks for; `parse_reply` reads it back."""
        return f"<think>\n{self.thought}\n</think>\n<execute>\n{self.code}\n</execute>"


class ReplyRefused(RecodeError):
    """A reply holds no code. The text says so to the policy."""


def parse_reply(text: str) -> ParsedReply:
    """Thought and code of a reply, wherever they can be told apart; several blocks of code are joined.

    Raises ReplyRefused where there is no code.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for before in (_THOUGHT, _PROSE, _NOTHING):
        if (found := before.match(text)) and (code := _code(text[found.end() :])):
            return ParsedReply(_thought(found.group()), code)
    raise ReplyRefused(_refusal(text))


def _thought(text: str) -> str:
    inside = _OPEN_THINK.split(text, maxsplit=1)[-1]
    return _CLOSE_THINK.sub("", inside).strip()


def _refusal(text: str) -> str:
    if not text.strip():
        return f"The reply is empty. {EXPECTED}"
    if _PROSE.match(text):
        return f"The reply's code is empty. {EXPECTED} Where nothing is to be done, write `pass`."
    if "<think" in text.lower() and not _THOUGHT.match(text):
        return f"The reply ends within its thought. {EXPECTED} Keep the thought short."
    return f"The reply holds no code, it begins {text.strip()[:60]!r}. {EXPECTED}"


def _code(text: str) -> str:
    blocks = [_without_fence(block) for block in _EXECUTE.findall(text)] or _fenced(text)
    if not blocks and _CALL.search(text):  # no mark at all, but a line that no prose has
        blocks = [text]
    return "\n".join(code for block in blocks if (code := _dedented(block)))


def _without_fence(block: str) -> str:
    return "\n".join(_fenced(block)) if block.lstrip().startswith("```") else block


def _fenced(text: str) -> list[str]:
    return [code for language, code in _FENCE.findall(text) if language.lower() in _CODE_LANGUAGES]


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
