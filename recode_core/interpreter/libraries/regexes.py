"""The functions of `re`. The sandbox interprets some patterns differently from CPython.

So a pattern is translated: `$` matches before a last line break, `\\Z` does not; a `[` in a class is a
character; `{,3}` is a quantifier; an escape that Python does not know is an error. An empty match may
directly follow another match: `re.findall("x*", "ax")` gives `["", "x", ""]`, where the sandbox itself omits
the last one. Functions that compute replacements may act.
"""

from recode_core.interpreter.libraries import patterns
from recode_core.interpreter.libraries.library import source_of

FUNCTIONS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")
EXPORTS = (*FUNCTIONS, "compile", "of")

# Let a match end at `e`. CPython then searches from `e` on and accepts an empty match at `e` if the last
# match was not empty. The sandbox never accepts an empty match there. So `looks` matches the pattern at every
# position of the text inside a lookahead, which consumes nothing. After an empty match CPython accepts a
# match at the same position that is not empty; the sandbox continues behind it. That makes a difference only
# for a pattern that prefers to match nothing, and such a pattern is refused.
_MATCHES = r"""
def compiled(pattern, flags):
    if isinstance(pattern, (str, bytes)):
        return translated(pattern, flags)
    if int(flags):
        raise ValueError('cannot process flags argument with a compiled pattern')
    return pattern

def may_be_empty(pattern):
    return isinstance(pattern.pattern, str) and not takes_something.get(pattern.pattern, False)

def prefers_nothing(source):
    return any([sign in source for sign in ('|', '??', '*?', '+?', '}?')])

def looks(pattern, text, more=''):
    if re.search(r'\(\?:\\\d|\(\?P=|\(\?\(', pattern.pattern):
        raise NotImplementedError('a pattern that may match nothing and refers to a group is not available; '
                                  'write one that matches at least one character')
    source = '(?=(?P<rc_all>' + pattern.pattern + ')' + more + '|)'
    found = re.compile(source, pattern.flags & 0x1F & ~1).finditer(text)
    return {look.start(): look for look in found if look.group('rc_all') is not None}

def number_of(group):
    return group + 1 if isinstance(group, int) else group

def make_match():
    class Match:
        def __init__(self, look):
            self.look = look
        def group(self, *groups):
            found = [self.look.group(number_of(group)) for group in groups or (0,)]
            return found[0] if len(found) == 1 else tuple(found)
        def groups(self, default=None):
            return tuple([default if part is None else part for part in self.look.groups()[1:]])
        def groupdict(self):
            found = self.look.groupdict()
            return {name: found[name] for name in found if name != 'rc_all'}
        def start(self, group=0):
            return self.look.start(number_of(group))
        def end(self, group=0):
            return self.look.end(number_of(group))
        def span(self, group=0):
            return self.start(group), self.end(group)
        def __getitem__(self, group):
            return self.group(group)
        def __repr__(self):
            return '<re.Match object; span=' + repr(self.span()) + ", match=''>"
    return Match

Match = make_match()

def matches(pattern, text):
    found = [match for match in checked(pattern, text).finditer(text)]
    if not found or not may_be_empty(pattern):
        return found
    starts = {match.start() for match in found}
    at_places, empty_places, all_found = looks(pattern, text), [], []
    for match in found:
        all_found.append(match)
        place = match.end()
        if match.start() == place:
            empty_places.append(place)
        elif place not in starts and place in at_places and at_places[place].group('rc_all') == '':
            empty_places.append(place)
            all_found.append(Match(at_places[place]))
    if empty_places and prefers_nothing(pattern.pattern):
        refuse_others(looks(pattern, text, r'(?!\G)'), empty_places)
    return all_found

def refuse_others(others, places):
    if any([place in others for place in places]):
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
    if not may_be_empty(pattern):
        return checked(pattern, string).findall(string)
    return [found_in(match) for match in matches(pattern, string)]

def pattern_finditer(pattern, string):
    return __rc_iter(matches(pattern, string))

def pattern_split(pattern, string, maxsplit=0):
    if maxsplit >= 0 and not may_be_empty(pattern):
        return checked(pattern, string).split(string, maxsplit)
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
    if isinstance(repl, (str, bytes)) and not may_be_empty(pattern):
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
    if isinstance(repl, (str, bytes)) and count >= 0 and not may_be_empty(pattern):
        return checked(pattern, string).sub(repl, string, count)
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
