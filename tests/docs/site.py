"""Builds the documentation site into build/site; a warning is an error.

The pages link to pictures in screenshots/, which is outside of docs/. The site is built from a copy of docs/
that contains the pictures the pages use. A missing picture is an error, which the builder would not notice.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPY = ROOT / "build" / "docs"
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_SCREENSHOTS = "../screenshots/"


def pictures(page: Path) -> Iterator[str]:
    """The links to pictures of a page."""
    yield from _PICTURE.findall(page.read_text("utf-8"))


def copy_pages() -> None:
    """Copy docs/ with the pictures that it uses."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(ROOT / "docs", COPY)
    (COPY / "screenshots").mkdir()
    for page in COPY.glob("*.md"):
        for link in pictures(page):
            if link.startswith(_SCREENSHOTS):
                shutil.copy(ROOT / "docs" / link, COPY / "screenshots")
        text = page.read_text("utf-8")
        page.write_text(text.replace(f"({_SCREENSHOTS}", "(screenshots/"), "utf-8")


def main() -> int:
    """Build the site. Returns the exit code."""
    copy_pages()
    shutil.rmtree(ROOT / "build" / "site", ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
