"""Random programs of a few statements over texts, numbers and containers, as models write them.

Some act in between, so that order and laziness are compared, too.
"""

# ruff: noqa: E501 - a list of choices stands on one line

from __future__ import annotations

import random
import warnings

_TEXTS = (
    "'a b'",
    "''",
    "'Desk 1'",
    "'x, y, z'",
    "'aXbX'",
    "'é 12'",
    "'3'",
    "'On the desk 1, you see a mug 2.'",
)
_NUMBERS = ("0", "1", "-3", "7", "2.5", "True", "10")
_TEXT_METHODS = (
    "split()", "split(', ')", "split(',', 1)", "upper()", "lower()", "strip()", "strip('a.')", "title()",
    "replace('a', 'bb')", "replace(' ', '', 1)", "startswith('a')", "endswith(('1', '.'))", "find('X')",
    "index('X')", "count('a')", "partition(' ')", "rpartition(' ')", "join(['p', 'q'])", "isdigit()",
    "isalpha()", "zfill(6)", "center(9, '*')", "ljust(8)", "rjust(8, '0')", "splitlines()", "encode()",
    "rsplit(' ', 1)", "capitalize()", "swapcase()", "removeprefix('a')", "removesuffix('.')", "isupper()",
    "format(1)", "rfind('b')", "casefold()", "isspace()", "lstrip('x')", "rstrip('.2')", "expandtabs(2)",
)  # fmt: skip
_LIST_CALLS = (
    "append({v})", "extend([*{i}])", "extend(map(str, d))", "insert(1, {v})", "pop()", "pop(0)", "remove({v})", "reverse()", "clear()",
    "sort(key=str)", "sort(key=str, reverse=True)", "index({v})", "count({v})", "copy()",
)  # fmt: skip
_DICT_CALLS = (
    "get({k})", "get({k}, {v})", "pop({k})", "pop({k}, {v})", "setdefault({k}, {v})", "update({d})", "keys()",
    "values()", "items()", "copy()", "popitem()", "clear()", "update([({k}, {v})])", "update(z={v})",
)  # fmt: skip
_SET_CALLS = (
    "add({v})", "discard({v})", "remove({v})", "update({i})", "union({i})", "intersection({i})",
    "difference({i})", "issubset({i})", "issuperset({i})", "isdisjoint({i})", "symmetric_difference({i})",
)  # fmt: skip
_FORMATS = (
    ":>6",
    ":<6",
    ":^7",
    "!r",
    "!s:>5",
    ":04d",
    ":.2f",
    ":,",
    ":x",
    ":+d",
    ":e",
    ":%",
    ":",
    ":{n}",
    ":5s",
)
_NUMBER_METHODS = (
    "bit_length()", "is_integer()", "as_integer_ratio()", "conjugate()", "bit_count()", "real", "imag", "numerator",
)  # fmt: skip
_UNBOUND = (
    "str.lower", "str.strip", "str.split", "str.isdigit", "str.title", "len", "str", "int", "list", "repr", "bool",
    "str.swapcase", "type", "t.count", "t.find", "d.get", "l.count", "l.index", "s.__contains__", "d.__getitem__",
)  # fmt: skip
_PATTERNS = (
    "a",
    r"\d+",
    "[ab]",
    "(a)(b)?",
    r"\w+",
    "x*",
    "^a",
    "a$",
    r"\b",
    ",| ",
    "(?i)A",
    "(?P<n>a)",
    r"\s*",
    "b|a",
)
_NAMES = (
    "upper",
    "append",
    "get",
    "keys",
    "add",
    "real",
    "index",
    "foo",
    "__len__",
    "split",
    "count",
    "items",
)
_ACTIONS = ("s0", "s1", "s2", "look")


