"""The sandbox that generated code runs in. An episode has one session, with one namespace."""

from recode_core.interpreter.feed_result import Called, FeedResult, Finished, Image, Raised
from recode_core.interpreter.host import EvaluationFailed, NotSaved
from recode_core.interpreter.interpreter import Interpreter
from recode_core.interpreter.sessions import SandboxLimits

__all__ = [
    "Called",
    "EvaluationFailed",
    "FeedResult",
    "Finished",
    "Image",
    "Interpreter",
    "NotSaved",
    "Raised",
    "SandboxLimits",
]
