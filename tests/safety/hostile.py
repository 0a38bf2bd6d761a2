"""Expansions that no good model writes, and how each of them must end."""

from __future__ import annotations

_LOOPS = {
    "true": "while True:\n    pass",
    "count": "n = 0\nwhile True:\n    n += 1",
    "for-iter": "for x in iter(int, 1):\n    pass",
    "caught": "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass",
    "caught-all": "while True:\n    try:\n        1 / 0\n    except:\n        pass",
    "finally": "while True:\n    try:\n        pass\n    finally:\n        continue",
    "itertools": "import itertools\nfor x in itertools.count():\n    pass",
    "cycle": "import itertools\nfor x in itertools.cycle([1]):\n    pass",
    "while-else": "while 1:\n    continue\nelse:\n    x = 1",
    "generator": "x = sum(1 for _ in iter(int, 1))",
    "comprehension": "x = [0 for _ in range(10 ** 12) if False]",
    "any": "x = any(False for _ in range(10 ** 12))",
    "nested": "for a in range(10 ** 6):\n    for b in range(10 ** 6):\n        pass",
    "name": "while True:\n    try:\n        nowhere\n    except NameError:\n        pass",
    "open": "while True:\n    try:\n        open('/etc/passwd')\n    except Exception:\n        pass",
    "import": "while True:\n    try:\n        import math\n    except Exception:\n        pass",
    "wrong-run": "while True:\n    try:\n        run(1)\n    except Exception:\n        pass",
    "acts": "while True:\n    run('s1')",
    "acts-caught": "while True:\n    try:\n        run('s1')\n    except BaseException:\n        pass",
    "growing-list": "l = [1]\nfor x in l:\n    l.append(x)",
    "walrus": "while (n := 1):\n    pass",
    "match": "while True:\n    match 1:\n        case _:\n            pass",
}
_MEMORY = {
    "list": "x = [0] * 10 ** 10",
    "str": "x = 'a' * 10 ** 10",
    "bytes": "x = b'a' * 10 ** 10",
    "nested-lists": "x = []\nfor i in range(10 ** 7):\n    x = [x, x]",
    "doubling": "x = 'a'\nwhile True:\n    x += x",
    "doubling-list": "x = [1]\nwhile True:\n    x = x + x",
    "dict": "x = {i: i for i in range(10 ** 9)}",
    "set": "x = set(range(10 ** 9))",
    "tuple": "x = tuple(range(10 ** 9))",
    "power": "x = 10 ** 10 ** 10",
    "shift": "x = 1 << 10 ** 12",
    "factorial": "import math\nx = math.factorial(10 ** 7)",
    "product": "import itertools\nx = list(itertools.product(range(1000), repeat=5))",
    "permutations": "import itertools\nx = list(itertools.permutations(range(20)))",
    "counter": "from collections import Counter\nx = Counter(range(10 ** 8))",
    "deque": "from collections import deque\nx = deque(range(10 ** 9))",
    "format": "x = '{:>1000000000}'.format(1)",
    "fstring": "x = f'{1:>{10 ** 10}}'",
    "percent": "x = '%1000000000d' % 1",
    "ljust": "x = 'a'.ljust(10 ** 11)",
    "zfill": "x = '1'.zfill(10 ** 11)",
    "join": "x = ('a' * 10 ** 6).join(['b'] * 10 ** 6)",
    "replace": "x = ('a' * 10 ** 6).replace('a', 'b' * 10 ** 6)",
    "repr": "x = repr(['a' * 1000] * 10 ** 7)",
    "json": "import json\nx = json.dumps(['a' * 1000] * 10 ** 7)",
    "expandtabs": "x = ('\\t' * 10 ** 6).expandtabs(10 ** 6)",
    "caught-list": "while True:\n    try:\n        x = [0] * 10 ** 10\n    except MemoryError:\n        pass",
    "int-digits": "x = int('9' * 10 ** 7)",
    "str-digits": "x = str(9 ** 10 ** 6)",
    "self": "x = []\nx.append(x)\ny = [x] * 10 ** 7",
}
_RECURSION = {
    "lambda": "f = lambda: f()\nf()",
    "lambda-args": "f = lambda n: f(n + 1) + f(n + 1)\nf(0)",
    "sorted-key": "f = lambda x: sorted([1, 2], key=f)\nf(1)",
    "repr": "x = []\nfor i in range(10 ** 5):\n    x = [x]\ny = repr(x)",
    "compare": "x, y = [], []\nfor i in range(10 ** 5):\n    x, y = [x], [y]\nz = x == y",
    "json": "import json\nx = []\nx.append(x)\ny = json.dumps(x)",
    "copy": "import copy\nx = []\nfor i in range(10 ** 5):\n    x = [x]\ny = copy.deepcopy(x)",
    "caught": "f = lambda: f()\nwhile True:\n    try:\n        f()\n    except RecursionError:\n        pass",
    "hash": "x = ()\nfor i in range(10 ** 5):\n    x = (x,)\ny = hash(x)",
}
_REGEX = {
    "stars": "import re\nx = re.match('(a*)*b', 'a' * 40)",
    "plus": "import re\nx = re.match('(a+)+$', 'a' * 40 + '!')",
    "alternatives": "import re\nx = re.match('(a|a)*b', 'a' * 40)",
    "optional": "import re\nx = re.match('a?' * 40 + 'a' * 40, 'a' * 40)",
    "long": "import re\nx = re.findall('.*.*=.*', 'x' * 10 ** 5)",
    "huge-pattern": "import re\nx = re.compile('a' * 10 ** 7)",
    "repeat": "import re\nx = re.compile('(a{1000}){1000}{1000}')",
    "nested": "import re\nx = re.compile('(' * 10 ** 4 + ')' * 10 ** 4)",
    "sub": "import re\nx = re.sub('a*', 'b' * 1000, 'a' * 10 ** 6)",
    "bad": "import re\nx = re.compile('(')",
    "split": "import re\nx = re.split('', 'a' * 10 ** 7)",
}
_PRINTS = {
    "loop": "while True:\n    print('a' * 1000)",
    "once": "print('a' * 10 ** 8)",
    "many": "for i in range(10 ** 7):\n    print(i)",
    "end": "while True:\n    print('', end='\\r')",
    "escape": "print('\\x1b]0;title\\x07\\x1b[2J\\x1b[31m' * 100)",
    "bidi": "print('\\u202e\\u2066\\u200b' * 100)",
    "surrogate": "print('\\ud800' * 10)",
    "nul": "print('\\0' * 1000)",
    "markup": "print('[bold red]x[/] [@click=app.quit]y[/]')",
    "action-escape": "run('\\x1b[2J go')",
    "action-nul": "run('\\0')",
    "action-long": "run('a' * 10 ** 7)",
    "action-surrogate": "run('\\ud800')",
    "exception-long": "raise ValueError('x' * 10 ** 7)",
    "exception-escape": "raise ValueError('\\x1b[31m')",
    "assert-long": "assert False, ['x' * 10 ** 6] * 10",
    "key-long": "d = {}\nd['k' * 10 ** 6]",
}
_DISK = {
    "prints": "for i in range(10 ** 7):\n    print('a' * 20_000)",
    "prints-while": "while True:\n    print('é' * 20_000)",
    "variables": "for i in range(10 ** 7):\n    x = ['a' * 200, i, {i: 'b' * 1000}]",
    "new-names": "for i in range(10 ** 4):\n    exec(f'v{i} = 1')",
    "actions": "while True:\n    run('é' * 100_000)",
    "caught-failures": "while True:\n    try:\n        raise ValueError('x' * 10 ** 6)\n"
    "    except ValueError as e:\n        print(e)",
    "escapes": "for i in range(10 ** 7):\n    print('\\x00\\x1b' * 10_000)",  # six bytes each in the file
}
_BYTES = {
    "not-utf-8": "x = b'\\xff\\xfe'.decode()",
    "not-utf-8-replaced": "x = b'\\xff\\xfe' * 10 ** 6\nprint(x.decode('utf-8', 'replace'))",
    "not-utf-8-action": "run(b'\\xff'.decode('latin-1') * 1000)",
    "encode-surrogate": "x = '\\udcff'.encode()",
    "surrogate-variable": "x = chr(0xd800) + 'a'\nprint(x)",
    "surrogate-key": "x = {chr(0xdfff): chr(0xd800)}\nprint(x)",
    "surrogate-error": "raise ValueError(chr(0xd800) * 5000)",
    "nul-variable": "x = chr(0) * 10 ** 6\nprint(x)",
    "combining": "x = 'a' + chr(0x301) * 10 ** 6\nprint(x)\nrun(x)",
    "noncharacters": "x = ''.join(chr(n) for n in range(0xfff0, 0x10000))\nprint(x)\nrun(x)",
    "line-of-a-megabyte": "print('x' * 10 ** 6)",
    "separators": "x = '\\x0b\\x0c\\x1c\\x1d\\x1e\\x85\\u2028\\u2029' * 1000\nprint(x)\nrun(x)",
}
_PROCESSES = {
    "fork": "import os\nos.fork()",
    "fork-loop": "import os\nwhile True:\n    os.fork()",
    "exec": "import os\nos.execv('/bin/sh', ['sh'])",
    "spawn": "import os\nos.posix_spawn('/bin/sh', ['sh'], {})",
    "popen": "import os\nos.popen('id').read()",
    "kill-parent": "import os\nos.kill(os.getppid(), 9)",
    "environ": "import os\nos.environ['HOME'] = '/nowhere'",
    "getenv": "import os\nx = os.getenv('PATH')\nassert x is None, x",
    "chdir": "import os\nos.chdir('/')",
    "listdir": "import os\nx = os.listdir('.')",
    "multiprocessing": "import multiprocessing",
    "shutil": "import shutil\nshutil.rmtree('.')",
    "pty": "import pty\npty.spawn('sh')",
    "resource": "import resource",
    "mmap": "import mmap",
    "tempfile": "import tempfile\ntempfile.mkdtemp()",
    "glob": "import glob\nx = glob.glob('*')",
    "atexit": "import atexit",
    "logging": "import logging\nlogging.basicConfig(filename='out.log')",
    "sqlite": "import sqlite3\nsqlite3.connect('out.db')",
    "touch": "from pathlib import Path\nPath('canary-2').touch()",
    "unlink": "from pathlib import Path\nPath('canary').unlink()",
    "write-relative": "open('canary', 'a').write('x')",
    "proc": "open('/proc/self/environ').read()",
    "device": "open('/dev/tty', 'w').write('x')",
}
_NETWORK = {
    "urllib": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')",
    "http": "import http.client\nhttp.client.HTTPConnection('127.0.0.1')",
    "requests": "import requests\nrequests.get('http://127.0.0.1:9')",
    "socket-from": "from socket import create_connection\ncreate_connection(('127.0.0.1', 9))",
    "asyncio-connection": "import asyncio\nasyncio.open_connection('127.0.0.1', 9)",
    "ssl": "import ssl",
    "smtp": "import smtplib",
    "ftp": "import ftplib",
    "webbrowser": "import webbrowser\nwebbrowser.open('http://127.0.0.1:9')",
    "xmlrpc": "import xmlrpc.client",
}
_EXCEPTIONS = {
    name: f"raise {name}('no')"
    for name in (
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "ConnectionError",
        "EOFError",
        "Exception",
        "FileNotFoundError",
        "FloatingPointError",
        "ImportError",
        "IndexError",
        "KeyError",
        "LookupError",
        "NameError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "PermissionError",
        "RuntimeError",
        "StopAsyncIteration",
        "SyntaxError",
        "TypeError",
        "UnicodeDecodeError",
        "ValueError",
        "Warning",
        "ZeroDivisionError",
    )
} | {
    "group": "raise ExceptionGroup('a', [ValueError(1)])",
    "from-itself": "e = ValueError(1)\nraise e from e",
    "chain": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError(2) from e",
    "argument-of-a-megabyte": "raise KeyError(('k' * 10 ** 6,) * 10)",
    "in-argument": "run([][1])",
    "in-print": "print(1 / 0)",
    "in-condition": "if 1 / 0:\n    x = 1",
    "in-iterable": "for x in None:\n    pass",
    "in-comprehension": "x = [1 / n for n in (1, 0)]",
    "in-f-string": "x = f'{1 / 0}'",
    "in-unpacking": "a, b = [1]",
    "in-deletion": "del nothing",
    "in-handler": "try:\n    1 / 0\nexcept nothing:\n    pass",
    "in-index": "x = [1][2 ** 70]",
    "in-format": "x = '{:q}'.format(1)",
}
_HOST = {
    "open": "open('/etc/passwd').read()",
    "write": "open('/tmp/out', 'w').write('x')",
    "os": "import os\nos.system('true')",
    "subprocess": "import subprocess\nsubprocess.run(['true'])",
    "socket": "import socket\nsocket.socket()",
    "ctypes": "import ctypes",
    "import": "__import__('os').system('true')",
    "importlib": "import importlib\nimportlib.import_module('os')",
    "builtins": "__builtins__['__import__']('os')",
    "builtins-name": "import builtins\nbuiltins.open('/etc/passwd')",
    "class": "().__class__.__base__.__subclasses__()",
    "globals": "x = (lambda: 0).__globals__",
    "code": "x = (lambda: 0).__code__",
    "closure": "x = run.__closure__",
    "self": "x = print.__self__",
    "mro": "x = str.__mro__",
    "eval": "eval('1')",
    "exec": "exec('x = 1')",
    "compile": "compile('1', 'a', 'eval')",
    "globals-call": "x = globals()",
    "locals-call": "x = locals()",
    "vars": "x = vars()",
    "dir": "x = dir()",
    "getattr": "getattr(run, '__' + 'globals__')",
    "setattr": "setattr(run, 'x', 1)",
    "format-attribute": "x = '{0.__class__}'.format(1)",
    "format-globals": "x = '{0.__globals__}'.format(run)",
    "input": "x = input()",
    "breakpoint": "breakpoint()",
    "exit": "exit()",
    "quit": "quit()",
    "sys-exit": "import sys\nsys.exit()",
    "sys-modules": "import sys\nx = sys.modules",
    "system-exit": "raise SystemExit",
    "keyboard": "raise KeyboardInterrupt",
    "base": "raise BaseException('x')",
    "generator-exit": "raise GeneratorExit",
    "stop-iteration": "raise StopIteration",
    "memory": "raise MemoryError",
    "recursion": "raise RecursionError",
    "timeout": "raise TimeoutError('the statement ran for more than 5 s')",
    "raise-none": "raise None",
    "raise-text": "raise 'x'",
    "reraise": "raise",
    "pathlib": "from pathlib import Path\nx = Path('/etc/passwd').read_text()",
    "pathlib-list": "from pathlib import Path\nx = list(Path('/').iterdir())",
    "sleep": "import time\ntime.sleep(10 ** 6)",
    "time": "import time\nwhile time.time() < 10 ** 12:\n    pass",
    "threading": "import threading",
    "asyncio": "import asyncio",
    "pickle": "import pickle",
    "signal": "import signal",
    "gc": "import gc",
    "inspect": "import inspect",
}
_SHADOWS = {
    "run": "run = None\nrun('s1')",
    "run-lambda": "run = lambda x: 'ok'\nrun('s1')",
    "run-for": "for run in [1]:\n    pass\nrun('s1')",
    "run-del": "del run\nrun('s1')",
    "run-import": "import math as run\nrun('s1')",
    "run-argument": "f = lambda run: run('s1')\nf(str)",
    "run-attribute": "run.x = 1",
    "run-item": "run[0] = 1",
    "run-walrus": "(run := 1)\nrun('s1')",
    "run-keyword": "run(other='s1')",
    "run-two": "run('s1', 's2')",
    "run-star": "run(*['s1', 's2'])",
    "run-none": "run(None)",
    "run-list": "run(['s1'])",
    "run-bytes": "run(b's1')",
    "builtins": "str = len = list = dict = None\nx = str(1)",
    "exception": "Exception = ValueError = None\ntry:\n    1 / 0\nexcept Exception:\n    pass",
    "engine": "__rc_text = None\n__rc_locals = None\nx = 1",
    "engine-del": "del __rc_v",
    "engine-call": "__rc_show({}, [], True)",
    "print": "print = None\nprint('x')",
    "dunder": "__name__ = '__rc__'\n__builtins__ = {}\nx = len('a')",
}
_TEXTS = {
    "nul": "x = 1\0",
    "surrogate": "x = '\ud800'",
    "bom": "\ufeffx = 1",
    "tabs": "if 1:\n\tx = 1\n        y = 2",
    "not-python": "Here is the code you asked for: go to the desk.",
    "half": "x = (1,",
    "indent": "    x = 1\n  y = 2",
    "megabyte-line": "x = '" + "a" * 1_000_000 + "'",
    "many-lines": "x = 1\n" * 100_000,
    "many-names": "\n".join(f"v{i} = {i}" for i in range(10_000)),
    "many-semicolons": "; ".join(["x = 1"] * 16_000),
    "many-elif": "if 0:\n    pass\n" + "elif 0:\n    pass\n" * 900,
    "deep-parentheses": "x = " + "(" * 5_000 + ")" * 5_000,
    "deep-lists": "x = " + "[" * 5_000 + "]" * 5_000,
    "deep-unary": "x = " + "-" * 50_000 + "1",
    "deep-not": "x = " + "not " * 20_000 + "1",
    "deep-attribute": "x = a" + ".b" * 20_000,
    "deep-if": "".join("  " * i + "if 1:\n" for i in range(150)) + "  " * 150 + "x = 1",
    "long-sum": "x = " + "+".join(["1"] * 20_000),
    "long-call": "f(" + ", ".join(["1"] * 20_000) + ")",
    "long-comparison": "x = " + " < ".join(["1"] * 10_000),
    "many-generators": "x = [" + ", ".join("next(c for c in 'a')" for _ in range(3_000)) + "]",
    "odd-escapes": r"x = '\d\q\z'",
    "emoji": "x = '👨‍👩‍👧‍👦' * 1000",
    "identifiers": "ﬁ = 1\nx = fi",
    "wide-é": "é = 'é'; " * 5_000,
    "decorators": "@a\n" * 5_000 + "def f(): pass",
    "class": "class A:\n    pass",
    "async": "async def f():\n    await f()",
    "yield": "yield 1",
    "return": "return 1",
    "await": "await run('s1')",
    "star": "x = *a",
    "type-comment": "x = []  # type: ignore[" + "a" * 10_000 + "]",
}
_CATCHES = {
    "all": "try:\n    while True:\n        run('s1')\nexcept:\n    run('s2')",
    "base": "try:\n    x = [0] * 10 ** 10\nexcept BaseException as e:\n    run('s1')",
    "finally": "try:\n    while True:\n        pass\nfinally:\n    run('s1')",
    "finally-loop": "try:\n    1 / 0\nfinally:\n    while True:\n        pass",
    "nested": "try:\n    try:\n        1 / 0\n    finally:\n        [][1]\nfinally:\n    {}[2]",
    "else": "try:\n    pass\nexcept Exception:\n    pass\nelse:\n    1 / 0",
    "placeholder": "try:\n    unknown_thing()\nexcept Exception:\n    pass",
    "star": "try:\n    1 / 0\nexcept* ZeroDivisionError:\n    x = 1",
}

