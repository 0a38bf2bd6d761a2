"""Every code block of the documentation runs, or says why it does not."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recode_core.config import ConfigFile
from recode_core.policies.openai.profile import profiles
from recode_tui.cli.app import command_named
from recode_tui.config import checked
from tests.docs.blocks import Block, Command, blocks, commands
from tests.docs.tables import pages
from tests.policies.openai.endpoint import Endpoint, says, serving
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
RUN = ("python", "console", "toml")
SHOWN = ("text", "json", "")
"""Languages of blocks that show something, such as a diagram or a file."""
NOT_RUN = 13
"""How many blocks of the documentation are not run. Do not raise it without need."""

ALL = [block for page in pages() for block in blocks(page)]


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command `recode`, whether it is installed or not."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "recode"
    script.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "from recode_tui.cli import main; main()" "$@"\n'
    )
    script.chmod(0o755)
    return folder


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A model on this machine, which solves the household task `put:7` without a placeholder."""
    actions = "go to sidetable 1", "take cd 2 from sidetable 1", "go to shelf 2", "move cd 2 to shelf 2"
    code = "\n".join(f"run('{action}')" for action in actions)
    with serving() as server:
        server.responses = [says(f"<think>\nIt is there.\n</think>\n<execute>\n{code}\n</execute>")]
        yield server


@pytest.fixture
def environment(
    tools: Path, endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The variables of the blocks, whose files and folders are the test's own."""
    given = {
        "PATH": f"{tools}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "OPENAI_BASE_URL": endpoint.url,
        "OPENAI_API_KEY": "sk-test",
        **{name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")},
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return os.environ | given


def test_the_readme_can_be_read_in_some_minutes() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 200


@pytest.mark.parametrize("page", [*pages(), README], ids=lambda page: page.name)
def test_a_page_runs_from_top_to_bottom(
    page: Path, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.reason:
            continue
        match block.language:
            case "console":
                for command in commands(block):
                    check(command, str(block), environment)
            case "python":
                exec(compile(block.code, str(block), "exec", dont_inherit=True), names)
            case "toml":
                read_toml(block, tmp_path / "XDG_CONFIG_HOME" / "recode" / "config.toml")


def check(command: Command, where: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-c", command.text],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    expected = 1 if "# exits with 1" in command.text else 0
    assert done.returncode == expected, f"{where}: {command.text}\n{done.stdout}"
    assert command.prints(done.stdout), f"{where}: {command.text}\n{done.stdout}"


def read_toml(block: Block, config: Path) -> None:
    found = tomllib.loads(block.code)
    if "profiles" in found:
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(block.code, "utf-8")
        assert found["profiles"].keys() <= profiles().keys()
    elif "keys" in found:
        assert checked(ConfigFile(config, block.code, found)).problems == ()
    else:
        assert found["project"]["entry-points"].keys() <= {"recode.environments", "recode.policies"}


@pytest.mark.parametrize("block", [*ALL, *blocks(README)], ids=str)
def test_every_command_has_options_that_there_are(block: Block) -> None:
    """Also those of blocks that are not run."""
    if block.language not in ("sh", "console"):
        return
    if block.page.name == "reproducing-the-paper.md":  # its loops are run by tests/cli/test_reproducing.py
        return
    texts = [one.text for one in commands(block)] if block.language == "console" else block.code.splitlines()
    for text in texts:
        found = re.match(r"\s*(?:\.venv/bin/)?recode (\w+)(.*)", text.partition("\n")[0])
        if found is None or "|" in text:
            continue
        command: Any = command_named(found[1])
        arguments = shlex.split(found[2], comments=True)
        if hasattr(command, "commands"):
            command = command.commands[arguments.pop(0)]
        arguments = arguments[: next((n for n, one in enumerate(arguments) if one in (">", "<", "<<")), None)]
        context = command.context_class(command, info_name=found[1])
        command.make_parser(context).parse_args(arguments)


def test_a_block_that_is_not_run_says_why() -> None:
    silent = [str(one) for one in ALL if one.language not in (*RUN, *SHOWN) and not (one.reason or one.mark)]
    assert silent == []


def test_few_blocks_are_not_run() -> None:
    reasons = Counter(one.reason for one in ALL if one.reason)
    assert sum(reasons.values()) == NOT_RUN, reasons
