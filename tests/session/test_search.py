"""Contents of sessions are searched without reading whole files into records."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from recode_core.errors import SessionError
from recode_core.events import NoteSet
from recode_core.log import Record
from recode_core.session import read, search
from recode_core.session.search import search_file

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


def kinds(path: Path, text: str) -> set[str]:
    return {hit.kind for hit in search_file(path, text)}


def test_code_actions_observations_and_replies_are_found_whatever_their_case() -> None:
    assert {"action", "code", "reply"} <= kinds(SAMPLE, "GO TO") | kinds(SAMPLE, "run(")
    assert "observation" in kinds(SAMPLE, "you arrive at")
    assert "task" in kinds(SAMPLE, "put a cd in shelf")
    assert kinds(SAMPLE, "no such text anywhere") == set()


def test_a_hit_names_its_record_and_its_branch() -> None:
    session = read(SAMPLE)
    for hit in search_file(SAMPLE, "desk 1"):
        record = session.records[hit.n]
        assert record.branch == hit.branch
        assert "desk 1" in msgspec.json.encode(record.event).decode().lower()
        assert "desk 1" in hit.excerpt.lower()


@pytest.mark.parametrize(
    "text", ['say "hello"', "back\\slash", "two\nlines", "naïve ÉTÉ", "a/b", "tab\there"]
)
def test_what_json_writes_otherwise_is_found_too(tmp_path: Path, text: str) -> None:
    path = Path(shutil.copy(SAMPLE, tmp_path / "run.jsonl"))
    number = len(read(path).records)
    with path.open("ab") as file:
        file.write(msgspec.json.encode(Record(number, "main", 1.0, NoteSet("0", f"it was {text}."))) + b"\n")
    hits = search_file(path, text.upper())
    assert [(hit.n, hit.kind) for hit in hits] == [(number, "note")]


def test_damaged_lines_are_passed_over_and_a_lost_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:5], b'{"desk 1": \xff\n', *lines[5:], b'{"n": "desk 1']))
    assert search_file(path, "desk 1") == search_file(SAMPLE, "desk 1")
    path.unlink()
    with pytest.raises(SessionError):
        search_file(path, "desk 1")


def test_it_ends_when_it_is_cancelled_and_at_the_most_hits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert search_file(SAMPLE, "a", lambda: True) == ()
    monkeypatch.setattr(search, "MOST", 3)
    assert len(search_file(SAMPLE, "a")) == 3
