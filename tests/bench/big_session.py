"""Sessions of any size, for measuring: one room of a plan is really executed, the others are like it.

python tests/bench/big_session.py FILE [NODES]
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec

from recode_core.agents.recode import ReCode
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.events import EpisodeFinished, Event, StatementFinished, TextStored
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.run_state import AtModel
from recode_core.interpreter import Interpreter
from recode_core.log import Log, text_hash
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_core.session.header import new_header

SHELVES = 100  # in a room
SEARCH = """\
shelf = shelf + 1
obs = run(f'go to shelf {shelf}')
is_closed = 'closed' in obs
is_found = 'soap bar' in obs
words = obs.split()
seen = len(words)
last = words[-1] if words else ''
if is_closed:
    seen = 0
note = f'{shelf}: {seen} words, {last}'"""
A_ROOM = 2 + SHELVES * 10  # nodes
FIRST, SECOND = "0.0", "0.1"

_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_IN_FIRST = re.compile(rb'"0\.0(?=[".])')


def make(path: Path, nodes: int) -> None:
    """Write a session of about that many nodes, at its end."""
    rooms = max(1, nodes // A_ROOM)
    clock = count(1_760_000_000)
    with path.open("wb") as file:
        header = new_header(path.stem, Settings("shelves", "1", model="scripted"))
        file.write(msgspec.json.encode(header) + b"\n")
        log = Log(
            sink=lambda record: void(file.write(msgspec.json.encode(record) + b"\n")),
            clock=lambda: float(next(clock)),
        )
        played = _play(max(2, rooms))
        begin = next(n for n, event in enumerate(played) if b"search_room_0()" in _encoded(event) and n > 5)
        for event in played[:begin]:
            log.append(event)
        for room in range(rooms):
            for event in _like(played[begin:], room):
                log.append(event)
        place = next(event.place for event in played if isinstance(event, StatementFinished))
        log.append(StatementFinished(msgspec.structs.replace(place, node="0")))
        log.append(EpisodeFinished("finished", 0.0))


def void(value: object) -> None:
    """Nothing of a value."""


def _play(rooms: int) -> list[Event]:
    """What happens up to the end of the first room."""
    log = Log()
    world = ScriptedWorld(f"On shelf {shelf} you see {shelf % 7} books." for shelf in range(SHELVES))
    with contextlib.closing(Interpreter()) as interpreter:
        policy = Scripted(_replies(rooms))
        run = Run(Recorder(log), ReCode(GUIDE), policy, interpreter, world, "replay", Limits(), SHELVES + 1)
        executor = Executor(run)
        stop = executor.state
        while not (isinstance(stop, AtModel) and stop.place.node == SECOND):
            stop = executor.advance()
    events = [record.event for record in log.records]
    return events[:-2]  # the second room's text and request


def _like(first: list[Event], room: int) -> Iterator[Event]:
    """The events of the first room, as they are in another one."""
    if room == 0:
        yield from first
        return
    hashes: dict[bytes, bytes] = {}
    for event in first:
        if isinstance(event, TextStored) and "search_room_0(" not in event.text:
            continue  # it is known by now
        text = _encoded(event).replace(b"search_room_0(", f"search_room_{room}(".encode())
        text = _IN_FIRST.sub(f'"0.{room}'.encode(), text)
        for old, new in hashes.items():
            text = text.replace(old, new)
        made = _EVENT.decode(text)
        if isinstance(made, TextStored):
            digest = text_hash(made.text)
            hashes[made.hash.encode()] = digest.encode()
            made = TextStored(digest, made.text)
        yield made


def _encoded(event: Event) -> bytes:
    return msgspec.json.encode(event)


def _replies(rooms: int) -> Iterator[str]:
    """What the policy says, in the order in which it is asked."""
    yield str(ParsedReply("Room by room.", "\n".join(f"search_room_{room}()" for room in range(rooms))))
    shelves = [f"search_shelf_{shelf}()" for shelf in range(SHELVES)]
    yield str(ParsedReply("Shelf by shelf.", "\n".join(["shelf = 0", *shelves])))
    for _ in shelves:
        yield str(ParsedReply("Go there, and look what lies on it.", SEARCH))


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
