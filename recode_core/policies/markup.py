"""Finds the tags and fences of a reply, and skips those inside thoughts, strings and comments.

One pattern matches tags, strings and comments together, so a tag inside a string is skipped with it. No
pattern is tried more than a few times on the same characters, so the time is linear in the length of a
reply, for any content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_THOUGHT = r"think(?:ing)?|thought|reasoning"
_TAG = rf"<(?P<slash>/?)(?P<name>execute|{_THOUGHT})\s*>"
_FENCE = r"^[ \t]*(?P<ticks>`{3,})(?P<info>[^`\n]*)$"
_ESCAPED = r"\\."
# A quote after a letter is an apostrophe, unless the letter is a prefix as in f"…".
_QUOTE = r"(?=['\"])(?:(?<!\w)|(?<=\b[rbfu])|(?<=\b[rbf]{2}))"
_SHORT = rf"{_QUOTE}(?:'[^'\\\n]*(?:\\.[^'\\\n]*)*'|\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\")"
_LONG = (
    rf"{_QUOTE}(?:'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*""")'
)
# A closing tag at the end of a line ends the comment before it: `run("look")  # look</execute>`.
_COMMENT = r"#[^\n<]*(?:<(?!/\w+\s*>[ \t]*$)[^\n<]*)*"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.I | re.M | re.S)


_IN_PROSE = _pattern(rf"(?:{_ESCAPED}|{_LONG}|{_SHORT})+", _TAG)
_IN_CODE = _pattern(rf"(?:{_ESCAPED}|{_LONG}|{_SHORT}|{_COMMENT})+", _TAG)
_FENCES = _pattern(rf"(?:{_ESCAPED}|{_LONG}|{_SHORT})+", _FENCE)
_ANY_TAG = _pattern(_TAG)
_END_OF_THOUGHT = _pattern(rf"<(?P<slash>/)(?P<name>{_THOUGHT})\s*>")
_CODE_LANGUAGES = {"", "py", "python", "python3"}


@dataclass(frozen=True, slots=True)
class Block:
    """The code of an `<execute>` block, the thought before it, and the end of the closing tag, as offsets."""

    code: slice
    thought: slice
    end: int


class Tags:
    """The result of a scan over the tags of a reply. All positions are offsets.

    `block` is the last complete `<execute>` block outside of thoughts. `thought` is the last closed thought,
    and `answer` its end. An unclosed thought or block begins at `thought_at` or `block_at`.
    `has_stray_end` says that another closing tag follows the block, so the block may be incomplete.

    A chat template may have removed the opening tag of a thought. A closing tag without an opening one
    therefore turns all text before it into a thought, including blocks.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.block: Block | None = None
        self.thought: slice | None = None
        self.answer = 0
        self.thought_at: int | None = None
        self.block_at: int | None = None
        self.has_stray_end = False
        self._block_thought = slice(0, 0)
        self._scan()

    def _scan(self) -> None:
        last_end = max((found.start() for found in _END_OF_THOUGHT.finditer(self.text)), default=-1)
        at = 0
        while (tag := self._next(at, last_end)) is not None:
            at = tag.end()
            is_closing = bool(tag["slash"])
            if tag["name"].lower() == "execute":
                self._end_block(tag) if is_closing else self._begin_block(tag)
            elif is_closing:
                self._end_thought(tag)
            elif self.thought_at is None:
                self.thought_at = at

    @property
    def is_within_thought(self) -> bool:
        """Whether the reply ends in a thought. A block after an unclosed thought is not part of it."""
        if self.thought_at is None:
            return False
        block = self.block
        return block is None or block.end <= self.thought_at or bool(self.text[block.end :].strip())

    def _next(self, at: int, last_end: int) -> re.Match[str] | None:
        """The next tag outside of strings; in a thought, its closing tag. The last one is at `last_end`."""
        if self.block_at is not None:
            pattern = _IN_CODE
        elif self.thought_at is None:
            pattern = _IN_PROSE
        else:
            pattern = _END_OF_THOUGHT if at <= last_end else _ANY_TAG
        return next((found for found in pattern.finditer(self.text, at) if found["name"]), None)

    def _begin_block(self, tag: re.Match[str]) -> None:
        """Begin a block. An open one before it was only mentioned, or abandoned, and is dropped."""
        if self.thought_at is not None:
            self._block_thought = slice(self.thought_at, tag.start())
        elif self.thought is not None:
            self._block_thought = self.thought
        else:
            self._block_thought = slice(self.block.end if self.block else 0, tag.start())
        self.block_at = tag.end()

    def _end_block(self, tag: re.Match[str]) -> None:
        if self.block_at is not None:
            self.block = Block(slice(self.block_at, tag.start()), self._block_thought, tag.end())
            self.block_at, self.has_stray_end = None, False
        elif not self.has_stray_end:
            since = self.block.end if self.block is not None else self.answer
            self.has_stray_end = bool(self.text[since : tag.start()].strip())

    def _end_thought(self, tag: re.Match[str]) -> None:
        is_later = (
            self.thought_at is not None and self.block is not None and self.block.end <= self.thought_at
        )
        if not is_later:
            self.block, self.has_stray_end = None, False
        begin = self.answer if self.thought_at is None else self.thought_at
        self.thought, self.answer = slice(begin, tag.start()), tag.end()
        self.thought_at = self.block_at = None


class Fences:
    """The fenced blocks of a text. `code` lists the closed ones in Python or without a language.

    `before` is the text before the first block. `rest` is the text after an unclosed fence, None if all are
    closed. Fences inside strings are skipped.
    """

    def __init__(self, text: str) -> None:
        self.code: list[str] = []
        self.before: str | None = None
        self.rest: str | None = None
        opening: re.Match[str] | None = None
        for fence in _FENCES.finditer(text) if "```" in text else ():
            if not fence["ticks"]:
                continue
            if opening is None:
                opening = fence
                self.before = text[: fence.start()] if self.before is None else self.before
            elif not fence["info"].strip() and len(fence["ticks"]) >= len(opening["ticks"]):
                if _is_code(opening):
                    self.code.append(text[opening.end() + 1 : fence.start()])
                opening = None
        if opening is not None:
            self.rest = text[opening.end() + 1 :]


def _is_code(fence: re.Match[str]) -> bool:
    language = (fence["info"].split() or [""])[0]
    return language.lower() in _CODE_LANGUAGES
