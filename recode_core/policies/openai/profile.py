"""Profiles of endpoints: built-in ones, the user's from `config.toml`, and their keys."""

from __future__ import annotations

import ipaddress
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from recode_core import config
from recode_core.config import BadConfig, ConfigFile
from recode_core.decoding import in_plain_words
from recode_core.errors import PolicyUnavailable
from recode_core.suggest import unknown

Sampling = dict[str, str | float | int]
"""Settings that affect a reply, besides messages and model."""

_SECRET_HEADERS = {"authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie"}
_SECRET_FIELD = re.compile(
    r"(?:.*[_-])?(?:api[_-]?key|(?:secret|private|access)[_-]?key|(?:auth|access|bearer|api|refresh)[_-]?token"
    r"|secret|password|passwd|authorization|credentials?)|key|token",
    re.I,
)
_PUBLIC_HEADERS = {"http-referer", "referer", "x-title", "user-agent", "accept-language"}
_OVERRIDES = {"base_url", "temperature", "max_tokens"}  # fields that a run may set; extra_body is another
KEYS_BELONG = "keys come from the environment, name the variable with key"
"""The end of a message about a key in a wrong place."""
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
    """An endpoint and the settings of its requests.

    `key` is the name of the environment variable with the key, never a key. Without a `model`, the first
    chat model of the user's own server is used. `local` says that calls cost nothing. `reasoning` says that
    the model takes no temperature; None derives it from the name. With `max_tokens` "none" no limit is sent,
    and the server's default applies. `extra_body` is added to each request. `headers` are secret, except
    those that identify the program. Without `stream`, replies are not streamed; without `system`, the system
    message becomes part of the first user message. `retry_wait` is the first wait in seconds, which doubles
    with each attempt; `max_wait` is the longest wait that a server may ask for. `start` is the command that
    starts a local server. `prompts` is the default folder of prompts, relative to the configuration's folder.
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
                f"headers can't hold {header}: {KEYS_BELONG}",
            )
        for name in _names_in(self.extra_body):
            _check(
                not _SECRET_FIELD.fullmatch(name),
                f"extra_body can't hold {name}, because it is recorded: {KEYS_BELONG}",
            )

    @property
    def host(self) -> str:
        """The endpoint's host and port, as messages name it."""
        return urlsplit(self.base_url).netloc

    @property
    def secret_headers(self) -> dict[str, str]:
        """The headers that are only sent to the profile's endpoint, and never shown."""
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
        """Whether the server is the user's own: `doctor` looks for it, and its first model is the default."""
        return self.local or self.is_loopback

    def is_reasoning_model(self, model: str) -> bool:
        """Return whether a model reasons before it answers, and takes no temperature."""
        return self.reasoning if self.reasoning is not None else bool(_REASONING.match(model))

    def sampling(self) -> Sampling:
        """Return what affects replies of the profile's model, the base URL included."""
        sampling: Sampling = {"base_url": self.base_url, "max_tokens": self.max_tokens}
        if not self.is_reasoning_model(self.model):
            sampling["temperature"] = self.temperature
        if self.extra_body:
            sampling["extra_body"] = json.dumps(self.extra_body, sort_keys=True)
        return sampling

    def with_overrides(self, model: str, sampling: Mapping[str, str | float | int]) -> Profile:
        """Return this profile with a run's own settings; those of a recorded run are complete.

        Raises msgspec.ValidationError for invalid settings.
        """
        overrides: dict[str, Any] = {k: v for k, v in sampling.items() if k in _OVERRIDES}
        if is_recorded(sampling):
            overrides["extra_body"] = json.loads(str(sampling.get("extra_body", "{}")))
        fields = msgspec.structs.asdict(self) | overrides | {"model": model or self.model}
        return msgspec.convert(fields | {"timeouts": msgspec.structs.asdict(self.timeouts)}, Profile)


def is_recorded(sampling: Mapping[str, str | float | int]) -> bool:
    """Return whether `sampling` is that of a recorded run: options of a new one never set a length."""
    return "max_tokens" in sampling


def check_url(url: str) -> None:
    """Raise ValueError if `url` is not a base URL, or contains a secret."""
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    has_secret = any(sign in url for sign in "@?#")  # perhaps, and then it isn't shown
    given = None if has_secret else url
    _check(is_url, "base_url is the address of an API, such as http://localhost:8080/v1", given)
    _check(
        "@" not in parts.netloc and not parts.query and not parts.fragment,
        "base_url can't hold a user, a password or anything after ?: keys come from the environment",
    )


def _names_in(value: object) -> Iterator[str]:
    """Yield the names of all fields in a JSON value."""
    if isinstance(value, dict):
        yield from map(str, value)
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names_in(each)


def _check(is_right: bool, rule: str, given: object = None) -> None:
    if not is_right:
        raise ValueError(rule if given is None else f"{rule}, not {given!r}")


_OPENROUTER = "https://openrouter.ai/api/v1"

