"""Session files as a stranger may have made them: recorded ones with something changed, by a seed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Json = Any
Way = tuple[Json, str | int]
"""A container and the key or index of something in it."""

EXTREMES: tuple[Json, ...] = (
    -1,
    0,
    1,
    2**31,
    2**53 + 1,
    2**63,
    -(2**63) - 1,
    10**30,
    1e15,
    -1e308,
    1e308,
    1e-308,
    0.5,
    None,
    True,
    "",
    "0",
    "0.x",
    "0.0.0",
    "0.999999999",
    "0.1@0",
    "0#1#2.3",
    "0" + ".0" * 3000,
    "0." + "9" * 5000,
    "../../etc/passwd",
    "\x00\x1b[31m\u202e",
    "main",
    "x" * 100_000,
    [],
    {},
    [[[[]]]],
)


def mutant(lines: list[bytes], seed: int) -> bytes:
    """A session with one to three things changed."""
    chance = random.Random(seed)
    changed = list(lines)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(_CHANGES)(changed, chance)
    return b"\n".join(changed) + b"\n"


def _extreme_value(lines: list[bytes], chance: random.Random) -> None:
    """A value is another one."""
    _at_any_value(lines, chance, lambda ways: chance.choice(EXTREMES))


def _value_of_another(lines: list[bytes], chance: random.Random) -> None:
    """A value is that of another record: an id, a place, a branch, a hash that exists."""

    def of_another(ways: list[Way]) -> Json:
        container, key = chance.choice(ways)
        return container[key]

    _at_any_value(lines, chance, of_another)


def _renumbered_drop(lines: list[bytes], chance: random.Random) -> None:
    """A record is gone, and the numbers of those after it are as if it had never been."""
    del lines[_any_record(lines, chance)]
    _renumber(lines)


def _renumbered_swap(lines: list[bytes], chance: random.Random) -> None:
    """Two records are in each other's place."""
    one, other = _any_record(lines, chance), _any_record(lines, chance)
    lines[one], lines[other] = lines[other], lines[one]
    _renumber(lines)


def _renumbered_copy(lines: list[bytes], chance: random.Random) -> None:
    """A record is there again further on."""
    lines.insert(_any_record(lines, chance), lines[_any_record(lines, chance)])
    _renumber(lines)


def _line_lost(lines: list[bytes], chance: random.Random) -> None:
    del lines[_any_record(lines, chance)]


def _line_twice(lines: list[bytes], chance: random.Random) -> None:
    at = _any_record(lines, chance)
    lines.insert(at, lines[at])


def _bytes_changed(lines: list[bytes], chance: random.Random) -> None:
    """A few bytes of a line are others."""
    at = _any_record(lines, chance)
    line = bytearray(lines[at])
    for _ in range(chance.randint(1, 4)):
        line[chance.randrange(len(line))] = chance.choice(b'0123456789"{}[],:\x00\xff .-e#@')
    lines[at] = bytes(line)


def _key_twice(lines: list[bytes], chance: random.Random) -> None:
    """A record says something twice, and differently."""
    at = _any_record(lines, chance)
    lines[at] = lines[at][:-1] + chance.choice((b',"n":7}', b',"branch":"edit-1"}', b',"time":-1}'))


def _nested_deep(lines: list[bytes], chance: random.Random) -> None:
    at, depth = _any_record(lines, chance), chance.choice((50, 5000, 100_000))
    lines[at] = lines[at][:-1] + b',"more":' + b"[" * depth + b"]" * depth + b"}"


_CHANGES: tuple[Callable[[list[bytes], random.Random], None], ...] = (
    _extreme_value,
    _extreme_value,
    _extreme_value,
    _value_of_another,
    _value_of_another,
    _renumbered_drop,
    _renumbered_swap,
    _renumbered_copy,
    _line_lost,
    _line_twice,
    _bytes_changed,
    _key_twice,
    _nested_deep,
)


def _any_record(lines: list[bytes], chance: random.Random) -> int:
    """The index of a line, seldom the header's. Each kind of record has the same chance."""
    if chance.random() < 0.05:
        return 0
    kinds: dict[bytes, list[int]] = {}
    for at, line in enumerate(lines[1:], 1):
        kinds.setdefault(line.partition(b'"type":"')[2].partition(b'"')[0], []).append(at)
    return chance.choice(kinds[chance.choice(sorted(kinds))])


def _at_any_value(lines: list[bytes], chance: random.Random, value: Callable[[list[Way]], Json]) -> None:
    at, other = _any_record(lines, chance), _any_record(lines, chance)
    record, donor = _decoded(lines[at]), _decoded(lines[other])
    limits = {"seconds", "memory_mb", "seed", "clock"}  # of the sandbox, which is started to look at it
    if not (ways := [way for way in _ways(record) if at or way[1] not in limits]):
        return
    container, key = chance.choice(ways)
    if isinstance(key, str) and chance.random() < 0.5:  # else numbers in spans would be most of it
        alike = [way for way in _ways(donor) if way[1] == key]
    else:
        alike = list(_ways(donor))
    container[key] = copy.deepcopy(value(alike or ways))
    lines[at] = json.dumps(record, separators=(",", ":")).encode()


def _decoded(line: bytes) -> Json:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return {}


def _ways(found: Json) -> Iterator[Way]:
    """Everything inside a JSON value."""
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        yield found, key
        if isinstance(value, dict | list):
            yield from _ways(value)


def _renumber(lines: list[bytes]) -> None:
    for number, line in enumerate(lines[1:]):
        if line.startswith(b'{"n":') and b"," in line:
            lines[number + 1] = b'{"n":%d%s' % (number, line[line.index(b",") :])
