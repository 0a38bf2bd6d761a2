"""Batches in a list of sessions: each folder of a batch with its episodes and how many are solved.

A batch is found in a folder below that of the sessions, or because it was registered there when it ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from recode_core import files
from recode_core.batch import manifest as manifests
from recode_core.batch.manifest import Manifest
from recode_core.errors import SessionError
from recode_core.session.catalog import SessionEntry, scan

REGISTER = ".batches.json"
"""The file, among the sessions, that lists the folders of batches elsewhere."""

_MOST = 200


class BatchGroup(msgspec.Struct, frozen=True):
    """A batch, with the entries of its episodes that have begun, in the order of its tasks."""

    folder: Path
    manifest: Manifest
    entries: tuple[SessionEntry, ...]

    @property
    def total(self) -> int:
        """The number of its tasks."""
        return len(self.manifest.jobs)

    @property
    def finished(self) -> int:
        """The number of episodes that have ended, as far as their files are read."""
        return sum(entry.result is not None and entry.result.outcome is not None for entry in self.entries)

    @property
    def solved(self) -> int:
        """The number of solved episodes, as far as their files are read."""
        return sum(entry.result is not None and entry.result.solved for entry in self.entries)

    @property
    def running(self) -> int:
        """The number of episodes that another process writes now."""
        return sum(entry.is_running for entry in self.entries)

    @property
    def failed(self) -> tuple[SessionEntry, ...]:
        """The episodes that have ended without solving their task."""
        return tuple(
            entry
            for entry in self.entries
            if entry.result is not None and entry.result.outcome is not None and not entry.result.solved
        )


def scan_batches(folder: Path, known: Iterable[BatchGroup] = ()) -> Iterator[BatchGroup]:
    """The batches of a folder of sessions. Unchanged files are taken from the `known` ones.

    A batch whose manifest cannot be read is left out.
    """
    before = {group.folder: group for group in known}
    for path in _folders(folder):
        with suppress(SessionError):
            found = before.get(path)
            manifest = found.manifest if found is not None else manifests.load(path)
            if manifest is not None:
                order = {job.file: number for number, job in enumerate(manifest.jobs)}
                entries = scan(path, found.entries if found is not None else ())
                own = [entry for entry in entries if entry.path.name in order]
                yield BatchGroup(path, manifest, tuple(sorted(own, key=lambda each: order[each.path.name])))


def register(batch: Path, folder: Path) -> None:
    """Remember the folder of a batch among the sessions of a folder, unless it is below it already."""
    path, registered = batch.absolute(), _registered(folder)
    if path in registered or path.parent == folder.absolute():
        return
    with suppress(OSError, UnicodeEncodeError):  # the batch runs all the same
        folder.mkdir(parents=True, exist_ok=True)
        kept = [each for each in registered if each.is_dir()][1 - _MOST :]
        files.replace(folder / REGISTER, msgspec.json.encode([str(each) for each in (*kept, path)]))


def _folders(folder: Path) -> list[Path]:
    """The folders that may be batches, each once."""
    inside: list[Path] = []
    with suppress(OSError):
        inside = [path.parent.absolute() for path in folder.glob(f"*/{manifests.NAME}")]
    return list(dict.fromkeys((*inside, *_registered(folder))))


def _registered(folder: Path) -> list[Path]:
    try:
        return [Path(text) for text in msgspec.json.decode((folder / REGISTER).read_bytes(), type=list[str])]
    except (OSError, ValueError, RecursionError):
        return []
