"""The functions of `re`, whose patterns the sandbox reads otherwise than CPython in a few places.

A pattern is translated: `$` matches before a last line break, `\\Z` does not; a `[` in a class is a
character; `{,3}` is a quantifier; an escape that Python does not know is an error. And an empty match may
follow another match at once: `re.findall("x*", "ax")` gives `["", "x", ""]`; the sandbox leaves out the last.
Functions that replace may act.
"""

from recode_core.interpreter.libraries import patterns
from recode_core.interpreter.libraries.library import source_of

FUNCTIONS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")
EXPORTS = (*FUNCTIONS, "compile", "of")

# Let a match end at `e`. CPython looks next at `e`, where an empty match counts if the last one was not
# empty. The sandbox never gives an empty match there. Whether there is one is asked with a pattern that can
# match at `e` only. After an empty match CPython would take one that is not empty, at the same place; the
# sandbox goes on behind it. That can differ only where a pattern prefers to match nothing, and is refused.
_MATCHES = r"""
def compiled(pattern, flags):
    if isinstance(pattern, (str, bytes)):
        return translated(pattern, flags)
    if int(flags):
        raise ValueError('cannot process flags argument with a compiled pattern')
    return pattern

def at_place(pattern, place, text, more=''):
    source = '(?<=\\A[\\s\\S]{' + str(place) + '})(?:' + pattern.pattern + ')' + more
    return re.compile(source, pattern.flags & 0xFF & ~32).search(text)

def may_be_empty(source):
    if not isinstance(source, str):
        return False
    signs = ('*', '?', '|', '{', '^', '$', '\\b', '\\B', '\\A', '\\z')
    return source == '' or any([sign in source for sign in signs])

def prefers_nothing(source):
    return any([sign in source for sign in ('|', '??', '*?', '+?', '}?')])

def matches(pattern, text):
    found = [match for match in checked(pattern, text).finditer(text)]
    if not may_be_empty(pattern.pattern):
        return found
    starts = {match.start() for match in found}
    all_found = []
    for match in found:
        all_found.append(match)
        place = match.end()
        if match.start() == place:
            refuse_other(pattern, place, text)
        elif place not in starts:
            empty = at_place(pattern, place, text)
            if empty is not None:
                refuse_other(pattern, place, text)
                all_found.append(empty)
    return all_found

def refuse_other(pattern, place, text):
    if not prefers_nothing(pattern.pattern):
        return
    if at_place(pattern, place, text, '(?<!\\A[\\s\\S]{' + str(place) + '})') is not None:
        raise NotImplementedError('the sandbox can not repeat a pattern that prefers to match nothing; '
                                  'write a pattern that matches at least one character')

def found_in(match):
    groups = tuple([part if part is not None else match.group()[:0] for part in match.groups()])
    if not groups:
        return match.group()
    return groups[0] if len(groups) == 1 else groups

odd = re.compile(r'[\p{M}\p{No}\p{Nl}]')

def checked(pattern, string):
    if isinstance(string, str) and not string.isascii() and isinstance(pattern.pattern, str):
        if ('\\b' in pattern.pattern or '\\B' in pattern.pattern) and odd.search(string):
            raise NotImplementedError('the sandbox can not tell words apart in a text with '
                                      + repr(odd.search(string).group()) + '; write a pattern without \\b')
    return pattern

def pattern_findall(pattern, string):
    return [found_in(match) for match in matches(pattern, string)]

def pattern_finditer(pattern, string):
    return __rc_iter(matches(pattern, string))

def pattern_split(pattern, string, maxsplit=0):
    parts, at, number = [], 0, 0
    for match in matches(pattern, string):
        if maxsplit and number >= maxsplit:
            break
        parts.append(string[at:match.start()])
        parts.extend(match.groups())
        at, number = match.end(), number + 1
    parts.append(string[at:])
    return parts

def pattern_subn(pattern, repl, string, count=0):
    if isinstance(repl, (str, bytes)) and not may_be_empty(pattern.pattern):
        parts = len(matches(pattern, string))
        number = min(count, parts) if count > 0 else 0 if count else parts
        return (pattern.sub(repl, string, count) if number else string), number
    parts, at, number = [], 0, 0
    for match in matches(pattern, string):
        if count and number >= count:
            break
        parts.append(string[at:match.start()])
        part = expanded(match, repl) if isinstance(repl, (str, bytes)) else repl(match)
        if part is not None:
            parts.append(part)
        at, number = match.end(), number + 1
    parts.append(string[at:])
    return string[:0].join(parts), number

def expanded(match, template):
    parts, at = [], 0
    while at < len(template):
        if template[at] != '\\':
            parts.append(template[at])
            at += 1
            continue
        letter = template[at + 1:at + 2]
        if letter == 'g' and template[at + 2:at + 3] == '<' and '>' in template[at:]:
            end = template.index('>', at)
            name, at = template[at + 3:end], end + 1
            parts.append(match.group(int(name) if name.isdigit() else name) or '')
        elif letter == '0' or (letter.isdigit() and template[at + 2:at + 4].isdigit()):
            raise NotImplementedError('write the character itself, not its octal escape')
        elif letter.isdigit():
            end = at + 3 if template[at + 2:at + 3].isdigit() else at + 2
            parts.append(match.group(int(template[at + 1:end])) or '')
            at = end
        elif letter in ('n', 't', 'r', 'f', 'v', 'a', 'b', '\\'):
            parts.append({'n': '\n', 't': '\t', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a', 'b': '\b',
                          '\\': '\\'}[letter])
            at += 2
        elif letter == '' or (letter.isalpha() and letter.isascii()):
            fail('bad escape \\' + letter)
        else:
            parts.append('\\' + letter)
            at += 2
    return ''.join(parts)

def pattern_sub(pattern, repl, string, count=0):
    return pattern_subn(pattern, repl, string, count)[0]

def pattern_search(pattern, string):
    return checked(pattern, string).search(string)

def pattern_match(pattern, string):
    return checked(pattern, string).match(string)

def pattern_fullmatch(pattern, string):
    return checked(pattern, string).fullmatch(string)

def compile(pattern, flags=0):
    return compiled(pattern, flags)

def search(pattern, string, flags=0):
    return pattern_search(compiled(pattern, flags), string)

def match(pattern, string, flags=0):
    return pattern_match(compiled(pattern, flags), string)

def fullmatch(pattern, string, flags=0):
    return pattern_fullmatch(compiled(pattern, flags), string)

def findall(pattern, string, flags=0):
    return pattern_findall(compiled(pattern, flags), string)

def finditer(pattern, string, flags=0):
    return pattern_finditer(compiled(pattern, flags), string)

def split(pattern, string, maxsplit=0, flags=0):
    return pattern_split(compiled(pattern, flags), string, maxsplit)

def sub(pattern, repl, string, count=0, flags=0):
    return pattern_sub(compiled(pattern, flags), repl, string, count)

def subn(pattern, repl, string, count=0, flags=0):
    return pattern_subn(compiled(pattern, flags), repl, string, count)
"""

_OF = (
    "functions = {"
    + ", ".join(f"{name!r}: {name}" for name in (*FUNCTIONS, "compile"))
    + "}\nof_patterns = {"
    + ", ".join(f"{name!r}: pattern_{name}" for name in FUNCTIONS)
    + """}

def is_regex(x):
    return type(x).__name__ == 'module' and repr(x) == regex_repr

regex_repr = repr(re)

def of(x, name, native=None):
    if type(x).__name__ == 'Pattern' and name in of_patterns:
        call = of_patterns[name]
        return lambda *args, **more: call(x, *args, **more)
    if type(x).__name__ == 'Pattern' and name == 'pattern':
        return originals.get(x.pattern, x.pattern)
    if name == 'pattern':
        return getattr(x, name)
    return functions[name] if is_regex(x) else __rc_lib_values_member(x, name, native)
"""
)

SOURCE = source_of("regex", patterns.TRANSLATION + _MATCHES + _OF, EXPORTS)
