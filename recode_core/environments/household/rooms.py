"""The possible contents of generated rooms, modelled on the rooms and affordances of ALFWorld's scenes."""

from __future__ import annotations

from typing import Literal

from recode_core.environments.household.scene import Trait

Size = Literal["small", "medium", "large"]
SIZES: tuple[Size, ...] = ("small", "medium", "large")

FURNITURE: dict[str, dict[str, tuple[int, int, int]]] = {
    "kitchen": {
        "cabinet": (3, 6, 13),
        "coffeemachine": (1, 1, 1),
        "countertop": (1, 2, 3),
        "diningtable": (0, 1, 1),
        "drawer": (2, 5, 9),
        "fridge": (1, 1, 1),
        "garbagecan": (1, 1, 1),
        "microwave": (1, 1, 1),
        "shelf": (0, 1, 3),
        "sidetable": (0, 0, 1),
        "sinkbasin": (1, 1, 1),
        "stoveburner": (1, 2, 4),
        "toaster": (0, 1, 1),
    },
    "bathroom": {
        "bathtubbasin": (0, 1, 1),
        "cabinet": (2, 4, 10),
        "cart": (0, 0, 1),
        "countertop": (1, 1, 2),
        "drawer": (0, 3, 9),
        "garbagecan": (1, 1, 1),
        "handtowelholder": (1, 1, 2),
        "laundryhamper": (0, 1, 1),
        "shelf": (1, 2, 6),
        "sinkbasin": (1, 1, 2),
        "toilet": (1, 1, 1),
        "toiletpaperhanger": (1, 1, 1),
        "towelholder": (1, 1, 2),
    },
    "bedroom": {
        "armchair": (0, 1, 2),
        "bed": (1, 1, 1),
        "desk": (1, 1, 2),
        "drawer": (3, 6, 14),
        "dresser": (0, 1, 2),
        "garbagecan": (1, 1, 1),
        "laundryhamper": (0, 1, 1),
        "safe": (0, 1, 1),
        "shelf": (1, 3, 9),
        "sidetable": (1, 2, 4),
        "sofa": (0, 0, 1),
    },
    "livingroom": {
        "armchair": (1, 2, 4),
        "cabinet": (0, 2, 8),
        "coffeetable": (1, 1, 2),
        "desk": (0, 1, 1),
        "diningtable": (0, 1, 1),
        "drawer": (2, 4, 10),
        "dresser": (0, 1, 1),
        "garbagecan": (1, 1, 1),
        "ottoman": (0, 0, 1),
        "safe": (0, 0, 1),
        "shelf": (1, 2, 5),
        "sidetable": (1, 1, 3),
        "sofa": (1, 1, 1),
        "tvstand": (1, 1, 1),
    },
}
"""The number of receptacles of each kind in a room: small, medium, large."""

ITEM_COUNTS: dict[Size, int] = {"small": 12, "medium": 26, "large": 52}

OPENABLE = frozenset({"cabinet", "drawer", "fridge", "microwave", "safe"})

LAMP = "desklamp"
LAMP_STANDS = ("desk", "dresser", "sidetable", "shelf", "coffeetable")

_PRODUCE = "apple egg lettuce potato tomato"
_VESSELS = "bowl cup mug plate"
_COOKWARE = "kettle pan pot"
_CUTLERY = "butterknife fork knife spatula spoon"
_BOTTLES = "glassbottle winebottle"
_SHAKERS = "peppershaker saltshaker"
_TABLEWARE = f"{_VESSELS} {_CUTLERY} {_SHAKERS}"
_WASHING = "cloth handtowel soapbar soapbottle spraybottle toiletpaper"
_POCKET = "cd cellphone creditcard keychain pen pencil watch"
_READING = "book laptop newspaper remotecontrol"
_ORNAMENTS = "alarmclock box candle statue tissuebox vase"
_SEATED = "book box cellphone creditcard keychain laptop newspaper pillow remotecontrol"


def _split(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(kinds.split()) for key, kinds in table.items()}


