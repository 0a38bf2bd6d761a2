"""Long and deep expansions are read in linear time, or refused."""

from __future__ import annotations

import pytest

from recode_core.statements import RuleBroken, parse
from recode_core.statements.syntax_tree import MOST_CHARACTERS, MOST_PARTS


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    "code",
    [
        "for x in [" + ", ".join(f"f{i}()" for i in range(1000)) + "]:\n    pass",
        "for x in [" + ", ".join("f()" for _ in range(2000)) + "]:\n    pass",
        "\n".join(f"x{i} = {i}" for i in range(2500)),
        "\n".join(f"x{i} = 1; del x{i}" for i in range(1000)),
        "\n".join("while a(): pass" for _ in range(1000)),
        'x="é";' * 3000,
        "\n".join(f"y = next(x for x in z{i})" for i in range(600)),
    ],
)
def test_a_long_expansion_is_read(code: str) -> None:
    assert parse(code, frozenset({"z"})).tops


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("x = 1\n" * MOST_CHARACTERS, "characters; write at most"),
        ("x = [" + "1, " * MOST_PARTS + "]", "parts"),
        ("if a:\n    pass\n" + "".join(f"elif a{i}:\n    pass\n" for i in range(900)), "nested too deeply"),
        ("x = a" + ".b" * 15_000, "nested too deeply"),
        ("x = " + "-" * 50_000 + "1", "nested too deeply"),
        ("x = " + "(" * 5000, "too many nested"),
        ("x = " + " + ".join("a" * 5000), "nested too deeply"),
    ],
)
def test_what_is_too_long_or_too_deep_is_refused(code: str, rule: str) -> None:
    with pytest.raises(RuleBroken, match=rule):
        parse(code)


def test_what_the_first_edition_took_is_taken_however_long() -> None:
    assert len(parse("x = 1\n" * 5000, edition=1).tops) == 5000
