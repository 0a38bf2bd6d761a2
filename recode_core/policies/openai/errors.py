"""Errors of a call: their classification, and a message for each that says what to do next."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Literal

from recode_core.policies.openai import network
from recode_core.policies.openai.models import non_chat_kind
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.server_error import ServerError, one_line, reset_in, wait_in

ErrorKind = Literal["key", "credit", "quota", "day", "rate", "context", "model", "busy", "request"]
"""Why there is no reply. `quota`: a quota is used up; `day`: the daily quota is used up;
`rate`: too many requests or tokens at the moment; `busy`: the server fails or is overloaded."""

# Codes, types and reasons in lower case; the first kind that matches is taken.
_CODES: tuple[tuple[ErrorKind, re.Pattern[str]], ...] = (
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
_TRANSIENT = frozenset({408, 409, 425, 498})
_LONGEST = 300  # characters of a server's message in ours


def error_kind(error: ServerError, *, asks_to_wait: bool) -> ErrorKind:
    """Classify an error: by its codes, then by its status, then by its words.

    A quota error with a request to wait is not a quota that is used up for good.
    """
    if any(map(_PER_DAY.search, error.codes)):
        return "day"
    codes = {code.replace("-", "_").replace(" ", "_") for code in error.codes}
    known = next((kind for kind, form in _CODES if any(map(form.search, codes))), None)
    if known in ("credit", "context"):
        return known
    if _TOO_LARGE.search(error.words):
        return "context"
    if _NO_CREDIT.search(error.words):
        return "credit"
    if known in ("rate", "key") or (known and error.status in (400, 422)):
        return known
    return _by_status(error, asks_to_wait) or known or _by_words(error, codes)


def _by_status(error: ServerError, asks_to_wait: bool) -> ErrorKind | None:
    """Classify by status, and by words if the status is ambiguous."""
    status, words = error.status, error.words
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
        case _ if status in _TRANSIENT or status >= 500:
            return "busy"
        case _ if _MODEL.search(words):
            return "model"
    return "request"


def _by_words(error: ServerError, codes: set[str]) -> ErrorKind:
    """Classify by words, if neither status nor codes are known."""
    patterns: tuple[tuple[ErrorKind, re.Pattern[str]], ...] = (
        ("context", _CONTEXT),
        ("rate", _RATE),
        ("quota", _QUOTA),
        ("key", _KEY),
        ("model", _MODEL),
    )
    found = next((kind for kind, pattern in patterns if pattern.search(error.words)), None)
    return found or ("request" if codes & _REQUEST else "busy")


class EndpointError(Exception):
    """A call failed.

    `is_transient` says that the same call may succeed later, `wait` how many seconds the server asks to
    wait, and `may_cost` that the call may be billed although nothing arrived.
    """

    def __init__(
        self, message: str, *, is_transient: bool = False, wait: float | None = None, may_cost: bool = False
    ) -> None:
        super().__init__(message)
        self.is_transient = is_transient
        self.wait = wait
        self.may_cost = may_cost


def of_server_error(profile: Profile, model: str, error: ServerError) -> EndpointError:
    """The error for an answer that reports one."""
    now = time.time()
    wait = wait_in(error, now)
    kind = error_kind(error, asks_to_wait=wait is not None)
    if kind == "rate" and wait is None:
        wait = reset_in(error, now)
    message = _shortened(error.words)
    status = error.status or "with an error"
    about = f"{profile.host} answers {status}{f': {message}' if message else ''}"
    if kind == "context":
        return EndpointError(
            f"the prompt does not fit {model}: {about}; shorten it (prompt NODE in the debugger) or choose a "
            "model with a longer context"
        )
    is_transient = kind in ("rate", "busy")
    return EndpointError(
        f"{about}; {_advice(kind, profile, model, error)}",
        is_transient=is_transient,
        wait=wait if is_transient else None,
    )


def _advice(kind: ErrorKind, profile: Profile, model: str, error: ServerError) -> str:
    """Return what to do next."""
    purpose = non_chat_kind(model)
    match kind:
        case "model" | "request" | "busy" if purpose:
            return f"{model} is {purpose}: choose a chat model with --model"
        case "key" if profile.key:
            return f"check the key in {profile.key}, and that it may use {model}"
        case "key":
            return f"name the key's variable with key in a profile, and check that it may use {model}"
        case "credit":
            return "the account has no credit left: top it up, or choose another profile"
        case "quota":
            return "its quota is used up: check plan and billing, or choose another profile"
        case "day":
            return "the quota of the day is used up: continue tomorrow, or choose another model or profile"
        case "model":
            return (
                f"choose another model than {model!r} with --model, and check that {profile.base_url} is the "
                "address of the API"
            )
        case "rate":
            return "wait a while, or send fewer requests at once"
        case "busy":
            return "try again later"
        case "request" | "context":
            return _advice_on_field(profile, error)


def _advice_on_field(profile: Profile, error: ServerError) -> str:
    """Return the setting that changes the rejected field."""
    named = " ".join((error.words, *error.fields))
    if re.search(r"\bmax_(?:completion_)?tokens\b", named):
        return f"set max_tokens in the profile (now {profile.max_tokens})"
    if re.search(r"\btemperature\b", named):
        return "ask without a temperature; with reasoning = true in the profile none is ever sent"
    return "check model and fields of the profile"


def no_client(profile: Profile, error: Exception) -> EndpointError:
    """The error for a client that cannot be made, since a variable for certificates or proxies is wrong."""
    why = network.problem() or f"{type(error).__name__}: {error}"
    return EndpointError(f"{profile.base_url} cannot be used: {why}; recode doctor checks these variables")


def of_connection(profile: Profile, error: BaseException) -> EndpointError:
    """The error for a connection that cannot be made."""
    causes = list(_chain(error))
    why = next((text for cause in reversed(causes) if (text := str(cause).strip())), type(error).__name__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return EndpointError(
            f"{profile.host} has a certificate that is not trusted ({why}): {_certificates()}"
        )
    if not profile.is_loopback and (proxy := network.proxy_of(profile.base_url)):
        return EndpointError(
            f"{profile.host} cannot be reached through the proxy {proxy.value} ({why}): correct or unset the "
            f"variable {proxy.variable}, or name the host in NO_PROXY"
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        if profile.is_loopback:
            start = f"start the server ({profile.start})" if profile.start else "start the server"
            return EndpointError(
                f"nothing answers at {profile.base_url}: {start}; recode doctor lists the running ones"
            )
        return EndpointError(
            f"{profile.host} refuses connections: check the address, or try later", is_transient=True
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return EndpointError(
            f"{profile.host} is not found: check the network and base_url", is_transient=True
        )
    return EndpointError(
        f"{profile.base_url} cannot be reached ({why}): check the network", is_transient=True
    )


def _certificates() -> str:
    """Return what to do about a certificate that is not trusted."""
    named = ", ".join(f"{each.variable}={each.value}" for each in network.certificates())
    return f"check the variable {named}" if named else "name your authority's file in SSL_CERT_FILE"


def too_slow(profile: Profile, what: str, field: str, seconds: float) -> EndpointError:
    """The error for a timeout; `field` is the profile's setting for it."""
    proxy = None if profile.is_loopback or field != "connect" else network.proxy_of(profile.base_url)
    way = f" through the proxy {proxy.value} of the variable {proxy.variable}" if proxy else ""
    return EndpointError(
        f"{profile.host} gave no {what} in {seconds:g} s{way}: try again, or raise its timeouts.{field}",
        is_transient=field == "connect",
        may_cost=field != "connect",
    )


def cut_off(profile: Profile, characters: int, stray: str = "") -> EndpointError:
    """The error for a stream that ended before the reply; `stray` is text outside of the reply."""
    message = f", and says: {_shortened(stray)};" if stray else ":"
    return EndpointError(
        f"{profile.host} ended the reply early, after {characters} characters{message} try again",
        is_transient=True,
    )


def empty(profile: Profile, model: str) -> EndpointError:
    """The error for a complete reply without text."""
    return EndpointError(
        f"{model} at {profile.host} returned an empty reply: ask again, change the prompt or the model",
        is_transient=True,
    )


def no_stream(profile: Profile, content_type: str, stray: str) -> EndpointError:
    """The error for an answer that is not from a chat API."""
    kind = content_type or "nothing"
    content = f" ({_shortened(stray)})" if stray else ""
    return EndpointError(
        f"{profile.base_url} answers with {kind}{content}, not with a stream of events: it is not the "
        "address of an OpenAI-compatible API (which mostly ends in /v1)"
    )


def _shortened(words: str) -> str:
    return one_line(words)[:_LONGEST].rstrip(".")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _chain(inner)
        error = error.__cause__ or error.__context__
