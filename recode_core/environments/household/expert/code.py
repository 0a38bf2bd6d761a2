r"""The code of the expert's plans. `$name` stands for the variable in the role `name`.

Code for the expansion after a failure assumes less: it checks the inventory, and tries every place.
"""

from __future__ import annotations

_ARRIVE = """\
    view = run(f'go to {location}')
    if 'Nothing happens' in view:
        view = run(f'examine {location}')
    if 'is closed' in view:
        view = run(f'open {location}')
"""

_IN_HAND = """\
held = run('inventory')
assert $obj_ID in held, f'{$obj_ID} is not in my hand: {held}'
"""

ROOM = """\
import re
obj = '$obj'
locations = re.findall(r'[a-z]+ \\d+', $observation)
likely = '$likely'.split()
locations.sort(key=lambda location: (likely + location.split()).index(location.split()[0]))
seen = {}
"""

PLACE = """\
place = [location for location in locations if location.split()[0] == '$target'][0]
"""

FIND = f"""\
import re
$result = None
for location in $locations:
    if location in $seen and not re.search(rf'\\b{{$obj}} \\d', $seen[location]):
        continue
{_ARRIVE}\
    $seen[location] = view
    found = re.findall(rf'\\b{{$obj}} \\d+', view.partition('you see')[2])
    if found:
        $result = found[0]
        break
assert $result, f'no {{$obj}} in {{len($locations)}} locations'
"""

FIND_AND_TAKE = f"""\
{FIND}\
result = run(f'take {{$result}} from {{location}}')
assert 'You pick up' in result, result
"""

TAKE_AGAIN = f"""\
import re
held = re.findall(r'[a-z]+ \\d+', run('inventory'))
right = [thing for thing in held if thing.split()[0] == $obj]
$result = right[0] if right else None
for location in $locations:
    if $result:
        break
{_ARRIVE}\
    if held and 'You move' in run(f'move {{held[0]}} to {{location}}'):
        held = []
    for thing in re.findall(rf'\\b{{$obj}} \\d+', view.partition('you see')[2]):
        if 'You pick up' in run(f'take {{thing}} from {{location}}'):
            $result = thing
            break
assert $result, f'no {{$obj}} could be taken in {{len($locations)}} locations'
"""

TREAT = """\
$tool = [location for location in $locations if location.split()[0] == '$tool'][0]
run(f'go to {$tool}')
result = run(f'$verb {$obj_ID} with {$tool}')
assert 'You $verb' in result, result
"""

TREAT_AGAIN = f"""\
{_IN_HAND}\
result = 'there is no $tool'
for location in $locations:
    if location.split()[0] == '$tool':
        run(f'go to {{location}}')
        result = run(f'$verb {{$obj_ID}} with {{location}}')
        if 'You $verb' in result:
            break
assert 'You $verb' in result, result
"""

VISIT = """\
view = run(f'go to {$place}')
if 'Nothing happens' in view:
    view = run(f'examine {$place}')
if 'is closed' in view:
    view = run(f'open {$place}')
assert $place in view, view
"""

PUT = """\
visit($place)
result = run(f'move {$obj_ID} to {$place}')
assert 'You move' in result, result
"""

USE_LAMP = """\
lamp_ID = find($lamp, $locations, $seen)
result = run(f'use {lamp_ID}')
assert 'You turn on' in result, result
"""

BRING = """\
obj_ID = find_and_take($obj, $locations, $seen)
put_object(obj_ID, $place)
"""

BRING_AGAIN = """\
obj_ID = take_again($obj, $locations)
put_object(obj_ID, $place)
"""

PUT_AGAIN = _IN_HAND + PUT
USE_LAMP_AGAIN = _IN_HAND + USE_LAMP.replace("$seen", "{}")
FIND_AGAIN = "$seen = {}\n" + FIND
