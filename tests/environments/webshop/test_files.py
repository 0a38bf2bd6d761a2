from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from recode_core.environments.webshop import WebShop, catalogue
from recode_core.environments.webshop.catalogue import Places, scan
from recode_core.environments.webshop.files import data_files
from recode_core.errors import EnvironmentUnavailable
from recode_core.extras import install_command


def why(shop: WebShop) -> str:
    """Why a task can't be opened."""
    with pytest.raises(EnvironmentUnavailable) as caught:
        shop.open("human:0")
    return str(caught.value)


def test_nothing_is_missing_where_packages_and_data_are(folder: Path) -> None:
    assert WebShop().missing() == ""


def test_without_a_folder_it_is_said_what_to_get_and_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBSHOP_DATA", raising=False)
    said = why(WebShop())
    assert "WEBSHOP_DATA is not set: WebShop's setup.sh" in said
    assert said == WebShop().missing()


def test_a_folder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WEBSHOP_DATA", str(tmp_path / "nowhere"))
    assert "finds no folder" in why(WebShop()) and "nowhere" in why(WebShop())


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("items_shuffle.json", "finds no items_shuffle*.json in"),
        ("items_ins_v2.json", "finds no items_ins_v2.json, which belongs to items_shuffle.json in"),
        ("items_human_ins.json", "finds no items_human_ins.json in"),
    ],
)
def test_a_file_that_is_missing_is_named(folder: Path, file: str, said: str) -> None:
    (folder / file).unlink()
    assert said in why(WebShop())
    assert said in WebShop().missing()


@pytest.mark.parametrize(
    "package", [("bm25s", "bm25s"), ("Stemmer", "PyStemmer"), ("rapidfuzz", "rapidfuzz")]
)
def test_a_package_that_is_missing_is_named(
    folder: Path, package: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = package
    for loaded in [loaded for loaded in sys.modules if loaded.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(
        "recode_core.environments.webshop.webshop.find_spec", lambda name: name != module or None
    )
    assert why(WebShop()) == f"webshop needs {name}, which is not installed: {install_command('webshop')}"


def test_of_two_sets_the_whole_one_is_taken_with_what_belongs_to_it(folder: Path) -> None:
    for name in ("items_shuffle_1000.json", "items_ins_v2_1000.json"):
        (folder / name).write_text("[]")
    assert (data_files().products.name, data_files().attributes.name) == (
        "items_shuffle.json",
        "items_ins_v2.json",
    )
    (folder / "items_shuffle.json").unlink()
    assert data_files().attributes.name == "items_ins_v2_1000.json"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>Quota exceeded</html>", "is damaged (it is not a list of products)"),
        ("", "is damaged (it is not a list of products)"),
        ("[]", "is damaged (it holds no product)"),
        ('[{"asin": "B1", "name": "cut o', "is damaged (after byte 1: Unterminated string"),
        ('[{"asin": "B1"}]', "is damaged (product 1: `name` is missing"),
        (
            '[{"asin": "B1", "name": "cup", "category": "", "query": "", "product_category": "", '
            '"pricing": "$1.2.3"}]',
            "is damaged (product 1: pricing '$1.2.3' is not a price",
        ),
        ("[7]", "is damaged (product 1: it must be an object, not a whole number"),
        ("[\udcff]", "is damaged (product 1: a text in it is not UTF-8"),
    ],
)
def test_damaged_products_are_told(folder: Path, text: str, said: str) -> None:
    (folder / "items_shuffle.json").write_text(text, errors="surrogateescape")
    assert said in why(WebShop())


def test_a_file_that_was_cut_is_told_wherever_it_was(folder: Path) -> None:
    file = folder / "items_shuffle.json"
    whole = file.read_bytes()
    for size in (len(whole) - 1, len(whole) - 2, 700, 250):
        file.write_bytes(whole[:size])
        os.utime(file, ns=(size, size))
        assert "items_shuffle.json is damaged (" in why(WebShop())


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("items_ins_v2.json", '{"B1": [1', "items_ins_v2.json is damaged (it is cut off"),
        ("items_ins_v2.json", "[]", "items_ins_v2.json is damaged (it must be an object, not a list"),
        (
            "items_human_ins.json",
            '{"B1": [{}]}',
            "items_human_ins.json is damaged (`",
        ),
    ],
)
def test_what_is_said_of_products_may_be_damaged_too(folder: Path, file: str, text: str, said: str) -> None:
    (folder / file).write_text(text)
    assert said in why(WebShop())


def test_attributes_of_the_wrong_form_are_told_with_the_product(folder: Path) -> None:
    (folder / "items_ins_v2.json").write_text('{"B000000001": {"attributes": 7}}')
    with pytest.raises(
        EnvironmentUnavailable, match=r"is damaged \(B000000001: `.*` must be a list, not a whole number"
    ):
        list(WebShop().tasks())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(folder: Path) -> None:
    (folder / "items_shuffle.json").chmod(0)
    assert "items_shuffle.json cannot be read (Permission denied)" in why(WebShop())


def test_a_file_that_has_changed_since_it_was_opened_is_told(folder: Path) -> None:
    world = WebShop().open("human:0")
    world.reset()
    (folder / "items_shuffle.json").write_text("[]" * 10_000)
    with pytest.raises(EnvironmentUnavailable, match="has changed since it was opened"):
        world.step("search[number 7]")
    assert "is damaged" in why(WebShop())


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 20])
def test_products_are_found_wherever_the_file_is_cut_in_reading(
    folder: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "items_shuffle.json"
    records = [{**json.loads(file.read_text())[0], "asin": f"B{n}", "name": "Lämp ›" * n} for n in range(4)]
    file.write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")
    monkeypatch.setattr(catalogue, "_CHUNK", chunk)
    places = Places()
    products = list(scan(file, places))
    shop = catalogue.Catalogue(file, places)
    assert [product.title for product in products] == ["Lämp ›" * n for n in range(4)]
    assert [shop[product.asin] for product in products] == products


def test_a_list_that_is_one_great_damage_is_not_read_to_its_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_CHUNK", 100)
    monkeypatch.setattr(catalogue, "_LARGEST", 1000)
    (folder / "items_shuffle.json").write_text('["' + "x" * 5000)
    with pytest.raises(EnvironmentUnavailable, match="after byte 1: Unterminated string"):
        list(scan(folder / "items_shuffle.json", Places()))
