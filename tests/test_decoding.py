"""What is wrong with data is said in plain words, whatever the decoder calls it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest

from recode_core.decoding import in_plain_words


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: list[Annotated[str, msgspec.Meta(min_length=1)]] = []
    pair: tuple[int, int] | None = None


class Data(msgspec.Struct):
    price: Annotated[float, msgspec.Meta(ge=0, lt=1000)]
    inner: Inner = Inner()
    is_on: bool = True

    def __post_init__(self) -> None:
        if self.price == 13:
            raise ValueError("no price is 13")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"price": -0.5}', "`price` must be at least 0"),
        ('{"price": 1000}', "`price` must be below 1,000"),
        ('{"price": "1"}', "`price` must be a number, not a text"),
        ('{"price": 1e999}', "`price` is a number out of range"),
        ('{"price": 1, "is_on": 1}', "`is_on` must be true or false, not a whole number"),
        ('{"price": 1, "inner": {"names": [""]}}', "`inner.names[0]` must have at least 1 character"),
        ('{"price": 1, "inner": {"pair": [1]}}', "`inner.pair` must have 2 elements"),
        ('{"price": 1, "inner": {"pair": 1}}', "`inner.pair` must be a list or null, not a whole number"),
        ('{"price": 1, "inner": {"other": 1}}', "`inner.other` is unknown"),
        ("{}", "`price` is missing"),
        ("[]", "it must be an object, not a list"),
        ('{"price": 1', "it is cut off"),
        ("{price}", "it is not JSON: object keys must be strings (byte 1)"),
        ('{"price": 13}', "no price is 13"),
        (b'{"price": 1, "inner": {"names": ["\xff"]}}', "a text in it is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(text: str | bytes, words: str) -> None:
    with pytest.raises(ValueError) as failed:
        msgspec.json.decode(text, type=Data)
    assert in_plain_words(failed.value) == words


def test_a_rule_of_an_inner_value_is_told_with_its_place() -> None:
    class Outer(msgspec.Struct):
        data: Data

    broken: dict[str, Any] = {"data": {"price": 13}}
    with pytest.raises(msgspec.ValidationError) as failed:
        msgspec.convert(broken, Outer)
    assert in_plain_words(failed.value) == "no price is 13 (in `data`)"
