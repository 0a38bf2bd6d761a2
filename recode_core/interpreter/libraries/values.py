"""Methods as values, `getattr` and the like, and methods that the sandbox lacks or does otherwise."""

from recode_core.interpreter.libraries import arithmetic, formatting
from recode_core.interpreter.libraries.library import source_of
from recode_core.statements import methods

_CALLS = "".join(
    f"calls[{name!r}] = lambda o, *a, **k: o.{name}(*a, **k)\n" for name in sorted(methods.NAMES)
)
_TABLE = "attributes = {" + ", ".join(
    f"{kind!r}: {{{', '.join(map(repr, sorted(names)))}}}"
    for kind, names in sorted(methods.ATTRIBUTES.items())
) + "}\n"  # fmt: skip

_MEMBERS = """
import math

parts = set('args __class__ real imag numerator denominator __getitem__ __contains__ __len__'.split())

def bound(x, kind, name):
    call = patches.get((kind, name)) or calls[name]
    return lambda *args, **more: call(x, *args, **more)

def unbound(kind, name):
    def method(*args, **more):
        if not args:
            raise TypeError('unbound method ' + kind.__name__ + '.' + name + '() needs an argument')
        if not isinstance(args[0], kind):
            raise TypeError("descriptor '" + name + "' for '" + kind.__name__
                            + "' objects doesn't apply to a '" + type(args[0]).__name__ + "' object")
        return bound(args[0], type(args[0]).__name__, name)(*args[1:], **more)
    return method

def has_method(kind, name):
    return name in calls and kind in attributes and name in attributes[kind]

def of_type(kind, name):
    if (kind.__name__, name) in of_types:
        return of_types[kind.__name__, name]
    try:
        return getattr(kind, name)
    except AttributeError:
        if not has_method(kind.__name__, name):
            raise
    check_missing(kind.__name__, name)
    return unbound(kind, name)

def check_missing(kind, name):
    if kind in missing and name in missing[kind]:
        raise NotImplementedError("'" + kind + '.' + name + "' is not available in the sandbox")

odd_texts = set()

def raised_text(kind, *args):
    if len(args) == 1 and isinstance(args[0], str):
        return args[0]
    if kind == 'KeyError':
        raise NotImplementedError('a KeyError is raised with one text here; write raise KeyError("…")')
    text = str(args if len(args) > 1 else args[0])
    odd_texts.add(text)
    return text

def args_of(error):
    if error.args and error.args[0] in odd_texts:
        raise NotImplementedError('the args of an exception that was raised with anything but one text '
                                  'are not available; use str(error)')
    return error.args

def part(x, name):
    if name == 'args' and isinstance(x, BaseException):
        return args_of(x)
    if name == '__class__':
        return type(x)
    if isinstance(x, (int, float)) and name in attributes[type(x).__name__]:
        return {'real': x + 0, 'imag': x * 0, 'numerator': x + 0, 'denominator': 1}[name]
    if name in dunders and hasattr_of(type(x).__name__, name):
        call = dunders[name]
        return lambda *args: call(x, *args)
    return getattr(x, name)

def hasattr_of(kind, name):
    return kind in attributes and name in attributes[kind]

dunders = {
    '__getitem__': lambda x, key: x[key],
    '__contains__': lambda x, item: item in x,
    '__len__': lambda x: len(x),
}

def member(x, name):
    kind = type(x).__name__
    if name in parts:
        return part(x, name)
    if kind == 'type':
        return of_type(x, name)
    if (kind, name) in of_types:
        return of_types[kind, name]
    if not has_method(kind, name):
        return getattr(x, name)
    check_missing(kind, name)
    return bound(x, kind, name)

def may_have(x, kind, name):
    if kind in attributes:
        return name in attributes[kind]
    for base, like in ((BaseException, 'BaseException'), (tuple, 'tuple')):
        if isinstance(x, base):
            return name in attributes[like] or is_there(x, name)
    return not kind.endswith('iterator') or name in attributes['list_iterator']

def is_there(x, name):
    try:
        getattr(x, name)
    except AttributeError:
        return False
    return True

def having(x, name):
    kind = type(x).__name__
    if kind in ('type', 'module'):
        member(x, name)
    elif not may_have(x, kind, name):
        raise AttributeError("'" + kind + "' object has no attribute '" + name + "'")
    check_missing(kind, name)
    return x

def as_attribute(x, name):
    if type(name) is not str:
        raise TypeError("attribute name must be string, not '" + type(name).__name__ + "'")
    if type(x).__name__ == 'module' and repr(x).startswith("<module 're'"):
        raise NotImplementedError('getattr(re, …) is not available; write re.' + name + '(…)')
    try:
        return member(x, name)
    except AttributeError:
        kind = x.__name__ if type(x).__name__ == 'type' else type(x).__name__
        if kind in attributes and name in attributes[kind]:
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

def callable_(x):
    return type(x).__name__ in ('function', 'builtin_function_or_method', 'type', 'method')
"""

