"""The products of the shop. Their file may be larger than memory, so each is read on demand."""

from __future__ import annotations

import codecs
import json
import re
from array import array
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.environments.webshop.files import damaged, unreadable
from recode_core.environments.webshop.product import Product, product_of

_CHUNK = 1 << 22  # bytes read at once
_LARGEST = 1 << 26  # characters of a record; a longer one means a damaged file
_BEGIN = re.compile(r"[^\s,]")


class Places(msgspec.Struct):
    """Each product's ASIN, first byte, length in bytes and number of option combinations, in file order."""

    asins: list[str] = []
    starts: array[int] = msgspec.field(default_factory=lambda: array("q"))
    lengths: array[int] = msgspec.field(default_factory=lambda: array("q"))
    combinations: array[int] = msgspec.field(default_factory=lambda: array("q"))


class Catalogue:
    """Products by their ASIN."""

    def __init__(self, path: Path, places: Places) -> None:
        self.places = places
        self._path = path
        self._numbers = {asin: number for number, asin in enumerate(places.asins)}
        self._at = lru_cache(maxsize=4096)(self._read)

    def __contains__(self, asin: str) -> bool:
        return asin in self._numbers

    def __getitem__(self, asin: str) -> Product:
        return self.at(self._numbers[asin])

    def at(self, number: int) -> Product:
        """The product of that number, from 0. Raises EnvironmentUnavailable if the file has changed."""
        return self._at(number)

    def _read(self, number: int) -> Product:
        try:
            with self._path.open("rb") as file:
                file.seek(self.places.starts[number])
                read = product_of(json.loads(file.read(self.places.lengths[number])))
        except OSError as error:
            raise unreadable(self._path, error) from error
        except (ValueError, msgspec.ValidationError):
            read = None
        if read is None or read.asin != self.places.asins[number]:
            raise damaged(self._path, "it has changed since it was opened")
        return read


def scan(path: Path, places: Places) -> Iterator[Product]:
    """Iterate over the products, each ASIN once, and add them to `places`. Raises EnvironmentUnavailable."""
    known: set[str] = set()
    try:
        with path.open("rb") as file:
            for record, start, length in _records(path, file):
                product = product_of(record)
                if product is None or product.asin in known:
                    continue
                known.add(product.asin)
                places.asins.append(product.asin)
                places.starts.append(start)
                places.lengths.append(length)
                places.combinations.append(product.combinations)
                yield product
    except OSError as error:
        raise unreadable(path, error) from error
    except (UnicodeDecodeError, msgspec.ValidationError) as error:
        raise damaged(path, f"product {len(places.asins) + 1:,}: {in_plain_words(error)}") from error
    if not places.asins:
        raise damaged(path, "it holds no product")


def _records(path: Path, file: BinaryIO) -> Iterator[tuple[object, int, int]]:
    """Iterate over the elements of a JSON array: (value, first byte, length in bytes)."""
    raw_decode = json.JSONDecoder().raw_decode
    decode = codecs.getincrementaldecoder("utf-8")().decode
    if file.read(1) != b"[":
        raise damaged(path, "it is not a list of products")
    text, offset, is_last = "", 1, False
    while not is_last:
        chunk = file.read(_CHUNK)
        is_last = not chunk
        text, at = text + decode(chunk, is_last), 0
        while match := _BEGIN.search(text, at):
            begin = match.start()
            if match[0] == "]":
                return
            try:
                record, end = raw_decode(text, begin)
            except json.JSONDecodeError as error:
                if is_last or len(text) - begin > _LARGEST:
                    raise damaged(path, f"after byte {offset:,}: {error.msg}") from error
                break
            start = offset + len(text[at:begin].encode())
            length = len(text[begin:end].encode())
            offset = start + length
            yield record, start, length
            at = end
        text = text[at:]
    raise damaged(path, f"it ends at byte {offset:,}, inside the list")
