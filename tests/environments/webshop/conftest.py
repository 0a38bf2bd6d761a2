"""A small shop, made up so that every text in a test can be checked; the real data where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.environments.webshop import WebShop
from recode_core.environments.webshop.world import WebShopWorld

Act = Callable[..., WebShopWorld]
REAL = Path(__file__).parents[4] / "shared" / "data" / "webshop"


def record(asin: str, name: str, **more: object) -> dict[str, object]:
    """A product as it stands in WebShop's file, with fields that nobody reads."""
    return {
        "asin": asin,
        "name": name,
        "category": "garden",
        "query": " Garden Lamps ",
        "product_category": "Home \u203a Lighting \u203a Lamps",
        "full_description": "It shines.",
        "small_description": ["solid wood", "warm light"],
        "pricing": "$20.5",
        "customization_options": "",
        "average_rating": 4.5,
        "images": [],
    } | more


LAMP = record(
    "B000000001",
    "Oak Garden Lamp [New]",
    pricing="$10.0 - $20.0",
    customization_options={
        "Color": [{"value": "Dark Red"}, {"value": " Blue/Grey ", "price": None}],
        "Size": [{"value": "small"}, {"value": "large"}],
        "Style": None,
    },
)
MORE = [record(f"B0000001{number:02}", f"Garden Lamp number {number}") for number in range(60)]
SOAP = record("B000000002", "Lavender Soap", query="soap", product_category="Beauty \u203a Soap", pricing="")
PRODUCTS = [LAMP, LAMP, record("nan", "no product"), record("B00000000012", "no product"), *MORE, SOAP]

ATTRIBUTES = {
    "B000000001": {
        "attributes": ["solid wood"],
        "instruction": "Find me garden lamps of solid wood",
        "instruction_attributes": ["solid wood"],
    },
    "B000000002": {"attributes": []},
}
WISHES = {
    "B000000001": [
        {
            "instruction": "i want a dark red lamp of solid wood.",
            "instruction_attributes": ["solid wood"],
            "instruction_options": ["dark red"],
        },
        {"instruction": "i want a lamp", "instruction_attributes": [], "instruction_options": []},
    ]
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the small shop, which `$WEBSHOP_DATA` names."""
    made = tmp_path / "data"
    made.mkdir()
    files = {"items_shuffle": PRODUCTS, "items_ins_v2": ATTRIBUTES, "items_human_ins": WISHES}
    for name, content in files.items():
        (made / f"{name}.json").write_text(json.dumps(content))
    monkeypatch.setenv("WEBSHOP_DATA", str(made))
    return made


@pytest.fixture
def act(folder: Path) -> Act:
    """Opens the small shop and carries out actions, all of which must be possible."""

    def acted(*actions: str, task: str = "human:0") -> WebShopWorld:
        world = WebShop().open(task)
        world.reset()
        for action in actions:
            assert "Invalid action" not in world.step(action).text, action
        return world

    return acted


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> WebShop:
    """WebShop on the real products that lie beside the repository."""
    if not REAL.is_dir():
        pytest.skip("no ../shared/data/webshop: the real products are not at hand")
    monkeypatch.setenv("WEBSHOP_DATA", str(REAL))
    return WebShop()
