"""The source of a library: Python that is fed to a session when code first needs it.

Code refers to a function as `__rc_lib_LIBRARY_NAME`. The body of a library is inside a function, and takes
Python's builtins from the prelude, so that a variable `len` or `type` of generated code does not affect it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from recode_core.statements.library_modules import LIBRARIES
from recode_core.statements.names import PRIVATE

PREFIX = f"{PRIVATE}lib_"
_GIVEN = f"{PRIVATE}builtins"

_ERRORS = """
AttributeError BaseException IndexError LookupError NotImplementedError OverflowError TypeError ValueError
"""
_FUNCTIONS = """
abs all any bin bool bytes chr dict enumerate float format frozenset getattr hex int isinstance len list
max min ord pow range repr set slice sorted str sum tuple type zip
"""
BUILTINS = (*_ERRORS.split(), *_FUNCTIONS.split())
"""The builtins that libraries use. The prelude saves them before code can rebind their names."""

_MODULE = """
class module:
    def __repr__(self):
        return "<module '{name}'>"
this = module()
"""


def _builtins_of(body: str) -> list[str]:
    """The builtins that a body uses."""
    words = set(re.findall(r"\w+", body))
    return [name for name in BUILTINS if name in words]


def source_of(name: str, body: str, exports: Iterable[str]) -> str:
    """The source of a library whose `body` defines the functions `exports`."""
    exports = list(exports)
    given = [f"{used} = {_GIVEN}[{used!r}]\n" for used in _builtins_of(body)]
    inside = textwrap.indent("".join([*given, body, f"\nreturn ({', '.join(exports)},)\n"]), "    ")
    targets = ", ".join(f"{PREFIX}{name}_{export}" for export in exports)
    return f"def {PREFIX}{name}_make():\n{inside}\n{targets}, = {PREFIX}{name}_make()\nNone\n"


def module_source(name: str, body: str) -> str:
    """The source of a library that code imports as the module `name`."""
    set_all = "".join(f"this.{export} = {export}\n" for export in LIBRARIES[name])
    return source_of(name, f"{body}{_MODULE.format(name=name)}{set_all}", ["this"])
