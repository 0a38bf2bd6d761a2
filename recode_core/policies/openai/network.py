"""Access to endpoints: certificates, proxies, the HTTP client, and the event loop of all calls."""

from __future__ import annotations

import asyncio
import base64
import functools
import importlib.util
import os
import re
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from recode_core.once import once
from recode_core.policies.openai.profile import ApiKey, Profile

if TYPE_CHECKING:
    import httpx2
    import openai

Headers = Mapping[str, "str | openai.Omit"]

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_SCHEMES = ("http", "https", "socks5", "socks5h")
_PORTS = {"https": 443, "socks5": 1080, "socks5h": 1080}
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+", re.I)  # names of certificates that OpenSSL finds in a folder
_SOCKS = "the package socksio, which SOCKS proxies need, is not installed: pip install socksio"


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable that is set. `value` has no password; `problem` is empty if it is valid."""

    variable: str
    value: str
    problem: str = ""


def settings(seconds: float = 1.0) -> tuple[Setting, ...]:
    """Return all variables that are set, and their problems. Proxies are tried for `seconds`."""
    proxies = (Setting(name, url, _proxy_problem(url, seconds)) for name, url in _shown_proxies())
    return (*certificates(), *proxies)


def certificates() -> tuple[Setting, ...]:
    """Return the variables for certificates that are set; only the first one is used."""
    return tuple(
        Setting(name, value, _certificate_problem(name, value)) for name, value in _named(_CERTIFICATES)
    )


def problem() -> str:
    """Return the first problem that prevents making a client, or an empty string."""
    proxies = tuple(Setting(name, url, _url_problem(url)) for name, url in _shown_proxies())
    return certificate_problem() or _first_problem(proxies)


def certificate_problem() -> str:
    """Return the problem of the variable that sets certificates, or an empty string."""
    return _first_problem(certificates()[:1])


def _first_problem(settings: Iterable[Setting]) -> str:
    wrong = next((setting for setting in settings if setting.problem), None)
    return f"the variable {wrong.variable}={wrong.value} {wrong.problem}" if wrong else ""


def proxy_of(url: str) -> Setting | None:
    """Return the proxy for a URL, or None."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.netloc):
        return None
    for name, value in _named((f"{parts.scheme.upper()}_PROXY", "ALL_PROXY")):
        return Setting(name, shown(value))
    return None


def shown(url: str) -> str:
    """Return the URL of a proxy without user and password."""
    before, at, host = url.rpartition("@")
    scheme = before.partition("://")[0] + "://" if "://" in before else ""
    return f"{scheme}{host}" if at else url


def proxy_secrets() -> Iterator[str]:
    """Yield users and passwords in the URLs of proxies, as they are written and as they are sent."""
    for _, url in _named(_PROXIES):
        user = url.rpartition("@")[0].rpartition("://")[2]
        for spelled in {user, unquote(user)} - {""}:
            yield spelled
            yield spelled.partition(":")[2]
            yield base64.b64encode(spelled.encode()).decode()


