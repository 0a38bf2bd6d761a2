"""Generated code, parsed once: statements with exact ranges, told apart before anything runs."""

from recode_core.statements.functions import FUNCTIONS_GIVEN
from recode_core.statements.model import (
    Act,
    Block,
    Code,
    Expression,
    For,
    If,
    Jump,
    Program,
    Statement,
    While,
    statement_kind,
)
from recode_core.statements.parse import EDITION, Names, parse
from recode_core.statements.rules import RuleBroken

__all__ = [
    "EDITION",
    "FUNCTIONS_GIVEN",
    "Act",
    "Block",
    "Code",
    "Expression",
    "For",
    "If",
    "Jump",
    "Names",
    "Program",
    "RuleBroken",
    "Statement",
    "While",
    "parse",
    "statement_kind",
]
