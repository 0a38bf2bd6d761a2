"""Reading a session file: what is whole in it, or an error that says what to do. Nothing is written."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, get_args

import msgspec

from recode_core.errors import NewerFormat, NotASession, SessionError
from recode_core.events import BranchStarted, Event
from recode_core.log import MAIN, Log, Record
from recode_core.session.header import FORMAT, VERSION, Header
from recode_core.tree import Tree

_HEADER_LIMIT = 1 << 20  # bytes; a foreign file is not read to its end to find that out
_CHUNK = 1 << 18  # bytes
_KNOWN_EVENTS = frozenset(kind.__struct_config__.tag for kind in get_args(Event))


class Session(msgspec.Struct, frozen=True, dict=True):
    """A session file as far as it is whole: its first `size` bytes; `torn` more are a line without an end."""

    path: Path
    header: Header
    records: list[Record]
    size: int
    torn: int

    @property
    def notice(self) -> str:
        """What a reader should know of the file's state; mostly nothing."""
        if not self.torn:
            return ""
        return (
            f"{self.path} ends in a torn line, which is left out: {self.torn} bytes, as a crash leaves them"
        )

    def log(self) -> Log:
        """The records with their branches, the caller's own to write to."""
        return Log(self.records)

    @cached_property
    def _log(self) -> Log:
        return self.log()

    def line(self, branch: str | None = None) -> list[Record]:
        """The records that led to where a branch stands, by default the current one."""
        log = self._log
        if branch is not None and branch not in log.branches:
            raise SessionError(f"{self.path} has no branch {branch!r}; it has {', '.join(log.branches)}")
        return log.line(branch)

    def tree(self, branch: str | None = None) -> Tree:
        """The tree of that line. Raises NotASession where its records don't follow from each other."""
        with self.followed():
            return Tree(self.line(branch))

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Whatever goes through the records: raises NotASession where they don't follow from each other."""
        try:
            yield
        except (LookupError, ValueError) as error:
            raise NotASession(
                f"{self.path} is damaged: its records don't follow from each other ({error!r})"
            ) from None


class _Format(msgspec.Struct):
    format: str
    version: int


class _Typed(msgspec.Struct):
    type: str


class _AnyRecord(msgspec.Struct):
    event: _Typed


_HEADER = msgspec.json.Decoder(Header)
_FORMAT = msgspec.json.Decoder(_Format)
_RECORD = msgspec.json.Decoder(Record)
_ANY_RECORD = msgspec.json.Decoder(_AnyRecord)


def read(path: Path) -> Session:
    """A session from its file. Raises NotASession, NewerFormat, or SessionError where it can't be read."""
    with _opened(path) as file:
        line = file.readline(_HEADER_LIMIT)
        header = _header(path, line)
        body = file.read()
    whole = body.rfind(b"\n") + 1
    records = _records(path, header, body, whole)
    return Session(path, header, records, len(line) + whole, len(body) - whole)


def read_header(path: Path) -> Header:
    """The first line of a session's file alone. Raises what `read` raises of it."""
    with _opened(path) as file:
        return _header(path, file.readline(_HEADER_LIMIT))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, if it is one: a pipe has to be waited for, and can't be written on."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SessionError(f"{path} cannot be read: it is not a regular file")
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None


def _header(path: Path, line: bytes) -> Header:
    if not line:
        raise NotASession(f"{path} is empty: it holds no run; start a new one")
    try:
        found = _FORMAT.decode(line)
    except (ValueError, RecursionError):
        found = _Format("", 0)
    if found.format != FORMAT or found.version < 1 or not line.endswith(b"\n"):
        raise NotASession(
            f"{path} is no session: its first line is not a whole header of the format {FORMAT!r}"
        )
    if found.version > VERSION:
        raise NewerFormat(
            f"{path} is written in version {found.version} of the session format, "
            f"and this recode reads up to {VERSION}: install a newer recode"
        )
    try:
        return _HEADER.decode(line)
    except (ValueError, RecursionError) as error:
        raise NotASession(f"{path} is no session: its header is damaged: {error}") from None


def _records(path: Path, header: Header, body: bytes, whole: int) -> list[Record]:
    records: list[Record] = []
    for start, end in _chunks(body, whole):
        try:
            records += _RECORD.decode_lines(memoryview(body)[start:end])
        except (ValueError, RecursionError):
            raise _fault(path, header, body[start:end], body.count(b"\n", 0, start)) from None
    if why := next(_faults(records), ""):
        raise NotASession(f"{path} is damaged: {why}; restore the file from a copy")
    return records


def _chunks(body: bytes, whole: int) -> Iterator[tuple[int, int]]:
    """Whole lines, a few at a time: other threads have to wait while some are decoded."""
    start = 0
    while start < whole:
        end = body.find(b"\n", min(start + _CHUNK, whole) - 1) + 1
        yield start, end
        start = end


def _faults(records: list[Record]) -> Iterator[str]:
    """Where numbers or branches don't follow from each other."""
    branches = {MAIN}
    for number, record in enumerate(records):
        if record.n != number:
            yield f"record {number} is missing, {record.n} stands in its place"
        if isinstance(started := record.event, BranchStarted):
            if record.branch in branches or started.parent not in branches or started.at >= number:
                yield f"the branch {record.branch!r} starts in record {number} from nowhere"
            branches.add(record.branch)
        elif record.branch not in branches:
            yield f"record {number} is of the branch {record.branch!r}, which never started"


def _fault(path: Path, header: Header, chunk: bytes, before: int) -> SessionError:
    """Which line of a file is no record, and why; `before` lines of records stand above the chunk."""
    for number, line in enumerate(chunk.split(b"\n"), before + 2):
        try:
            if line.strip():
                _RECORD.decode(line)
        except (ValueError, RecursionError) as error:
            if unknown := _unknown_event(line):
                return NewerFormat(
                    f"{path}, line {number}: no event {unknown!r} is known here; recode "
                    f"{header.versions.get('recode', '?')} wrote it: install that version or a newer one"
                )
            return NotASession(f"{path} is damaged in line {number}: {error}; restore the file from a copy")
    return NotASession(f"{path} is damaged; restore the file from a copy")


def _unknown_event(line: bytes) -> str:
    """The type of an event that this version doesn't know, if it is one."""
    try:
        kind = _ANY_RECORD.decode(line).event.type
    except (ValueError, RecursionError):
        return ""
    return "" if kind in _KNOWN_EVENTS else kind
