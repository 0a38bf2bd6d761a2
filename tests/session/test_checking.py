"""What a record needs of those before it: a fault is named by its line, and what is before it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from recode_core.errors import NotASession
from recode_core.session import Settings, new_header, read
from recode_core.timeline.nodes import parent_of

HEADER = msgspec.json.encode(new_header("a-run", Settings("household", "put:7")))
SPAN = [1, 0, 1, 9]


def place(node: str) -> list[Any]:
    return [node, [], SPAN]


def accepted(node: str, code: str, *spans: list[int], attempt: int = 1) -> dict[str, Any]:
    children = [[span, "code"] for span in spans]
    return {
        "type": "expansion_accepted",
        "node": node,
        "attempt": attempt,
        "thought": "",
        "code": code,
        "children": children,
    }


RESET = {"type": "world_reset", "instruction": "do", "observation": {"text": "here"}}
STORED = {"type": "text_stored", "hash": "h", "text": "solve"}
REQUESTED = {
    "type": "expansion_requested",
    "place": place("0"),
    "attempt": 1,
    "reason": "first",
    "statement": "solve()",
    "variables": [],
    "messages": [["user", "h"]],
    "prompt": "",
    "model": "",
}
PROMPTS = {"type": "prompts_changed", "place": place("0"), "name": "mine", "system": ["system", "h"]}
REPLIED = {"type": "expansion_replied", "node": "0", "text": "", "usage": {}}
ACCEPTED = accepted("0", "x = f()\ny = 2", [1, 0, 1, 7], [2, 0, 2, 5])
REACHED = {"type": "statement_reached", "place": place("0.0")}
START = (RESET, STORED, REQUESTED, REPLIED, ACCEPTED, REACHED)
FORK = {"type": "branch_started", "parent": "main", "at": 3, "reason": "r"}


def write(path: Path, *events: dict[str, Any], branch: str = "main", **fields: Any) -> Path:
    """A session that begins as every one does; the `fields` are those of the last record."""
    rows = [{"n": n, "branch": "main", "time": 1.0, "event": event} for n, event in enumerate(START)]
    for event in events:
        rows.append({"n": len(rows), "branch": branch, "time": 1.0, "event": event})
    rows[-1] |= fields
    path.write_bytes(b"".join(line + b"\n" for line in (HEADER, *map(msgspec.json.encode, rows))))
    return path


def reached(node: str) -> dict[str, Any]:
    return {"type": "statement_reached", "place": place(node)}


def test_a_session_that_follows_is_whole(tmp_path: Path) -> None:
    session = read(write(tmp_path / "a.jsonl", reached("0.1")))
    assert (len(session.records), session.damage) == (len(START) + 1, "")


def test_a_placeholder_in_a_block_of_a_statement_is_known_and_in_plain_code_it_is_not(tmp_path: Path) -> None:
    code = accepted("0", "if x: f()\ny = 2", [1, 0, 1, 9], [2, 0, 2, 5], attempt=2)
    code["children"][0][1] = "control"
    before = ({**REQUESTED, "attempt": 2}, REPLIED, code)
    for node, damage in (("0@2.0.0", ""), ("0@2.1.0", "unknown statement '0@2.1.0'")):
        session = read(write(tmp_path / f"{node}.jsonl", *before, {**REQUESTED, "place": place(node)}))
        assert session.damage.partition(": ")[2] == damage


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (reached("0.x"), "'0.x' is not a node id"),
        (reached("1"), "'1' is not a node id"),
        (reached("0.1.0"), "unknown statement '0.1.0'"),
        (reached("0.2"), "unknown statement '0.2'"),
        (reached("0@2.0"), "unknown statement '0@2.0'"),
        (reached("0.9#1.0"), "unknown statement '0.9#1.0'"),
        (reached("0" + ".0" * 30_000), "a node id has 60001 characters"),
        (reached("0.0#1.0\n"), "is not a node id"),
        ({"type": "call_failed", "node": "0.x", "message": "gone"}, "no request for '0.x'"),
        ({"type": "expansion_replied", "node": "0.0", "text": "", "usage": {}}, "no request for '0.0'"),
        (accepted("0.0", "", attempt=1), "no reply for '0.0'"),
        (accepted("0", "a\nb", [2, 0, 2, 1], [1, 0, 1, 1]), "statement 1 is outside"),
        (accepted("0", "a", [1, 0, 1, 1], [2, 0, 2, 1]), "statement 1 is outside"),
        (accepted("0", "a", [1, 0, 1, 100]), "statement 0 is outside"),
        (accepted("0", "a", [0, 0, 1, 1]), "statement 0 is outside"),
        (accepted("0", "", attempt=0), "`event.attempt` must be at least 1"),
        (
            {"type": "expansion_edited", "node": "0", "attempt": 1, "code": "", "children": [], "path": []},
            "the edited node '0' is not in the path",
        ),
        ({**REQUESTED, "messages": [["user", "lost"]]}, "no stored text with hash 'lost'"),
        ({"type": "prompt_edited", "place": place("0.0"), "messages": []}, "no request for '0.0'"),
        ({**PROMPTS, "place": place("0.0")}, "no request for '0.0'"),
        ({**PROMPTS, "system": ["system", "lost"]}, "no stored text with hash 'lost'"),
        ({"type": "limit_raised", "name": "patience", "value": 1}, "unknown limit 'patience'"),
        ({"type": "limit_raised", "name": "depth", "value": 0}, "the limit of depth"),
        (
            {"type": "limit_reached", "name": "steps", "value": -1, "limit": 1},
            "`event.value` must be at least 0",
        ),
        (
            {"type": "episode_finished", "outcome": "done", "score": 1e308},
            "`event.score` must be at most 1,000,000,000,000,000",
        ),
        (
            {**REPLIED, "usage": {"prompt_tokens": 2**63}},
            "`event.usage.prompt_tokens` must be at most 9,007,199,254,740,992",
        ),
        ({**REPLIED, "usage": {"cost_usd": -1}}, "`event.usage.cost_usd` must be at least 0"),
        ({**REPLIED, "seconds": 1e308}, "`event.seconds` must be at most 1,000,000,000,000,000"),
    ],
)
def test_what_cannot_follow_is_named_with_its_line(tmp_path: Path, event: dict[str, Any], why: str) -> None:
    session = read(write(tmp_path / "a.jsonl", event))
    assert len(session.records) == len(START)
    assert session.damage.startswith("line 8: ") and why in session.damage
    assert session.notice.endswith("only the 6 records before it are read")
    assert session.timeline().end.nodes.keys() == {"0", "0.0", "0.1"}


@pytest.mark.parametrize(
    ("branch", "fields", "event", "why"),
    [
        ("b", {"time": 1e308}, FORK, "`time` must be at most 253,402,200,000"),
        ("b", {"time": -1}, FORK, "`time` must be at least 0"),
        ("b", {"time": "now"}, FORK, "`time` must be a number, not a text"),
        ("b", {"n": 7}, FORK, "expected record 6, found 7"),
        ("b", {"n": -1}, FORK, "`n` must be at least 0"),
        ("b", {}, reached("0.0"), "it is of the branch 'b', which never started"),
        ("main", {}, FORK, "its branch starts a second time"),
        ("b", {}, {**FORK, "parent": "b"}, "branch 'b' forks from 'b', which was never started"),
        ("b", {}, {**FORK, "parent": "c"}, "branch 'b' forks from 'c', which was never started"),
        ("b", {}, {**FORK, "at": 6}, "branch 'b' forks after record 6, which comes later"),
        ("b", {}, {**FORK, "at": -2}, "`event.at` must be at least -1"),
        ("b" * 300, {}, FORK, "`branch` must have at most 200 characters"),
        ("", {}, FORK, "`branch` must have at least 1 character"),
    ],
)
def test_branches_numbers_and_times_are_checked(
    tmp_path: Path, branch: str, fields: dict[str, Any], event: dict[str, Any], why: str
) -> None:
    session = read(write(tmp_path / "a.jsonl", event, branch=branch, **fields))
    assert (len(session.records), why in session.damage) == (len(START), True)


def test_a_branch_knows_what_was_before_it_left_its_parent_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert "line 9: unknown statement '0.0'" in read(write(path, FORK, reached("0.0"), branch="b")).damage
    later = {**FORK, "at": 4}
    assert not read(write(path, later, reached("0.0"), branch="b")).damage


def test_what_is_before_the_damage_is_a_session_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", reached("0.x"))
    session = read(path)
    path.write_bytes(path.read_bytes()[: session.size])
    assert (read(path).records, read(path).damage) == (session.records, "")


def test_empty_lines_count_as_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", reached("0.x"))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n"))
    assert read(path).damage.startswith("line 15: ")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"memory_mb":256', b'"memory_mb":-1', "sandbox.memory_mb` must be at least 0"),
        (b'"clock":1735689600.0', b'"clock":1e300', "sandbox.clock` must be at most 253,402,200,000"),
        (b'"clock":1735689600.0', b'"clock":-1', "sandbox.clock` must be at least 0"),
        (b'"seed":0', b'"seed":-1', "sandbox.seed` must be at least 0"),
        (b'"depth":10', b'"depth":0', "limits.depth` must be at least 1"),
        (b'"steps":null', b'"steps":-1', "limits.steps` must be at least 0"),
        (b'"cost_usd":null', b'"cost_usd":1e308', "limits.cost_usd` must be at most 1,000,000,000,000,000"),
    ],
)
def test_a_header_with_a_number_that_can_be_none_is_damaged(
    tmp_path: Path, old: bytes, new: bytes, why: str
) -> None:
    path = write(tmp_path / "a.jsonl")
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(NotASession, match=f"its header is damaged: `settings.{why}"):
        read(path)


@pytest.mark.parametrize("node", ["0.x", "x", ".", "0.@.#", "0..", "0.1#2@3.", "#.#"])
def test_the_id_of_a_parent_is_shorter_whatever_the_id(node: str) -> None:
    assert len(parent_of(node)) < len(node)


def test_a_thousand_branches_in_a_chain_are_checked_in_one_go(tmp_path: Path) -> None:
    """Each leaves the one before; what they know is not copied, nor looked for in all of them."""
    path = write(tmp_path / "a.jsonl")
    lines, parent = [], "main"
    for number in range(5000):
        n, branch = len(START) + 2 * number, f"edit-{number}"
        fork = {**FORK, "parent": parent, "at": n - 1}
        for at, event in enumerate((fork, reached("0.0"))):
            lines.append(msgspec.json.encode({"n": n + at, "branch": branch, "time": 1.0, "event": event}))
        parent = branch
    path.write_bytes(path.read_bytes() + b"\n".join(lines) + b"\n")
    session = read(path)
    assert (session.damage, len(session.line())) == ("", len(START) + 10_000)
