"""What kind of error a server tells: by its codes first, then by its status, by its words last."""

from __future__ import annotations

import re
from typing import Literal

from recode_core.policies.openai.complaint import Complaint

Kind = Literal["key", "credit", "quota", "day", "rate", "context", "model", "busy", "request"]
"""Why there is no reply. `quota`: an amount that was granted is used up; `day`: that of the day;
`rate`: too many requests or tokens for now; `busy`: the server fails or is overloaded for now."""

# Codes, types and reasons in small letters; the first kind that fits is it.
_CODES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "credit",
        re.compile(
            r"insufficient_?(?:\w+_)?(?:quota|balance|credit|funds)|payment_?required|billing|arrear|overdue|"
            r"not_enough_credit|credit_balance|exceeded_current_quota"
        ),
    ),
    ("context", re.compile(r"context_?(?:length|size|window)|request_too_large|prompt_too_long")),
    (
        "key",
        re.compile(
            r"(?:invalid|incorrect|missing|no)_?api_?key|api_?key_?invalid|authenti|unauthori|permission"
        ),
    ),
    (
        "rate",
        re.compile(
            r"rate_?limit|too_?many_?requests|resource_?exhausted|throttl|slow_?down|^(?:requests|tokens)$"
        ),
    ),
    ("model", re.compile(r"(?:model|deployment)_?(?:not_?(?:found|exist)|unknown)")),
    ("busy", re.compile(r"overload|unavailable|internal_?(?:server_?)?error|^server_error$")),
)
_PER_DAY = re.compile(r"per_?day", re.I)
_NO_CREDIT = re.compile(
    r"insufficient[ _-](?:\w+[ _-])?(?:balance|credits?|funds)|"
    r"\b(?:balance|credits?)\b[^.]{0,40}\b(?:insufficient|exhausted|too low|depleted|used up|run out)\b|"
    r"\b(?:out of|not enough|no|more) credits?\b|\bnot enough (?:balance|funds)|"
    r"balance[^.]{0,20}not enough|payment required|余额不足|欠费",
    re.I,
)
_QUOTA = re.compile(r"billing|\bcredits?\b|quota", re.I)
_RATE = re.compile(
    r"rate.?limit|too many requests|per[ _-]?(?:second|minute|hour)\b|\b[TR]P[MS]\b|slow down", re.I
)
_CONTEXT = re.compile(
    r"context[ _]?(?:length|window|size)|maximum context|too many tokens|prompt is too long|"
    r"input is too long|exceeds? the (?:max\w* )?(?:number of )?tokens|token count[^.]{0,200}exceeds",
    re.I,
)
_TOO_LARGE = re.compile(r"request too large|tokens must be reduced", re.I)
_KEY = re.compile(r"api[ _-]?key|unauthori[sz]ed|authenticat", re.I)
_MODEL = re.compile(r"\bmodel\b[^.]{0,200}\b(?:not found|not exist|unknown)|not a valid model", re.I)
_REQUEST = frozenset({"invalid_request_error", "badrequesterror", "invalid_argument", "validation_error"})
_PASSING = frozenset({408, 409, 425, 498})


def kind_of(complaint: Complaint, *, asks_to_wait: bool) -> Kind:
    """What kind of error it is. A server that asks to wait means no quota that is used up for good."""
    if any(map(_PER_DAY.search, complaint.codes)):
        return "day"
    codes = {code.replace("-", "_").replace(" ", "_") for code in complaint.codes}
    known = next((kind for kind, form in _CODES if any(map(form.search, codes))), None)
    if known in ("credit", "context"):
        return known
    if _TOO_LARGE.search(complaint.words):
        return "context"
    if _NO_CREDIT.search(complaint.words):
        return "credit"
    if known in ("rate", "key") or (known and complaint.status in (400, 422)):
        return known
    return _by_status(complaint, asks_to_wait) or known or _by_words(complaint, codes)


def _by_status(complaint: Complaint, asks_to_wait: bool) -> Kind | None:
    """What a status says, with words where it can mean several things."""
    status, words = complaint.status, complaint.words
    match status:
        case None:
            return None
        case 401 | 403:
            return "rate" if asks_to_wait or (status == 403 and _RATE.search(words)) else "key"
        case 402:
            return "credit"
        case 413:
            return "context"
        case 429:
            is_quota = _QUOTA.search(words) and not asks_to_wait and not _RATE.search(words)
            return "quota" if is_quota else "rate"
        case _ if _CONTEXT.search(words):
            return "context"
        case 404:
            return "model"
        case _ if status in _PASSING or status >= 500:
            return "busy"
        case _ if _MODEL.search(words):
            return "model"
    return "request"


def _by_words(complaint: Complaint, codes: set[str]) -> Kind:
    """What the words say where there is neither a status nor a code that is known."""
    ways: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("context", _CONTEXT),
        ("rate", _RATE),
        ("quota", _QUOTA),
        ("key", _KEY),
        ("model", _MODEL),
    )
    said = next((kind for kind, words in ways if words.search(complaint.words)), None)
    return said or ("request" if codes & _REQUEST else "busy")
