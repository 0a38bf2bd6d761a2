"""Methods as values, `getattr` and the like, and methods that the sandbox lacks or does otherwise."""

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

_TEXTS = """
def translate(text, table):
    parts = []
    for character in text:
        try:
            new = table[ord(character)]
        except LookupError:
            new = character
        if new is None:
            continue
        if not isinstance(new, (int, str)):
            raise TypeError('character mapping must return integer, None or str')
        parts.append(new if isinstance(new, str) else chr(new))
    return ''.join(parts)

def maketrans(*args):
    if len(args) == 1:
        return maketrans_of(args[0])
    if not 1 < len(args) < 4:
        raise TypeError('maketrans expected 1 to 3 arguments, got ' + str(len(args)))
    for number, arg in enumerate(args):
        if not isinstance(arg, str):
            raise TypeError('maketrans() argument ' + str(number + 1) + ' must be str, not '
                            + type(arg).__name__)
    if len(args[0]) != len(args[1]):
        raise ValueError('the first two maketrans arguments must have equal length')
    table = {}
    for old, new in zip(args[0], args[1]):
        table[ord(old)] = ord(new)
    for old in args[2] if len(args) == 3 else '':
        table[ord(old)] = None
    return table

def maketrans_of(given):
    if not isinstance(given, dict):
        raise TypeError('if you give only one argument to maketrans it must be a dict')
    table = {}
    for key in given:
        if isinstance(key, str):
            if len(key) != 1:
                raise ValueError('string keys in translate table must be of length 1')
            table[ord(key)] = given[key]
        elif isinstance(key, int):
            table[key] = given[key]
        else:
            raise TypeError('keys in translate table must be strings or integers')
    return table
"""

_FORMATS = """
with_formats = ('str', 'int', 'float', 'bool', 'complex', 'Decimal', 'date', 'datetime', 'time')

def formattable(x, spec=True):
    kind = type(x).__name__
    if kind not in with_formats and spec != '':
        raise TypeError('unsupported format string passed to ' + kind + '.__format__')
    return x

def format_(x, spec=''):
    return format(formattable(x, spec), spec)

def fields(template):
    found, at = [], 0
    while at < len(template):
        if template[at] != '{':
            at += 1
            continue
        if template[at + 1:at + 2] == '{':
            at += 2
            continue
        start, depth = at + 1, 1
        at += 1
        while at < len(template) and depth:
            depth += {'{': 1, '}': -1}.get(template[at], 0)
            at += 1
        found.append(parted(template[start:at - 1]))
    return found

def parted(field):
    at = 0
    while at < len(field) and field[at] not in ':!':
        if field[at] == '[' and ']' in field[at:]:
            at = field.index(']', at)
        at += 1
    name, rest = field[:at], field[at:]
    if rest[:1] == '!':
        return name, True, rest[3:]
    return name, False, rest[1:]

def first_of(name):
    for at, character in enumerate(name):
        if character in '.[':
            return name[:at], name[at:]
    return name, ''

def checked_format(template, args, more):
    number = -1
    def value_of(name):
        nonlocal number
        key, path = first_of(name)
        if key == '':
            number += 1
            key = str(number)
        value = args[int(key)] if key.isdigit() else more[key]
        while path:
            if path[0] == '[':
                key, path = path[1:path.index(']')], path[path.index(']') + 1:]
                value = value[int(key) if key.isdigit() else key]
            else:
                key, path = first_of(path[1:])
                value = getattr(value, key)
        return value
    for name, is_converted, spec in fields(template):
        value = value_of(name)
        if '{' in spec:
            spec = ''.join([str(value_of(inner)) for inner, *_ in fields(spec)])
        if not is_converted:
            formattable(value, spec)

def text_format(template, *args, **more):
    if ':' in template:
        try:
            checked_format(template, args, more)
        except TypeError as error:
            if 'unsupported format string' in str(error):
                raise
        except (LookupError, ValueError, AttributeError):
            pass
    return template.format(*args, **more)

def text_format_map(template, mapping):
    more = {}
    def take(text):
        for name, _, spec in fields(text):
            key = first_of(name)[0]
            if key == '' or key.isdigit():
                raise ValueError('Format string contains positional fields')
            more[key] = mapping[key]
            take(spec)
    take(template)
    return text_format(template, **more)
"""

_NUMBERS_AND_SETS = """
def float_ratio(x):
    if not math.isfinite(x):
        kind = 'NaN' if x != x else 'Infinity'
        raise (ValueError if x != x else OverflowError)('cannot convert ' + kind + ' to integer ratio')
    part, exponent = math.frexp(x)
    above, exponent = int(part * 2 ** 53), exponent - 53
    if exponent >= 0:
        return above * 2 ** exponent, 1
    common = math.gcd(above, 2 ** -exponent)
    return above // common, 2 ** -exponent // common

def union(x, *others):
    for other in others:
        x = x.union(other)
    return x if others else x.copy()

def intersection(x, *others):
    for other in others:
        x = x.intersection(other)
    return x if others else x.copy()

def difference(x, *others):
    for other in others:
        x = x.difference(other)
    return x if others else x.copy()

def set_update(x, *others):
    for other in others:
        x.update(other)

def issuperset(x, other):
    if isinstance(other, (set, frozenset)):
        return x.issuperset(other)
    for item in other:
        if item not in x:
            return False
    return True

def isdisjoint(x, other):
    if isinstance(other, (set, frozenset)):
        return x.isdisjoint(other)
    for item in other:
        if item in x:
            return False
    return True

def range_index(x, item):
    for index, other in enumerate(x):
        if other == item:
            return index
    raise ValueError(repr(item) + ' is not in range')

def difference_update(x, *others):
    for other in others:
        for item in list(other):
            x.discard(item)

def intersection_update(x, *others):
    kept = x.intersection(*others)
    for item in list(x):
        if item not in kept:
            x.discard(item)

def symmetric_difference_update(x, other):
    for item in set(other):
        if item in x:
            x.discard(item)
        else:
            x.add(item)
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
    + _TEXTS
    + _FORMATS
    + _NUMBERS_AND_SETS
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
