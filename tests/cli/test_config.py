"""`recode config` opens the file, prints it, and tells what is wrong in it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Recode = Callable[..., CompletedProcess[str]]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's file is, which does not exist yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "true")
    return tmp_path / "config" / "recode" / "config.toml"


def test_a_missing_file_is_created_with_comments_and_opened(
    recode: Recode, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "sed -i 's/^# bell = false/bell = 3/'")
    done = recode("config")
    assert f"created {file}" in done.stderr
    text = file.read_text()
    assert "# theme = " in text and tomllib.loads(text)["bell"] == 3
    assert done.returncode == 2
    assert "config.toml, line" in done.stderr and "bell is true or false, not 3" in done.stderr


def test_an_existing_file_is_kept(recode: Recode, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("bell = true\n")
    done = recode("config")
    assert (done.returncode, done.stdout) == (0, f"{file}: nothing is wrong\n")
    assert file.read_text() == "bell = true\n"


def test_its_path_and_all_settings_are_printed(recode: Recode, file: Path) -> None:
    assert recode("config", "--path").stdout == f"{file}\n"
    file.parent.mkdir(parents=True)
    file.write_text('bell = true\n[keys]\nstep = "u"\n')
    printed = recode("config", "--print").stdout
    assert tomllib.loads(printed) == {"bell": True, "layout": {}, "keys": {"step": "u"}}
    assert '\n# next = ["n", "f10"]  # to the next statement' in printed


def test_a_check_tells_everything_that_is_wrong(recode: Recode, file: Path) -> None:
    assert "does not exist: the defaults hold" in recode("config", "--check").stdout
    file.parent.mkdir(parents=True)
    file.write_text('bell = 1\n[keys]\nstep = "n"\n[profiles.a]\nbase_url = 3\n')
    done = recode("config", "--check")
    assert done.returncode == 2
    for line in ("line 1: bell is", "line 3: 'n' cannot be the key of step", "line 5: `base_url` must be"):
        assert f"{file}, {line}" in done.stderr
    file.write_text("bell = ")
    assert recode("config", "--check").stderr.count("is not TOML") == 1


def test_without_an_editor_nothing_is_created(
    recode: Recode, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "")
    done = recode("config")
    assert (done.returncode, "no editor is set" in done.stderr, file.exists()) == (2, True, False)


def test_one_option_at_a_time(recode: Recode, file: Path) -> None:
    assert "give one of them" in recode("config", "--path", "--check").stderr
