"""The timeline of a branch and its moments, which all views, queries and exports read."""

from recode_core.timeline.moment import Moment
from recode_core.timeline.stops import START, Stop, StopKind
from recode_core.timeline.timeline import Timeline

__all__ = ["START", "Moment", "Stop", "StopKind", "Timeline"]
