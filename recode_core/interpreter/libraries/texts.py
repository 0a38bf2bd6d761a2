"""The modules `string` and `textwrap`."""

import string

from recode_core.interpreter.libraries.library import module_source
from recode_core.statements.library_modules import LIBRARIES

_CONSTANTS = [name for name in LIBRARIES["string"] if isinstance(getattr(string, name), str)]

_CAPWORDS = """
def capwords(s, sep=None):
    return (sep or ' ').join([word.capitalize() for word in s.split(sep)])
"""

_TEXTWRAP = """
def margin_of(lines):
    margin = None
    for line in lines:
        pad = line[:len(line) - len(line.lstrip(' \\\\t'))]
        if margin is None:
            margin = pad
        while not pad.startswith(margin):
            margin = margin[:-1]
    return margin or ''

def dedent(text):
    lines = [line if line.strip(' \\\\t') else '' for line in text.split('\\\\n')]
    margin = margin_of([line for line in lines if line])
    return '\\\\n'.join([line[len(margin):] for line in lines])

def indent(text, prefix, predicate=None):
    lines = []
    for line in text.splitlines(True):
        is_chosen = predicate(line) if predicate is not None else line.strip()
        lines.append(prefix + line if is_chosen else line)
    return ''.join(lines)
""".replace("\\\\", "\\")

STRING = module_source(
    "string",
    "".join(f"{name} = {getattr(string, name)!r}\n" for name in _CONSTANTS) + _CAPWORDS,
)
TEXTWRAP = module_source("textwrap", _TEXTWRAP)
