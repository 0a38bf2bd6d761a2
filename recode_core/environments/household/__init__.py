"""The embedded environment, which needs nothing to be installed."""

from __future__ import annotations

from recode_core.environments.household.household import Household

__all__ = ["Household"]
