"""A library of the sandbox: Python that is fed to a session when code first needs it.

Code names what it needs as `__rc_lib_LIBRARY_NAME`. The body of a library stands in a function of its own
and takes Python's builtins from the prelude, so that a variable of generated code that is called `len` or
`type` does not reach it.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
from collections.abc import Iterable, Iterator

from recode_core import syntax
from recode_core.statements.library_modules import LIBRARIES
from recode_core.statements.names import PRIVATE

PREFIX = f"{PRIVATE}lib_"
_GIVEN = f"{PRIVATE}builtins"

_MODULE = """
class module:
    def __repr__(self):
        return "<module '{name}'>"
this = module()
"""


def _builtins_of(body: str) -> list[str]:
    """The names of Python's builtins that a body reads and does not define."""
    nodes = list(ast.walk(syntax.parse(body)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return sorted(name for name in names - own if hasattr(builtins, name))


def given_builtins(source: str) -> Iterator[str]:
    """The names of the builtins that a library takes from the prelude."""
    for node in ast.walk(syntax.parse(source)):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))) if name == _GIVEN:
                yield key


def source_of(name: str, body: str, exports: Iterable[str]) -> str:
    """What is fed for a library whose `body` defines the functions `exports`."""
    exports = list(exports)
    given = [f"{used} = {_GIVEN}[{used!r}]\n" for used in _builtins_of(body)]
    inside = textwrap.indent("".join([*given, body, f"\nreturn ({', '.join(exports)},)\n"]), "    ")
    targets = ", ".join(f"{PREFIX}{name}_{export}" for export in exports)
    return f"def {PREFIX}{name}_make():\n{inside}\n{targets}, = {PREFIX}{name}_make()\nNone\n"


def module_source(name: str, body: str) -> str:
    """What is fed for a library that code imports as the module `name`."""
    set_all = "".join(f"this.{export} = {export}\n" for export in LIBRARIES[name])
    return source_of(name, f"{body}{_MODULE.format(name=name)}{set_all}", ["this"])
