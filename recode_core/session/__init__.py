"""The session file: a header line, then one record per line. It is the source of truth about a run."""

from recode_core.session.header import AppliedProtocol, Header, Settings, new_header, new_id
from recode_core.session.reading import Session, read
from recode_core.session.writing import Writer

__all__ = ["AppliedProtocol", "Header", "Session", "Settings", "Writer", "new_header", "new_id", "read"]
