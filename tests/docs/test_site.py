"""The pages, as far as they can be checked without building the site."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.docs.site import ROOT, pictures
from tests.docs.tables import FOLDER, REGION, TABLES, filled, pages

PAGES = pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)


def navigation() -> list[str]:
    config = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))
    flat: list[str] = []
    for entry in config["project"]["nav"]:
        flat += [entry] if isinstance(entry, str) else [page for part in entry.values() for page in part]
    return flat


@PAGES
def test_the_tables_of_a_page_are_up_to_date(page: Path) -> None:
    assert page.read_text("utf-8") == filled(page.read_text("utf-8")), "run `make docs`"


def test_every_table_is_in_a_page() -> None:
    used = {found[2] for page in pages() for found in REGION.finditer(page.read_text("utf-8"))}
    assert used == TABLES.keys()


@PAGES
def test_a_table_begins_and_ends(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.count("<!-- table: ") == text.count("<!-- end -->") == len(REGION.findall(text))


@PAGES
def test_the_pictures_of_a_page_exist(page: Path) -> None:
    if not (ROOT / "screenshots").exists():
        pytest.skip("screenshots/ is not here: this is no checkout")
    assert [link for link in pictures(page) if not (FOLDER / link).exists()] == []


@pytest.mark.parametrize("picture", sorted(FOLDER.glob("pictures/*.svg")), ids=lambda picture: picture.name)
def test_a_picture_needs_no_network_and_is_used(picture: Path) -> None:
    ElementTree.parse(picture)
    assert "http" not in picture.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert any(f"pictures/{picture.name}" in pictures(page) for page in pages())


def test_every_page_is_in_the_navigation() -> None:
    if not (ROOT / "zensical.toml").exists():
        pytest.skip("zensical.toml is not here: this is no checkout")
    assert sorted(navigation()) == [page.name for page in pages()]


@PAGES
def test_links_lead_to_pages(page: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+\.md)", page.read_text("utf-8"))
    assert [link for link in links if not (FOLDER / link).exists()] == []
