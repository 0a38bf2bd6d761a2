"""ScienceWorld: elementary-school experiments in text, simulated by a Java program."""

from recode_core.environments.scienceworld.scienceworld import ScienceWorld

__all__ = ["ScienceWorld"]
