"""The Debug Adapter Protocol: editors debug a run through `Debugger.execute` and its timeline.

It adds no debugger of its own: requests become commands, and answers are read from the timeline.

A `Conversation` with one client has three threads. The reader takes requests and answers the urgent ones
(`pause`, `threads`, `cancel`, `terminate`, `disconnect`). The worker owns the debugger and executes all other
requests in order. The ticker acknowledges moves that take long and reports what the run waits for. Any of
them may send messages; `Client` has a lock.
"""
