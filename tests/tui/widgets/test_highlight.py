"""Highlighted code has the characters of the code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recode_tui.widgets.highlight import python


def test_highlighting_keeps_every_character_in_its_place() -> None:
    code = "\n\nfor x in y:\n\tz = f'go {x}'  # [b]\n\n"
    assert [line.plain for line in python(code)] == code.split("\n")


def test_imports_are_faint_and_other_lines_are_not() -> None:
    code = "import re\nfrom a import b\nimport c; x = f()\ns = '''\nimport d'''\ny = important(2)"
    faint = [any(span.style == "$faint" for span in line.spans) for line in python(code)]
    assert faint == [True, True, False, False, False, False]
    assert [line.plain for line in python(code)] == code.split("\n")


@given(st.text(st.sampled_from("ab(=:'\"\\#\n\t [)@$€\x0c\x1b\r\u2028"), max_size=60))
def test_broken_code_is_highlighted_line_by_line_as_well(code: str) -> None:
    lines = python(code)
    assert len(lines) == code.count("\n") + 1
    assert [len(line.plain) for line in lines] == [len(line) for line in code.split("\n")]
