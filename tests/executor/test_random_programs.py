"""Random programs, out of what models write, do what they do in CPython."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator

import pytest

from tests.support.markers import first_quick


class Writer:
    """Writes a random program that CPython ends soon, out of what models write."""

    names = ("a", "b", "c", "n")

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.loops = 0

    def program(self) -> str:
        start = ["a = [1, 2, 3]", "b = 0", "c = 'x'", "n = 0"]
        return "\n".join([*start, *self.block(0, loop=False)])

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def value(self) -> str:
        name = self.pick(*self.names)
        return self.pick(
            str(self.random.randint(-2, 5)),
            name,
            f"len(str({name}))",
            "run(f'look {b}')",
            "[i * 2 for i in range(3)]",
            "sum(i for i in (1, 2, 3) if i > 1)",
            f"({name}, b)",
            "[run(f'do {i}') for i in range(2)]",
            "{'k': b, 'l': [1]}",
            "(lambda x: x + 1)(n)",
            "next(i for i in (4, 5) if i > 4)",
            f"{name} if n % 2 else b",
            "b and 1 or 'z'",
            "(n := n + 1)",
            "a[0]",
            "f'{c}-{n!s:>3}'",
            "'x' * 3",
            "1 // (n - 1)",
            "{}['missing']",
        )

    def test(self) -> str:
        return self.pick(
            "n % 2 == 0",
            "b",
            "'obs' in run('test')",
            "not a",
            "len(str(a)) > 6 and n < 4",
            "(n := n + 1) < 3",
            "c == 'x' or n",
            "1 < n <= 3",
            "isinstance(a, list)",
        )

    def iterable(self) -> str:
        return self.pick(
            "range(3)",
            "[1, 2, 3, 4]",
            "'abc'",
            "[run('one'), run('two')]",
            "list(a) if isinstance(a, list) else []",
            "enumerate('xy')",
            "{'p': 1, 'q': 2}.items()",
            "zip([1, 2], [3, 4])",
            "(run(f'gen {i}') for i in ())",
            "()",
            "b",
        )

    def simple(self) -> str:
        target = self.pick(*self.names, "a, b", "c, *n", "(b, c)", "b = c")
        if target in ("a, b", "(b, c)"):
            return f"{target} = {self.pick('b, n', '(1, [2])', 'run(1 * str(n)), c', 'c')}"
        if target == "c, *n":
            return "c, *n_rest = [n, 1, 2]"
        return self.pick(
            f"{target} = {self.value()}",
            f"{target} = {self.value()}",
            "n += 1",
            "b += 1; c = b",
            "a = [*a] if isinstance(a, list) else [a]",
            "run(f'act {n}')",
            "a.append(n)",
            "a[0] = n",
            "a = [1, *a] if isinstance(a, list) else [1]; del a[0]",
            "d = {'k': n}; d['m'] = d.pop('k')",
            "print(a, n)",
            "raise ValueError('own')",
            "assert n < 9, 'big'",
            "pass",
            "import math; b = math.floor(2.5)",
            "c = c if isinstance(c, str) else str(c)",
        )

    def block(self, depth: int, loop: bool) -> list[str]:
        size = self.random.randint(1, 4 if depth < 2 else 2)
        return [line for _ in range(size) for line in self.statement(depth, loop)]

    def inner(self, depth: int, loop: bool) -> list[str]:
        return [f"    {line}" for line in self.block(depth + 1, loop)]

    def statement(self, depth: int, loop: bool) -> list[str]:
        kinds = ["simple"] * 4
        if depth < 3:
            kinds += ["if", "if", "for", "for", "while", "try", "mutate", "match"]
        if loop:
            kinds += ["jump", "jump"]
        match self.random.choice(kinds):
            case "if":
                return self.branch(depth, loop)
            case "for":
                return self.loop_over(depth)
            case "while":
                return self.loop_while(depth)
            case "try":
                return self.attempt(depth, loop)
            case "mutate":
                body = [
                    "    n += 1",
                    "    if len(e) < 6:",
                    "        e.append(item)",
                    "    else:",
                    "        e.pop(0)",
                ]
                return ["e = [1, 2]", "for item in e:", *body, "    if n > 12:", "        break"]
            case "match":
                return ["match n:", "    case 0 | 1:", *[f"    {x}" for x in self.inner(depth, loop)],
                        "    case other:", "        b = other"]  # fmt: skip
            case "jump":
                return [f"if {self.test()}:", f"    {self.pick('break', 'continue')}"]
        return [self.simple()]

    def branch(self, depth: int, loop: bool) -> list[str]:
        lines = [f"if {self.test()}:", *self.inner(depth, loop)]
        if self.random.random() < 0.4:
            lines += [f"elif {self.test()}:", *self.inner(depth, loop)]
        if self.random.random() < 0.5:
            lines += ["else:", *self.inner(depth, loop)]
        return lines

    def loop_over(self, depth: int) -> list[str]:
        iterable = self.iterable()
        pairs = iterable.startswith(("enumerate", "{'p'", "zip"))
        target = self.pick("i, j", "(i, j)", "p") if pairs else self.pick("i", "a[0]", "i", "i")
        lines = [f"for {target} in {iterable}:", *self.inner(depth, loop=True)]
        return lines + (["else:", *self.inner(depth, loop=False)] if self.random.random() < 0.4 else [])

    def loop_while(self, depth: int) -> list[str]:
        self.loops += 1
        guard = f"w{self.loops}"
        lines = [f"{guard} = 0", f"while {guard} < 3 and ({self.test()}):", f"    {guard} += 1"]
        lines += self.inner(depth, loop=True)
        return lines + (["else:", *self.inner(depth, loop=False)] if self.random.random() < 0.4 else [])

    def attempt(self, depth: int, loop: bool) -> list[str]:
        lines = ["try:", *self.inner(depth, loop)]
        if self.random.random() < 0.8:
            kind = self.pick("Exception", "(TypeError, ValueError)", "ZeroDivisionError", "KeyError as error")
            lines += [f"except {kind}:", *self.inner(depth, loop)]
            lines += ["else:", *self.inner(depth, loop)] if self.random.random() < 0.3 else []
        else:
            lines += ["finally:", *self.inner(depth, loop=False)]
            return lines
        return lines + (["finally:", *self.inner(depth, loop=False)] if self.random.random() < 0.4 else [])


@pytest.mark.slow_variants
@pytest.mark.parametrize("start", first_quick(range(0, 400, 50), 2))
def test_a_random_program_does_what_it_does_in_cpython(compare: Callable[..., None], start: int) -> None:
    for seed in range(start, start + 50):
        compare(Writer(seed).program())


def _single(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that stand on a line of their own and may be placeholders there."""
    for node in body:
        if isinstance(node, ast.If | ast.For | ast.While):
            yield from _single([*node.body, *node.orelse])
        elif not isinstance(node, ast.Try | ast.Match | ast.Break | ast.Continue | ast.Delete):
            yield node


def split(code: str, seed: int) -> tuple[str, dict[str, str]]:
    """The program with some of its statements taken out into expansions."""
    chance, lines = random.Random(seed), code.split("\n")
    expansions: dict[str, str] = {}
    for node in _single(ast.parse(code).body):
        line = lines[node.lineno - 1]
        if line.strip() == ast.get_source_segment(code, node) and chance.random() < 0.3:
            call = f"part_{len(expansions)}(a, n)"
            expansions[call] = line.strip()
            lines[node.lineno - 1] = line.replace(line.strip(), call)
    return "\n".join(lines), expansions


@pytest.mark.slow
@pytest.mark.parametrize("start", first_quick(range(0, 200, 50)))
def test_a_random_program_in_expansions_does_what_it_does_in_one_piece(
    compare: Callable[..., None], start: int
) -> None:
    for seed in range(start, start + 50):
        code = Writer(seed).program()
        compare(code, *split(code, seed))
