"""Works as nobody expects them, to make files of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.downloads.work import PartText, PartTold, Work
from app.downloads.writing import Writer
from app.kit.markup import render

#: A text with everything that Markdown knows, and much that it doesn't.
EVERYTHING = """# A heading
##### far too deep
#
## **again** [](https://example.org/no-words)

“Come *in*,” said __the Keeper__.  \r
A line, a `piece <of> code`, &amp; a &lt;tag&gt; & an ampersand &#1; &nbsp; &copy;

<script>alert("no")</script> <br> <!-- a note --> <![CDATA[ ]]> <?php ?>

> A quote
> > in a quote
>
> 1. with a list
> 2. in it

- one
- two
    - deeper

      with a paragraph
- - first
-
7. seven
8. eight

* * *

    preformatted   text
      & more <of> it

```html
<p>fenced</p>
```

![A lantern](https://example.org/lantern.png)
[a link](https://example.org/?a=1&b=2#c "a \\"title\\"") [bad](http://[foo) [worse](http://1.2.3.256/)
[spaces](<http://example.org/a b>)
[none](javascript:x) <https://例え.jp/é> [mail](mailto:keeper@example.org)
[odd](http://example.org/%zz|{}^) <mailto:a@example.org>
a\ufffeb\uffffc\ufdd0d\U0001fffee \u200b\u202e \u2028 x
"""
#: Texts that look like what stands between the parts of a file.
FRAMED = (
    "---\n\n## Part 2\n\n<!-- text: 3 bytes -->\n\nabc\n\n",
    "```\nA fence that is never closed\n\n<!-- and a comment",
    "<!-- text: 999999 bytes -->\n\n",
    "\r\n\r\nends with spaces  \n\n\n\t",
    "title: x\n---\ntitle: y\n---\n",
    "猫は\u3000眠る。\u2028é e\u0301 🦦",
)


@dataclass(frozen=True)
class OddWork:
    """What is sent to make a work: the fill, and its further parts."""

    name: str
    fill: dict[str, Any]
    parts: list[dict[str, Any]] = field(default_factory=list)


ODD_WORKS = [
    OddWork(
        "labelled",
        {
            "title": "Kettle Weather",
            "body": "The storm knocked first.",
            "summary": "A storm comes in.\nIt stays.\n\n<b>Tea & biscuits.</b>",
            "fandoms": ["Original <Work> & Co"],
            "characters": ["The Keeper", 'The "Storm"'],
            "relationships": ["The Keeper & The Storm"],
            "tags": ["found family", "1. fluff", "# hash", "<!-- text: 3 bytes -->"],
            "content_notes": ["thunder & lightning", "rain"],
            "notes_choice": "listed",
            "rating": "general",
            "language": "en-GB",
            "external_url": "https://example.org/kettle?a=1&b=é",
            "parts_expected": None,
        },
        [{"body": "Morning came.", "title": "Low tide", "content_notes": ["mud <deep>"]}],
    ),
    OddWork(
        "an odd title",
        {
            "title": '1. <b>"It\'s" ]]> --> & \\ / CON: %2F *?* [x](y) `z` \U0001f9a6 # '
            "<!-- text: 1 bytes -->",
            "body": EVERYTHING,
            "summary": "# no heading\n- no list\n1. nor this\n=====\n<!-- text: 1 bytes -->",
        },
        [{"body": EVERYTHING, "title": "]]> <!-- & <"}],
    ),
    OddWork(
        "right to left",
        {
            "title": "המגדלור",
            "body": "הסערה דפקה *ראשונה*.\n\nAnd then, in English.\n\n- אחת\n- two",
            "language": "he",
            "summary": "סיפור על תה",
        },
        [{"body": "عاد النورس.", "title": "الجزء الثاني"}],
    ),
    OddWork(
        "without spaces",
        {"title": "猫が眠る灯台" * 20, "body": "猫は眠る。" * 300, "language": "zh-Hant-TW"},
        [{"body": "a" * 5000, "title": "b" * 255}],
    ),
    OddWork("elsewhere", {"external_url": "https://example.org/works/é?a[]=1|2", "medium": "art"}),
    OddWork("untitled", {"body": "\ufffe!", "language": "en-12"}, [{"body": "#"}, {"body": "-"}]),
    OddWork("framed", {"body": FRAMED[0]}, [{"body": body} for body in FRAMED[1:]]),
]


def work_of(bodies: Sequence[str]) -> Work:
    """A work with so many parts, as its files tell of it."""
    at = "2026-11-02T09:30:00Z"
    parts = (
        PartTold(
            id=f"{number:016}",
            number=number,
            title=None,
            content_notes=[],
            words_count=1,
            posted_at=at,
            edited_at=None,
            edits=0,
        )
        for number in range(1, len(bodies) + 1)
    )
    return Work(
        id="7h3m5n8b1v4c6x0z",
        title="Kettle Weather",
        byline="merry teal heron",
        summary=None,
        language="en",
        rating="general",
        content_notes=[],
        notes_choice="none_apply",
        fandoms=[],
        characters=[],
        relationships=[],
        tags=[],
        medium="fic",
        status="wip",
        parts_expected=None,
        words_count=len(bodies),
        external_url=None,
        prompt_title="Two rivals share one umbrella",
        prompt_number=1,
        prompt_url="http://board.test/v1/prompts/4k7t9x2m0p3r8s1w",
        board="lanterns",
        created_at=at,
        updated_at=at,
        edits=0,
        url="http://board.test/v1/fills/7h3m5n8b1v4c6x0z",
        parts=tuple(parts),
    )


def written(writer: type[Writer], bodies: Sequence[str]) -> bytes:
    """The file of a work with such parts."""
    work = work_of(bodies)
    writing = writer(work)
    texts = (PartText(body, render(body)) for body in bodies)
    pieces = [writing.begin()]
    pieces += [writing.part(part, text) for part, text in zip(work.parts, texts, strict=True)]
    return b"".join([*pieces, writing.end()])
