"""Reading session files. Nothing is written.

Reading ends at a damaged record; the records before it are validated, and all other code relies on that.
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
from recode_core.session.checking import first_invalid_record
from recode_core.session.header import FORMAT, VERSION, Header
from recode_core.suggest import available, unknown_name
from recode_core.timeline import Timeline

_HEADER_LIMIT = 1 << 20  # bytes, so that a foreign file is not read completely
_CHUNK = 1 << 18  # bytes
_KNOWN_EVENTS = frozenset(kind.__struct_config__.tag for kind in get_args(Event))


class Session(msgspec.Struct, frozen=True, dict=True):
    """The intact part of a session file, its first `size` bytes.

    `torn` is the length of an incomplete last line; `damage` names a damaged line and the reason.
    """

    path: Path
    header: Header
    records: list[Record]
    size: int
    torn: int
    damage: str = ""

    @property
    def notice(self) -> str:
        """A message about the state of the file; empty if it is intact."""
        if self.damage:
            count = len(self.records)
            return f"{self.path} is damaged in {self.damage}; only the {count} records before it are read"
        if not self.torn:
            return ""
        return (
            f"{self.path} ends with an incomplete line, which is ignored: {self.torn} bytes, as after a crash"
        )

    def log(self) -> Log:
        """A new log with the records, which the caller may append to."""
        return Log(self.records)

    @cached_property
    def _log(self) -> Log:
        return self.log()

    def line(self, branch: str | None = None) -> list[Record]:
        """The line of a branch, by default the current one."""
        return self._log.line(self.branch(branch))

    def branch(self, name: str | None = None) -> str:
        """The name of a branch, by default the current one. Raises SessionError for an unknown branch."""
        log = self._log
        if name is not None and name not in log.branches:
            others = f" of {self.path}{available(log.branches)}"
            raise unknown_name(SessionError, "branch", name, log.branches, others)
        return log.branch if name is None else name

    @property
    def system(self) -> str:
        """The system message of the first request; empty if there is none."""
        requests = (record.event for record in self.records if isinstance(record.event, ExpansionRequested))
        first = next(requests, None)
        if first is None or not first.messages or first.messages[0].role != "system":
            return ""
        return self._log.load(first.messages[0]).content

    def timeline(self, branch: str | None = None) -> Timeline:
        """The timeline of a branch (by default the current one). Raises NotASession."""
        with self.integrity_errors():
            return Timeline(self.line(branch))

    @contextmanager
    def integrity_errors(self) -> Iterator[None]:
        """Convert errors of processing the records, which are inconsistent then, to NotASession."""
        try:
            yield
        except (LookupError, ValueError, ArithmeticError) as error:
            raise NotASession(f"{self.path} is damaged: its records are inconsistent ({error!r})") from None


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
    """Read a session file. Raises NotASession, NewerFormat, or SessionError if it cannot be read."""
    with _opened(path) as file:
        line = file.readline(_HEADER_LIMIT)
        header = _header(path, line)
        body = file.read()
    whole = body.rfind(b"\n") + 1
    records, why = decode_records(path, header, body, whole)
    if (fault := first_invalid_record(records)) is not None:
        records, why = records[: fault.record], fault.why
    if not why:
        return Session(path, header, records, len(line) + whole, len(body) - whole)
    number, start = _line_of(body, len(records))
    return Session(path, header, records, len(line) + start, 0, f"line {number}: {why}")


def read_header(path: Path) -> Header:
    """Read only the first line of a session file. Raises the errors of `read`."""
    with _opened(path) as file:
        return _header(path, file.readline(_HEADER_LIMIT))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file; a pipe would block and cannot be appended to."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SessionError(f"{path} cannot be read: it is not a regular file")
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None


def _header(path: Path, line: bytes) -> Header:
    if not line:
        raise NotASession(f"{path} is empty: start a new run")
    try:
        found = _FORMAT.decode(line)
    except (ValueError, RecursionError):
        found = _Format("", 0)
    if found.format != FORMAT or found.version < 1 or not line.endswith(b"\n"):
        raise NotASession(
            f"{path} is not a session: its first line is not a complete header of the format {FORMAT!r}"
        )
    if found.version > VERSION:
        raise NewerFormat(
            f"{path} has version {found.version} of the session format, "
            f"this recode reads up to {VERSION}: install a newer recode"
        )
    try:
        header = _HEADER.decode(line)
        if "limits" in _GIVEN.decode(line).settings:
            return header
    except (ValueError, RecursionError) as error:
        raise NotASession(
            f"{path} is not a session: its header is damaged: {in_plain_words(error)}"
        ) from None
    settings = msgspec.structs.replace(header.settings, limits=Limits())  # not the defaults of a new run
    return msgspec.structs.replace(header, settings=settings)


def decode_records(path: Path, header: Header, body: bytes, whole: int) -> tuple[list[Record], str]:
    """The records in the first `whole` bytes up to the first invalid line, and the reason why it is invalid.

    Raises NewerFormat for an event of a later version.
    """
    records: list[Record] = []
    for start, end in _chunks(body, whole):
        try:
            records += _RECORD.decode_lines(memoryview(body)[start:end])
        except (ValueError, RecursionError):
            before = body.count(b"\n", 0, start) + 2
            return records, _decode_singly(path, header, body[start:end], before, records)
    return records, ""


def _chunks(body: bytes, whole: int) -> Iterator[tuple[int, int]]:
    """Split into chunks of whole lines, because decoding a chunk blocks other threads."""
    start = 0
    while start < whole:
        end = body.find(b"\n", min(start + _CHUNK, whole) - 1) + 1
        yield start, end
        start = end


def _decode_singly(path: Path, header: Header, chunk: bytes, first: int, records: list[Record]) -> str:
    """Append the records of a chunk, which starts at line `first`, up to an invalid line. Returns the reason.

    Raises NewerFormat for an event of a later version.
    """
    for number, line in enumerate(chunk.split(b"\n"), first):
        try:
            if line.strip():
                records.append(_RECORD.decode(line))
        except (ValueError, RecursionError) as error:
            if unknown := _unknown_event(line):
                raise NewerFormat(
                    f"{path}, line {number}: unknown event {unknown!r}, written by recode "
                    f"{header.versions.get('recode', '?')}: install that version or a newer one"
                ) from None
            return in_plain_words(error)
    return "it is not a record"


def _line_of(body: bytes, record: int) -> tuple[int, int]:
    """The line number of a record in the file and its offset in the body. Empty lines are skipped."""
    start = 0
    for number, line in enumerate(body.split(b"\n"), 2):
        if line.strip():
            if not record:
                return number, start
            record -= 1
        start += len(line) + 1
    raise LookupError(record)


def _unknown_event(line: bytes) -> str:
    """The type of an event that this version does not know; else empty."""
    try:
        kind = _ANY_RECORD.decode(line).event.type
    except (ValueError, RecursionError):
        return ""
    return "" if kind in _KNOWN_EVENTS else kind
