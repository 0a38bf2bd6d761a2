"""A folder of prompts: our layout, the published one, and what is wrong with a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.environments.household.guide import GUIDE
from recode_core.errors import RecodeError
from recode_core.policies.prompts import bundled, load, rules_for, system_text
from recode_core.policies.prompts.export import export
from recode_core.policies.prompts.folder import LARGEST

EXAMPLE = """[Input]
The current function to expand is:
solve(instruction, observation)
The variables you can use is:
- instruction (str): put a spoon in drawer.

[Output]
<think>
A spoon must be found before it can be put anywhere.
</think>

<execute>
spoon = fetch_spoon(observation)
put_away(spoon)
</execute>
"""
"""An example of ours, laid out as the published ones are."""


def _write(folder: Path, **texts: str) -> Path:
    """Files by their paths, in which `__` stands for a slash."""
    for name, text in texts.items():
        *places, file = name.split("__")
        path = folder.joinpath(*places, f"{file}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _published(folder: Path) -> Path:
    """A folder as the published repository has it, with files of our own."""
    for kind in ("put", "puttwo"):
        path = folder / "fewshots" / "alfworld" / f"{kind}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(EXAMPLE.replace("spoon", kind), "utf-8")
    for name, file in (("fewshots", "base.txt"), ("prompts", "actions.txt")):
        path = folder / name / "sciworld" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{file} of science", "utf-8")
    (folder / "prompts" / "default_new.py").write_text("EXPAND_PROMPT = ''", "utf-8")
    return folder


def test_a_part_that_a_folder_has_takes_the_place_of_ours(tmp_path: Path) -> None:
    found = load(_write(tmp_path / "mine", household__actions="- jump"), "household", "recode")
    assert (found.name, found.actions, found.rules) == ("mine", "- jump", rules_for("recode"))
    assert found.sources["actions"] == "household/actions.md"
    assert found.sources["rules"] == "bundled"
    assert "# Actions\n- jump\n\n# Examples" in system_text(found.for_kind("put"))


def test_the_rules_of_an_environment_come_before_those_of_all(tmp_path: Path) -> None:
    folder = _write(tmp_path, rules="for all", household__rules="for households", rules_react="for turns")
    assert load(folder, "household", "recode").rules == "for households"
    assert load(folder, "scienceworld", "recode").rules == "for all"
    assert load(folder, "household", "react").rules == "for turns"


def test_examples_of_a_kind_come_before_those_of_all_kinds(tmp_path: Path) -> None:
    folder = _write(tmp_path, household__examples="any", household__examples__heat="hot")
    found = load(folder, "household", "recode")
    assert [found.for_kind(kind).examples for kind in ("heat", "cool", "")] == ["hot", "any", "any"]
    assert found.for_kind("heat").sources["examples"] == "household/examples/heat.md"
    assert found.for_kind("cool").sources["examples"] == "household/examples.md"


def test_kinds_without_examples_in_the_folder_have_ours(tmp_path: Path) -> None:
    found = load(_write(tmp_path, household__examples__heat="hot"), "household", "recode")
    assert found.for_kind("heat").examples == "hot"
    assert found.for_kind("cool").examples == bundled(GUIDE, "recode").for_kind("cool").examples


def test_an_empty_file_takes_a_part_away(tmp_path: Path) -> None:
    found = load(_write(tmp_path, household__examples=""), "household", "recode")
    assert "# Examples" not in system_text(found.for_kind("put"))


def test_the_two_household_environments_share_a_folder(tmp_path: Path) -> None:
    folder = _write(tmp_path, household__actions="- jump")
    assert load(folder, "alfworld", "recode").sources["actions"] == "household/actions.md"


@pytest.mark.parametrize("environment", ["household", "alfworld"])
def test_the_published_examples_are_taken_as_they_are(tmp_path: Path, environment: str) -> None:
    found = load(_published(tmp_path), environment, "recode")
    assert found.for_kind("puttwo").examples == EXAMPLE.replace("spoon", "puttwo")
    assert found.for_kind("put").sources["examples"] == "fewshots/alfworld/put.txt"


def test_the_published_base_file_is_for_tasks_of_every_kind(tmp_path: Path) -> None:
    found = load(_published(tmp_path), "scienceworld", "recode")
    assert (found.for_kind("boil").examples, found.actions) == (
        "base.txt of science",
        "actions.txt of science",
    )


def test_the_published_examples_are_not_for_the_other_agents(tmp_path: Path) -> None:
    with pytest.raises(RecodeError, match="no prompts for household and the agent react"):
        load(_published(tmp_path), "household", "react")


def test_what_is_exported_is_our_own_set(tmp_path: Path) -> None:
    export(tmp_path / "ours")
    for agent in ("recode", "react", "codeact"):
        for environment in ("household", "scienceworld", "webshop"):
            (tmp_path / "ours" / "README.md").write_text("a note", "utf-8")
            found = load(tmp_path / "ours", environment, agent)
            assert "bundled" not in found.sources.values()
            if environment == "household":
                ours = bundled(GUIDE, agent)
                assert system_text(found.for_kind("heat")) == system_text(ours.for_kind("heat"))


def test_nothing_is_exported_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(RecodeError, match="is not empty, and files are never overwritten"):
        export(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("rule.md", b"", r"unknown file .*rule.md .* did you mean rules.md\?"),
        ("houshold", None, r"unknown folder .*houshold .* did you mean household\?"),
        ("household/example.md", b"", r"unknown file .*example.md .* did you mean examples.md\?"),
        ("household/actions.yaml", b"", "unknown file .*actions.yaml"),
        ("household/examples/warm.md", b"", r"unknown file .*warm.md .* \(available: clean.md, cool.md"),
        ("fewshots/alfworld/warm.txt", b"", "unknown file .*warm.txt"),
        ("household/examples_react/warm.md", b"", "unknown file .*warm.md"),
        ("household/actions.txt", b"", "actions.txt and actions.md are the same part"),
        ("household/rules.md", b"ab\xff", "rules.md cannot be read: byte 2 is not UTF-8 text"),
        ("household/rules.md", b"a\n\x1b[2J", r"rules.md, line 2: '\\x1b' is a control character"),
        ("household/rules.md", b"a" * (LARGEST + 1), "rules.md is too large for a prompt"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, file: str, content: bytes | None, said: str) -> None:
    folder = _write(tmp_path, household__actions="- jump")
    path = folder / file
    if content is None:
        path.mkdir()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(RecodeError, match=said):
        load(folder, "household", "recode")


def test_a_folder_that_is_none_or_holds_nothing_of_use_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecodeError, match="nowhere cannot be read: No such file"):
        load(tmp_path / "nowhere", "household", "recode")
    (tmp_path / "file").touch()
    with pytest.raises(RecodeError, match="file is not a folder of prompts"):
        load(tmp_path / "file", "household", "recode")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecodeError, match="no prompts for household and the agent codeact"):
        load(tmp_path / "empty", "household", "codeact")
    with pytest.raises(RecodeError, match="unknown agent 'planner'"):
        load(_write(tmp_path / "set", rules=""), "household", "planner")
