"""Translate regular expressions of Python for the sandbox: a part of the library `regex`."""

# `states` tells for each open group whether `^` and `$` match at line breaks in it. `width` tells whether the
# pattern may match nothing: for each open group, whether the current alternative and all before it consume at
# least one character, and whether the last item does, which a quantifier after it may revoke.
TRANSLATION = r"""
import re

known, originals, takes_something = {}, {}, {}

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

class Width:
    def __init__(self):
        self.groups, self.last, self.kinds = [[False, True]], False, ['']
    def item(self, takes):
        self.groups[-1][0] = self.groups[-1][0] or self.last
        self.last = takes
    def opened(self, kind):
        self.item(False)
        self.groups.append([False, True])
        self.kinds.append(kind)
    def alternative(self):
        self.item(False)
        self.groups[-1] = [False, self.groups[-1][1] and self.groups[-1][0]]
    def closed(self):
        self.alternative()
        takes = self.groups.pop()[1] and self.kinds.pop() not in ('(?=', '(?!', '(?<=', '(?<!', '(?P=')
        self.last = takes
        return takes

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
    parts, states, names, width = [], [bool(flags & 8)], [], Width()
    while at < len(text):
        character = text[at]
        if character == '\\':
            part, at = escape(text, at, False, flags)
            width.item(part not in (r'\z', r'\A', r'\b') and part[:3] != '(?:')
        elif character == '[':
            part, at = character_class(text, at, flags)
            width.item(True)
        elif character == '(':
            part, at = group(text, at, states, names)
            if part:
                width.opened(part)
        elif character == ')':
            if len(states) > 1:
                states.pop()
            part, at = character, at + 1
            if len(width.groups) > 1:
                is_capturing = width.kinds[-1] == '(' or width.kinds[-1][:4] == '(?P<'
                if not width.closed() and is_capturing and text[at:at + 1] in ('*', '+', '{'):
                    raise NotImplementedError('a group that may be empty is repeated; '
                                              'repeat what is in it instead')
        elif character == '$':
            part, at = ('$' if states[-1] else r'(?=\n?\z)'), at + 1
            width.item(False)
        elif character == '{':
            part, at = quantifier(text, at)
            if part[0] == '\\':
                width.item(True)
            elif part[1:2] == '0':
                width.last = False
        elif character == '}':
            part, at = r'\}', at + 1
        elif character == '#' and flags & 64:
            end = text.find('\n', at)
            part, at = '', len(text) if end < 0 else end
        else:
            part, at = character, at + 1
            if character in '*?' and parts[-1:] not in (['*'], ['+'], ['?']) and parts[-1:] != ['}']:
                width.last = False
            elif character == '|':
                width.alternative()
            elif character not in '*?+' and not (flags & 64 and character.isspace()):
                width.item(character != '^')
        parts.append(part)
    source = ('(?x)' if flags & 64 else '') + ''.join(parts)
    width.alternative()
    takes_something[source] = width.groups[0][1]
    return source, flags & ~64

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
