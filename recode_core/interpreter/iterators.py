"""Python's lazy iterators for the sandbox, whose own generator expressions, `map` and the like are lists.

A generator expression becomes an object whose `__next__` calls a step function (`statements.lazy` writes it);
`__rc_end` as the value of a step ends the iteration. The sandbox's own builtins can consume such an object,
but `run` cannot be suspended inside them. So code that may act calls the functions below instead of `list`,
`any` and the like; they take the items one by one. For other arguments they call the builtin.
"""


def _is_public(name: str) -> bool:
    return not name.startswith("_")


_CLASS = """
def __rc_make_{name}():
    class {name}:
        def __init__(self, step):
            self._step = step
        def __iter__(self):
            return self
        def __next__(self):
            value = self._step()
            if value is __rc_end:
                raise __rc_StopIteration
            return value
        def __repr__(self):
            return '<{name} object>'
    return {name}
__rc_new_{name} = __rc_make_{name}()
"""

_GENERATOR = """
__rc_end = ['end']
__rc_StopIteration = StopIteration
__rc_RuntimeError = RuntimeError
__rc_next = next

def __rc_make_generator():
    class generator:
        def __init__(self, step):
            self._step = step
        def __iter__(self):
            return self
        def __next__(self):
            step, self._step = self._step, __rc_finished
            try:
                value = step()
            except __rc_StopIteration:
                raise __rc_RuntimeError('generator raised StopIteration')
            if value is __rc_end:
                raise __rc_StopIteration
            self._step = step
            return value
        def __repr__(self):
            return '<generator object <genexpr>>'
        def close(self):
            self._step = __rc_finished
    return generator

def __rc_finished():
    return __rc_end

__rc_generator = __rc_make_generator()
"""

_LAZY = """
def __rc_map(f, first, *more):
    sources = [__rc_iter(source) for source in (first, *more)]
    def step():
        items = []
        for source in sources:
            item = __rc_next(source, __rc_end)
            if item is __rc_end:
                return __rc_end
            items.append(item)
        return f(*items)
    return __rc_new_map(step)

def __rc_filter(f, source):
    source = __rc_iter(source)
    def step():
        while True:
            item = __rc_next(source, __rc_end)
            if item is __rc_end or (item if f is None else f(item)):
                return item
    return __rc_new_filter(step)

def __rc_zip(*sources, strict=False, tuple=tuple, enumerate=enumerate, ValueError=ValueError):
    sources = [__rc_iter(source) for source in sources]
    def step():
        items = []
        for number, source in enumerate(sources):
            item = __rc_next(source, __rc_end)
            if item is not __rc_end:
                items.append(item)
                continue
            if strict and number:
                raise ValueError(__rc_uneven(number, 'shorter'))
            if strict:
                for later, other in enumerate(sources):
                    if later and __rc_next(other, __rc_end) is not __rc_end:
                        raise ValueError(__rc_uneven(later, 'longer'))
            return __rc_end
        return tuple(items) if sources else __rc_end
    return __rc_new_zip(step)

def __rc_uneven(number, word):
    before = ' 1' if number == 1 else 's 1-' + __rc_str(number)
    return 'zip() argument ' + __rc_str(number + 1) + ' is ' + word + ' than argument' + before

def __rc_enumerate(iterable, start=0):
    source = __rc_iter(iterable)
    number = start - 1
    def step():
        nonlocal number
        item = __rc_next(source, __rc_end)
        if item is __rc_end:
            return __rc_end
        number += 1
        return (number, item)
    return __rc_new_enumerate(step)

def __rc_reversed(sequence, reversed=reversed, len=len, type=type):
    if type(sequence).__name__ != 'list':
        source = __rc_iter(reversed(sequence))
        return __rc_new_reversed(lambda: __rc_next(source, __rc_end))
    index = len(sequence)
    def step():
        nonlocal index
        index -= 1
        if 0 <= index < len(sequence):
            return sequence[index]
        index = 0
        return __rc_end
    return __rc_new_reversed(step)
"""