_PATCHES = """
patches = {
    ('str', 'translate'): translate,
    ('str', 'format'): text_format,
    ('str', 'format_map'): text_format_map,
    ('set', 'difference_update'): difference_update,
    ('set', 'intersection_update'): intersection_update,
    ('set', 'symmetric_difference_update'): symmetric_difference_update,
    ('set', 'update'): set_update,
    ('range', 'count'): lambda x, item: 1 if item in x else 0,
    ('range', 'index'): range_index,
    ('float', 'is_integer'): lambda x: math.isfinite(x) and x == int(x),
    ('float', 'as_integer_ratio'): float_ratio,
    ('float', 'conjugate'): lambda x: x,
}
def of_group(name):
    def method(match, group=0):
        if isinstance(group, str):
            raise NotImplementedError('Match.' + name + ' takes no name here; give the number of the group')
        return calls[name](match, group)
    return method

for name in ('start', 'end', 'span'):
    patches['Match', name] = of_group(name)
for kind in ('set', 'frozenset'):
    patches[kind, 'union'] = union
    patches[kind, 'issuperset'] = issuperset
    patches[kind, 'isdisjoint'] = isdisjoint
    patches[kind, 'intersection'] = intersection
    patches[kind, 'difference'] = difference
for kind in ('int', 'bool'):
    patches[kind, 'bit_length'] = lambda x: len(bin(abs(x))) - 2 if x else 0
    patches[kind, 'bit_count'] = lambda x: bin(abs(x)).count('1')
    patches[kind, 'as_integer_ratio'] = lambda x: (int(x), 1)
    patches[kind, 'conjugate'] = lambda x: int(x)
of_types = {
    ('str', 'maketrans'): maketrans,
    ('dict', 'fromkeys'): lambda *args: dict.fromkeys(*args),
    ('bytes', 'fromhex'): lambda *args: bytes.fromhex(*args),
}
missing = {
    'int': {'from_bytes', 'to_bytes'}, 'bool': {'from_bytes', 'to_bytes'}, 'float': {'fromhex', 'hex'},
    'bytes': {'expandtabs', 'maketrans', 'translate'}, 'slice': {'indices'}, 'Match': {'expand'},
    'Pattern': {'scanner'},
}
"""

_CONSUMERS = """
def join(x, items):
    return having(x, 'join').join(__rc_items(items))

def update(x, items):
    if not is_lazy(items) or type(x).__name__ not in ('dict', 'defaultdict', 'set'):
        return having(x, 'update').update(items)
    while True:
        item = next_of(items, end)
        if item is end:
            return None
        if type(x).__name__ == 'set':
            x.add(item)
        else:
            x.update([item])
"""

SOURCE = source_of(
    "values",
    "calls = {}\n"
    + "is_lazy, next_of, end = __rc_is_lazy, __rc_next, __rc_end\n"
    + _CALLS
    + _TABLE
    + _MEMBERS
    + formatting.TRANSLATION
    + formatting.FORMATS
    + arithmetic.NUMBERS_AND_SETS
    + _PATCHES
    + _CONSUMERS,
    (
        "member",
        "having",
        "getattr_",
        "hasattr_",
        "callable_",
        "formattable",
        "format_",
        "update",
        "join",
        "raised_text",
        "float_ratio",
    ),
)
