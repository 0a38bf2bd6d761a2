"""Sessions are renamed, deleted and copied as whole files, and never under a writer."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from recode_core.errors import NotASession, SessionBusy, SessionError
from recode_core.session import Settings, Writer, new_header, read
from recode_core.session.folder import delete, import_file, rename

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(
        Writer.create(tmp_path / "a.jsonl", new_header("a", Settings("household", "put:7")))
    ) as made:
        return made.path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_renamed_session_is_the_same_session(path: Path) -> None:
    before = path.read_bytes()
    renamed = rename(path, " the good one ")
    assert (renamed.name, renamed.read_bytes()) == ("the good one.jsonl", before)
    assert names(path.parent) == ["the good one.jsonl"]


def test_an_ending_that_is_given_with_the_name_is_not_doubled(path: Path) -> None:
    assert rename(path, "b.jsonl").name == "b.jsonl"


def test_a_session_may_keep_its_name(path: Path) -> None:
    assert rename(path, "a") == path
    assert path.exists()


def test_a_name_that_is_taken_is_refused(path: Path) -> None:
    other = import_file(SAMPLE, path.parent)
    with pytest.raises(SessionError, match="a session 'household-mended' exists already"):
        rename(path, other.stem)
    assert path.exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "empty"), (".hidden", "hidden"), ("a/b", "'/'"), ("a\nb", r"'\\n'"), ("x" * 201, "201 characters")],
)
def test_what_can_be_no_name_is_refused_with_the_reason(path: Path, name: str, why: str) -> None:
    with pytest.raises(SessionError, match=why):
        rename(path, name)
    assert path.exists()


def test_a_deleted_session_leaves_nothing_behind(path: Path) -> None:
    delete(path)
    assert names(path.parent) == []


def test_a_session_that_is_gone_cannot_be_deleted_and_leaves_no_lock(path: Path) -> None:
    delete(path)
    with pytest.raises(SessionError, match="No such file"):
        delete(path)
    assert names(path.parent) == []


def test_a_session_that_another_process_writes_is_neither_renamed_nor_deleted(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from recode_core.session import Writer; "
        "w, s = Writer.reopen(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    writing = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == "open\n"
        with pytest.raises(SessionBusy):
            rename(path, "b")
        with pytest.raises(SessionBusy):
            delete(path)
        assert path.exists()


def test_a_session_that_is_taken_in_is_copied_whole(tmp_path: Path) -> None:
    copy = import_file(SAMPLE, tmp_path / "new")
    assert copy == tmp_path / "new" / "household-mended.jsonl"
    assert copy.read_bytes() == SAMPLE.read_bytes()
    assert names(copy.parent) == [copy.name]


def test_a_name_that_is_taken_is_numbered_on_taking_in(tmp_path: Path) -> None:
    copies = [import_file(SAMPLE, tmp_path) for _ in range(3)]
    assert [copy.stem for copy in copies] == ["household-mended", "household-mended-2", "household-mended-3"]
    assert read(copies[2]).records == read(SAMPLE).records


def test_what_is_no_session_is_not_taken_in(tmp_path: Path) -> None:
    (tmp_path / "foreign.txt").write_text("hello\n")
    with pytest.raises(NotASession, match=r"foreign\.txt is not a session"):
        import_file(tmp_path / "foreign.txt", tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SessionError, match="cannot be copied to"):
        import_file(SAMPLE, tmp_path / "file")
