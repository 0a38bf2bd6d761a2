"""Methods as values, `getattr` and the like, and methods that the sandbox lacks or has differently."""

from collections.abc import Iterable

from recode_core.interpreter.libraries import arithmetic, formatting
from recode_core.interpreter.libraries.library import source_of
from recode_core.statements import methods

_OF_ALL = frozenset(dir(object))


def _text(names: Iterable[str]) -> str:
    """Join names to one text, separated by spaces: in an image, a set takes ten times the memory."""
    return f" {' '.join(sorted(names))} "


_ATTRIBUTES = {kind: _text(names - _OF_ALL) for kind, names in methods.ATTRIBUTES.items()}
_TABLE = f"of_all = {_text(_OF_ALL)!r}\nattributes = {_ATTRIBUTES!r}\n"

_MEMBERS = """
import math

parts = set('args __class__ real imag numerator denominator __getitem__ __contains__ __len__'.split())

def is_known(kind, name):
    if kind not in attributes:
        return False
    word = ' ' + name + ' '
    return word in attributes[kind] or word in of_all

def bound(x, kind, name, call):
    call = patches.get((kind, name), call)
    return lambda *args, **more: call(x, *args, **more)

def unbound(kind, name, call):
    def method(*args, **more):
        if not args:
            raise TypeError('unbound method ' + kind.__name__ + '.' + name + '() needs an argument')
        if not isinstance(args[0], kind):
            raise TypeError("descriptor '" + name + "' for '" + kind.__name__
                            + "' objects doesn't apply to a '" + type(args[0]).__name__ + "' object")
        return bound(args[0], type(args[0]).__name__, name, call)(*args[1:], **more)
    return method

def of_type(kind, name, call):
    if (kind.__name__, name) in of_types:
        return of_types[kind.__name__, name]
    try:
        return getattr(kind, name)
    except AttributeError:
        if call is None or not is_known(kind.__name__, name):
            raise
    check_missing(kind.__name__, name)
    return unbound(kind, name, call)

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
    if isinstance(x, (int, float)) and is_known(type(x).__name__, name):
        nothing = 0.0 if isinstance(x, float) else 0
        return {'real': x + 0, 'imag': nothing, 'numerator': x + 0, 'denominator': 1}[name]
    if name in dunders and is_known(type(x).__name__, name):
        call = dunders[name]
        return lambda *args: call(x, *args)
    return getattr(x, name)

dunders = {
    '__getitem__': lambda x, key: x[key],
    '__contains__': lambda x, item: item in x,
    '__len__': lambda x: len(x),
}

def member(x, name, call=None):
    kind = type(x).__name__
    if name in parts:
        return part(x, name)
    if kind == 'type':
        return of_type(x, name, call)
    if (kind, name) in of_types:
        return of_types[kind, name]
    if call is None or not is_known(kind, name):
        return getattr(x, name)
    check_missing(kind, name)
    return bound(x, kind, name, call)

def may_have(x, kind, name):
    if kind in attributes:
        return is_known(kind, name)
    for base, like in ((BaseException, 'BaseException'), (tuple, 'tuple')):
        if isinstance(x, base):
            return is_known(like, name) or is_there(x, name)
    return not kind.endswith('iterator') or is_known('list_iterator', name)

def is_there(x, name):
    try:
        getattr(x, name)
    except AttributeError:
        return False
    return True

def having(x, name):
    kind = type(x).__name__
    if kind == 'module':
        getattr(x, name)
    elif kind == 'type':
        of_type(x, name, having)
    elif not may_have(x, kind, name):
        raise AttributeError("'" + kind + "' object has no attribute '" + name + "'")
    check_missing(kind, name)
    return x

def callable_(x):
    return type(x).__name__ in ('function', 'builtin_function_or_method', 'type', 'method')
"""

_PATCHES = """
patches = {
    ('str', 'translate'): translate,
    ('str', 'format'): text_format,
    ('str', 'format_map'): text_format_map,
    ('Match', 'start'): lambda match, group=0: match.start(group_number(group, 'start')),
    ('Match', 'end'): lambda match, group=0: match.end(group_number(group, 'end')),
    ('Match', 'span'): lambda match, group=0: match.span(group_number(group, 'span')),
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
def group_number(group, name):
    if isinstance(group, str):
        raise NotImplementedError('Match.' + name + ' takes no name here; give the number of the group')
    return group

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
    "is_lazy, next_of, end = __rc_is_lazy, __rc_next, __rc_end\n"
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
        "is_known",
        "callable_",
        "formattable",
        "format_",
        "update",
        "join",
        "raised_text",
        "float_ratio",
    ),
)
