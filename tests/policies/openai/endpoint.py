"""An OpenAI-compatible endpoint on this machine, which plays what a test gives it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.waiting import PATIENCE

USAGE = {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}


class Endpoint(ThreadingHTTPServer):
    """Plays one answer a request, in order; the last again and again.

    `asked` are the bodies of the requests, `headers` theirs (and those of requests for the
    list of models, which is `models`, or what `listing` answers); `left` counts clients that closed a
    connection while an answer was under way.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.responses: list[Response] = []
        self.models = ["small", "large"]
        self.listing: Response | None = None
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.left = threading.Semaphore(0)
        self.waiting = threading.Semaphore(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        responses = self.server.responses
        response = responses[min(len(self.server.asked), len(responses) - 1)]
        self.server.asked.append(body)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.close_connection = True
        response(self)

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.server.listing is not None:
            self.server.listing(self)
            return
        models = [{"id": model, "object": "model"} for model in self.server.models]
        answer(200, {"object": "list", "data": models})(self)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def send_event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()

    def begin(self, content_type: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("connection", "close")
        self.end_headers()

    def wait_until_left(self) -> None:
        """Say nothing more, until the client has closed the connection."""
        self.server.waiting.release()
        self.connection.settimeout(PATIENCE)
        with suppress(ConnectionResetError):  # it left something unread
            assert self.connection.recv(1) == b"", "the client has said something more"
        self.server.left.release()


Response = Callable[[_Handler], None]


def chunk(
    delta: Mapping[str, object] | None = None, finish: str | None = None, **more: object
) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "1", "object": "chat.completion.chunk", "choices": choices, **more}


def events(*data: object) -> Response:
    """These events and the end of the stream."""

    def response(handler: _Handler) -> None:
        handler.begin()
        for event in data:
            handler.send_event(event)
        handler.send_event("[DONE]")

    return response


def says(*pieces: str, finish: str = "stop", usage: Mapping[str, object] | None = USAGE) -> Response:
    """A whole reply, in pieces."""
    said = [chunk({"content": piece}) for piece in pieces]
    end = [] if usage is None else [chunk(usage=usage)]
    return events(chunk({"role": "assistant", "content": ""}), *said, chunk({}, finish), *end)


def breaks_off(*pieces: str) -> Response:
    """The beginning of a reply, then the connection ends."""

    def response(handler: _Handler) -> None:
        handler.begin()
        for piece in pieces:
            handler.send_event(chunk({"content": piece}))

    return response


def hangs(*pieces: str, is_begun: bool = True) -> Response:
    """The beginning of a reply, then nothing: until the client leaves."""

    def response(handler: _Handler) -> None:
        if is_begun:
            handler.begin()
        for piece in pieces:
            handler.send_event(chunk({"content": piece}))
        handler.wait_until_left()

    return response


def answer(status: int, body: object, content_type: str = "application/json", **headers: str) -> Response:
    """An answer that is no stream; underscores in the names of headers stand for dashes."""

    def response(handler: _Handler) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        handler.send_response(status)
        handler.send_header("content-type", content_type)
        handler.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return response


def fails(status: int, message: str = "no", code: str | None = None, **headers: str) -> Response:
    """An error as OpenAI words it."""
    return answer(status, {"error": {"message": message, "type": "error", "code": code}}, **headers)


def write_profile(folder: Path, url: str, more: str = "") -> None:
    """A profile `mine` for an endpoint, where XDG_CONFIG_HOME is `folder`; its key is in RECODE_TEST_KEY."""
    (folder / "recode").mkdir()
    (folder / "recode" / "config.toml").write_text(
        f'[profiles.mine]\nbase_url = "{url}"\nmodel = "gpt-4o-mini"\nkey = "RECODE_TEST_KEY"\n{more}'
    )


@contextmanager
def serving(port: int = 0) -> Iterator[Endpoint]:
    with Endpoint(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
