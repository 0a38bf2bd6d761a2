"""Replies that end before their code does, and replies that are long."""

from __future__ import annotations

import contextlib

import pytest

from recode_core.policies.reply import ReplyRefused, parse_reply

SIZE = 100_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<think>why</think><execute>run('look')", "ends inside its code, without </execute>"),
        ("<think>why</think><execute>run('look')\n</exec", "ends inside its code, without </execute>"),
        ("<execute>", "ends inside its code, without </execute>"),
        ("<execute>a = 1</execute>\nThen\n<execute>b = 2", "ends inside its code, without </execute>"),
        ("<think>why</think>\n```python\nrun('look')\n", "ends inside its code, without a closing ```"),
        ("```\nrun('look')", "ends inside its code, without a closing ```"),
        ("```\na = 1\n```\n```\nb = 2", "ends inside its code, without a closing ```"),
        ("<think>why\nI think that", "ends within its thought"),
        ("<think>why</think>\n<think>but", "ends within its thought"),
        ("run('look')\n</execute>", "closes no <execute>"),
    ],
)
def test_a_reply_that_is_cut_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ReplyRefused) as refused:
        parse_reply(text)
    assert reason in str(refused.value)


@pytest.mark.parametrize("at", range(1, 60))
def test_no_beginning_of_a_reply_is_run(at: int) -> None:
    whole = "<think>\nI'd go.\n</think>\n<execute>\nrun('go')\nrun(\"x\")\n</execute>"
    with pytest.raises(ReplyRefused):
        parse_reply(whole[:-at])


@pytest.mark.parametrize(
    "piece",
    [
        *(" ", "\n", "`", "```\n", "```python\nx\n```\n", "<", "#", "'", '"', "\\", "\\'", "''' ", "f("),
        *("<execute>", "</execute>", "<think>", "</think>", "<execute>x</execute>", "<think>a</think>"),
        *("'</think>", "<execute>'''", "#</a ", "<execute   ", "x", ") ", "' \" "),
    ],
)
@pytest.mark.parametrize("before", ["", "<execute>"])
def test_reading_takes_time_proportional_to_the_length(before: str, piece: str) -> None:
    text = before + piece * (SIZE // len(piece))
    with contextlib.suppress(ReplyRefused):
        parse_reply(text)
