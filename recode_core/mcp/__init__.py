"""`recode mcp`: the debugger as tools of a Model Context Protocol server.

A thin adapter: `server` speaks the protocol, `tools` are what a client can call, `sessions` are those that
it has opened, `spending` meters what policies cost, `pages` bounds the texts that are returned. The package
`mcp` is an extra; only `server` imports it.
"""
