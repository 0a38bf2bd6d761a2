"""ALFWorld, the real engine: household tasks in text, on the scenes of ALFRED."""

from recode_core.environments.alfworld.alfworld import Alfworld

__all__ = ["Alfworld"]
