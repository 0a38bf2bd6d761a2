"""The module `operator`."""

from recode_core.interpreter.libraries.library import module_source

_BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
    "concat": "+",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "is_": "is",
    "is_not": "is not",
}
_UNARY = {"neg": "-", "pos": "+", "invert": "~", "inv": "~", "not_": "not "}
_BODY = """
native_abs = __rc_builtins['abs']
getattribute = __rc_lib_lookups_getattr_

def truth(a):
    return True if a else False

def abs(a):
    return native_abs(a)

def contains(a, b):
    return b in a

def countOf(a, b):
    return len([item for item in a if item is b or item == b])

def indexOf(a, b):
    for index, item in enumerate(a):
        if item is b or item == b:
            return index
    raise ValueError('sequence.index(x): x not in sequence')

def getitem(a, b):
    return a[b]

def setitem(a, b, c):
    a[b] = c

def delitem(a, b):
    if isinstance(b, slice):
        raise NotImplementedError('operator.delitem takes no slice here; write del a[i:j]')
    a.pop(b)

def itemgetter(item, *more):
    if not more:
        return lambda x: x[item]
    return lambda x: tuple([x[one] for one in (item, *more)])

def attribute(x, path):
    for name in path.split('.'):
        x = getattribute(x, name)
    return x

def attrgetter(name, *more):
    if not more:
        return lambda x: attribute(x, name)
    return lambda x: tuple([attribute(x, one) for one in (name, *more)])

def methodcaller(name, *args, **more):
    return lambda x: getattribute(x, name)(*args, **more)
"""

SOURCE = module_source(
    "operator",
    "".join(f"def {name}(a, b):\n    return a {sign} b\n\n" for name, sign in _BINARY.items())
    + "".join(f"def {name}(a):\n    return {sign}a\n\n" for name, sign in _UNARY.items())
    + _BODY,
)
