"""A file is there once it is whole: a full disk leaves nothing that the next try would refuse."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recode_core import files, graph
from recode_core.batch import manifest as manifests
from recode_core.debugger import debug_session
from recode_core.errors import RecodeError
from recode_core.export import sft
from recode_core.files import new_file, write_new
from recode_core.session import Settings, folder, read
from recode_tui.cli.export import export
from recode_tui.cli.report import report
from tests.support.waiting import PATIENCE

resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")

SAMPLE = Path(__file__).parents[1] / "sessions" / "household-mended.jsonl"


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can be larger than a few bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _save(path: Path) -> None:
    with debug_session.open_readonly(SAMPLE) as opened:
        opened.save(path)


WRITERS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: write_new(path, "x" * 100_000),
    "graph": lambda path: graph.write(read(SAMPLE).log(), path, "json"),
    "export": lambda path: export([SAMPLE], "html", path),
    "training data": lambda path: sft.write([SAMPLE], path),
    "csv": lambda path: report([SAMPLE], csv=path),
    "html": lambda path: report([SAMPLE], html=path),
    "import": lambda path: folder.import_file(SAMPLE, path.parent),
    "save": _save,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_full_disk_leaves_nothing_and_the_next_try_succeeds(
    tmp_path: Path, write: Callable[[Path], object]
) -> None:
    path = tmp_path / "out.json"
    with full_disk(), pytest.raises(RecodeError, match="cannot be written: File too large"):
        write(path)
    assert list(tmp_path.iterdir()) == []
    write(path)
    assert any(entry.stat().st_size > 20 for entry in tmp_path.iterdir())
    assert not any(entry.name.startswith(".") for entry in tmp_path.iterdir())


def test_a_full_disk_keeps_the_file_that_was_to_be_replaced(tmp_path: Path) -> None:
    manifest = manifests.Manifest(
        created="", recode="", settings=Settings("household", ""), split=None, jobs=()
    )
    manifests.save(manifest, tmp_path)
    before = (tmp_path / manifests.NAME).read_bytes()
    with full_disk(), pytest.raises(RecodeError, match="cannot be written"):
        manifests.save(manifest, tmp_path)
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [before]


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_text("precious")
    link.symlink_to(tmp_path / "nowhere")
    for each in (path, link):
        with pytest.raises(RecodeError, match="exists and is never overwritten"):
            write_new(each, "x")
    assert path.read_text() == "precious"
    assert {entry.name for entry in tmp_path.iterdir()} == {"a", "link"}


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(RecodeError, match="never overwritten"), new_file(path) as file:
        file.write(b"mine")
        path.write_text("theirs")
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["theirs"]


def test_a_file_system_without_links_is_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    write_new(tmp_path / "a", "text")
    with pytest.raises(RecodeError, match="never overwritten"), new_file(tmp_path / "b"):
        (tmp_path / "b").write_text("theirs")
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {"a": "text", "b": "theirs"}


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "a") as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_name_as_long_as_it_can_be_is_written(tmp_path: Path) -> None:
    write_new(tmp_path / ("x" * 255), "text")
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["text"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path, found = tmp_path / "pipe", list[str]()
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: found.append(path.read_text()))
    reader.start()
    write_new(path, "text")
    reader.join(PATIENCE)
    assert found == ["text"]


def test_a_file_is_replaced_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content in (b"one", b"two"):
        files.replace(path, content)
        assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [content]
