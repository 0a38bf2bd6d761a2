"""Recorded sessions with every kind of record, to be damaged."""

from __future__ import annotations

from pathlib import Path

import msgspec

from recode_core import events
from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from recode_core.log import Log
from recode_core.session import Settings, read
from recode_core.values import Observation, Usage

ROOT = Path(__file__).parents[2]
SAMPLES = ("household-mended", "household-puttwo", "webshop-flavour")
SCRIPTS = ("action", "branches", "edit", "limit", "look", "prompt", "prompts", "set")
"""Scripts for a debugger that write other kinds of records than the samples have."""


def recordings(folder: Path) -> list[list[bytes]]:
    """The lines of sessions, with all kinds of records among them."""
    folder.mkdir(exist_ok=True)
    paths = [ROOT / "sessions" / f"{name}.jsonl" for name in SAMPLES]
    paths.append(ROOT / "tests" / "session" / "recorded" / "repairs-0.1.jsonl")
    for name in SCRIPTS:
        path = folder / f"{name}.jsonl"
        script = (ROOT / "tests" / "scripts" / f"{name}.recode").read_text()
        with debug_session.start(Settings("household", "put:7"), path) as opened:
            run_script(Console(opened.debugger), read_script(script))
        paths.append(path)
    found = [path.read_bytes().splitlines() for path in paths]
    return [*found, _with_rare_records(paths[-1], found[-1][0])]


def _with_rare_records(path: Path, header: bytes) -> list[bytes]:
    """A session with the records of bad luck: failed calls and worlds, refusals, resumptions."""
    records = read(path).records
    log = Log(records)
    place = next(r.event.place for r in records if isinstance(r.event, events.StatementReached))
    node = next(r.event.node for r in records if isinstance(r.event, events.ExpansionReplied))
    for event in (
        events.Printed(place, "printed"),
        events.CallFailed(node, "no answer", Usage(7, completion_tokens=2)),
        events.ExpansionRefused(node, 1, "line 1: `import os` is not available"),
        events.WorldFailed("the world is gone"),
        events.ActionAsked("look"),
        events.ActionFinished(Observation("You see nothing.")),
        events.Resumed(len(records)),
        events.RunImported(0.5, 3, 2, 100, 0.01, 12.0),
    ):
        log.append(event)
    return [header, *map(msgspec.json.encode, log.records)]


def kinds(lines: list[bytes]) -> set[str]:
    """The kinds of records in a session."""
    return {msgspec.json.decode(line)["event"]["type"] for line in lines[1:]}
