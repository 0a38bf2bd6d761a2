"""The order in which the expert searches a room: the usual places of each kind of object."""

from __future__ import annotations

_FOOD = "apple bread egg lettuce potato tomato"
_DISHES = "bowl cup glassbottle mug plate winebottle"
_COOKWARE = "kettle pan pot"
_CUTLERY = "butterknife fork knife ladle spatula spoon"
_SHAKERS = "peppershaker saltshaker"
_WASHING = "candle cloth dishsponge handtowel soapbar soapbottle spraybottle toiletpaper towel"

_PRIORS = {
    _FOOD: "countertop fridge diningtable sinkbasin garbagecan sidetable microwave",
    _DISHES: "countertop diningtable sinkbasin coffeemachine desk shelf sidetable fridge microwave",
    _COOKWARE: "stoveburner countertop diningtable sinkbasin shelf sidetable fridge cabinet",
    _CUTLERY: "countertop diningtable sinkbasin sidetable drawer",
    _SHAKERS: "countertop diningtable shelf sidetable cabinet drawer",
    _WASHING: "countertop toilet sinkbasin bathtubbasin shelf cart handtowelholder towelholder garbagecan",
}
_DEFAULT = (
    "desk sidetable bed dresser coffeetable sofa armchair shelf diningtable countertop tvstand ottoman "
    "toilet cart garbagecan"
)


def likely_places(obj: str) -> str:
    """Kinds of receptacle, separated by spaces, the most likely for `obj` first."""
    return next((places for objects, places in _PRIORS.items() if obj in objects.split()), _DEFAULT)