_CONSUMERS = """
def __rc_is_lazy(x, type=type):
    return type(x).__name__ in ('generator', 'map', 'filter', 'zip', 'enumerate', 'reversed')

def __rc_items(x):
    if not __rc_is_lazy(x):
        return x
    items = []
    while True:
        item = __rc_next(x, __rc_end)
        if item is __rc_end:
            return items
        items.append(item)

def __rc_list(*args, list=list):
    return list(*[__rc_items(arg) for arg in args])

def __rc_tuple(*args, tuple=tuple):
    return tuple(*[__rc_items(arg) for arg in args])

def __rc_set(*args, set=set):
    if not args or not __rc_is_lazy(args[0]):
        return set(*args)
    items = set()
    while True:
        item = __rc_next(args[0], __rc_end)
        if item is __rc_end:
            return items
        items.add(item)

def __rc_frozenset(*args, frozenset=frozenset):
    return frozenset(__rc_set(*args)) if args and __rc_is_lazy(args[0]) else frozenset(*args)

def __rc_dict(*args, dict=dict, **more):
    if not args or not __rc_is_lazy(args[0]):
        return dict(*args, **more)
    items = {}
    while True:
        item = __rc_next(args[0], __rc_end)
        if item is __rc_end:
            items.update(more)
            return items
        items.update([item])

def __rc_sum(iterable, *rest, sum=sum, **more):
    if not __rc_is_lazy(iterable):
        return sum(iterable, *rest, **more)
    total = sum([], *rest, **more)
    while True:
        item = __rc_next(iterable, __rc_end)
        if item is __rc_end:
            return total
        total = total + item

def __rc_any(iterable, any=any):
    if not __rc_is_lazy(iterable):
        return any(iterable)
    while True:
        item = __rc_next(iterable, __rc_end)
        if item is __rc_end:
            return False
        if item:
            return True

def __rc_all(iterable, all=all):
    if not __rc_is_lazy(iterable):
        return all(iterable)
    while True:
        item = __rc_next(iterable, __rc_end)
        if item is __rc_end:
            return True
        if not item:
            return False

def __rc_sorted(iterable, sorted=sorted, range=range, len=len, key=None, reverse=False):
    items = __rc_items(iterable)
    if key is None:
        return sorted(items, reverse=reverse)
    items = [item for item in items]
    keys = [key(item) for item in items]
    return [items[i] for i in sorted(range(len(keys)), key=lambda i: keys[i], reverse=reverse)]

def __rc_best(args, key, given, greater, native, len=len):
    source = __rc_iter(args[0] if len(args) == 1 else args)
    best = best_key = __rc_end
    while True:
        item = __rc_next(source, __rc_end)
        if item is __rc_end:
            return best if best is not __rc_end else native([], **given)
        item_key = item if key is None else key(item)
        if best is __rc_end or (item_key > best_key if greater else item_key < best_key):
            best, best_key = item, item_key

def __rc_min(*args, min=min, key=None, **given):
    return __rc_best(args, key, given, False, min)

def __rc_max(*args, max=max, key=None, **given):
    return __rc_best(args, key, given, True, max)

def __rc_in(item, iterable):
    if not __rc_is_lazy(iterable):
        return item in iterable
    while True:
        other = __rc_next(iterable, __rc_end)
        if other is __rc_end:
            return False
        if other is item or other == item:
            return True

def __rc_unpack(x, most, len=len):
    if not __rc_is_lazy(x):
        return x
    items = []
    while most is None or len(items) <= most:
        item = __rc_next(x, __rc_end)
        if item is __rc_end:
            break
        items.append(item)
    return items

def __rc_extend(x, items, type=type):
    if type(x).__name__ not in ('list', 'deque') or not __rc_is_lazy(items):
        return x.extend(items)
    while True:
        item = __rc_next(items, __rc_end)
        if item is __rc_end:
            return None
        x.append(item)

def __rc_iadd(x, more, type=type):
    if type(x).__name__ != 'list' or type(more).__name__ == 'list':
        return more
    if __rc_is_lazy(more):
        __rc_extend(x, more)
    else:
        x.extend(more)
    return []
"""

_METHODS = """
__rc_methods = {methods!r}
def __rc_with(x, name, type=type, AttributeError=AttributeError, getattr=getattr):
    kind = type(x).__name__
    if kind == 'module':
        getattr(x, name)
    elif name not in __rc_methods.get(kind, (name,)):
        raise AttributeError("'" + kind + "' object has no attribute '" + name + "'")
    return x
"""  # the sandbox looks up a method only after evaluating the arguments, which may act

_TYPES = (str, list, dict, set, frozenset, tuple, int, float, bool, bytes, type(None))

SOURCE = "".join(
    [
        _GENERATOR,
        _METHODS.format(methods={kind.__name__: [*filter(_is_public, dir(kind))] for kind in _TYPES}),
        *(_CLASS.format(name=name) for name in ("map", "filter", "zip", "enumerate", "reversed")),
        _LAZY,
        _CONSUMERS,
    ]
)
