"""An expert that solves households from what it is shown, as an agent has to."""

from __future__ import annotations

from recode_core.environments.household.expert.policy import HouseholdExpert

__all__ = ["HouseholdExpert"]
