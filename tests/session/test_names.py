"""A session is found by the names that it is listed under."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from recode_core.errors import SessionError
from recode_core.session import Settings, Writer, new_header
from recode_core.session.names import find, names

IDS = ("20261128-192801-aaaaaa", "20261128-192859-bbbbbb", "20261127-080000-cccccc")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A folder of sessions and one of samples; the test stands in an empty one."""
    sessions, samples, here = tmp_path / "sessions", tmp_path / "samples", tmp_path / "here"
    for folder, stems in ((sessions, (*IDS, "mine")), (samples, ("household", "household-mended", "mine"))):
        for stem in stems:
            path = folder / f"{stem}.jsonl"
            Writer.create(path, new_header(stem, Settings("household", "put:7"))).close()
    (sessions / ".hidden.jsonl").write_text("")
    (sessions / "damaged.jsonl").write_text("")
    here.mkdir()
    monkeypatch.chdir(here)
    return sessions, samples


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (IDS[0], f"sessions/{IDS[0]}.jsonl"),
        (f"{IDS[0]}.jsonl", f"sessions/{IDS[0]}.jsonl"),
        ("20261128-19280", f"sessions/{IDS[0]}.jsonl"),
        ("20261127", f"sessions/{IDS[2]}.jsonl"),
        ("20261128-192859-bb…", f"sessions/{IDS[1]}.jsonl"),
        ("household", "samples/household.jsonl"),
        ("household-", "samples/household-mended.jsonl"),
        ("mine", "sessions/mine.jsonl"),
    ],
)
def test_a_name_or_its_beginning_finds_a_session(
    folders: tuple[Path, Path], tmp_path: Path, name: str, found: str
) -> None:
    assert find(name, folders) == tmp_path / found


def test_a_file_and_a_folder_win_over_a_name(folders: tuple[Path, Path]) -> None:
    Path("mine").mkdir()
    Path("last").write_text("")
    assert [find(name, folders) for name in ("mine", "last")] == [Path("mine"), Path("last")]
    assert find("nowhere/mine", folders) == Path("nowhere/mine")


def test_several_matches_are_listed_and_the_nearest_names_suggested(folders: tuple[Path, Path]) -> None:
    with pytest.raises(SessionError, match=f"ambiguous session name '2026' .matches: {IDS[1]}, {IDS[0]}"):
        find("2026", folders)
    with pytest.raises(SessionError, match=r"No such file or session; did you mean household or "):
        find("houshold", folders)
    with pytest.raises(SessionError, match=r"zzz cannot be read: .*; `recode sessions` lists them"):
        find("zzz", folders)


def test_last_is_the_newest_session_that_can_be_read(folders: tuple[Path, Path], tmp_path: Path) -> None:
    header = new_header("new", Settings("household", "put:8"))
    newest = folders[0] / "aaa.jsonl"
    Writer.create(newest, replace(header, created="2999-01-01T00:00:00+00:00")).close()
    assert find("last", folders) == newest
    with pytest.raises(SessionError, match=r"no last session: .*empty has none"):
        find("last", [tmp_path / "empty", folders[1]])


def test_a_session_may_be_called_last(folders: tuple[Path, Path]) -> None:
    path = folders[0] / "last.jsonl"
    Writer.create(path, new_header("last", Settings("household", "put:7"))).close()
    assert find("last", folders) == path


def test_hidden_files_have_no_name_and_a_folder_may_be_missing(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    assert set(names([tmp_path / "missing", *folders])) == {
        *IDS,
        "mine",
        "damaged",
        "household",
        "household-mended",
    }
