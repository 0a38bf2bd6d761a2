"""The built-in environment, which needs no further packages or data."""

from __future__ import annotations

from recode_core.environments.household.household import Household

__all__ = ["Household"]
