"""Fields of a request that a server refuses, though the request says as much without them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from recode_core.once import once
from recode_core.policies.openai import remembered
from recode_core.policies.openai.complaint import Complaint
from recode_core.policies.policy import Request

_UNKNOWN = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra|forbidden|deprecated|"
    r"not enabled|not available|must be verified|must alternate|invalid|\bonly\b",
    re.I,
)
_TOO_MUCH = re.compile(
    r"too (?:large|high|big)|at most|less than|greater|exceed|maximum|\brange\b|[<>≤≥]", re.I
)
# Each field with the words that mean it; what stands first is tried first.
_NAMES: dict[str, re.Pattern[str]] = {
    "stream_options": re.compile(r"\b(?:stream_options|include_usage)\b"),
    "max_tokens": re.compile(r"\bmax_tokens\b"),
    "max_completion_tokens": re.compile(r"\bmax_completion_tokens\b"),
    "temperature": re.compile(r"\btemperature\b", re.I),
    "stream": re.compile(r"\bstream(?:ing|ed)?\b", re.I),
    "system": re.compile(
        r"\bsystem['\"`]?(?: or \w+)? (?:role|message|prompt|instruction)|\brole\b[^.]{0,40}\bsystem\b|"
        r"\bdeveloper instruction|\broles? must alternate|\bmust alternate\b",
        re.I,
    ),
}
_STATUSES = frozenset({400, 405, 406, 415, 422, 500, 501})


@once
def refused_at(base_url: str, model: str) -> set[str]:
    """What the server of a model has refused so far, as far as it is remembered; to be added to."""
    return set(remembered.fields(base_url, model)) & _NAMES.keys()


def refused_in(complaint: Complaint, body: Mapping[str, object], request: Request) -> str | None:
    """What a server refuses of a request that can be said otherwise; None where it complains of the rest."""
    words = complaint.words
    if complaint.status not in _STATUSES:
        return None
    is_about_fields = complaint.status != 500 or complaint.fields  # `stream` may also be what broke
    for field, name in _NAMES.items():
        is_named = field in complaint.fields or bool(name.search(words))
        if not is_named or not _can_go_without(field, body, request):
            continue
        if field.startswith("max_") and _TOO_MUCH.search(words):
            continue
        if field in ("stream", "system") and not is_about_fields:
            continue
        if _UNKNOWN.search(words) or field in complaint.fields:
            return field
    return None


def _can_go_without(field: str, body: Mapping[str, object], request: Request) -> bool:
    match field:
        case "temperature":  # which nobody asked for
            return request.temperature is None and body.get("temperature") == 0
        case "stream":
            return body.get("stream") is True
        case "system":
            sent = body.get("messages")
            return isinstance(sent, list) and any(message["role"] == "system" for message in sent)
    return field in body
