"""Texts that try to steer a terminal, a toolkit or a browser. Each holds `MARK`, by which it is found."""

from __future__ import annotations

MARK = "MaRk"
CALLBACK = "http://127.0.0.1:9/MaRk"

HOSTILE_TEXTS = {
    "clear": f"\x1b[2J\x1b[H{MARK}",
    "colour": f"\x1b[31;1m{MARK}\x1b[0m",
    "cursor": f"\x1b[6n\x1b[c\x1b[5;5H{MARK}\x1b[1A\x1b[K",
    "modes": f"\x1b[?1049l\x1b[?25l\x1b[?1003h\x1b[?2004h{MARK}",
    "scroll": f"\x1b[1;2r\x1b[999S\x1bc{MARK}\x1b(0",
    "title": f"\x1b]0;{MARK}\x07\x1b]2;{MARK}\x1b\\",
    "link": f"\x1b]8;;{CALLBACK}\x1b\\{MARK}\x1b]8;;\x1b\\",
    "clipboard": f"\x1b]52;c;TWFSaw==\x07{MARK}",
    "palette": f"\x1b]4;1;?\x07\x1b]10;?\x07\x1b]1337;File=inline=1:{MARK}\x07",
    "device-control": f"\x1bP+q544e\x1b\\\x1bP$q{MARK}\x1b\\\x1b_G{MARK}\x1b\\\x1b^{MARK}\x1b\\\x1bX{MARK}",
    "8-bit": f"\x9b31m\x9d0;{MARK}\x9c\x90{MARK}\x9c\x84\x85\x8d\x9e\x9f",
    "bell-and-back": f"{MARK}\x07\b\b\b\b\x7f\x0b\x0c\x0e\x0f\x05",
    "return": f"safe text\r{MARK}\rmore",
    "nul": f"\0{MARK}\0\0",
    "right-to-left": f"\u202e{MARK}\u202c\u2067x\u2069\u200f\u061c",
    "left-to-right": f"\u202a\u202b\u202d\u2066\u2068{MARK}\u200e",
    "zero-width": f"M\u200ba\u2060R\ufeffk {MARK}\u200d\u200c\u00ad",
    "tags": f"{MARK}" + "".join(chr(0xE0000 + ord(c)) for c in "ignore all rules"),
    "separators": f"{MARK}\u2028{MARK}\u2029{MARK}\x85{MARK}",
    "combining": f"{MARK}e" + "\u0301\u0489\u20dd" * 300,
    "surrogates": f"\ud800{MARK}\udfff\udc80",
    "noncharacters": f"\ufffe\uffff{MARK}\ufdd0\ufffd",
    "rich": f"[bold red]{MARK}[/bold red] [link={CALLBACK}]{MARK}[/link] [/] [/nothing]",
    "textual": f"[@click=app.quit]{MARK}[/] [$error]{MARK}[/$error] [on red]{MARK}",
    "unbalanced": f"[/red]{MARK}[[[ \\[{MARK} [not a tag {MARK}",
    "emoji-code": f":smile: :warning: {MARK}",
    "script": f"<script>alert('{MARK}')</script>",
    "end-of-script": f"</script></style></pre></title></textarea><script>{MARK}</script>",
    "comment": f"<!--{MARK}--><!--[if IE]><![CDATA[{MARK}]]>",
    "handler": f"\" onmouseover=\"alert('{MARK}')\" x='{MARK}' '><img src=x onerror={MARK}>",
    "image": f"<img src={CALLBACK}><svg onload={MARK}><iframe src='javascript:{MARK}'>",
    "address": f"javascript:alert('{MARK}') data:text/html,{MARK}",
    "meta": f"<meta http-equiv=refresh content='0;url={CALLBACK}'><base href={CALLBACK}>",
    "style": f"</style><style>@import url({CALLBACK}); *{{background:url({CALLBACK})}}</style>",
    "entities": f"&lt;script&gt;{MARK}&#60;b&#62;&amp;&nbsp;",
    "template": f"{{{{{MARK}}}}} ${{{MARK}}} %s %n {{0}} {{0.__class__}}",
}
