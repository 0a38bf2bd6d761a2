"""The functions of `re`, whose patterns the sandbox reads otherwise than CPython in a few places.

A pattern is translated: `$` matches before a last line break, `\\Z` does not; a `[` in a class is a
character; `{,3}` is a quantifier; an escape that Python does not know is an error. And an empty match may
follow another match at once: `re.findall("x*", "ax")` gives `["", "x", ""]`; the sandbox leaves out the last.
Functions that replace may act.
"""

from recode_core.interpreter.libraries.library import source_of

FUNCTIONS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")
EXPORTS = (*FUNCTIONS, "compile", "of")

# `states` holds, for each open group, whether `^` and `$` mean lines in it.
_TRANSLATE = r"""
import re

known, originals = {}, {}

def fail(message):
    raise re.error(message)

def translated(text, flags):
    key = (text, int(flags))
    if key not in known:
        source, given = translate(text, int(flags)) if isinstance(text, str) else (text, flags)
        known[key] = re.compile(source, given)
        originals[source] = text
        __rc_patterns[repr(known[key])] = repr_of(text, given)
    return known[key]

def repr_of(text, flags):
    native = repr(re.compile('', flags))
    return "re.compile(" + repr(text) + native[len("re.compile(''"):]

def refuse_ascii():
    raise NotImplementedError('re.ASCII is not available in the sandbox; write classes such as [A-Za-z0-9_]')

def translate(text, flags):
    if flags & 256:
        refuse_ascii()
    at = 0
    while True:
        end = text.find(')', at)
        if text[at:at + 2] != '(?' or end < 0 or not text[at + 2:end].isalpha():
            break
        for letter in text[at + 2:end]:
            flags |= flag_of(letter)
        at = end + 1
    parts, states, names, opened = [], [bool(flags & 8)], [], []
    while at < len(text):
        character = text[at]
        if character == '\\':
            part, at = escape(text, at, False, flags)
        elif character == '[':
            part, at = character_class(text, at, flags)
        elif character == '(':
            opened.append(len(parts))
            part, at = group(text, at, states, names)
            if not part:
                opened.pop()
        elif character == ')':
            if len(states) > 1:
                states.pop()
            part, at = character, at + 1
            if opened:
                refuse_empty_repeated(''.join(parts[opened.pop():]) + ')', text[at:at + 1])
        elif character == '$':
            part, at = ('$' if states[-1] else r'(?=\n?\z)'), at + 1
        elif character == '{':
            part, at = quantifier(text, at)
        elif character == '}':
            part, at = r'\}', at + 1
        elif character == '#' and flags & 64:
            end = text.find('\n', at)
            part, at = '', len(text) if end < 0 else end
        else:
            part, at = character, at + 1
        parts.append(part)
    return ('(?x)' if flags & 64 else '') + ''.join(parts), flags & ~64

def refuse_empty_repeated(part, following):
    if following not in ('*', '+', '{') or part[:2] == '(?' and part[:3] != '(?P':
        return
    try:
        is_empty = re.compile(part).match('') is not None
    except re.error:
        return
    if is_empty:
        raise NotImplementedError('a group that may be empty is repeated in ' + repr(part + following)
                                  + '; repeat what is in it instead')

def flag_of(letter):
    known_flags = {'i': 2, 'm': 8, 's': 16, 'x': 64, 'a': 256, 'u': 0}
    if letter not in known_flags:
        fail('unknown or unsupported flag ' + letter)
    if letter == 'a':
        refuse_ascii()
    return known_flags[letter]

def coded(number):
    return '\\x{' + hex(number)[2:] + '}'

def escape(text, at, in_class, flags):
    character = text[at + 1:at + 2]
    if not character:
        fail('bad escape (end of pattern)')
    if character.isdigit() and character.isascii():
        return digits(text, at + 1, in_class)
    if character == 'Z' and not in_class:
        return r'\z', at + 2
    if character == 'a':
        return coded(7), at + 2
    if character == 'b' and in_class:
        return coded(8), at + 2
    if character.isalpha() and character.isascii():
        if character not in ('fnrtvxudDsSwW' if in_class else 'bABfnrtvxudDsSwW'):
            fail('bad escape \\' + character)
        return word(character, in_class), at + 2
    if character in '.+*?()|[]{}^$\\-&~#':
        return '\\' + character, at + 2
    return coded(ord(character)), at + 2

def word(character, in_class):
    if character == 'B':
        return r'(?:(?!\A\z)\B)'
    if character == 'w':
        return r'\p{L}\p{N}_' if in_class else r'[\p{L}\p{N}_]'
    return r'[^\p{L}\p{N}_]' if character == 'W' else '\\' + character

def digits(text, at, in_class):
    end = at
    while end < len(text) and end < at + 3 and text[end] in '01234567':
        end += 1
    is_octal = text[at] == '0' or in_class or end == at + 3
    if is_octal:
        if end == at or int(text[at:end], 8) > 255:
            fail('bad escape')
        return coded(int(text[at:end], 8)), end
    end = at + 1
    if text[end:end + 1].isdigit():
        end += 1
    return '(?:\\' + text[at:end] + ')', end

def character_class(text, at, flags):
    parts, at = ['['], at + 1
    if text[at:at + 1] == '^':
        parts.append('^')
        at += 1
    is_first = True
    while True:
        character = text[at:at + 1]
        if not character:
            fail('unterminated character set')
        if character == ']' and not is_first:
            return ''.join(parts) + ']', at + 1
        if character == '\\':
            part, at = escape(text, at, True, flags)
        elif character in '[]&~' or (character == '-' and parts[-1] == '-'):
            part, at = '\\' + character, at + 1
        elif flags & 64 and (character.isspace() or character == '#'):
            part, at = coded(ord(character)), at + 1
        else:
            part, at = character, at + 1
        parts.append(part)
        is_first = False

def group(text, at, states, names):
    if text[at + 1:at + 2] != '?':
        states.append(states[-1])
        return '(', at + 1
    if text[at + 1:at + 3] == '?#':
        end = text.find(')', at)
        if end < 0:
            fail('missing ), unterminated comment')
        return '', end + 1
    if text[at + 1:at + 4] == '?P<':
        end = text.find('>', at)
        name = text[at + 4:end]
        if name in names:
            fail('redefinition of group name ' + repr(name))
        names.append(name)
        states.append(states[-1])
        return text[at:end + 1], end + 1
    for head in ('?:', '?=', '?!', '?<=', '?<!', '?>', '?P=', '?('):
        if text[at + 1:at + 1 + len(head)] == head:
            states.append(states[-1])
            return '(' + head, at + 1 + len(head)
    end = at + 2
    while text[end:end + 1].isalpha() or text[end:end + 1] == '-':
        end += 1
    if text[end:end + 1] != ':' or not text[end - 1:end].isalpha():
        fail('unknown extension, or global flags not at the start of the expression')
    on, _, off = text[at + 2:end].partition('-')
    states.append('m' in on or (states[-1] and 'm' not in off))
    return text[at:end + 1].replace('u', ''), end + 1

def quantifier(text, at):
    end = text.find('}', at)
    inside = text[at + 1:end]
    least, comma, most = inside.partition(',')
    if end < 0 or not inside or not all([part == '' or part.isdigit() for part in (least, most)]):
        return r'\{', at + 1
    return '{' + (least or '0') + comma + most + '}', end + 1
"""

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

def of(x, name):
    if type(x).__name__ == 'Pattern' and name in of_patterns:
        call = of_patterns[name]
        return lambda *args, **more: call(x, *args, **more)
    if type(x).__name__ == 'Pattern' and name == 'pattern':
        return originals.get(x.pattern, x.pattern)
    if name == 'pattern':
        return getattr(x, name)
    return functions[name] if is_regex(x) else __rc_lib_values_member(x, name)
"""
)

SOURCE = source_of("regex", _TRANSLATE + _MATCHES + _OF, EXPORTS)
