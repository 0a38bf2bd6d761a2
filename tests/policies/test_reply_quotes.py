"""Tags and fences that a reply only talks about: in a thought, or in a string of its code."""

from __future__ import annotations

import pytest

from recode_core.policies.reply import ParsedReply, ReplyRefused, parse_reply

QUOTED = "<execute>run('wrong')</execute>"
FENCED = "```python\nrun('wrong')\n```"
RIGHT = "<execute>run('right')</execute>"


@pytest.mark.parametrize(
    "thought",
    [
        f"I should answer as in {QUOTED}.",
        f"I should answer as in {QUOTED}, or {QUOTED}.",
        f"Answer with\n{FENCED}\nas an example.",
        "Code goes into <execute> and nowhere else, that's the form.",
        "Code goes into <execute>, and I don't close it with </execute> before it's done.",
        "Never write </execute> first.",
        "One: </think> and no more.",
        f"It's 'quoted' here: {QUOTED}",
    ],
)
@pytest.mark.parametrize("opening", ["<think>", "", "<think>\n"])
def test_code_in_a_thought_is_not_run_though_its_opening_tag_may_be_missing(
    opening: str, thought: str
) -> None:
    reply = parse_reply(f"{opening}{thought}\n</think>\n\n{RIGHT}")
    assert reply.code == "run('right')"


def test_the_thought_is_the_one_before_the_code() -> None:
    canonical = "<think>\nI know.\n</think>\n<execute>\nrun('right')\n</execute>"
    text = f"I should answer as in {QUOTED}.\n</think>\n\n{canonical}"
    assert parse_reply(text) == ParsedReply("I know.", "run('right')")
    assert parse_reply(f"The <execute> tag.</think>{RIGHT}").thought == "The <execute> tag."


@pytest.mark.parametrize(
    "answer",
    [
        "```python\nrun('right')\n```",
        "Here:\n```\nrun('right')\n```\nDone.",
        "run('right')",
    ],
)
@pytest.mark.parametrize("quoted", [QUOTED, FENCED])
def test_code_after_a_thought_needs_no_tag(quoted: str, answer: str) -> None:
    assert parse_reply(f"As in\n{quoted}\n</think>\n{answer}").code == "run('right')"
    assert parse_reply(f"<think>As in\n{quoted}\n</think>\n{answer}").code == "run('right')"


@pytest.mark.parametrize(
    "text",
    [
        f"<think>As in {QUOTED}</think>",
        f"As in {QUOTED}</think>",
        f"<think>As in\n{FENCED}\n</think>",
        f"As in\n{FENCED}\n</think>\nI cannot do that.",
        f"<think>As in\n{FENCED}\n",
        f"<think>I wonder whether {QUOTED} is the form, or",
        f"The form is '{QUOTED}', in \"{QUOTED}\" too.",
        f"{RIGHT}<think>That was wrong, because",
    ],
)
def test_a_reply_with_code_in_its_thought_only_is_refused(text: str) -> None:
    with pytest.raises(ReplyRefused):
        parse_reply(text)


@pytest.mark.parametrize(
    "code",
    [
        f'note = "write {QUOTED}"\nrun(note)',
        'note = "</execute>"\nrun(note)',
        "note = f'{x}</think>'\nrun(note)",
        f"note = '''\n{FENCED}\n'''\nrun(note)",
        f'note = r"""\n{FENCED}\n{QUOTED}\n"""\nrun(note)',
        "note = 'it\\'s </execute> here'\nrun(note)",
        "x = 'a\\\nb</execute>'\nrun(x)",
    ],
)
@pytest.mark.parametrize("around", ["<execute>\n{}\n</execute>", "Here:\n```python\n{}\n```\nDone.", "{}"])
def test_tags_and_fences_in_strings_are_text(around: str, code: str) -> None:
    assert parse_reply(around.format(code)).code == code


def test_tags_in_a_comment_of_a_block_are_text() -> None:
    code = "# don't write </execute> or <execute> here, it's a tag\nrun('right')"
    assert parse_reply(f"<execute>\n{code}\n</execute>").code == code


def test_a_block_may_end_on_the_line_of_a_comment() -> None:
    assert parse_reply("<execute>run('look')  # don't ask</execute>").code == "run('look')  # don't ask"


def test_a_block_that_is_closed_twice_is_refused_where_code_may_be_lost() -> None:
    with pytest.raises(ReplyRefused, match="closes no <execute>"):
        parse_reply("<execute>\nrun('a')\n# </execute>\nrun('b')\n</execute>")
    assert parse_reply("<execute>run('a')</execute>\n</execute>").code == "run('a')"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<execute>take Bob's mug</execute>", "take Bob's mug"),
        ("<execute>run('it's here')</execute>", "run('it's here')"),
        ("<execute>x = '''open\nrun(x)</execute>", "x = '''open\nrun(x)"),
        ("I'll look. <execute>run('look')</execute>", "run('look')"),
        ("The boys' mug: <execute>run('look')</execute>", "run('look')"),
        ('A 6" pan: <execute>run("look")</execute>', 'run("look")'),
        ("<thinking>why</thinking><execute>run('look')</execute>", "run('look')"),
        ("````python\nx = 1\n```\nrun('look')\n````", "x = 1\n```\nrun('look')"),
        ("<execute>\n```python\nrun('look')\n</execute>", "run('look')"),
        ("```xml\n<think>why</think>\n<execute>run('look')</execute>\n```", "run('look')"),
    ],
)
def test_apostrophes_and_unclosed_strings_hide_no_tag(text: str, code: str) -> None:
    assert parse_reply(text).code == code
