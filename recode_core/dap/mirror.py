"""A folder with a file for each expansion. A file that an editor saves becomes an `edit` of its expansion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from recode_core.errors import RecodeError

_SUFFIX = ".py"


@dataclass
class _File:
    """A file with the `code` of an expansion. `stamp` shows whether it was saved since.

    A draft holds another text, which was saved and not accepted.
    """

    path: Path
    code: str
    stamp: tuple[int, int] = (0, 0)
    is_draft: bool = False


class Mirror:
    """The files of a session in a new folder: `0.8.py` has the code of the placeholder `0.8`.

    Drafts are never overwritten.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._files: dict[str, _File] = {}
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise RecodeError(f"the folder {folder} cannot be made: {error.strerror}") from None

    def path_of(self, node: str, code: str) -> Path | None:
        """The file for this code of a placeholder, if there is one."""
        file = self._files.get(node)
        return file.path if file is not None and file.code == code else None

    def node_of(self, path: str) -> str | None:
        """The placeholder whose code is in a file."""
        wanted = Path(path).absolute()
        return next((node for node, file in self._files.items() if file.path == wanted), None)

    def show(self, codes: Mapping[str, str]) -> None:
        """Write the code of these placeholders, and delete the files of others."""
        for node in [node for node in self._files if node not in codes]:
            self._remove(node)
        for node, code in codes.items():
            file = self._files.get(node)
            if file is None or (file.code != code and not file.is_draft):
                file = self._files[node] = _File(self.folder / f"{node}{_SUFFIX}", code)
                _write(file)

    def saved(self) -> Iterator[tuple[str, str]]:
        """The node and the text of each file that was saved since, unless its text is the code as it was."""
        for node, file in tuple(self._files.items()):
            if (stamp := _stamp(file.path)) == file.stamp or stamp is None:
                continue
            text = _read(file)
            if text is None:
                continue
            file.stamp, file.is_draft = stamp, text != file.code
            if file.is_draft:
                yield node, text

    def accept(self, node: str, text: str) -> None:
        """The saved text of a file is the code of its expansion now."""
        if (file := self._files.get(node)) is not None:
            file.code, file.is_draft = text, False

    def close(self) -> None:
        """Delete all files but the drafts, and the folder if it is empty."""
        for node in tuple(self._files):
            self._remove(node)
        with suppress(OSError):
            self.folder.rmdir()

    def _remove(self, node: str) -> None:
        file = self._files.pop(node)
        if not file.is_draft and _stamp(file.path) == file.stamp:
            file.path.unlink(missing_ok=True)


def new_folder(parent: Path, name: str) -> Path:
    """A path in a folder that is not taken yet: `name`, or `name` with a number."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(parent / each for each in names if not (parent / each).exists())


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:  # deleted, or replaced at this moment
        return None
    return found.st_mtime_ns, found.st_size


def _read(file: _File) -> str | None:
    """The text of a file, without the last line break, which editors add; None if it is not complete."""
    try:
        text = file.path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if file.code.endswith("\n") else text.removesuffix("\n")


def _write(file: _File) -> None:
    text = file.code if file.code.endswith("\n") else f"{file.code}\n"
    try:
        file.path.write_bytes(text.encode(errors="replace"))
    except OSError as error:
        raise RecodeError(f"{file.path} cannot be written: {error.strerror}") from None
    file.stamp = _stamp(file.path) or (0, 0)
