"""A profile: where a model is asked, as whom, and how patiently."""

from __future__ import annotations

import ipaddress
import json
import math
import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

Sampling = dict[str, str | float | int]
"""What decides, besides messages and model, about a reply."""

_SECRET_HEADERS = {"authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie"}
_PUBLIC_HEADERS = {"http-referer", "referer", "x-title", "user-agent", "accept-language"}
_WISHES = {"base_url", "temperature", "max_tokens"}  # that a run may have of its own; extra_body is another
_REASONING = re.compile(r"(?:.*/)?(?:o\d|gpt-(?:[5-9]|\d\d)(?!.*chat))", re.I)


class Timeouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds to wait for a connection, the first token, each further one, and all of it with retries."""

    connect: float = 10.0
    first: float = 600.0
    between: float = 120.0
    whole: float = 1800.0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not 0 < (seconds := getattr(self, name)) < math.inf:
                raise ValueError(f"{name} is a number of seconds above 0, not {seconds:g}")


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint and how to ask it.

    `key` is the name of the environment variable that holds the key, never a key. Without a `model` the
    first that a server of the user's own lists is taken. `local` says that calls cost nothing. `reasoning`
    says that the model takes no temperature; None goes by its name. With `max_tokens` "none" no limit is
    sent, and the server's own holds. `extra_body` is added to each request.
    `headers` are secrets, apart from those that name the program. Without `stream` a reply is asked for
    as a whole; without `system` the system message becomes a part of the first user message.
    `retry_wait` is the first wait in seconds, which doubles; `max_wait` the longest that a server may ask
    for. `start` tells how a local server is started. `prompts` is the folder of
    prompts that runs have unless they name another, relative to the folder of the configuration.
    """

    base_url: str
    model: str = ""
    key: str = ""
    local: bool = False
    reasoning: bool | None = None
    temperature: float = 0.0
    max_tokens: int | Literal["none"] = 4096
    headers: dict[str, str] = {}
    extra_body: dict[str, Any] = {}
    timeouts: Timeouts = Timeouts()
    retries: int = 5
    retry_wait: float = 0.5
    max_wait: float = 120.0
    stream: bool = True
    system: bool = True
    start: str = ""
    prompts: str = ""

    def __post_init__(self) -> None:
        check_url(self.base_url)
        _check(0 <= self.temperature < math.inf, "temperature is a number from 0", self.temperature)
        _check(
            self.max_tokens == "none" or self.max_tokens >= 1,
            'max_tokens is a whole number from 1, or "none" for no limit',
            self.max_tokens,
        )
        _check(self.retries >= 0, "retries is a whole number from 0", self.retries)
        _check(0 < self.retry_wait < math.inf, "retry_wait is a number above 0", self.retry_wait)
        _check(0 <= self.max_wait < math.inf, "max_wait is a number of seconds from 0", self.max_wait)
        _check(
            bool(re.fullmatch(r"[A-Z][A-Z0-9_]*|", self.key)), "key is the name of an environment variable"
        )
        for header in self.headers:
            _check(
                header.lower() not in _SECRET_HEADERS,
                f"headers can't hold {header}: keys come from the environment, name the variable with key",
            )

    @property
    def host(self) -> str:
        """The endpoint, as messages name it."""
        return urlsplit(self.base_url).netloc

    @property
    def secret_headers(self) -> dict[str, str]:
        """The headers that only the profile's own endpoint gets, and that are shown nowhere."""
        return {name: value for name, value in self.headers.items() if name.lower() not in _PUBLIC_HEADERS}

    @property
    def is_loopback(self) -> bool:
        """Whether the endpoint is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    @property
    def has_own_server(self) -> bool:
        """Whether its server is the user's own, so that it is looked for and its first model will do."""
        return self.local or self.is_loopback

    def reasons(self, model: str) -> bool:
        """Whether a model reasons before it answers, and takes no temperature."""
        return self.reasoning if self.reasoning is not None else bool(_REASONING.match(model))

    def sampling(self) -> Sampling:
        """What decides about a reply of the profile's model; an endpoint's answers are its own."""
        sampling: Sampling = {"base_url": self.base_url, "max_tokens": self.max_tokens}
        if not self.reasons(self.model):
            sampling["temperature"] = self.temperature
        if self.extra_body:
            sampling["extra_body"] = json.dumps(self.extra_body, sort_keys=True)
        return sampling

    def asked_as(self, model: str, sampling: Mapping[str, str | float | int]) -> Profile:
        """This profile with what a run says of its own; what was recorded of a run stands for all of it.

        Raises msgspec.ValidationError for what no profile can have.
        """
        wishes: dict[str, Any] = {k: v for k, v in sampling.items() if k in _WISHES}
        if is_recorded(sampling):
            wishes["extra_body"] = json.loads(str(sampling.get("extra_body", "{}")))
        fields = msgspec.structs.asdict(self) | wishes | {"model": model or self.model}
        return msgspec.convert(fields | {"timeouts": msgspec.structs.asdict(self.timeouts)}, Profile)


def is_recorded(sampling: Mapping[str, str | float | int]) -> bool:
    """Whether it is all that a run was asked with, not wishes for a new one; no wish sets the length."""
    return "max_tokens" in sampling


def check_url(url: str) -> None:
    """Raise ValueError for what is no base URL, or for one that holds a secret."""
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    _check(is_url, "base_url is the address of an API, such as http://localhost:8080/v1", url)
    _check(
        "@" not in parts.netloc and not parts.query and not parts.fragment,
        "base_url can't hold a user, a password or anything after ?: keys come from the environment",
    )


def _check(is_right: bool, rule: str, given: object = None) -> None:
    if not is_right:
        raise ValueError(rule if given is None else f"{rule}, not {given!r}")
