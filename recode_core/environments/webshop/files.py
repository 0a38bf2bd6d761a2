"""WebShop's data files, in the folder that `$WEBSHOP_DATA` names."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from recode_core.errors import EnvironmentUnavailable

VARIABLE = "WEBSHOP_DATA"
_GET = (
    "WebShop's setup.sh (github.com/princeton-nlp/WebShop) downloads items_shuffle.json, items_ins_v2.json "
    "and items_human_ins.json, or with -d small those of 1,000 products; "
    f"set {VARIABLE} to the folder they are in"
)

Signature = tuple[tuple[str, int, int], ...]
"""(path, size in bytes, modification time in ns) of each file, so that it changes when a file does."""


class DataFiles(msgspec.Struct, frozen=True):
    """The paths of the products, of their attributes, and of the instructions that people wrote."""

    products: Path
    attributes: Path
    instructions: Path

    @property
    def signature(self) -> Signature:
        """The current signature of the files. Raises OSError."""
        files = (self.products, self.attributes, self.instructions)
        return tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)


def data_files() -> DataFiles:
    """The files; of several sets the full one. Raises EnvironmentUnavailable with the missing file."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        raise EnvironmentUnavailable(f"webshop needs WebShop's data, and {VARIABLE} is not set: {_GET}")
    folder = Path(named).expanduser().absolute()
    if not folder.is_dir():
        raise EnvironmentUnavailable(
            f"webshop finds no folder {str(folder)!r}, which {VARIABLE} names: {_GET}"
        )
    products = min(
        folder.glob("items_shuffle*.json"), key=lambda path: (len(path.name), path.name), default=None
    )
    if products is None:
        raise _missing(folder, "items_shuffle*.json")
    size = products.stem.removeprefix("items_shuffle")
    attributes = [path for path in folder.glob("items_ins*.json") if _is_of_size(path, size)]
    if not attributes:
        raise _missing(folder, f"items_ins_v2{size}.json, which belongs to {products.name}")
    instructions = folder / "items_human_ins.json"
    if not instructions.is_file():
        raise _missing(folder, instructions.name)
    return DataFiles(products, max(attributes), instructions)


def damaged(path: Path, why: str) -> EnvironmentUnavailable:
    """The error for a file with invalid content."""
    return EnvironmentUnavailable(f"{path} is damaged ({why}): get it again; {_GET}")


def unreadable(path: Path, error: OSError) -> EnvironmentUnavailable:
    """The error for a file that can't be read."""
    return EnvironmentUnavailable(f"{path} cannot be read ({error.strerror}): {_GET}")


def _is_of_size(path: Path, size: str) -> bool:
    return re.fullmatch(rf"items_ins(_v\d+)?{re.escape(size)}", path.stem) is not None


def _missing(folder: Path, file: str) -> EnvironmentUnavailable:
    return EnvironmentUnavailable(f"webshop finds no {file} in {str(folder)!r}: {_GET}")
