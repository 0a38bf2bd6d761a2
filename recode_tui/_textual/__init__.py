"""Everything that relies on private parts of Textual or on how its public parts work inside.

`app`: the driver of an app, and what it does about unhandled exceptions; neither has a public name.
`border_titles`: changes a border title without drawing the whole widget.
`compositor`: draws the cells that changed instead of the box around them, and loses no resize.
`driver`: ends the program when the terminal goes away, where Textual's threads would hang.
`input`: the suggestion of an input field, which has no public name.
`message_filter`: drops messages when they are processed; the public filter works when they are posted.
`scroll_extent`: changes the virtual size of a scrolled widget without a layout of the whole screen.
`select`: the search in an open list of choices, which has no public name.
`text_area`: undo of a text area that does not raise when the text becomes shorter.
`web_driver`: ends the program when the server goes away that draws it in a browser.

Textual has an upper bound in `pyproject.toml` for this reason, and each module has a test that fails when the
part of Textual it relies on changes.
"""
