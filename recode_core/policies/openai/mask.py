"""Secrets are taken out of what a server sends before anything is shown or stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

_TELLING = 12  # the first characters of a long secret that are masked even without the rest
_PLACEHOLDER = 6  # characters of the longest value that is no secret: `none`, `EMPTY`, `x`
_MASK = "(the key)"


class Mask:
    """Takes secrets out of text; no `repr` shows them.

    A long secret is found inside of words too, and by its beginning. A shorter one, such as `lm-studio`,
    counts as a whole word only, and one that is as short as `none` only where it is called a key.
    """

    __slots__ = ("_long", "_others")

    def __init__(self, secrets: Iterable[str]) -> None:
        long: set[str] = set()
        others: list[str] = []
        for secret in secrets:
            if len(secret) >= _TELLING:
                long |= {secret, quote(secret, safe="")}
            elif len(secret) > _PLACEHOLDER:
                others.append(rf"(?<![\w-]){re.escape(secret)}(?![\w-])")
            elif secret:
                called = r"(?:\bbearer\s+|\b(?:key|token)(?:\s+provided)?[\"']?\s*[:=]\s*[\"']?)"
                others.append(rf"({called}){re.escape(secret)}(?![\w-])")
        self._long = tuple(long)
        self._others = tuple(re.compile(pattern, re.I) for pattern in others)

    def out_of(self, text: str) -> str:
        """`text` without the secrets, should a server have repeated them."""
        for secret in self._long:
            text = _without(text, secret)
        for pattern in self._others:
            text = pattern.sub(lambda found: f"{found[1] if found.re.groups else ''}{_MASK}", text)
        return text

    def held(self, text: str) -> int:
        """How many characters at the end of a text may be the beginning of a long secret."""
        lengths = (
            n
            for secret in self._long
            for n in range(min(len(secret), len(text)), 0, -1)
            if text.endswith(secret[:n])
        )
        return max(lengths, default=0)


class MaskedStream:
    """Passes pieces of text on without the secrets in them, also where one is spread over several pieces."""

    def __init__(self, mask: Mask, put: Callable[[str], None]) -> None:
        self._mask = mask
        self._put = put
        self._held = ""

    def put(self, piece: str) -> None:
        """Pass on what cannot be a part of a secret."""
        text = self._held + piece
        at = len(text) - self._mask.held(text)
        self._held = text[at:]
        self._pass(text[:at])

    def flush(self) -> None:
        """Pass on the rest: nothing follows."""
        self._pass(self._held)
        self._held = ""

    def _pass(self, text: str) -> None:
        if text:
            self._put(self._mask.out_of(text))


def _without(text: str, secret: str) -> str:
    """The text without a secret, and without its beginnings."""
    parts: list[str] = []
    begin = 0
    while (at := text.find(secret[:_TELLING], begin)) >= 0:
        end = at + _TELLING
        while end - at < len(secret) and text[end : end + 1] == secret[end - at]:
            end += 1
        parts += (text[begin:at], _MASK)
        begin = end
    return "".join((*parts, text[begin:])) if parts else text