HELD_BY = _split(
    {
        "armchair": _SEATED,
        "bathtubbasin": "cloth dishsponge handtowel soapbar",
        "bed": "baseballbat basketball book cellphone laptop pillow teddybear tennisracket",
        "cabinet": f"{_VESSELS} {_COOKWARE} {_BOTTLES} {_SHAKERS} {_WASHING} book candle dishsponge vase",
        "cart": f"{_WASHING} candle plunger statue tissuebox vase",
        "coffeemachine": "mug",
        "coffeetable": f"{_POCKET} {_READING} {_ORNAMENTS} bowl mug plate",
        "countertop": f"{_PRODUCE} {_TABLEWARE} {_COOKWARE} {_BOTTLES} {_WASHING} bread candle dishsponge",
        "desk": f"{_POCKET} {_READING} {_ORNAMENTS} basketball bowl mug tennisracket",
        "diningtable": f"{_PRODUCE} {_TABLEWARE} {_READING} bread pan pot vase",
        "drawer": f"{_CUTLERY} {_POCKET} {_SHAKERS} {_WASHING} book candle dishsponge newspaper tissuebox",
        "dresser": f"{_POCKET} {_READING} {_ORNAMENTS} basketball bowl mug spraybottle tennisracket",
        "fridge": f"{_PRODUCE} {_VESSELS} {_BOTTLES} bread pan pot",
        "garbagecan": f"{_PRODUCE} {_WASHING} bread cd dishsponge newspaper pen pencil tissuebox",
        "handtowelholder": "handtowel",
        "laundryhamper": "cloth",
        "microwave": f"{_VESSELS} apple bread egg potato tomato",
        "ottoman": _SEATED,
        "safe": "cd cellphone creditcard keychain statue watch",
        "shelf": f"{_VESSELS} {_BOTTLES} {_SHAKERS} {_POCKET} {_ORNAMENTS} {_WASHING} book kettle newspaper",
        "sidetable": f"{_PRODUCE} {_TABLEWARE} {_POCKET} {_READING} {_ORNAMENTS} bread soapbottle",
        "sinkbasin": f"{_PRODUCE} {_VESSELS} {_COOKWARE} {_CUTLERY} cloth dishsponge handtowel soapbar",
        "sofa": _SEATED,
        "stoveburner": _COOKWARE,
        "toaster": "",
        "toilet": f"{_WASHING} candle newspaper tissuebox",
        "toiletpaperhanger": "toiletpaper",
        "towelholder": "towel",
        "tvstand": f"{_READING} {_ORNAMENTS} cellphone creditcard keychain",
    }
)
"""The kinds of item that each kind of receptacle accepts."""

FOUND_IN = _split(
    {
        "kitchen": f"{_PRODUCE} {_TABLEWARE} {_COOKWARE} {_BOTTLES} book bread dishsponge soapbottle vase",
        "bathroom": f"{_WASHING} candle dishsponge newspaper plunger tissuebox towel",
        "bedroom": f"{_POCKET} {_READING} {_ORNAMENTS} basketball bowl mug pillow teddybear tennisracket",
        "livingroom": f"{_POCKET} {_READING} {_ORNAMENTS} bowl pillow plate",
    }
)
"""The kinds of item in each room."""

_KINDS_WITH: dict[Trait, str] = {
    "heatable": "apple bread cup egg mug plate potato tomato",
    "coolable": f"{_PRODUCE} {_VESSELS} bread pan pot winebottle",
    "cleanable": f"{_PRODUCE} {_VESSELS} {_COOKWARE} {_CUTLERY} cloth dishsponge soapbar",
    "sliceable": f"{_PRODUCE} bread",
    "toggleable": LAMP,
    "container": f"{_VESSELS} box pan pot",
}


def traits(kind: str) -> frozenset[Trait]:
    """The traits of an item of the kind."""
    special = {trait for trait, kinds in _KINDS_WITH.items() if kind in kinds.split()}
    return frozenset(special if kind == LAMP else special | {"pickupable"})
