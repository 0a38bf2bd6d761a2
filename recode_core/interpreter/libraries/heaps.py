"""The module `heapq`, with the same layout as in CPython: the same calls leave the same list."""

from recode_core.interpreter.libraries.library import module_source

# An item at the top is first moved down to a leaf, each time exchanged with the smaller child, then up to its
# position. Comparing it on the way down would give a valid heap, too, but another one than in CPython.
_BODY = """
def check(heap):
    if not isinstance(heap, list):
        raise TypeError('heap argument must be a list, not ' + type(heap).__name__)

def rise(heap, top, at):
    item = heap[at]
    while at > top:
        parent = (at - 1) // 2
        if not item < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item

def sink(heap, top):
    item, at, size = heap[top], top, len(heap)
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and not heap[child] < heap[child + 1]:
            child += 1
        heap[at] = heap[child]
        at = child
    heap[at] = item
    rise(heap, top, at)

def heapify(heap):
    check(heap)
    for top in range(len(heap) // 2 - 1, -1, -1):
        sink(heap, top)

def heappush(heap, item):
    check(heap)
    heap.append(item)
    rise(heap, 0, len(heap) - 1)

def heappop(heap):
    check(heap)
    if not heap:
        raise IndexError('index out of range')
    last = heap.pop()
    return heapreplace(heap, last) if heap else last

def heapreplace(heap, item):
    check(heap)
    if not heap:
        raise IndexError('index out of range')
    smallest, heap[0] = heap[0], item
    sink(heap, 0)
    return smallest

def heappushpop(heap, item):
    check(heap)
    return heapreplace(heap, item) if heap and heap[0] < item else item

def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]

def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]
"""

SOURCE = module_source("heapq", _BODY)
