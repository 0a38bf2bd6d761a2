"""Ids of sessions."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


def new_id() -> str:
    """A new session id; ids sort by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
