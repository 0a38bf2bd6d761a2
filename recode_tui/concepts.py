"""The concepts of the debugger, a line each: one table for the help and the documentation."""

CONCEPTS: tuple[tuple[str, str], ...] = (
    ("placeholder", "a call of an undefined function; the model writes its code"),
    ("expansion", "the code that was written for a placeholder"),
    ("stop", "where the run can pause: before a statement, call or action"),
    ("pass", "one execution of a loop's body, counted from 1"),
    ("record", "a numbered entry of the session; the cursor is at one"),
    ("branch", "a line of records; a change in the past starts a new one"),
)