HOSTILE = {
    f"{family}-{name}": code
    for family, programs in {
        "loop": _LOOPS,
        "memory": _MEMORY,
        "recursion": _RECURSION,
        "regex": _REGEX,
        "print": _PRINTS,
        "disk": _DISK,
        "bytes": _BYTES,
        "process": _PROCESSES,
        "network": _NETWORK,
        "exception": _EXCEPTIONS,
        "host": _HOST,
        "shadow": _SHADOWS,
        "text": _TEXTS,
        "catch": _CATCHES,
    }.items()
    for name, code in programs.items()
}
"""Programs by family and name."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFUSED = _names(
    """
    catch-placeholder catch-star disk-new-names exception-ConnectionError exception-EOFError
    exception-FloatingPointError exception-StopAsyncIteration exception-Warning exception-group
    host-asyncio host-breakpoint host-builtins-name host-class host-closure host-code host-compile
    host-ctypes host-dir host-eval host-exec host-exit host-format-globals host-gc
    host-generator-exit host-getattr host-globals host-globals-call host-import host-importlib
    host-input host-inspect host-mro host-open host-os host-pickle host-quit host-self host-setattr
    host-signal host-socket host-subprocess host-sys-exit host-threading host-vars host-write
    loop-open network-asyncio-connection network-ftp network-http network-requests network-smtp
    network-socket-from network-ssl network-urllib network-webbrowser network-xmlrpc process-atexit
    process-chdir process-device process-environ process-exec process-fork process-fork-loop
    process-getenv process-glob process-kill-parent process-listdir process-logging process-mmap
    process-multiprocessing process-popen process-proc process-pty process-resource process-shutil
    process-spawn process-sqlite process-tempfile process-write-relative shadow-engine
    shadow-engine-call shadow-engine-del shadow-run shadow-run-attribute shadow-run-del
    shadow-run-for shadow-run-import shadow-run-item shadow-run-lambda shadow-run-walrus text-async
    text-await text-bom text-class text-decorators text-deep-attribute text-deep-if text-deep-lists
    text-deep-not text-deep-parentheses text-deep-unary text-half text-indent text-long-call
    text-long-comparison text-long-sum text-many-elif text-many-generators text-many-lines
    text-many-names text-many-semicolons text-megabyte-line text-not-python text-nul text-return
    text-tabs text-wide-é text-yield
    """
)
"""Programs that are refused before anything of them runs."""

HARMLESS = _names(
    """
    bytes-encode-surrogate bytes-line-of-a-megabyte bytes-noncharacters bytes-nul-variable
    bytes-separators host-locals-call host-sleep print-action-escape print-action-nul
    print-action-surrogate print-bidi print-escape print-markup print-nul print-surrogate
    regex-alternatives regex-long regex-optional shadow-run-argument text-emoji text-identifiers
    text-odd-escapes text-surrogate text-type-comment
    """
)
"""Programs that run, and do no harm."""

LIMITED = _names(
    """
    catch-all disk-actions disk-caught-failures disk-escapes disk-prints disk-prints-while
    disk-variables loop-acts loop-acts-caught
    """
)
"""Programs that meet a limit of the run, of actions or of the size of its file, or fail before."""

SLOW = _names(
    """
    catch-finally catch-finally-loop disk-caught-failures disk-escapes disk-prints disk-prints-while
    disk-variables host-time loop-any loop-caught loop-caught-all loop-comprehension loop-count
    loop-cycle loop-finally loop-for-iter loop-generator loop-growing-list loop-import
    loop-itertools loop-match loop-name loop-nested loop-true loop-walrus loop-while-else
    loop-wrong-run memory-expandtabs memory-nested-lists print-assert-long print-end print-loop
    print-many recursion-caught recursion-compare recursion-copy recursion-hash recursion-repr
    regex-huge-pattern regex-sub
    """
)
"""Programs that take longest: until they are out of time, most of them."""


def ends_of(name: str) -> tuple[str, ...]:
    """How a program may end: mostly in one way; which of two limits it meets first depends on the machine."""
    if name in LIMITED:
        return ("limit", "failed")
    return ("refused" if name in REFUSED else "harmless" if name in HARMLESS else "failed",)
