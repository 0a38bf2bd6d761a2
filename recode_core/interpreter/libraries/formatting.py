"""Formats and translations of texts: a part of the library `values`."""

TRANSLATION = """
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

FORMATS = """
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

def text_format(__rc_text, *args, **more):
    template = __rc_text
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
