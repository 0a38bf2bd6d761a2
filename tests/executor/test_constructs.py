"""Every construct of docs/language.md does what it does in CPython, or is refused as the page says."""

from __future__ import annotations

import pytest

from recode_core.events import ExpansionRefused, StatementFailed
from recode_core.executor import Limits
from recode_core.testing import ROOT, MakeRun
from tests.executor.alike import assert_acts_alike
from tests.executor.constructs import PAGE, SECTIONS, Construct, page

_ALL = [construct for rows in SECTIONS.values() for construct in rows]


@pytest.mark.parametrize("construct", [one for one in _ALL if not one.refusal], ids=lambda one: one.code)
def test_what_works_does_what_it_does_in_cpython(construct: Construct) -> None:
    assert_acts_alike(construct.code)


@pytest.mark.parametrize("construct", [one for one in _ALL if one.refusal], ids=lambda one: one.code)
def test_what_is_refused_says_so_before_anything_acts(construct: Construct, make_run: MakeRun) -> None:
    run = make_run({ROOT: construct.code}, limits=Limits(repairs=0, rewrites=0))
    run.to_end()
    told = [event.rule for event in run.events(ExpansionRefused)]
    told += [event.failure.message for event in run.events(StatementFailed)]
    assert any(text.startswith(construct.refusal) for text in told), told
    assert run.actions == []


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_an_action_whose_text_has_a_format_that_its_value_lacks_is_a_type_error(make_run: MakeRun) -> None:
    run = make_run({ROOT: "place = ['desk']\nrun(f'go to {place:>9}')"}, limits=Limits(repairs=0))
    run.to_end()
    assert run.events(StatementFailed)[0].failure.type == "TypeError"
    assert run.actions == []
