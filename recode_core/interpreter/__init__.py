"""The sandbox that generated code runs in: one session is the one namespace of an episode."""

from recode_core.interpreter.host import EvaluationFailed, NotSaved
from recode_core.interpreter.interpreter import Interpreter
from recode_core.interpreter.sessions import SandboxLimits
from recode_core.interpreter.turn import Called, Finished, Image, Raised, Turn

__all__ = [
    "Called",
    "EvaluationFailed",
    "Finished",
    "Image",
    "Interpreter",
    "NotSaved",
    "Raised",
    "SandboxLimits",
    "Turn",
]
