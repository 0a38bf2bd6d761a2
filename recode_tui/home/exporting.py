"""Exports of sessions that are chosen on the home screen: a file for each, or one of training data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core.errors import RecodeError

if TYPE_CHECKING:
    from recode_core.session import Session

FORMATS = ("html", "json", "graphml", "sft")


def export(paths: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """Write sessions into a folder, and return the files. Raises RecodeError; no file is overwritten."""
    from recode_core.export import sft
    from recode_core.files import write_new
    from recode_core.session import read

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecodeError(f"{folder} cannot be created: {error.strerror}") from None
    if to == "sft":
        out = folder / "training-data.jsonl"
        sft.write(paths, out)
        return [out]
    targets = [folder / f"{path.stem}.{to}" for path in paths]
    if len(set(targets)) < len(targets):
        targets = [folder / f"{path.parent.name}-{path.stem}.{to}" for path in paths]
    if there := next((target for target in targets if target.exists()), None):
        raise RecodeError(f"{there} exists and is never overwritten: name another folder")
    for path, target in zip(paths, targets, strict=True):
        write_new(target, _text(read(path), to))
    return targets


def _text(session: Session, to: str) -> str:
    from recode_core import graph
    from recode_core.export.page import page

    if to == "html":
        return page(session)
    with session.integrity_errors():
        return graph.FORMATS[to](graph.to_graph(session.log()))
