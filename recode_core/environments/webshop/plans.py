"""The expert's plans: the thought and the code for each of its placeholders.

`$role` stands for an argument, `$result` for the assigned name. `$product`, `$words` and `$values` are the
expert's knowledge. Code for the expansion after a failure assumes nothing about the page: it searches again.
"""

from __future__ import annotations

import msgspec

from recode_core.policies.reply import ParsedReply


class ShoppingPlan(msgspec.Struct, frozen=True):
    """The expansions of a placeholder, at first and after a failure; `roles` are its parameters."""

    roles: tuple[str, ...]
    first: ParsedReply
    again: ParsedReply


_AIM = (
    "I know this shop and what this task wants: the product $product{with_options}. "
    "I search for it, open it{choose} and buy it."
)
_AGAIN = "That failed. From any page I can search, so I go the way to $product once more. "

_SEARCH = """\
$result = run(f'search[{$keywords}]')
while f'[{$product_ID}]' not in $result:
    assert '\\nPage 5 ' not in $result, f'no {$product_ID} among the first 50 for {$keywords}'
    $result = run('click[Next >]')
"""

_OPEN = """\
$result = run(f'click[{$product_ID}]')
assert 'Price: ' in $result, $result
"""

_CHOOSE = """\
for option in $options:
    $result = run(f'click[{option}]')
    assert f'You have clicked {option}.' in $result, $result
"""

_BUY = """\
$result = run('click[Buy Now]')
assert 'Your score' in $result, $result
"""

_KNOWN = """\
product_ID = $product
keywords = $words
"""

_FOUND = f"""\
{_KNOWN}\
results = search_products(keywords, product_ID)
"""


def solution(has_options: bool) -> ShoppingPlan:
    """The plan of a whole task."""
    steps = f"{_FOUND}page = open_product(product_ID, results)\n"
    if has_options:
        steps += "options = $values\npage = choose_options(options, page)\n"
    aim = _AIM.format(
        with_options=" with $values" if has_options else "",
        choose=", choose its options" if has_options else "",
    )
    code = f"{steps}score = buy_product(product_ID, page)"
    return ShoppingPlan(
        ("instruction", "observation"), ParsedReply(aim, code), ParsedReply(_AGAIN + aim, code)
    )


def plans(has_options: bool) -> dict[str, ShoppingPlan]:
    """The plans of the placeholders inside a solution."""
    to_product = f"{_FOUND}page = open_product(product_ID, results)\n"
    to_till = to_product + (
        "options = $values\npage = choose_options(options, page)\n" if has_options else ""
    )
    search = ParsedReply("I search, and turn the pages until $product is listed.", _SEARCH)
    return {
        "search_products": ShoppingPlan(("keywords", "product_ID"), search, search),
        "open_product": ShoppingPlan(
            ("product_ID", "results"),
            ParsedReply("$product is listed, so one click opens it.", _OPEN),
            ParsedReply(_AGAIN, _FOUND + _OPEN),
        ),
        "choose_options": ShoppingPlan(
            ("options", "page"),
            ParsedReply("I click each wanted option; the page then says that it is clicked.", _CHOOSE),
            ParsedReply(_AGAIN, to_product + _CHOOSE),
        ),
        "buy_product": ShoppingPlan(
            ("product_ID", "page"),
            ParsedReply("The product and its options are those that the task wants, so I buy it.", _BUY),
            ParsedReply(_AGAIN, to_till + _BUY),
        ),
    }
