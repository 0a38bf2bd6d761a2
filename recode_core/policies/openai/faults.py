"""What can go wrong between us and an endpoint, each with what to do next."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator

from recode_core.policies.openai import network
from recode_core.policies.openai.complaint import Complaint, one_line
from recode_core.policies.openai.kinds import Kind, kind_of
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.purpose import other_than_chat
from recode_core.policies.openai.waits import reset_in, wait_in

_LONGEST = 300  # characters of a server's words in a message


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


def of_complaint(profile: Profile, model: str, complaint: Complaint) -> Fault:
    """The server answered, with an error."""
    now = time.time()
    wait = wait_in(complaint, now)
    kind = kind_of(complaint, asks_to_wait=wait is not None)
    if kind == "rate" and wait is None:
        wait = reset_in(complaint, now)
    said = _shortened(complaint.words)
    status = complaint.status or "with an error"
    about = f"{profile.host} answers {status}{f': {said}' if said else ''}"
    if kind == "context":
        return Fault(
            f"the prompt does not fit {model}: {about}; shorten it (prompt NODE in the debugger) or choose a "
            "model with a longer context"
        )
    is_passing = kind in ("rate", "busy")
    return Fault(
        f"{about}; {_advice(kind, profile, model, complaint)}",
        is_passing=is_passing,
        wait=wait if is_passing else None,
    )


def _advice(kind: Kind, profile: Profile, model: str, complaint: Complaint) -> str:
    """What to do next."""
    purpose = other_than_chat(model)
    match kind:
        case "model" | "request" | "busy" if purpose:
            return f"{model} is {purpose}: choose one that chats with --model"
        case "key" if profile.key:
            return f"check the key in {profile.key}, and that it may use {model}"
        case "key":
            return f"name the key's variable with key in a profile, and check that it may use {model}"
        case "credit":
            return "the account has no credit left: top it up, or choose another profile"
        case "quota":
            return "its quota is used up: check plan and billing, or choose another profile"
        case "day":
            return "the quota of the day is used up: go on tomorrow, or choose another model or profile"
        case "model":
            return (
                f"choose another model than {model!r} with --model, and see that {profile.base_url} is the "
                "address of the API"
            )
        case "rate":
            return "wait a while, or ask for fewer at once"
        case "busy":
            return "try again later"
        case "request" | "context":
            return _advice_on_field(profile, complaint)


def _advice_on_field(profile: Profile, complaint: Complaint) -> str:
    """Which setting a refused request can be changed by."""
    named = " ".join((complaint.words, *complaint.fields))
    if re.search(r"\bmax_(?:completion_)?tokens\b", named):
        return f"set max_tokens in the profile (now {profile.max_tokens})"
    if re.search(r"\btemperature\b", named):
        return "ask without a temperature; reasoning = true in the profile never sends one"
    return "check model and fields of the profile"


def no_client(profile: Profile, error: Exception) -> Fault:
    """No request can be made: a variable for certificates or proxies is wrong."""
    why = network.problem() or f"{type(error).__name__}: {error}"
    return Fault(f"{profile.base_url} cannot be asked: {why}; recode doctor checks these variables")


def of_connection(profile: Profile, error: BaseException) -> Fault:
    """There is no connection."""
    causes = list(_chain(error))
    why = next((text for cause in reversed(causes) if (text := str(cause).strip())), type(error).__name__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Fault(f"{profile.host} shows a certificate that is not trusted ({why}): {_certificates()}")
    if not profile.is_loopback and (proxy := network.proxy_of(profile.base_url)):
        return Fault(
            f"{profile.host} cannot be reached through the proxy {proxy.value} ({why}): correct or unset the "
            f"variable {proxy.variable}, or name the host in NO_PROXY"
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        if profile.is_loopback:
            start = f"start the server ({profile.start})" if profile.start else "start the server"
            return Fault(
                f"nothing answers at {profile.base_url}: {start}; recode doctor lists those that run"
            )
        return Fault(f"{profile.host} refuses connections: check the address, or try later", is_passing=True)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault(f"{profile.host} is not found: check the network and base_url", is_passing=True)
    return Fault(f"{profile.base_url} cannot be reached ({why}): check the network", is_passing=True)


def _certificates() -> str:
    """What to do about a certificate."""
    named = ", ".join(f"{each.variable}={each.value}" for each in network.certificates())
    return f"check the variable {named}" if named else "name your authority's file in SSL_CERT_FILE"


def too_slow(profile: Profile, what: str, field: str, seconds: float) -> Fault:
    """A time-out, named by the field of the profile that sets it."""
    proxy = None if profile.is_loopback or field != "connect" else network.proxy_of(profile.base_url)
    way = f" through the proxy {proxy.value} of the variable {proxy.variable}" if proxy else ""
    return Fault(
        f"{profile.host} gave no {what} in {seconds:g} s{way}: try again, or raise its timeouts.{field}",
        is_passing=field == "connect",
        may_cost=field != "connect",
    )


def cut_off(profile: Profile, characters: int, stray: str = "") -> Fault:
    """The stream ended before the reply did, perhaps with words that are no part of it."""
    said = f", and says: {_shortened(stray)};" if stray else ":"
    return Fault(f"{profile.host} broke off after {characters} characters{said} try again", is_passing=True)


def empty(profile: Profile, model: str) -> Fault:
    """A whole reply without a word."""
    return Fault(
        f"{model} at {profile.host} replied with nothing: ask again, change the prompt or the model",
        is_passing=True,
    )


def no_stream(profile: Profile, content_type: str, stray: str) -> Fault:
    """Something answers that is no chat API."""
    kind = content_type or "nothing"
    said = f" ({_shortened(stray)})" if stray else ""
    return Fault(
        f"{profile.base_url} answers with {kind}{said}, not with a stream of events: it is the address of "
        "another thing than an OpenAI-compatible API (which mostly ends in /v1)"
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
