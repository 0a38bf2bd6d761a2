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
        if changed:
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


def _field_lost(lines: list[bytes], chance: random.Random) -> None:
    """A field of a record, or of something in it, is not there."""
    at = _any_record(lines, chance)
    record = _decoded(lines[at])
    if ways := list(_ways(record)):
        container, key = chance.choice(ways)
        del container[key]
        lines[at] = _encoded(record)


def _literal(lines: list[bytes], chance: random.Random) -> None:
    """A value is something that JSON has not, or that no number holds, or no text."""
    at = _any_record(lines, chance)
    record = _decoded(lines[at])
    if ways := list(_ways(record)):
        container, key = chance.choice(ways)
        container[key] = _MARK
        lines[at] = _encoded(record).replace(f'"{_MARK}"'.encode(), chance.choice(_LITERALS))


def _unknown_kind(lines: list[bytes], chance: random.Random) -> None:
    at = _any_record(lines, chance)
    lines[at] = lines[at].replace(b'"type":"', b'"type":"' + chance.choice((b"x_", b"../", b"\xff", b"")), 1)


def _cut_off(lines: list[bytes], chance: random.Random) -> None:
    """The file ends somewhere in a line."""
    at = _any_record(lines, chance)
    lines[at:] = [lines[at][: chance.randrange(len(lines[at]) + 1)]]


def _branch_of_nowhere(lines: list[bytes], chance: random.Random) -> None:
    """A branch forks from itself, from a later one, from a place that is none; or records change theirs."""
    at = _any_record(lines, chance)
    parent = chance.choice(("main", "b", "c", "../../etc", "/", "", "edit-1"))
    fork = chance.choice((-1, 0, at, at + 1, 2**53, len(lines)))
    for name, above in chance.choice(((("b", parent),), (("b", "c"), ("c", "b")), (("main", "b"),))):
        event = {"type": "branch_started", "parent": above, "at": fork, "reason": "r"}
        lines.insert(at, _encoded({"n": at - 1, "branch": name, "time": 1.0, "event": event}))
    _renumber(lines)


def _limits_of_a_stranger(lines: list[bytes], chance: random.Random) -> None:
    """The header asks for other limits of the sandbox and of the run, or of other kinds."""
    header = _decoded(lines[0])
    for part, names in (("sandbox", _SANDBOX), ("limits", ("seconds", "size_mb", "calls", "depth", "steps"))):
        values = header.get("settings", {}).setdefault(part, {}) if isinstance(header, dict) else {}
        if isinstance(values, dict):
            values[chance.choice(names)] = chance.choice((1e12, 10**12, 10**30, 0, -1, None, "9", 1e-300, []))
    lines[0] = _encoded(header)


_SANDBOX = ("seconds", "memory_mb", "seed", "clock")
_MARK = "@mark@"
_LITERALS = (
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"01",
    b"9" * 400,
    b"0." + b"0" * 400 + b"1",
    b"undefined",
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"\\ud800"',
    b'"\\u0000"',
    b"'x'",
    b"/* */ 1",
    b"",
)

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
    _field_lost,
    _field_lost,
    _literal,
    _literal,
    _unknown_kind,
    _cut_off,
    _branch_of_nowhere,
    _limits_of_a_stranger,
)


def _any_record(lines: list[bytes], chance: random.Random) -> int:
    """The index of a line, seldom the header's. Each kind of record has the same chance."""
    if chance.random() < 0.05 or len(lines) == 1:
        return 0
    kinds: dict[bytes, list[int]] = {}
    for at, line in enumerate(lines[1:], 1):
        kinds.setdefault(line.partition(b'"type":"')[2].partition(b'"')[0], []).append(at)
    return chance.choice(kinds[chance.choice(sorted(kinds))])


def _at_any_value(lines: list[bytes], chance: random.Random, value: Callable[[list[Way]], Json]) -> None:
    at, other = _any_record(lines, chance), _any_record(lines, chance)
    record, donor = _decoded(lines[at]), _decoded(lines[other])
    if not (ways := list(_ways(record))):
        return
    container, key = chance.choice(ways)
    if isinstance(key, str) and chance.random() < 0.5:  # else numbers in spans would be most of it
        alike = [way for way in _ways(donor) if way[1] == key]
    else:
        alike = list(_ways(donor))
    container[key] = copy.deepcopy(value(alike or ways))
    lines[at] = _encoded(record)


def _encoded(record: Json) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode()


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
