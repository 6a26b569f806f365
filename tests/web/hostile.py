"""Five hundred texts that somebody would type to break what shows, keeps or exports them.

They are made from families: ways to call something, put into every place where a careless program
would let it run. Whatever runs in a browser sets `window.__fired` or asks for `ELSEWHERE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product

FIRE = "window.__fired=1"
ELSEWHERE = "elsewhere.invalid"
MANY = 500

Family = Callable[[], Iterator[str]]


def elements() -> Iterator[str]:
    """Elements that run by themselves, after whatever would have to be closed first."""
    before = ("", '">', "'>", "</title>", "</textarea>", "</script>", "-->", "]]>")
    inner = (
        f"<script>{FIRE}</script>",
        f"<img src=x onerror={FIRE}>",
        f"<svg/onload={FIRE}>",
        f"<iframe srcdoc='<script>parent.{FIRE}</script>'></iframe>",
        f"<details open ontoggle={FIRE}>x</details>",
        f"<input autofocus onfocus={FIRE}>",
        f"<video><source onerror={FIRE}></video>",
        f"<math><mtext><style><img src=x onerror={FIRE}></style></mtext></math>",
    )
    yield from (start + rest for rest, start in product(inner, before))


def handlers() -> Iterator[str]:
    """Attributes that end another one, with every way to quote and to space them."""
    events = ("onerror", "onload", "onmouseover", "onfocus", "onanimationstart", "onpointerenter")
    for event, quote, space in product(events, ('"', "'", ""), (" ", "/", "\t", "\x0c")):
        yield f"x{quote}{space}{event}={quote}{FIRE}{quote}{space}a={quote}"


def addresses() -> Iterator[str]:
    """Addresses that run or that ask elsewhere, plain and disguised."""
    schemes = ("javascript:", "JaVaScRiPt:", "java\tscript:", " javascript:", "&#106;avascript:")
    yield from (f"<a href='{each}{FIRE}'>x</a>" for each in schemes)
    yield from (f"{each}{FIRE}" for each in schemes)
    yield f"data:text/html,<script>parent.{FIRE}</script>"
    yield f"vbscript:{FIRE}"
    for markup in (
        "<img src={}>", "<link rel=stylesheet href={}>", "<base href={}>", "<object data={}>",
        "<meta http-equiv=refresh content='0;url={}'>", "<form action={}><button autofocus>",
        "<style>@import '{}'</style>", "<style>*{{background:url({})}}</style>", "![x]({})",
        "[x]({})", "<{}>",
    ):  # fmt: skip
        yield markup.format(f"//{ELSEWHERE}/a")
        yield markup.format(f"http://{ELSEWHERE}/b")


def vectors() -> Iterator[str]:
    """SVG and friends: markup within markup."""
    for inner in (
        f"<animate onbegin={FIRE} attributeName=x dur=1s>",
        f"<set onbegin={FIRE} attributeName=x>",
        f"<foreignObject><img src=x onerror={FIRE}></foreignObject>",
        f"<script>{FIRE}</script>",
        f"<use href='data:image/svg+xml,<svg id=x onload={FIRE}></svg>#x'/>",
        f"<a href='javascript:{FIRE}'><text y=9>x</text></a>",
    ):
        yield f"<svg>{inner}</svg>"
        yield f"<svg xmlns='http://www.w3.org/2000/svg'>{inner}</svg>"


def encoded() -> Iterator[str]:
    """Markup written so that whoever decodes once too often runs it."""
    for each in (f"<img src=x onerror={FIRE}>", f"<svg onload={FIRE}>", f"';{FIRE}//"):
        yield "".join(f"&#{ord(sign)};" for sign in each)
        yield "".join(f"&#x{ord(sign):x};" for sign in each)
        yield "".join(f"%{ord(sign):02x}" for sign in each)
        yield "".join(f"%25{ord(sign):02x}" for sign in each)
        yield "".join(f"\\u{ord(sign):04x}" for sign in each)
        yield "".join(f"\\x{ord(sign):02x}" for sign in each)
        yield each.replace("<", "\uff1c").replace(">", "\uff1e")
        yield each.replace("<", "\u00ab<").replace("=", "\u00a0=")


def scripts() -> Iterator[str]:
    """What would run within a script or a template literal of ours."""
    for quote, end in product(
        ("'", '"', "`", "\\'", '\\"', "\u2028", "</script>"), (";", "-", "+")
    ):
        yield f"{quote}{end}{FIRE}{end}{quote}//"
    yield from ("__proto__", "constructor", "toString", "hasOwnProperty", "prototype[x]=1")
    yield from ("[object Object]", "undefined", "null", "NaN", "Infinity", "true", "-0")


def templates() -> Iterator[str]:
    """Fields of every kind of template; `49` shows that one was filled in."""
    inside = ("7*7", "constructor.constructor('" + FIRE + "')()", "config", "''.__class__.mro()")
    around = (
        "{{%s}}",
        "{{{%s}}}",
        "${%s}",
        "#{%s}",
        "<%%=%s%%>",
        "{%% print(%s) %%}",
        "[[%s]]",
        "@(%s)",
    )
    for text, frame in product(inside, around):
        yield frame % text
    yield from ("{{t 'nav.segments'}}", "$t(nav.segments)", "{0.__class__}", "{count}", "%(name)s")


def formulas() -> Iterator[str]:
    """What a spreadsheet would compute, call or fetch, in every disguise of its first sign."""
    starts = (
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r=",
        "\n=",
        "\uff1d",
        "\uff0b",
        "\uff0d",
        "\uff20",
        "'=",
        "''=",
    )
    ends = ("1+1", f'HYPERLINK("http://{ELSEWHERE}","x")', "cmd|' /C calc'!A0", "SUM(A1:A9)")
    yield from (start + end for start, end in product(starts, ends))
    yield from ('"=1+1', ";=1+1", ",=1+1", '","=1+1', '=1+1";=1+1')


def paths() -> Iterator[str]:
    """Ways out of a folder."""
    for up, end in product(
        ("../", "..\\", "%2e%2e%2f", "..%c0%af", "....//", "/", "C:\\", "\\\\elsewhere.invalid\\", "file:///", "~/"),
        ("etc/passwd", "segmentry.yaml", "x\x00.csv", "con"),
    ):  # fmt: skip
        yield up * 3 + end if up.startswith((".", "%")) else up + end


def lines() -> Iterator[str]:
    """Ends of lines where a header, a log or a file has one fact a line."""
    for end in ("\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "%0d%0a"):
        yield f"x{end}Set-Cookie: fired=1"
        yield f"x{end}{end}<script>{FIRE}</script>"
        yield f'x{end}{{"level":"error","message":"forged"}}'
        yield f"x{end}2030-01-01 admin signed in"


def queries() -> Iterator[str]:
    """SQL, rules, directories, mark-up languages: what another parser would take for its own."""
    yield from (
        "' OR 1=1 --", "\" OR \"\"=\"", "'; DROP TABLE customers; --", "1; ATTACH 'x.db' AS x",
        "') UNION SELECT value FROM secret --", "\\'; SELECT 1 --", "/**/OR/**/1", "$$;SELECT 1;$$",
        "read_csv('/etc/passwd')", "x' AND in_segment('s') --", "*)(uid=*))(|(uid=*", "*)(&", "(|(x=*))",
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
        "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;", "<![CDATA[x]]>", "<?php echo 1; ?>", "<!--#exec cmd='id'-->",
        '{"$gt": ""}', '{"a": 1}', "]}'", "- x: !!python/object/apply:os.system ['id']", "&a [*a]",
        "key: | value", "%YAML 1.2", "---", "# no comment", "{}", "[]", "@import x", "`id`", "$(id)",
        "; id", "| id", "&& id", "%s%s%s%n", "%99999d", "{:>999999}", "$1", "\\1", "%", "%%", "\\", "\\\\",
        "'", '"', "`", "''", '""', ";", ",", "\\0", "\\n", "NULL", "nan", "0x7f", "1e999", "٣٣", "½",
    )  # fmt: skip


def signs() -> Iterator[str]:
    """Signs that hide, turn round or pile up."""
    yield from (
        "\u202egpj.exe", "\u2066a\u2069b", "\u200fabc\u200f", "a\u200bb", "a\u200db", "\ufeffa", "a\u00adb",
        "\u2060", "\u00a0", "\u3000", "a\u0301" * 40, "Z\u0341\u0315\u0353" * 30, "\U0001f469\u200d\U0001f4bb" * 9,
        "\U0001f1fa\U0001f1e6", "\U000e0041\U000e0042", "\ud7ff\ue000", "\ufffd", "\ufdfd" * 9, "\x7f", "\x1b[31mred",
        "\x1b]0;title\x07", "\x08\x08x", "a\x00b", "ﬁ", "İi", "ß" * 20, "Ⅷ", "аdmin", "admin\u200b", "x" * 190,
        "<" * 60, "&" * 60, "\"" * 60, "'" * 60, "W" * 120, "шщ" * 60, "متن" * 40, "ไทย" * 30,
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (
    elements, handlers, addresses, vectors, encoded, scripts, templates, formulas, paths, lines,
    queries, signs,
)  # fmt: skip


def hostile(many: int = MANY) -> list[str]:
    """Texts of all families by turns, each once."""
    found: dict[str, None] = {}
    turns = [family() for family in FAMILIES]
    while len(found) < many:
        for each in list(turns):
            text = next(each, None)
            if text is None:
                turns.remove(each)
            else:
                found[text] = None
    return list(islice(found, many))
