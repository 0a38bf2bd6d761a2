"""The module `statistics`: exact for int and float, with results of the same type as in CPython.

A sum is a fraction of two ints, so that only the result is rounded.
"""

from recode_core.interpreter.libraries.library import module_source

_BODY = """
import math
StatisticsError = ValueError

def numbers(data):
    items = list(data)
    for item in items:
        if not isinstance(item, (int, float)):
            raise TypeError("can't convert type '" + type(item).__name__ + "' to numerator/denominator")
    return items

def ratio(x):
    return __rc_lib_values_float_ratio(x) if isinstance(x, float) else (int(x), 1)

def is_finite(items):
    return all([math.isfinite(item) for item in items])

def total(ratios):
    above, below = 0, 1
    for over, under in ratios:
        above, below = above * under + over * below, below * under
        common = math.gcd(above, below)
        above, below = above // common, below // common
    return above, below

def converted(above, below, items):
    common = math.gcd(above, below)
    above, below = above // common, below // common
    has_float = any([isinstance(item, float) for item in items])
    return above if below == 1 and not has_float else above / below

def needed(items, least, name, how_many):
    if len(items) < least:
        raise ValueError(name + ' requires at least ' + how_many + ' data point' + ('s' if least > 1 else ''))

def mean(data):
    items = numbers(data)
    needed(items, 1, 'mean', 'one')
    if not is_finite(items):
        return sum([item for item in items if not math.isfinite(item)]) / len(items)
    above, below = total([ratio(item) for item in items])
    return converted(above, below * len(items), items)

def fmean(data):
    items = [float(item) for item in numbers(data)]
    needed(items, 1, 'fmean', 'one')
    if not is_finite(items):
        return sum([item for item in items if not math.isfinite(item)]) / len(items)
    above, below = total([ratio(item) for item in items])
    return above / below / len(items)

def middle(data):
    items = sorted(data)
    if not items:
        raise ValueError('no median for empty data')
    return items, len(items) // 2

def median(data):
    items, half = middle(data)
    return items[half] if len(items) % 2 else (items[half - 1] + items[half]) / 2

def median_low(data):
    items, half = middle(data)
    return items[half if len(items) % 2 else half - 1]

def median_high(data):
    items, half = middle(data)
    return items[half]

def counts(data):
    found = {}  # by item, the first one that is equal and the count
    for item in data:
        if item not in found:
            found[item] = [item, 0]
        found[item][1] += 1
    return [pair for pair in found.values()]

def mode(data):
    found = counts(data)
    if not found:
        raise ValueError('no mode for empty data')
    return max(found, key=lambda pair: pair[1])[0]

def multimode(data):
    found = counts(data)
    most = max([0, *[count for _, count in found]])
    return [item for item, count in found if count == most]

def spread(items, less, center):
    above, below = total([ratio(item) for item in items])
    below *= len(items)
    if center is not None:
        above, below = ratio(center)
    parts = []
    for item in items:
        over, under = ratio(item)
        parts.append(((over * below - above * under) ** 2, (under * below) ** 2))
    above, below = total(parts)
    return above, below * (len(items) - less)

def variance_of(data, less, name, center):
    items = numbers(data)
    needed(items, 1 + less, name, 'two' if less else 'one')
    if not is_finite(items):
        raise NotImplementedError('statistics.' + name + ' of inf or nan is not available; leave them out')
    return items, spread(items, less, center)

def variance(data, xbar=None):
    items, found = variance_of(data, 1, 'variance', xbar)
    return converted(*found, items)

def pvariance(data, mu=None):
    items, found = variance_of(data, 0, 'pvariance', mu)
    return converted(*found, items)

def root(above, below):
    shift = 0
    while (above << (2 * shift)) // below < 1 << 128:
        shift += 32
        if above == 0:
            return 0.0
    scaled = above << (2 * shift)
    found = math.isqrt(scaled // below)
    if found * found * below != scaled:
        found |= 1
    return found / (1 << shift)

def stdev(data, xbar=None):
    return root(*variance_of(data, 1, 'stdev', xbar)[1])

def pstdev(data, mu=None):
    return root(*variance_of(data, 0, 'pstdev', mu)[1])
"""

SOURCE = module_source("statistics", _BODY)