def _named(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield names and values of the variables that are set. Lowercase names take precedence."""
    for name in names:
        for spelled in (name.lower(), name) if name in _PROXIES else (name,):
            if value := os.environ.get(spelled, "").strip():
                yield spelled, value
                break


def _shown_proxies() -> Iterator[tuple[str, str]]:
    """Yield the variables with the URLs of proxies; no message about them names a user or a password."""
    return ((name, shown(url)) for name, url in _named(_PROXIES))


def _certificate_problem(name: str, value: str) -> str:
    if name == "SSL_CERT_DIR":
        return _folder_problem([Path(part) for part in value.split(os.pathsep)])
    if not Path(value).is_file():
        return "names no file: correct or unset it"
    try:
        ssl.create_default_context(cafile=value)
    except (OSError, ValueError) as error:
        return f"names a file without certificates that can be read ({_why(error)}): correct or unset it"
    return ""


def _folder_problem(folders: list[Path]) -> str:
    there = [folder for folder in folders if folder.is_dir()]
    if not there:
        return "names no folder: correct or unset it"
    try:
        is_hashed = any(_HASHED.fullmatch(file.name) for folder in there for file in folder.iterdir())
    except OSError as error:
        return f"names a folder that cannot be read ({_why(error)}): correct or unset it"
    return (
        ""
        if is_hashed
        else "names a folder without hashed certificates: run openssl rehash on it, or unset it"
    )


def _url_problem(url: str) -> str:
    """Return the problem of a proxy's URL, without connecting."""
    scheme = url.partition("://")[0] if "://" in url else "http"
    if scheme not in _SCHEMES:
        return f"names a proxy of an unknown kind, {scheme!r}: write one of {', '.join(_SCHEMES)}"
    if scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        return f"names a SOCKS proxy: {_SOCKS}"
    return ""


def _proxy_problem(url: str, seconds: float) -> str:
    if problem := _url_problem(url):
        return problem
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        address = (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80))
        socket.create_connection(address, timeout=seconds).close()
    except (OSError, ValueError) as error:
        return (
            f"names a proxy that cannot be reached ({_why(error)}): start it, correct or unset the variable"
        )
    return ""


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def client(profile: Profile, key: ApiKey) -> openai.AsyncOpenAI:
    """Make a client for one attempt; closing it closes all of its connections.

    Raises OSError, ImportError or ValueError if a variable for certificates or proxies is invalid.
    """
    import openai

    return openai.AsyncOpenAI(
        api_key=key.reveal() or "none",
        base_url=profile.base_url,
        max_retries=0,
        timeout=openai.Timeout(None, connect=profile.timeouts.connect),
        http_client=openai.DefaultAsyncHttpxClient(
            trust_env=not profile.is_loopback,
            verify=_tls() if profile.base_url.startswith("https") else False,
            event_hooks={"request": [functools.partial(_remove_secrets, profile)]},
        ),
    )


def headers(profile: Profile, key: ApiKey) -> Headers:
    """Return the profile's headers, and remove those that the client would send to other hosts by default."""
    import openai

    foreign = {} if key else {"Authorization": openai.Omit()}
    if profile.host != "api.openai.com":
        foreign |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    return {**foreign, **profile.headers}


async def send(
    client: openai.AsyncOpenAI, body: dict[str, Any], headers: Headers
) -> openai.AsyncStream[object]:
    """Send the request, and return its stream with an unread `response`."""
    import openai

    return await client.post(
        "/chat/completions",
        cast_to=object,
        body=body,
        options={"headers": headers},
        stream=True,
        stream_cls=openai.AsyncStream[object],
    )


async def _remove_secrets(profile: Profile, request: httpx2.Request) -> None:
    """Remove the profile's secret headers from a request that is redirected to another origin.

    The client itself does so with `Authorization`.
    """
    import httpx2

    origin = httpx2.URL(profile.base_url)
    there = (request.url.scheme, request.url.host, request.url.port)
    if there == (origin.scheme, origin.host, origin.port):
        return
    for name in profile.secret_headers:
        request.headers.pop(name, None)


@once
def _tls() -> ssl.SSLContext:
    """Make the TLS context, once: reading certificates takes longer than the rest of a client.

    Checked first, since `httpx2` accepts a missing folder and then rejects every certificate.
    """
    import httpx2

    if problem := certificate_problem():
        raise ValueError(problem)
    return httpx2.create_ssl_context()


def _start_event_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # Host names are looked up in threads of the loop's: enough of them for a batch behind a slow name server.
    loop.set_default_executor(ThreadPoolExecutor(64, "policy-lookup"))
    threading.Thread(target=loop.run_forever, name="policy-calls", daemon=True).start()
    return loop


event_loop = once(_start_event_loop)
"""Return the event loop that runs all calls of this process, in a daemon thread. The first call starts it."""

_loops_of_parents: list[object] = []


def _forget_event_loop() -> None:
    """Make a forked process start its own loop: a fork copies no threads, and locks in the state they are in.

    The parent's loop stays referenced: closing it would remove its sockets from the parent's selector.
    """
    global event_loop
    _loops_of_parents.append(event_loop)
    event_loop = once(_start_event_loop)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_event_loop)
