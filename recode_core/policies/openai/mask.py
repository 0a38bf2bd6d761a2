"""Masks secrets in text that comes from servers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from recode_core.policies.openai.network import proxy_secrets
from recode_core.policies.openai.profile import ApiKey, Profile

_PREFIX = 12  # the first characters of a long secret that are masked even without the rest
_PLACEHOLDER = 6  # length of the longest value that is a placeholder, not a secret: `none`, `EMPTY`, `x`
_MASK = "(the key)"
_SCHEME = re.compile(r"(?:bearer|basic|token|api-?key)\s+(\S+)", re.I)  # of a header such as `Bearer KEY`


class Mask:
    """Removes secrets from text; no `repr` shows them.

    A long secret is found inside words too, and by its beginning. A shorter one, such as `lm-studio`, is only
    masked as a whole word, and one as short as `none` only after a word such as `key` or `token`.
    """

    __slots__ = ("_long", "_others")

    def __init__(self, secrets: Iterable[str]) -> None:
        long: set[str] = set()
        others: list[str] = []
        for secret in secrets:
            if len(secret) >= _PREFIX:
                long |= {secret, quote(secret, safe="")}
            elif len(secret) > _PLACEHOLDER:
                others.append(rf"(?<![\w-]){re.escape(secret)}(?![\w-])")
            elif secret:
                called = r"(?:\bbearer\s+|\b(?:key|token)(?:\s+provided)?[\"']?\s*[:=]\s*[\"']?)"
                others.append(rf"({called}){re.escape(secret)}(?![\w-])")
        self._long = tuple(sorted(long, key=len, reverse=True))
        self._others = tuple(re.compile(pattern, re.I) for pattern in others)

    def redact(self, text: str) -> str:
        """Return a text without the secrets, which a server may have repeated."""
        for secret in self._long:
            text = _without(text, secret)
        for pattern in self._others:
            text = pattern.sub(lambda found: f"{found[1] if found.re.groups else ''}{_MASK}", text)
        return text

    def pending_length(self, text: str) -> int:
        """Return how many characters at the end of a text may be the beginning of a long secret."""
        lengths = (
            n
            for secret in self._long
            for n in range(min(len(secret), len(text)), 0, -1)
            if text.endswith(secret[:n])
        )
        return max(lengths, default=0)


def mask_of(profile: Profile, key: ApiKey) -> Mask:
    """Make the mask for a profile's key and secret headers, and for the passwords of proxies."""
    headers = profile.secret_headers.values()
    values = (found[1] for header in headers if (found := _SCHEME.match(header)))
    return Mask((key.reveal(), *headers, *values, *proxy_secrets()))


class MaskedStream:
    """Passes on pieces of text without secrets, including those spread over several pieces."""

    def __init__(self, mask: Mask, put: Callable[[str], None]) -> None:
        self._mask = mask
        self._put = put
        self._pending = ""

    def put(self, piece: str) -> None:
        """Pass on the text that cannot be part of a secret."""
        text = self._pending + piece
        at = len(text) - self._mask.pending_length(text)
        self._pending = text[at:]
        self._pass(text[:at])

    def flush(self) -> None:
        """Pass on the rest, at the end of the text."""
        self._pass(self._pending)
        self._pending = ""

    def _pass(self, text: str) -> None:
        if text:
            self._put(self._mask.redact(text))


def _without(text: str, secret: str) -> str:
    """Return the text without a secret, and without beginnings of it."""
    parts: list[str] = []
    begin = 0
    while (at := text.find(secret[:_PREFIX], begin)) >= 0:
        end = at + _PREFIX
        while end - at < len(secret) and text[end : end + 1] == secret[end - at]:
            end += 1
        parts += (text[begin:at], _MASK)
        begin = end
    return "".join((*parts, text[begin:])) if parts else text
