"""Parse the text of an expansion into a `Program`, before any of it runs."""

from __future__ import annotations

import ast
from bisect import bisect_right

from recode_core.source import Edit, Source
from recode_core.statements.first_edition import first_edition_edits
from recode_core.statements.functions import check_functions, defines_function, global_names
from recode_core.statements.generators import new_name
from recode_core.statements.keywords import keyword_literals
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
)
from recode_core.statements.names import (
    BUILTINS,
    TOOLS,
    bound_names,
    is_pure,
    may_mutate,
    mentioned_names,
    unbound_names,
)
from recode_core.statements.rewrites import Rewritten, rewrite
from recode_core.statements.rules import (
    LAST_EDITION_WITHOUT_IDIOMS,
    RuleBroken,
    UndefinedCall,
    check_block,
    check_rules,
    undefined_calls,
)
from recode_core.statements.syntax_traits import (
    binds_all,
    deleted_names,
    has_jump,
    in_name_error_handling,
    is_action,
    position_of,
    targets_of,
)
from recode_core.statements.syntax_tree import check_length, check_size, tree_of
from recode_core.statements.unavailable import check_available, run_in_map
from recode_core.values import Span

Names = frozenset[str] | None

EDITION = 4
"""The current edition of the language and of the wording of requests; a session keeps its own.

In the first edition, generator expressions were lists and `del` set a name to None. In the second, no agent
could define functions, modules had to be imported, `global` was refused, and requests showed each variable on
one line, without the types of its elements. In the third, methods could not be used as values, every value
accepted any format spec, and only the sandbox's own modules could be imported.
"""


