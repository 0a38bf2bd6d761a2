"""Parse generated code into statements with exact ranges, and tell placeholders from code before it runs."""

from recode_core.statements.functions import FUNCTIONS_GIVEN
from recode_core.statements.model import (
    ActionStatement,
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
    "ActionStatement",
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
