"""Confirmation of calls that cost money: the price first and large, its estimate behind a key."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Digits, OptionList, Static

from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.format import NO_COST, counted, estimated_dollars
from recode_tui.debug.dialogs.confirm import QuestionOption, QuestionScreen
from recode_tui.text import plain

_UNKNOWN = "price unknown"


class PriceScreen(QuestionScreen[bool]):
    """Return whether to make the calls. `question` says what they are for; No has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,d", "explain", "how it is estimated")]
    DEFAULT_CSS = """
    PriceScreen {
        #price { width: auto; text-style: bold; color: $accent; }
        #counts { margin-bottom: 1; }
        #basis { margin-top: 1; color: $quiet; display: none; }
        #basis.-shown { display: block; }
        #key { margin-top: 1; color: $quiet; }
    }
    """

    def __init__(self, question: str, estimate: CostEstimate) -> None:
        super().__init__(question, (QuestionOption("n", "No", False), QuestionOption("y", "Yes, ask", True)))
        self.estimate = estimate

    def compose_body(self) -> ComposeResult:
        cost = self.estimate.cost_usd
        if cost is None:
            yield Static(_UNKNOWN, id="price", markup=False)
            yield Static(_counts_text(self.estimate), id="counts", markup=False)
        else:
            yield Digits(estimated_dollars(cost), id="price")
            yield Static(estimate_text(self.estimate), id="counts", markup=False)
        yield Static(plain(self.question), id="question", markup=False)
        yield OptionList(
            *(Content.assemble((f" {option.key} ", "$accent bold"), option.label) for option in self.options)
        )
        yield Static("? how this is estimated", id="key", markup=False)
        yield Static(plain(self.estimate.basis), id="basis", markup=False)

    def action_explain(self) -> None:
        self.query_one("#basis").toggle_class("-shown")


def estimate_text(estimate: CostEstimate) -> str:
    """An estimate on one line: the price with its range if calls differed in price, calls and tokens."""
    return f"{_price_text(estimate)} · {_counts_text(estimate)}"


def _price_text(estimate: CostEstimate) -> str:
    """The price of an estimate, with its range if calls differed in price."""
    if estimate.cost_usd is None:
        return _UNKNOWN
    if estimate.is_free:
        return NO_COST
    least, most = estimate.least_usd, estimate.most_usd
    about = f"about {estimated_dollars(estimate.cost_usd)}"
    if least is None or most is None or least == most:
        return about
    return f"{about}, from {estimated_dollars(least)} to {estimated_dollars(most)}"


def _counts_text(estimate: CostEstimate) -> str:
    """The calls and tokens of an estimate."""
    tokens = "tokens unknown" if estimate.tokens is None else counted(estimate.tokens, "token")
    return f"{counted(estimate.calls, 'call')} · {tokens}"
