"""A session in which one text stands wherever text comes from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable, RecodeError
from recode_core.executor import Limits
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.session import Settings
from recode_core.testing import reply
from recode_core.values import Observation, Usage
from tests.tui.debug.doubles import FakeEnvironment


class Poison(FreePolicy):
    """Fails, then says no code, then code that says the text in every way; all with the text."""

    def __init__(self, text: str) -> None:
        self.model = text
        self.sampling: dict[str, str | float | int] = {}
        self._text = text
        self._replies = iter(self._sayings())

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        saying = next(self._replies, None)
        if isinstance(saying, RecodeError):
            raise saying
        text = saying if saying is not None else reply("pass", self._text)
        stream(text)
        return Reply(text, Usage(10, completion_tokens=2))

    def abort(self) -> None:
        pass

    def _sayings(self) -> list[str | RecodeError]:
        text, comment = self._text, " ".join(self._text.split())
        code = (
            f"x = {text!a}  # {comment}\nprint(x)\nobs = run(x)\ny = {{x: [x, (x, {{x: x}})]}}\n"
            f"inner({text!a}, x)\nz = run('fail')\nraise ValueError(x)"
        ).replace("\0", "")
        return [
            PolicyUnavailable(text),
            text,
            f"<think>{text}</think><execute>import {text}</execute>",
            reply(code, text),
            reply(f"w = [{text!a}]\nassert not w, w[0]", text),
            reply("w = 1", text),
            reply(f"v = {text!a}\nrun(v)", text),
        ]


class PoisonedWorld(ScriptedWorld):
    """Answers with the text, and fails with it once."""

    def __init__(self, text: str) -> None:
        super().__init__(instruction=text, first=Observation(text))
        self._text, self._has_failed = text, False

    def step(self, action: str) -> Observation:
        if action == "fail" and not self._has_failed:
            self._has_failed = True
            raise EnvironmentUnavailable(self._text)
        self.actions.append(action)
        return Observation(f"{self._text}\n{self._text}")

    def admissible_actions(self) -> tuple[str, ...]:
        """All of them."""
        return (self._text, f"go to {self._text}")


def poisoned(path: Path, text: str) -> Path:
    """Record a session into `path`, and put the text into the fields of its header too."""
    world = lambda: PoisonedWorld(text)  # noqa: E731
    settings = Settings("doubles", "one", limits=Limits(repairs=1, rewrites=3, calls=12))
    with debug_session.start(settings, path, Poison(text), FakeEnvironment(world)) as opened:
        line = " ".join(text.split()).replace('"', "'").replace("\\", "/")
        console = Console(opened.debugger)
        for command in (
            "continue",
            "continue",
            "continue",
            f'note 0 "{line}"',
            f"break action {line}",
            f"break line {line}",
            f"break placeholder * if x == {text!a}",
            f"watch {text!a}",
            "continue",
            "continue",
            "continue",
            "goto 9",
            f"set x = {text!a}",
            "continue",
            f'regenerate 0 hint "{line}"',
            "continue",
        ):
            with suppress(RecodeError):
                list(console.run(command))
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(_poisoned_header(first, text) + b"".join(rest))
    return path


def _poisoned_header(line: bytes, text: str) -> bytes:
    header = json.loads(line)
    text = text.encode(errors="replace").decode()
    header |= {"id": text, "created": text, "versions": {text: text, "recode": text}}
    header["settings"] |= {
        "environment": text,
        "task": text,
        "policy": text,
        "model": text,
        "sampling": {text: text},
        "protocol": {"name": text, "given": [text]},
        "prompts": {**(header["settings"].get("prompts") or {})} or None,
    }
    return json.dumps(header).encode() + b"\n"
