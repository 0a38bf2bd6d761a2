"""ALFWorld with its original engine: household tasks in text, in the scenes of ALFRED."""

from recode_core.environments.alfworld.alfworld import Alfworld

__all__ = ["Alfworld"]