BUILTIN_PROFILES = MappingProxyType(
    {
        "openai": Profile("https://api.openai.com/v1", "gpt-4o-mini", "OPENAI_API_KEY"),
        "gemini": Profile(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "gemini-2.5-flash",
            "GEMINI_API_KEY",
            max_tokens=8192,  # includes its reasoning
        ),
        # Reasoning is on by default; ReCode's replies contain a thought anyway.
        "deepseek": Profile(
            "https://api.deepseek.com/v1",
            "deepseek-v4-flash",
            "DEEPSEEK_API_KEY",
            extra_body={"thinking": {"type": "disabled"}},
        ),
        # DeepSeek itself no longer serves V3.1.
        "deepseek-v3.1": Profile(_OPENROUTER, "deepseek/deepseek-chat-v3.1", "OPENROUTER_API_KEY"),
        "openrouter": Profile(_OPENROUTER, "openai/gpt-4o-mini", "OPENROUTER_API_KEY"),
        "ollama": Profile(
            "http://127.0.0.1:11434/v1", local=True, max_tokens=2048, start="ollama serve; ollama pull MODEL"
        ),
        "llamacpp": Profile(
            "http://127.0.0.1:8080/v1", local=True, max_tokens=2048, start="llama-server -m MODEL.gguf"
        ),
        "lmstudio": Profile(
            "http://127.0.0.1:1234/v1", local=True, max_tokens=2048, start="lms server start"
        ),
        "vllm": Profile("http://127.0.0.1:8000/v1", local=True, max_tokens=2048, start="vllm serve MODEL"),
    }
)
"""Hosted models of the paper that are still served, and local servers."""


def profiles() -> dict[str, Profile]:
    """Return all profiles by name. Raises BadConfig with the line that is wrong."""
    found = dict(BUILTIN_PROFILES)
    if url := os.environ.get("OPENAI_BASE_URL"):
        found["openai"] = _converted({"base_url": url}, found["openai"], "the variable OPENAI_BASE_URL")
    file = config.read(config.config_path())
    for name, table in _tables(file).items():
        found[name] = _of_user(file, name, table, found)
    return found


def _tables(file: ConfigFile) -> dict[str, dict[str, Any]]:
    known = ("profiles", *config.SCREEN_KEYS)
    wrong = next((key for key in file.table if key not in known), None)
    if wrong is not None:
        raise BadConfig(f"{file.place(wrong)}: {unknown('key', wrong, known)}")
    tables = file.table.get("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise BadConfig(f"{file.place('profiles')}: a profile is a table [profiles.NAME]")
    return tables


def _of_user(file: ConfigFile, name: str, table: dict[str, Any], found: Mapping[str, Profile]) -> Profile:
    like = table.get("like", name)
    try:
        if like != name and like not in found:
            raise ValueError(f"like: {unknown('profile', like, sorted(found))}")
        return _merged({key: value for key, value in table.items() if key != "like"}, found.get(like))
    except ValueError as error:
        message, _, place = str(error).partition(" - at `$")
        keys = [
            *re.findall(r"field `(\w+)`", message),
            message.partition(" ")[0].rstrip(":"),
            *re.findall(r"\w+", place),
        ]
        raise BadConfig(f"{_place(file, name, table, keys)}: {in_plain_words(error)}") from None


def _place(file: ConfigFile, name: str, table: dict[str, Any], keys: Iterable[str]) -> str:
    """The line of the first of `keys` that a profile or its timeouts have, or else of the profile."""
    timeouts = table.get("timeouts", {})
    for key in keys:
        if key in table:
            return file.place("profiles", name, key)
        if isinstance(timeouts, dict) and key in timeouts:
            return file.place("profiles", name, "timeouts", key)
    return file.place("profiles", name)


def _converted(table: dict[str, Any], like: Profile, where: str) -> Profile:
    try:
        return _merged(table, like)
    except ValueError as error:
        raise BadConfig(f"{where}: {in_plain_words(error)}") from None


def _merged(table: dict[str, Any], like: Profile | None) -> Profile:
    fields: dict[str, Any] = {}
    if like is not None:
        fields = msgspec.structs.asdict(like) | {"timeouts": msgspec.structs.asdict(like.timeouts)}
        if isinstance(table.get("timeouts"), dict):
            table = table | {"timeouts": fields["timeouts"] | table["timeouts"]}
    return msgspec.convert(fields | table, Profile)


class ApiKey:
    """An API key, which no `repr` shows. An empty one is false."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """The key itself, for the header of a request."""
        return self._value


def resolve_key(name: str, profile: Profile, origin: str) -> ApiKey:
    """Return the key to send, or an empty one. `origin` is the base URL that the key belongs to.

    A session names its endpoint, and may come from anybody. Keys and secret headers are therefore sent only
    to the endpoint that they belong to, or to this machine. Raises PolicyUnavailable.
    """
    if profile.base_url.rstrip("/") != origin.rstrip("/") and not profile.is_loopback:
        _check_stays(profile, origin)
    if not profile.key:
        return ApiKey("")
    value = os.environ.get(profile.key, "").strip()
    if not value and not profile.local and not profile.is_loopback:
        raise PolicyUnavailable(f"{name} needs a key: set the environment variable {profile.key}")
    if not re.fullmatch(r"[!-~]*", value):
        value = ""  # keeps it out of tracebacks
        raise PolicyUnavailable(
            f"the value of {profile.key} is not a key, it contains blanks or other characters: set it again"
        )
    return ApiKey(value)


def _check_stays(profile: Profile, origin: str) -> None:
    """Raise PolicyUnavailable if a secret would be sent to another endpoint than its own."""
    secret = f"the key in {profile.key} is sent" if profile.key else ""
    if headers := ", ".join(profile.secret_headers):
        secret = secret or f"the profile sends {headers}"
    if secret:
        raise PolicyUnavailable(
            f"{secret} to {origin} only, not to {profile.base_url}: for that endpoint "
            "write a profile of your own, [profiles.NAME] with base_url and key in config.toml"
        )
