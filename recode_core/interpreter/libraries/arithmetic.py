"""Methods of numbers, sets and ranges that the sandbox lacks: a part of the library `values`."""

NUMBERS_AND_SETS = """
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
