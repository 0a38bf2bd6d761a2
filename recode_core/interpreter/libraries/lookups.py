"""Attributes whose names are known only at run time: `getattr`, `hasattr`, `operator.attrgetter`."""

from recode_core.interpreter.libraries.library import PREFIX, source_of
from recode_core.statements import methods

_CALLS = "".join(
    f"calls[{name!r}] = lambda __rc_o, *a, **k: __rc_o.{name}(*a, **k)\n" for name in sorted(methods.NAMES)
)

_BODY = """
def as_attribute(x, name):
    if type(name) is not str:
        raise TypeError("attribute name must be string, not '" + type(name).__name__ + "'")
    if type(x).__name__ == 'module' and repr(x).startswith("<module 're'"):
        raise NotImplementedError('getattr(re, …) is not available; write re.' + name + '(…)')
    try:
        return member(x, name, calls.get(name))
    except AttributeError:
        kind = x.__name__ if type(x).__name__ == 'type' else type(x).__name__
        if is_known(kind, name):
            raise NotImplementedError("'" + name + "' of '" + kind + "' can't be had with getattr; "
                                      'write the call or the operator that it stands for')
        raise

def getattr_(x, name, *default):
    try:
        return as_attribute(x, name)
    except AttributeError:
        if not default:
            raise
    return default[0]

def hasattr_(x, name):
    try:
        as_attribute(x, name)
    except NotImplementedError:
        return True
    except AttributeError:
        return False
    return True
"""

SOURCE = source_of(
    "lookups",
    f"member, is_known = {PREFIX}values_member, {PREFIX}values_is_known\ncalls = {{}}\n{_CALLS}{_BODY}",
    ("getattr_", "hasattr_"),
)
