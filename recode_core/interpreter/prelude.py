"""The prelude: the engine's own functions in the sandbox, such as those that show values.

A value is shown without building all of its `repr`. Builtins are default arguments, so that generated code
that rebinds them does not affect these functions.
"""

from recode_core.interpreter import iterators, libraries

_SOURCE = """
__rc_patterns = {}
__rc_locals = locals
__rc_iter = iter
__rc_str = str
__rc_type = type
__rc_Exception = Exception

def __rc_some(x, limit, pairs, within, repr=repr):
    parts, used = [], 0
    for item in x:
        if used > limit:
            parts.append('…')
            break
        value = ': ' + __rc_text(x[item], limit - used, within) if pairs else ''
        parts.append(__rc_text(item, limit - used, within) + value)
        used += len(parts[-1]) + 2
    return ', '.join(parts)

def __rc_big(x, limit, within, type=type, isinstance=isinstance, dict=dict, repr=repr):
    kind = type(x).__name__
    if kind == 'bytes':
        return repr(x[:limit])
    if isinstance(x, dict):
        return kind + '({' + __rc_some(x, limit, True, within) + '})'
    if kind in ('dict_keys', 'dict_values', 'dict_items'):
        return kind + '([' + __rc_some(x, limit, False, within) + '])'
    return ''

def __rc_size(x, type=type, len=len):
    kind = type(x).__name__
    if kind in ('bytes', 'Counter', 'defaultdict', 'OrderedDict', 'dict_keys', 'dict_values', 'dict_items'):
        return len(x)
    return 0

def __rc_text(x, limit, within=(), type=type, len=len, repr=repr, id=id, float=float):
    kind = type(x).__name__
    if kind == 'str':
        return repr(x) if len(x) <= limit else repr(x[:limit])
    if kind in ('list', 'tuple', 'set', 'frozenset', 'deque', 'dict') or __rc_size(x) > 20000:
        if id(x) in within:
            return '[...]' if kind in ('list', 'deque') else '(...)' if kind == 'tuple' else '{...}'
        within = within + (id(x),)
    if __rc_size(x) > 20000:
        return __rc_big(x, limit, within)
    if kind in ('list', 'tuple', 'set', 'frozenset', 'deque'):
        parts, used = [], 0
        for item in x:
            if used > limit:
                parts.append('…')
                break
            parts.append(__rc_text(item, limit - used, within))
            used += len(parts[-1]) + 2
        body = ', '.join(parts)
        if kind == 'list':
            return '[' + body + ']'
        if kind == 'tuple':
            return '(' + body + (',)' if len(x) == 1 else ')')
        if kind == 'set' and parts:
            return '{' + body + '}'
        return kind + '(' + ('[' + body + ']' if kind == 'deque' else '{' + body + '}' if parts else '') + ')'
    if kind == 'dict':
        parts, used = [], 0
        for key in x:
            if used > limit:
                parts.append('…')
                break
            text = __rc_text(key, limit - used, within)
            parts.append(text + ': ' + __rc_text(x[key], limit - used, within))
            used += len(parts[-1]) + 2
        return '{' + ', '.join(parts) + '}'
    text = repr(x)
    if kind == 'Pattern':
        return __rc_patterns.get(text, text)
    if kind == 'float' and len(text) > 16:  # of two texts as short, CPython takes the closer, or the even one
        for closest in ('%.16g' % x, '%.17g' % x):
            if len(closest) == len(text) and float(closest) == x:
                return closest
    return text

def __rc_v(x, limit=200, type=type, len=len, repr=repr):
    kind = type(x).__name__
    try:
        if kind == 'str':
            size = len(x)
            return (kind, repr(x), -1) if size <= limit else (kind, repr(x[:limit]), size)
        text = __rc_text(x, limit)
        if len(text) <= limit and __rc_size(x) <= 20000:
            return (kind, text, -1)
        if kind in ('list', 'tuple', 'set', 'dict', 'deque') or __rc_size(x) > 20000:
            return (kind, text[:limit], len(x))
        return (kind, text[:limit], len(text))
    except Exception as error:
        return (kind, '<' + kind + ' that cannot be shown: ' + type(error).__name__ + '>', -1)

def __rc_show(scope, names, containers, limit=200, type=type):
    shown = []
    for name in scope:
        if name[:5] == '__rc_':
            continue
        if name in names:
            shown.append((name, __rc_v(scope[name], limit)))
        elif containers:
            kind = type(scope[name]).__name__
            if kind not in ('str', 'int', 'float', 'bool', 'NoneType', 'module', 'function', 'type'):
                shown.append((name, __rc_v(scope[name], limit)))
    return shown

def __rc_peek(items, iterator):
    if not items:
        item = __rc_next(iterator, __rc_end)
        if item is not __rc_end:
            items.append(item)
    return items

def __rc_pass(key, items, look, type=type):
    if not items:
        return (key, None, None)
    if type(items[0]).__name__ != 'str':
        return None
    return (key, items[0], look(items[0]))

def __rc_names(scope):
    return [name for name in scope if name[:5] != '__rc_']
"""

_BUILTINS = ", ".join(f"{name!r}: {name}" for name in libraries.BUILTINS)

SOURCE = f"{_SOURCE}{iterators.SOURCE}\n__rc_builtins = {{{_BUILTINS}}}\n"