def parse(
    code: str, defined: Names = frozenset(), edition: int = EDITION, functions: Names = None
) -> Program:
    """Parse an expansion. `defined` are the names of the namespace that it will run in.

    If `defined` is None there are no placeholders: a call of an undefined name fails at run time. `edition`
    is that of the session. With `functions`, the names of the namespace, the code may define functions.

    Raises RuleBroken.
    """
    if edition > 1:
        check_length(code)
    source = Source(code.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        tree = tree_of(source.text)
        if edition > 1:
            check_size(tree)
        allowed = frozenset() if functions is None else check_functions(tree, source.text)
        if edition > 2:
            allowed |= {id(node) for node in ast.walk(tree) if isinstance(node, ast.Global)}
        if edition > LAST_EDITION_WITHOUT_IDIOMS:
            allowed |= frozenset(run_in_map(tree, set(defined or functions or ())))
        check_rules(tree, edition, allowed)
        if edition > LAST_EDITION_WITHOUT_IDIOMS:
            check_available(tree, set(defined or functions or ()))
        return _Parser(source, tree, defined, edition, functions).program(tree)
    except RuleBroken as broken:
        if broken.column:  # in bytes, as in `ast`
            broken.column = source.position(source.offset(broken.line, broken.column))[1]
        raise
    except SyntaxError as error:
        column = max(0, (error.offset or 1) - 1)
        raise RuleBroken(error.lineno or 0, f"syntax error: {error.msg}", column) from None
    except (RecursionError, MemoryError):
        raise RuleBroken(0, "the code is nested too deeply; split it") from None


class _Parser:
    """Walks over the statements in order and keeps track of the defined names."""

    def __init__(
        self, source: Source, tree: ast.Module, defined: Names, edition: int, functions: Names
    ) -> None:
        self.source = source
        self.edition = edition
        self.has_placeholders = defined is not None
        self.has_functions = functions is not None
        self.defined = set(defined or functions or ())
        self.taken = set(bound_names(tree)) | self.defined
        self.shadowed = frozenset(self.taken)
        self.numbers: dict[str, int] = {}
        self.index = 0
        self.orders = 0

    def program(self, tree: ast.Module) -> Program:
        block: list[Statement] = []
        tops: list[Statement] = []
        for self.index, node in enumerate(tree.body):
            self.orders = 0
            statements = self.statement(node, top=True)
            block += statements
            tops.append(statements[-1])
        return Program(self.source, tuple(block), tuple(tops))

    def block(self, body: list[ast.stmt]) -> Block:
        return tuple(statement for node in body for statement in self.statement(node, top=False))

    def statement(self, node: ast.stmt, top: bool) -> list[Statement]:
        match node:
            case ast.If():
                return self.branch(node)
            case ast.For():
                return self.loop_over(node)
            case ast.While():
                return [self.loop_while(node)]
            case ast.Break():
                return [Jump(self.span(node), self.index, "break")]
            case ast.Continue():
                return [Jump(self.span(node), self.index, "continue")]
            case _:
                return [self.code(node, top)]

    def branch(self, node: ast.If) -> list[Statement]:
        prelude, test = self.expression(node.test)
        body, orelse = self.block(node.body), self.block(node.orelse)
        return [*prelude, If(self.span(node), self.index, test, body, orelse)]

    def loop_over(self, node: ast.For) -> list[Statement]:
        self.refuse_placeholders(node.target, "in the target of a loop")
        prelude, iterable = self.expression(node.iter)
        start, end = self.source.extent(node.target)
        binds = tuple(bound_names(node.target))
        self.defined.update(binds)
        body, orelse = self.block(node.body), self.block(node.orelse)
        target = self.source.text[start:end]
        return [*prelude, For(self.span(node), self.index, target, binds, iterable, body, orelse)]

    def loop_while(self, node: ast.While) -> While:
        prelude, test = self.expression(node.test)
        body, orelse = self.block(node.body), self.block(node.orelse)
        return While(self.span(node), self.index, prelude, test, body, orelse)

    def code(self, node: ast.stmt, top: bool) -> Code:
        compound = isinstance(node, ast.Try | ast.With | ast.Match)
        if compound:
            if self.edition == 1:
                check_block(node)
            self.refuse_placeholders(node, f"inside `{type(node).__name__.lower()}`")
        calls = [] if compound else self.calls(node)
        start, end = self.source.extent(node)
        binds = tuple(dict.fromkeys(bound_names(node)))
        deletes = deleted_names(node) if self.edition == 1 else tuple(dict.fromkeys(unbound_names(node)))
        self.defined.update(binds)
        if self.edition == 1:
            self.defined.difference_update(deletes)
        base_variable = new_name() if self.has_functions and defines_function(node) else ""
        edits, definitions = self.rewritten(node, base_variable)
        mutates = may_mutate(node) or any(isinstance(n, ast.Delete) for n in ast.walk(node))
        return Code(
            span=self.span(node),
            text=self.source.text[start:end],
            fed=self.source.rewritten(start, end, edits, definitions),
            index=self.index,
            order=None if top or not calls else self.next_order(),
            calls=tuple(call.name for call in calls),
            mentions=tuple(name for name in mentioned_names(node) if name not in BUILTINS),
            targets=targets_of(node),
            binds=binds,
            deletes=deletes,
            certain=binds_all(node),
            mutates=mutates,
            jumps=compound and has_jump(node),
            inert=isinstance(node, ast.Pass | ast.Global),
            action=self.action(node),
            base_variable=base_variable,
            declares=global_names(node) if base_variable else (),
            may_call=mutates and self.has_functions,
            keywords=self.keywords(calls),
        )

    def keywords(self, calls: list[UndefinedCall]) -> tuple[tuple[str, str], ...]:
        return keyword_literals(call.node for call in calls) if self.edition > 2 else ()

    def action(self, node: ast.stmt) -> ActionStatement | None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=call):
                target: str | None = name
            case ast.Expr(value=call):
                target = None
            case _:
                return None
        match call:
            case ast.Call(func=ast.Name(id=tool), args=[argument], keywords=[]) if tool in TOOLS:
                if not is_pure(argument) or (
                    self.edition > LAST_EDITION_WITHOUT_IDIOMS and self.rewritten(argument).edits
                ):
                    return None
                return ActionStatement(
                    self.span(call), self.source.rewritten(*self.source.extent(argument)), target
                )
        return None

    def expression(self, node: ast.expr) -> tuple[Block, Expression]:
        """A test or an iterable, and the placeholders that were moved out of it."""
        calls = self.calls(node)
        taken = [self.taken_out(call) for call in calls]
        self.check_order(node, calls)
        replaced = [edit for _, edit in taken]
        rewritten, definitions = self.rewritten(node)
        start, end = self.source.extent(node)
        binds = tuple(dict.fromkeys(bound_names(node)))
        self.defined.update(binds)
        fed = self.source.rewritten(
            start,
            end,
            _merge_edits(rewritten, replaced, self.edition > LAST_EDITION_WITHOUT_IDIOMS),
            definitions,
        )
        pure = is_pure(node) and not binds and not taken
        mentions, mutates = mentioned_names(node), may_mutate(node)
        may_call = mutates and self.has_functions
        expression = Expression(self.span(node), fed, mentions, binds, mutates, pure, may_call)
        return tuple(code for code, _ in taken), expression

    def rewritten(self, node: ast.AST, base_variable: str = "") -> Rewritten:
        if self.edition == 1:
            return Rewritten(first_edition_edits(node, self.source), None)
        return rewrite(node, self.source, self.shadowed, self.edition, base_variable, self.has_functions)

    def check_order(self, node: ast.expr, calls: list[UndefinedCall]) -> None:
        """Raise RuleBroken for a placeholder that would be moved before an action that precedes it."""
        if not calls:
            return
        actions = [position_of(part) for part in ast.walk(node) if is_action(part)]
        for call in calls:
            if actions and min(actions) < position_of(call.node):
                raise RuleBroken(
                    call.node.lineno,
                    f"`{call.name}(…)` comes after an action in one expression: "
                    "put the action on a line before",
                    call.node.col_offset,
                )

    def taken_out(self, call: UndefinedCall) -> tuple[Code, Edit]:
        """The assignment for a placeholder that is moved out of an expression, and the edit in its place."""
        name = self.free_name(f"{call.name}_result")
        start, end = self.source.extent(call.node)
        self.defined.add(name)
        edits, definitions = self.rewritten(call.node)
        code = Code(
            span=self.span(call.node),
            text=f"{name} = {self.source.text[start:end]}",
            fed=self.source.rewritten(start, end, [Edit(start, start, f"{name} = "), *edits], definitions),
            index=self.index,
            order=self.next_order(),
            calls=(call.name,),
            keywords=self.keywords([call]),
            mentions=tuple(n for n in mentioned_names(call.node) if n not in BUILTINS),
            targets=(name,),
            binds=(name,),
            mutates=True,
        )
        return code, Edit(start, end, name)

    def calls(self, node: ast.AST) -> list[UndefinedCall]:
        calls = self.undefined(node)
        for call in calls:
            if call.refusal:
                rule = f"`{call.name}(…)`: {call.refusal}"
                raise RuleBroken(call.node.lineno, rule, call.node.col_offset)
        return calls

    def undefined(self, node: ast.AST) -> list[UndefinedCall]:
        return undefined_calls(node, self.defined) if self.has_placeholders else []

    def refuse_placeholders(self, node: ast.AST, where: str) -> None:
        excused = in_name_error_handling(node) if self.edition > 1 else set[int]()
        for call in self.undefined(node):
            if id(call.node) in excused:
                continue
            raise RuleBroken(
                call.node.lineno,
                f"`{call.name}(…)` is not defined, and a placeholder is not allowed {where}: put it before",
                call.node.col_offset,
            )

    def span(self, node: ast.expr | ast.stmt) -> Span:
        return self.source.span(*self.source.extent(node))

    def next_order(self) -> int:
        self.orders += 1
        return self.orders - 1

    def free_name(self, preferred: str) -> str:
        name, number = preferred, self.numbers.get(preferred, 2)
        while name in self.taken:
            name, number = f"{preferred}_{number}", number + 1
        self.numbers[preferred] = number
        self.taken.add(name)
        return name


def _merge_edits(edits: list[Edit], replaced: list[Edit], has_borders: bool) -> list[Edit]:
    """The `edits` outside of the `replaced` ranges, and the `replaced` edits.

    With `has_borders`, an insertion at the border of a range is outside of it.
    """
    starts = sorted(replaced)
    kept = []
    for edit in edits:
        before = bisect_right(starts, edit.start, key=lambda other: other.start) - 1
        around = starts[before] if before >= 0 else None
        at_border = around and edit.start == edit.end and edit.start in (around.start, around.end)
        if around is None or edit.end > around.end or (has_borders and at_border):
            kept.append(edit)
    return [*kept, *replaced]