def _compiles(code: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(code, "program", "exec")
        except SyntaxError:
            return False
    return True


class Programs:
    """Writes programs; the same seed gives the same one. All of them end."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.depth = 0

    def program(self) -> str:
        """A few variables of each type, and statements that change them."""
        while not _compiles(code := self._written()):
            pass
        return code

    def _written(self) -> str:
        lines = [
            "import re",
            f"n = {self.pick(*_NUMBERS)}",
            f"t = {self.pick(*_TEXTS)}",
            f"l = {self.list_()}",
            f"d = {self.dict_()}",
            f"s = {self.set_()}",
            "x = None",
        ]
        for _ in range(self.random.randint(2, 5)):
            lines += self.statement()
        return "\n".join(lines)

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def value(self) -> str:
        """An expression of any type."""
        self.depth += 1
        try:
            if self.depth > 3:
                return self.pick("n", "t", *_TEXTS, *_NUMBERS, "None")
            kinds = (
                self.number,
                self.text,
                self.iterable,
                self.test,
                self.mixed,
                self.mixed,
                self.idiom,
                self.acting,
            )
            return self.random.choice(kinds)()
        finally:
            self.depth -= 1

    def key(self) -> str:
        return self.pick("'a'", "'b'", "1", "t", "n", "(1, 'a')", "'z'")

    def number(self) -> str:
        one, other = self.pick("n", *_NUMBERS), self.pick("n", *_NUMBERS)
        operator = self.pick("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>")
        return self.pick(
            f"{one} {operator} {other}", f"len({self.iterable()})", f"sum({self.iterable()})", f"abs({one})",
            f"round({one} / 3, 2)", f"int({self.text()})", f"float({self.text()})", f"divmod({one}, {other})",
            f"max({self.iterable()})", f"min({self.iterable()}, default={one})", f"-{one}", f"~{one}",
            f"int({one})", f"round({one})", f"pow({one}, 2)", f"ord({self.text()})",
        )  # fmt: skip

    def text(self) -> str:
        one = self.pick("t", *_TEXTS)
        return self.pick(
            one, f"{one}.{self.pick(*_TEXT_METHODS)}", f"str({self.value()})", f"{one} + {one}",
            f"{one} * {self.pick('2', '0', 'n')}", f"{one}[{self.pick('0', '-1', '1:', ':-1', '::2', '::-1', 'n')}]",
            f"f'{{{self.pick('n', 't')}{self.pick(*_FORMATS)}}}'", f"repr({self.value()})",
            f"', '.join(str(v) for v in {self.iterable()})", f"'%s and %r' % ({self.value()}, {self.value()})",
            f"'{{}}-{{}}'.format(n, bool({self.value()}))", "'{0:>{1}}'.format(t, 6)", f"chr(97 + len({one}))",
            f"'%5.1f|%-4d|%03d' % (2.345, 7, {self.pick(*_NUMBERS)})", f"type({self.value()}).__name__",
        )  # fmt: skip

    def list_(self) -> str:
        return self.pick("[1, 2, 3]", "[]", "['b', 'a']", "[[1], [2]]", "[3, 1, 2]", "[None, 'a', 1]")

    def dict_(self) -> str:
        return self.pick("{'a': 1, 'b': 2}", "{}", "{1: 'x', 'b': [1]}", "{'z': None, 'a': {}}")

    def set_(self) -> str:
        return self.pick("{1}", "set()", "{'a'}", "frozenset([2])", "{0}")

    def iterable(self) -> str:
        self.depth += 1
        try:
            if self.depth > 3:
                return self.pick("l", "d", "t", "(1, 2)", "range(3)")
            inner = self.pick(
                "l",
                "d",
                "sorted(s, key=str)",
                "t",
                "(1, 2)",
                "range(4)",
                "d.items()",
                "d.values()",
                self.list_(),
            )
            body = self.pick("v", "str(v)", "(v, 1)", "v * 2", "len(str(v))", "[v]", "v == n")
            test = self.pick("", " if v", " if str(v) > 'a'", " if v != 1", " if v in l")
            return self.pick(
                inner, f"[{body} for v in {inner}{test}]", f"({body} for v in {inner}{test})",
                f"{{str(v): {body} for v in {inner}{test}}}", f"sorted({inner}, key=str)", f"list({inner})",
                f"tuple({inner})", f"reversed(list({inner}))", f"enumerate({inner})", f"zip({inner}, l)",
                f"map(str, {inner})", f"filter(None, {inner})", f"list({inner})[::-1]", f"l + {inner}", f"(*{inner}, 9)",
                f"[*{inner}, *l]", f"list(map(lambda v: {body}, {inner}))", f"dict.fromkeys({inner})", f"{inner} * 2",
                f"sorted({inner})", f"{{**d, 'k': {self.value()}}}", "list(zip(*[l, l]))", f"l[{self.pick('1:', ':2', '::2', '5:')}]",
                f"[(a, b) for a in {inner} for b in l if a != b]", f"set({inner}) == set()", f"{inner} or l",
            )  # fmt: skip
        finally:
            self.depth -= 1

    def test(self) -> str:
        one, other = self.value(), self.value()
        return self.pick(
            f"{one} == {other}", f"{one} != {other}", f"{one} < {other}", f"{one} in {self.iterable()}",
            f"not {one}", f"{one} and {other}", f"{one} or {other}", f"n < 3 <= {other}", f"{one} is None",
            f"isinstance({one}, {self.pick('int', 'str', 'list', '(int, float)', 'dict', 'bool')})",
            f"any({self.iterable()})", f"all(v for v in {self.iterable()})", f"bool({one})", f"{one} not in l",
            f"any(v == n for v in {self.iterable()})", f"l == {self.iterable()}", f"s <= set({self.iterable()})",
        )  # fmt: skip

    def mixed(self) -> str:
        v, i, k, d = self.value(), self.iterable(), self.key(), self.dict_()
        return self.pick(
            f"l.{self.pick(*_LIST_CALLS).format(v=v, i=i)}", f"d.{self.pick(*_DICT_CALLS).format(v=v, k=k, d=d)}",
            f"s.{self.pick(*_SET_CALLS).format(v=k, i=i)}", f"d[{k}]", f"l[{self.pick('0', '-1', '5', 'n')}]",
            f"{v} if {self.test()} else n", f"(lambda a, b=2: (a, b))({v})", f"next(iter({i}), {v})",
            f"next((v for v in {i} if v == n), None)", f"s {self.pick('|', '&', '-', '^')} set({i})", f"d | {d}",
            f"(n, {v})", f"[{v}, {v}]", f"(w := {v})", f"dict({i})", f"set({i}) - s == s", f"t.{self.pick(*_TEXT_METHODS)}",
            f"{i} + {i}", "l * 2 == l + l", "sorted(s, key=str)", "list(d)[::-1]", "str(t)[1:] + str(t)[:1]", f"tuple({i})",
        )  # fmt: skip

    def idiom(self) -> str:
        """A method as a value, a look at an attribute, a format, or a pattern."""
        v, i, k, f, name = self.value(), self.iterable(), self.key(), self.pick(*_UNBOUND), self.pick(*_NAMES)
        pattern, text = self.pick(*_PATTERNS), self.pick("t", *_TEXTS)
        new = self.pick("lambda m: m.group().upper()", "'-'", r"r'<\g<0>>'", "lambda m: str(m.start())")
        return self.pick(
            f"sorted({i}, key={f})", f"list(map({f}, {i}))", f"max({i}, key={f}, default=None)", f"list(filter({f}, {i}))",
            f"min({i}, key={f})", f"({f})({v})", f"any(map({f}, {i}))", f"[f({v}) for f in [{f}, {self.pick(*_UNBOUND)}]]",
            f"str.{self.pick(*_TEXT_METHODS[:12]).partition('(')[0]}({v})", f"dict.get(d, {k})", f"list.count(l, {v})",
            f"set.union(set(), {i}) == set()", f"str.join('-', {i})", f"hasattr({v}, '{name}')", f"callable({v})",
            f"getattr({v}, '{name}', 'none') == 'none'", f"callable(getattr({v}, '{name}'))", f"format({v}, '{self.pick(*_FORMATS).lstrip(':')}')",
            f"f'{{{self.pick('l', 'd', 'x', 't', 'n', '(1, 2)')}{self.pick(*_FORMATS)}}}'", f"'{{:>5}}|{{!r:<4}}'.format({v}, {v})",
            f"'{{a}}-{{b[0]}}'.format_map({{'a': {v}, 'b': {v}}})", f"{text}.translate(str.maketrans('ab ', 'xy_', '1'))",
            f"{text}.translate({{97: {v}}})", f"re.sub(r'{pattern}', {new}, {text})", f"re.findall(r'{pattern}', {text})",
            f"re.split(r'{pattern}', {text})", f"bool(re.search(r'{pattern}', {text}))", f"re.subn(r'{pattern}', {new}, {text}, 1)",
            f"[m.span() for m in re.finditer(r'{pattern}', {text})]", f"({self.pick('n', *_NUMBERS)}).{self.pick(*_NUMBER_METHODS)}",
            f"(1, 'a', 1).count({v})", f"(1, 'a').index({v})", f"({v}).__class__.__name__", f"s.union({i}, {i}) == s",
            f"[f for f in [l.append] if f({v}) is None]  == []", f"(lambda f: f({v}))({f})", f"'%{self.pick('5s', 'd', 'r', '.1f', 'x')}' % ({v},)",
            f"range(5).index({v})", f"bytes({text}, 'utf-8').decode()", f"int({text}, 16)", f"(l or {v}).{self.pick('copy', 'pop', 'foo', 'keys')}()",
        )  # fmt: skip

    def acting(self) -> str:
        """An expression that acts, perhaps not for all items."""
        action, v, i = self.pick(*_ACTIONS), self.value(), self.iterable()
        places = self.pick("['s0', 's1', 's2']", "('s1', 's0')", "[]", "{'s2': 1}", "['look', 's1']")
        return self.pick(
            f"run('{action}')", f"run('{action}').split()[-1]", f"(run('{action}'), {v})", f"next((p for p in {places} if '1' in run(p)), {v})",
            f"any('1' in run(p) for p in {places})", f"[run(p) for p in {places}]", f"list(map(run, {places}))", f"next(map(run, {places}), None)",
            f"'{action}' in (run(p) for p in {places})", f"{{p: run(p) for p in {places}}}", f"[*map(run, {places})]", f"({v}) or run('{action}')",
            f"max({places}, key=lambda p: run(p), default=0)", f"sorted({places}, key=lambda p: run(p))", f"l.foo(run('{action}'))",
            f"({v}).append(run('{action}'))", f"({v}).get(run('{action}'), {v})", f"t.replace(run('{action}'), {v})", f"'-'.join(run(p) for p in {places})",
            "re.sub('s[01]', lambda m: run(m.group()), 's0 and s1')", f"all(run(p) for p in {places})", f"l.extend(run(p) for p in {places})",
            f"{{**d, 'r': run('{action}')}}", f"[v for v in {i} if run('{action}')][:3]", f"f\"{{run('{action}'):>9}}\"", f"dict((p, run(p)) for p in {places})",
            f"sum(len(run(p)) for p in {places})", f"(lambda p: run(p))('{action}')", f"list(zip({places}, (run(p) for p in {places})))", f"n(run('{action}'))",
            f"[run(p) for p in {places} if p != {v}]", f"d.update((p, run(p)) for p in {places})", f"(run('{action}') if {v} else {v})", f"run({v})",
        )  # fmt: skip

    def kept(self) -> list[str]:
        """An iterator that is kept in a variable, and acts when its items are taken."""
        places = self.pick("['s0', 's1', 's2']", "('s1', 's0')", "l[:]", "range(3)")
        made = self.pick(
            "(run('s' + str(p)) for p in {})",
            "map(lambda p: run(f's{{p}}'), {})",
            "(p for p in {} if run('look'))",
            "enumerate(run(f's{{p}}') for p in {})",
        )
        use = self.pick(
            "x = next(g)", "x = [*g]", "a, b = g", "a, *b = g", "x = list(g)", "d.update(zip('ab', [1, 2]))", "x = (lambda *a: a)(*g)",
            "l.extend(g)", "x = sorted(g)", "x = next(g), list(g)", "x = tuple(g)", "x = max(g, default=0)", "l += g", "x = any(v for v in g)",
            "x = dict(g)", "x = ','.join(g)", "for v in g:\n    x = v\n    break", "for v in g: x = v", "x = {*g} == 1", "x = next(g, 5), next(g, 6)",
        )  # fmt: skip
        return [f"g = {made.format(places)}", use, self.pick("y = list(g)", "y = next(g, None)", "pass")]

    def statement(self) -> list[str]:
        v, i, k = self.value(), self.iterable(), self.key()
        simple = self.pick(
            f"x = {v}", f"x = {v}", f"x = {v}", f"x = {self.mixed()}", f"l += [*{i}]", f"l += {self.pick('t', 'map(str, d)', '(v for v in t)', '(1, 2)', 'd', 'sorted(s, key=str)', '[1]')}",
            f"n += {self.number()}", f"t += {self.text()}", f"d |= {self.dict_()}", "d |= [('q', n)]", "l *= 2", "s |= {n}", f"s -= set({i})",
            f"d[{k}] = {v}", f"l[0] = {v}", f"l[{self.pick('1:', ':1', '1:2', '::2')}] = {i}", f"del d[{k}]", "del l[0]", "del l[1:]",
            f"x, y = {i}", f"x, *y = {i}", f"(x, n), t = ({v}, {v}), {v}", "del n", "del x", f"x = y = {v}", f"x: int = {v}", "l[0] += 1",
            f"(a, (b, *c)), e = ({i}, {i}), {v}", f"l[-1:] = {i}", f"d[{k}] += {v}", f"x = {self.acting()}", f"x = {self.idiom()}", f"x = {self.idiom()}",
            f"d.setdefault({k}, []).append({v})", f"x = (lambda a, *b, c={v}: (a, b, c))(*{i})", f"t, *l = {i}", f"s ^= set({i})", f"n //= {self.number()}",
            "d['c'] = d.get('c', 0) + 1", f"x = [*{i}][-1]", f"assert {self.test()}, 'no'", f"raise ValueError({v})",
            f"g = ({self.pick('v', 'str(v)')} for v in {i}); x = list(g); y = list(g)", "x = t; t = x.upper(); x", "n, t = t, n",
        )  # fmt: skip
        shape = self.random.random()
        if shape < 0.55:
            return [simple]
        if shape < 0.6:
            return self.kept()
        inner = self.pick(f"x = {self.value()}", "n = 0", "pass", f"y = {self.value()}", "l.append(1)")
        if shape < 0.7:
            kind = self.pick("Exception", "(TypeError, ValueError)", "KeyError", "NameError", "LookupError")
            return [
                "try:",
                f"    {simple}",
                f"except {kind} as e:",
                "    x = type(e).__name__",
                "finally:",
                "    z = 1",
            ]
        if shape < 0.73:
            return [
                "k = 0",
                f"while k < 3 and not ({self.test()}):",
                "    k += 1",
                f"    {simple}",
                "    if k == n: continue",
                "else:",
                f"    {inner}",
            ]
        if shape < 0.8:
            return [
                f"for v in {i}:",
                "    x = (v, x)",
                f"    if {self.test()}:",
                "        break",
                "else:",
                f"    {inner}",
            ]
        if shape < 0.9:
            return [f"if {self.test()}:", f"    {simple}", "else:", f"    {inner}"]
        pattern = self.pick("1", "[a, b]", "[a, *b]", "str(a)", "{'a': a}", "None", "int() | float()")
        return [
            f"match {v}:", f"    case {pattern}:",
            f"        {simple}", "    case other:", f"        {inner}",
        ]  # fmt: skip
