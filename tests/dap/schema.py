"""The protocol's own JSON schema, which the package debugpy ships, as a check of every message."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import debugpy
from jsonschema import Draft4Validator

Message = dict[str, Any]

_FILE = Path(debugpy.__file__).parent / "_vendored/pydevd/_pydevd_bundle/_debug_adapter/debugProtocol.json"


def check(message: Message) -> str:
    """The name of the type that a message has in the schema; the test fails if it is not valid."""
    name = type_of(message)
    errors = [
        f"{'.'.join(map(str, each.path))}: {each.message}" for each in _validator(name).iter_errors(message)
    ]
    assert not errors, (errors, message)
    return name


def type_of(message: Message) -> str:
    """The name of the definition that a message has to meet."""
    match message:
        case {"type": "event", "event": event}:
            return f"{_capital(event)}Event"
        case {"type": "response", "success": False}:
            return "ErrorResponse"
        case {"type": "response", "command": command}:
            return f"{_capital(command)}Response"
        case {"type": "request", "command": command}:
            return (
                f"{_capital(command)}Request" if f"{_capital(command)}Request" in definitions() else "Request"
            )
    raise AssertionError(message)


@cache
def definitions() -> dict[str, Any]:
    """All definitions of the schema."""
    found: dict[str, Any] = json.loads(_FILE.read_text())["definitions"]
    return found


@cache
def _validator(name: str) -> Draft4Validator:
    return Draft4Validator({"$ref": f"#/definitions/{name}", "definitions": definitions()})


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
