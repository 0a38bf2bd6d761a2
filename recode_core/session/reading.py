"""Reading a session file: what is whole in it, or an error that says what to do. Nothing is written.

A damaged record ends what is read: the records before it are checked, and everything else may rely on that.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, get_args

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.errors import NewerFormat, NotASession, SessionError
from recode_core.events import Event, ExpansionRequested
from recode_core.executor.limits import Limits
from recode_core.log import Log, Record
from recode_core.session.checking import first_fault
from recode_core.session.header import FORMAT, VERSION, Header
from recode_core.timeline import Timeline

_HEADER_LIMIT = 1 << 20  # bytes; a foreign file is not read to its end to find that out
_CHUNK = 1 << 18  # bytes
_KNOWN_EVENTS = frozenset(kind.__struct_config__.tag for kind in get_args(Event))


class Session(msgspec.Struct, frozen=True, dict=True):
    """A session file as far as it is whole: its first `size` bytes.

    `torn` more are a line without an end; or `damage` says which line is damaged, and why.
    """

    path: Path
    header: Header
    records: list[Record]
    size: int
    torn: int
    damage: str = ""

    @property
    def notice(self) -> str:
        """What a reader should know of the file's state; mostly nothing."""
        if self.damage:
            count = len(self.records)
            return f"{self.path} is damaged in {self.damage}; only the {count} records before it are read"
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
        return self._log.line(self.branch(branch))

    def branch(self, name: str | None = None) -> str:
        """The branch of that name, by default the current one. Raises SessionError where there is none."""
        log = self._log
        if name is not None and name not in log.branches:
            raise SessionError(f"{self.path} has no branch {name!r}; it has {', '.join(log.branches)}")
        return log.branch if name is None else name

    @property
    def system(self) -> str:
        """The system message that the run asked with first; empty where nothing was asked."""
        requests = (record.event for record in self.records if isinstance(record.event, ExpansionRequested))
        first = next(requests, None)
        if first is None or not first.messages or first.messages[0].role != "system":
            return ""
        return self._log.load(first.messages[0]).content

    def timeline(self, branch: str | None = None) -> Timeline:
        """Those records, indexed. Raises NotASession where they don't follow from each other."""
        with self.followed():
            return Timeline(self.line(branch))

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Whatever goes through the records: raises NotASession where they don't follow from each other."""
        try:
            yield
        except (LookupError, ValueError, ArithmeticError) as error:
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


class _Given(msgspec.Struct):
    settings: dict[str, msgspec.Raw]


_HEADER = msgspec.json.Decoder(Header)
_GIVEN = msgspec.json.Decoder(_Given)
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
    records, why = _decoded(path, header, body, whole)
    if (fault := first_fault(records)) is not None:
        records, why = records[: fault.record], fault.why
    if not why:
        return Session(path, header, records, len(line) + whole, len(body) - whole)
    number, start = _line_of(body, len(records))
    return Session(path, header, records, len(line) + start, 0, f"line {number}: {why}")


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
        header = _HEADER.decode(line)
        if "limits" in _GIVEN.decode(line).settings:
            return header
    except (ValueError, RecursionError) as error:
        raise NotASession(f"{path} is no session: its header is damaged: {in_plain_words(error)}") from None
    settings = msgspec.structs.replace(header.settings, limits=Limits())  # not those of a run that starts now
    return msgspec.structs.replace(header, settings=settings)


def _decoded(path: Path, header: Header, body: bytes, whole: int) -> tuple[list[Record], str]:
    """The records up to the first line that is none, and why that is none."""
    records: list[Record] = []
    for start, end in _chunks(body, whole):
        try:
            records += _RECORD.decode_lines(memoryview(body)[start:end])
        except (ValueError, RecursionError):
            before = body.count(b"\n", 0, start) + 2
            return records, _decode_singly(path, header, body[start:end], before, records)
    return records, ""


def _chunks(body: bytes, whole: int) -> Iterator[tuple[int, int]]:
    """Whole lines, a few at a time: other threads have to wait while some are decoded."""
    start = 0
    while start < whole:
        end = body.find(b"\n", min(start + _CHUNK, whole) - 1) + 1
        yield start, end
        start = end


def _decode_singly(path: Path, header: Header, chunk: bytes, first: int, records: list[Record]) -> str:
    """Add the records of a chunk, whose first line has that number, up to the line that is none; why.

    Raises NewerFormat where it is an event of a later version.
    """
    for number, line in enumerate(chunk.split(b"\n"), first):
        try:
            if line.strip():
                records.append(_RECORD.decode(line))
        except (ValueError, RecursionError) as error:
            if unknown := _unknown_event(line):
                raise NewerFormat(
                    f"{path}, line {number}: no event {unknown!r} is known here; recode "
                    f"{header.versions.get('recode', '?')} wrote it: install that version or a newer one"
                ) from None
            return in_plain_words(error)
    return "it is no record"


def _line_of(body: bytes, record: int) -> tuple[int, int]:
    """The number of a record's line in the file, and where it starts in the body. Empty lines hold none."""
    start = 0
    for number, line in enumerate(body.split(b"\n"), 2):
        if line.strip():
            if not record:
                return number, start
            record -= 1
        start += len(line) + 1
    raise LookupError(record)


def _unknown_event(line: bytes) -> str:
    """The type of an event that this version doesn't know, if it is one."""
    try:
        kind = _ANY_RECORD.decode(line).event.type
    except (ValueError, RecursionError):
        return ""
    return "" if kind in _KNOWN_EVENTS else kind
