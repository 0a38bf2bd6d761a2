"""Tags are kept in the session file, in records that every version reads."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from recode_core.errors import SessionBusy, SessionError
from recode_core.events import NoteSet
from recode_core.result import result_of
from recode_core.session import Writer, read
from recode_core.session.catalog import entry_of, load_result
from recode_core.session.tags import change_tags, parse_changes, tags_of

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "run.jsonl"))


def test_tags_are_added_and_removed_by_appending_to_the_file(path: Path) -> None:
    before = path.read_bytes()
    assert change_tags(path, {"june", "flaky"}) == ("flaky", "june")
    assert change_tags(path, {"v1.2"}, {"june", "unknown"}) == ("flaky", "v1.2")
    assert path.read_bytes().startswith(before)
    session = read(path)
    assert tags_of(session.records) == ("flaky", "v1.2")
    assert [record.event for record in session.records[-2:]] == [
        NoteSet("", "#flaky #june"),
        NoteSet("", "#flaky #v1.2"),
    ]
    assert load_result(entry_of(path)).tags == ("flaky", "v1.2")


def test_a_change_that_changes_nothing_writes_nothing(path: Path) -> None:
    change_tags(path, {"flaky"})
    before = path.read_bytes()
    assert change_tags(path, {"flaky"}, {"old"}) == ("flaky",)
    assert path.read_bytes() == before


def test_the_run_and_its_result_stay_as_they_were(path: Path) -> None:
    before = result_of(read(path).timeline())
    change_tags(path, {"flaky"})
    session = read(path)
    assert not session.damage
    assert result_of(session.timeline()) == before


def test_a_session_that_is_being_written_is_not_tagged(path: Path) -> None:
    with closing(Writer.reopen(path)[0]), pytest.raises(SessionBusy):
        change_tags(path, {"flaky"})


@pytest.mark.parametrize(
    ("text", "added", "removed"),
    [("flaky -old", {"flaky"}, {"old"}), ("#a, b/c,-#d", {"a", "b/c"}, {"d"}), ("", set(), set())],
)
def test_changes_are_typed_as_words(text: str, added: set[str], removed: set[str]) -> None:
    assert tuple(map(set, parse_changes(text))) == (added, removed)


@pytest.mark.parametrize("text", ["a b!", "-", "x" * 41, "[red]"])
def test_what_is_no_tag_is_refused(text: str) -> None:
    with pytest.raises(SessionError, match="invalid tag"):
        parse_changes(text)
