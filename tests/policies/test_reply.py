from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recode_core.policies.reply import ParsedReply, ReplyRefused, parse_reply


def _is_untagged(line: str) -> bool:
    return not re.search("</?(think|execute)|```", line, re.IGNORECASE)


def _is_block(lines: list[str]) -> bool:
    return bool(lines[0].strip() and lines[-1].strip()) and lines[0][0] not in " \t"


WORDS = st.sampled_from(
    ["<", "</", "<think", "execute>", "`", "    ", "\t", "run('look')", "x = 1", "# why", "é"]
)
LINES = st.one_of(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])),
    st.lists(WORDS).map("".join),
).filter(_is_untagged)
THOUGHTS = st.lists(LINES).map("\n".join).map(str.strip)
CODE = st.lists(LINES, min_size=1).filter(_is_block).map("\n".join)


@pytest.mark.slow
@given(THOUGHTS, CODE)
def test_any_thought_and_code_survive_the_canonical_form(thought: str, code: str) -> None:
    reply = ParsedReply(thought, code)
    assert parse_reply(str(reply)) == reply


@pytest.mark.slow
@given(THOUGHTS, CODE)
def test_windows_line_ends_change_nothing(thought: str, code: str) -> None:
    reply = ParsedReply(thought, code)
    assert parse_reply(str(reply).replace("\n", "\r\n")) == reply


@given(st.text())
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        assert parse_reply(text).code.strip()
    except ReplyRefused as refused:
        assert "<execute>" in str(refused)


@pytest.mark.parametrize(
    ("text", "thought", "code"),
    [
        ("<THINK>why</THINK><Execute>run('look')</EXECUTE>", "why", "run('look')"),
        (
            "Sure!\n<think>why</think>\nHere:\n<execute>run('look')</execute>\nDone.",
            "why",
            "run('look')",
        ),
        ("<think>why</think><execute>\n```python\nrun('look')\n```\n</execute>", "why", "run('look')"),
        ("<think>why</think>\n```py\nrun('look')\n```", "why", "run('look')"),
        ("I look first.\n```\nrun('look')\n```\nThat is all.", "I look first.", "run('look')"),
        ("```text\nnot this\n```\n```python\nrun('look')\n```", "", "run('look')"),
        ("<execute>run('look')</execute>", "", "run('look')"),
        ("I look.\n<execute>run('look')</execute>", "I look.", "run('look')"),
        ("<think>why\n<execute>run('look')</execute>", "why", "run('look')"),
        ("why</think>\n<execute>run('look')</execute>", "why", "run('look')"),
        ("<think>why</think>\nrun('look')", "why", "run('look')"),
        ("run('look')", "", "run('look')"),
        ("<think>in <execute> tags</think><execute>a = 1</execute>", "in <execute> tags", "a = 1"),
        ("<execute>a = 1</execute><think>now b</think><execute>b = 2</execute>", "now b", "b = 2"),
        ("<think>why</think><execute>a = 1<execute>b = 2</execute>", "why", "b = 2"),
        ("Maybe <execute>a = 1</execute>\nNo.\n<execute>b = 2</execute>", "No.", "b = 2"),
        ("```py\na = 1\n```\nand\n```py\nb = 2\n```", "", "a = 1\n\nb = 2"),
        ("<execute>a = 1</execute><think>afterwards</think>", "", "a = 1"),
        ("<execute>\n\n    if x:\n        f()\n\n    g()\n</execute>", "", "if x:\n    f()\n\ng()"),
        ("<execute>if x:\n    f()</execute>", "", "if x:\n    f()"),
        ("<execute>\n```\na = 1\n```\nand\n```\nb = 2\n```\n</execute>", "", "a = 1\n\nb = 2"),
    ],
)
def test_code_is_found_in_what_models_really_write(text: str, thought: str, code: str) -> None:
    assert parse_reply(text) == ParsedReply(thought, code)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("I cannot do that.", "holds no code, it begins 'I cannot do that.'"),
        ("Sure", "holds no code"),
        ("<think>why</think>", "holds no code"),
        ("<think>I wonder", "ends within its thought"),
        ("<think>why</think><execute>\n\n</execute>", "code is empty"),
        ("<think>why</think>\n```python\n```", "code is empty"),
    ],
)
def test_a_reply_without_code_is_refused_with_what_is_expected(text: str, reason: str) -> None:
    with pytest.raises(ReplyRefused, match="<execute>the code</execute>") as refused:
        parse_reply(text)
    assert reason in str(refused.value)


def test_lines_keep_their_trailing_spaces_and_inner_blank_lines() -> None:
    code = 'text = """a  \n\n   \nb"""  \nrun(text)'
    assert parse_reply(f"<execute>\n{code}\n</execute>").code == code


def test_a_string_that_reaches_the_margin_keeps_the_block_as_it_is() -> None:
    code = '    text = """a\nb"""\n    run(text)'
    assert parse_reply(f"<execute>\n{code}\n</execute>").code == code
