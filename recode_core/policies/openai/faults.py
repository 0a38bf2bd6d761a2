"""What can go wrong between us and an endpoint, each with what to do next."""

from __future__ import annotations

import email.utils
import re
import socket
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from recode_core.policies.openai.profile import Profile

if TYPE_CHECKING:
    import openai

_CONTEXT = re.compile(
    r"context[ _]?(?:length|window|size)|maximum context|too many tokens|prompt is too long|"
    r"input is too long|exceeds? the (?:max\w* )?(?:number of )?tokens|token count.*exceeds",
    re.I,
)
_NO_CREDIT = re.compile(r"insufficient_quota|insufficient balance|billing|credit", re.I)
_PASSING = {408, 409, 425, 429}


class Fault(Exception):
    """A call failed. `is_passing`: the same call may succeed; `wait`: the seconds that a server asks for;
    `may_cost`: the server may have worked for it, though nothing arrived."""

    def __init__(
        self, message: str, *, is_passing: bool = False, wait: float | None = None, may_cost: bool = False
    ) -> None:
        super().__init__(message)
        self.is_passing = is_passing
        self.wait = wait
        self.may_cost = may_cost


def of_status(profile: Profile, model: str, error: openai.APIError, status: int) -> Fault:
    """The server answered, with a refusal."""
    host, said = profile.host, _said(error)
    about = f"{host} answers {status}{f': {said}' if said else ''}"
    if status in (401, 403):
        key = (
            f"check the key in {profile.key}"
            if profile.key
            else "name the key's variable with key in a profile"
        )
        return Fault(f"{about}; {key}, and that it may use {model}")
    if status == 402 or (status == 429 and _NO_CREDIT.search(f"{error.code} {error.type} {said}")):
        return Fault(f"{about}; the account has no credit left: top it up, or choose another profile")
    if status == 413 or (status < 500 and _CONTEXT.search(f"{error.code} {said}")):
        return Fault(
            f"the prompt does not fit {model}: {about}; shorten it (prompt NODE in the debugger) or choose a "
            "model with a longer context"
        )
    if status == 404:
        return Fault(
            f"{about}; choose another model than {model!r} with --model, and see that {profile.base_url} is "
            "the address of the API"
        )
    if status == 429:
        return Fault(
            f"{about}; wait a while, or ask for fewer at once", is_passing=True, wait=_wished(_headers(error))
        )
    if status in _PASSING or status >= 500:
        return Fault(f"{about}; try again later", is_passing=True, wait=_wished(_headers(error)))
    return Fault(f"{about}; check model and fields of the profile")


def of_connection(profile: Profile, error: BaseException) -> Fault:
    """There is no connection."""
    causes = list(_chain(error))
    start = f"start the server ({profile.start})" if profile.start else "start the server"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        if profile.is_loopback:
            return Fault(
                f"nothing answers at {profile.base_url}: {start}; recode doctor lists those that run"
            )
        return Fault(f"{profile.host} refuses connections: check the address, or try later", is_passing=True)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault(f"{profile.host} is not found: check the network and base_url", is_passing=True)
    why = next((text for cause in reversed(causes) if (text := str(cause).strip())), type(error).__name__)
    return Fault(f"{profile.base_url} cannot be reached ({why}): check the network", is_passing=True)


def too_slow(profile: Profile, what: str, field: str, seconds: float) -> Fault:
    """A time-out, named by the field of the profile that sets it."""
    return Fault(
        f"{profile.host} gave no {what} in {seconds:g} s: try again, or raise its timeouts.{field}",
        is_passing=field == "connect",
        may_cost=field != "connect",
    )


def cut_off(profile: Profile, characters: int) -> Fault:
    """The stream ended before the reply did."""
    return Fault(f"{profile.host} broke off after {characters} characters: try again", is_passing=True)


def empty(profile: Profile, model: str) -> Fault:
    """A whole reply without a word."""
    return Fault(
        f"{model} at {profile.host} replied with nothing: ask again, change the prompt or the model",
        is_passing=True,
    )


def no_stream(profile: Profile, content_type: str) -> Fault:
    """Something answers that is no chat API."""
    kind = content_type or "nothing"
    return Fault(
        f"{profile.base_url} answers with {kind}, not with a stream of events: it is the address of another "
        "thing than an OpenAI-compatible API (which mostly ends in /v1)"
    )


def status_of(error: openai.APIError) -> int | None:
    """The status of an answer, or of an error inside a stream."""
    status = getattr(error, "status_code", None) or error.code
    return int(status) if status is not None and str(status).isdecimal() else None


def _said(error: openai.APIError) -> str:
    """The server's own words, on one line."""
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    text = message if isinstance(message, str) else str(body) if body else error.message
    return " ".join(text.split())[:300].rstrip(".")


def _headers(error: openai.APIError) -> Mapping[str, str]:
    response = getattr(error, "response", None)
    return response.headers if response is not None else {}


def _wished(headers: Mapping[str, str]) -> float | None:
    """The wait in seconds that a server asks for, as a number or as a date."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        after = headers.get("retry-after", "")
        return max(0.0, float(after)) if re.fullmatch(r"[\d.]+", after) else _until(after)
    except ValueError:
        return None


def _until(date: str) -> float | None:
    return max(0.0, email.utils.parsedate_to_datetime(date).timestamp() - time.time()) if date else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _chain(inner)
        error = error.__cause__ or error.__context__
