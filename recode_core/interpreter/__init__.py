"""The sandbox that generated code runs in: one session is the one namespace of an episode."""

from recode_core.interpreter.interpreter import (
    Called,
    EvaluationFailed,
    Finished,
    Image,
    Interpreter,
    Raised,
    Turn,
)
from recode_core.interpreter.sessions import SandboxLimits

__all__ = [
    "Called",
    "EvaluationFailed",
    "Finished",
    "Image",
    "Interpreter",
    "Raised",
    "SandboxLimits",
    "Turn",
]
