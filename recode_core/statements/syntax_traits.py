"""Properties of a statement or an expression that its syntax tree shows."""

from __future__ import annotations

import ast

from recode_core.statements.names import TOOLS, bound_names


def position_of(node: ast.AST) -> tuple[int, int]:
    """The start of an expression, for comparison with others."""
    assert isinstance(node, ast.expr)
    return node.lineno, node.col_offset


def is_action(node: ast.AST) -> bool:
    """Whether a node is a call of a tool."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TOOLS


def is_text(node: ast.expr) -> bool:
    """Whether an expression is a string literal."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def in_name_error_handling(node: ast.AST) -> set[int]:
    """The calls, by identity, in `try` blocks that catch NameError: they may call undefined names."""
    found = set[int]()
    for part in ast.walk(node):
        if isinstance(part, ast.Try) and any(map(_catches_name_error, part.handlers)):
            found.update(id(n) for child in part.body for n in ast.walk(child) if isinstance(n, ast.Call))
    return found


def _catches_name_error(handler: ast.ExceptHandler) -> bool:
    names = ast.walk(handler.type) if handler.type else iter(())
    return any(isinstance(name, ast.Name) and name.id == "NameError" for name in names)


def targets_of(node: ast.stmt) -> tuple[str, ...]:
    """The plain names that the expansion of a placeholder must bind."""
    if isinstance(node, ast.Assign):
        return tuple(name for target in node.targets for name in bound_names(target))
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return tuple(bound_names(node.target))
    return ()


def binds_all(node: ast.stmt) -> bool:
    """Whether a statement binds all names that it can bind, unless it fails."""
    if any(isinstance(part, ast.NamedExpr) for part in ast.walk(node)):
        return False
    if isinstance(node, ast.AnnAssign):
        return node.value is not None
    return isinstance(node, ast.Assign | ast.AugAssign | ast.Import | ast.ImportFrom | ast.Expr | ast.Assert)


def deleted_names(node: ast.stmt) -> tuple[str, ...]:
    """The names in a `del` statement (the first edition records no other deleted names)."""
    if not isinstance(node, ast.Delete):
        return ()
    return tuple(target.id for target in node.targets if isinstance(target, ast.Name))


def has_jump(node: ast.stmt) -> bool:
    """Whether a `break` or `continue` in `node` belongs to a loop around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Break | ast.Continue):
            return True
        if isinstance(child, ast.For | ast.While):
            if any(_has_jump_in(child.orelse)):
                return True
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case) and has_jump(child):  # type: ignore[arg-type]
            return True
    return False


def _has_jump_in(body: list[ast.stmt]) -> list[bool]:
    return [isinstance(node, ast.Break | ast.Continue) or has_jump(node) for node in body]


def may_extend_list(target: ast.expr, value: ast.expr) -> bool:
    """Whether `target += value` may extend a list by another kind of value, which the sandbox refuses."""
    if isinstance(value, ast.List | ast.ListComp):
        return False
    if isinstance(value, ast.Constant) and not isinstance(value.value, str | bytes):
        return False
    return all(_is_repeatable(part) for part in ast.walk(target))


def _is_repeatable(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Constant | ast.Subscript | ast.Attribute | ast.expr_context)


def binds_plain_names(target: ast.expr) -> bool:
    """Whether a target binds plain names only."""
    allowed = (ast.Name, ast.Tuple, ast.List, ast.Starred, ast.expr_context)
    return all(isinstance(part, allowed) for part in ast.walk(target))
