"""A few hundred works: generated from few words, so that they share many, and nasty ones."""

import random
import unicodedata

from app.threads.models import ThreadKind
from tests.index.oracle import Work

WORDS = (
    *("the", "a", "of", "rain", "lantern", "otter", "raft", "kettle", "lighthouse", "keeper"),
    *("found", "family", "banter", "slow", "burn", "don't", "café", "Straße", "OR", "and", "not"),
    *("東京", "猫", "が好き", "고양이", "ภาษาไทย"),
    *("हिन्दी", "🦦", "x²", "\U00020000", "snake_case"),
)
#: Phrases that are longer than a chunk keeps whole, or as long.
LONG = {length: " ".join(f"step{number}" for number in range(length)) for length in (32, 33, 100)}
_FILLER = " ".join(f"filler{number}" for number in range(1990))

#: Bodies that break something somewhere.
NASTY = (
    "猫が好きな人、東京タワー",
    unicodedata.normalize("NFD", "고양이가 좋아 café がぎぐ"),
    "ภาษาไทยเขียนติดกัน",
    "Don’t; rock'n'roll; O'Brien's; 'tis dogs'",
    "🦦👩‍👩‍👧 otters 🦦",
    "\U0001f9a6\U00020000\U00020001 \U00010400stra",
    "u" * 5000 + " " + "v" * 64 + " " + "w" * 65,
    "again " * 1000 + "and never",
    "the the the a of",
    'lantern AND otter NOT raft OR "kettle" NEAR(a, b) title: head : * ^ ( ) { } + -rain',
    "'a':1A & 'b' | !'c' <-> 'd' \\ '' \\'",
    "b1 kprompt whole piece ·whole ·b1 ·kprompt",
    *(f"{_FILLER[: -len(' fillerNNNN') * cut]} {LONG[32]} {_FILLER}" for cut in (1, 2, 3)),
    *(f"{_FILLER} {LONG[length]} end" for length in LONG),
    "雨" * 3000 + "晴れ" + "雨" * 200,
    "?! …",
    "e" + "\u0301" * 20 + "x",
    "%s %(name)s {} :name ? $1 \t\r\n\u2028",
)

QUERIES = (
    *("the", "rain", "RAIN kettle", "rain or kettle", "rain | kettle otter", '"lantern otter"'),
    *(
        "-rain",
        "rain -kettle",
        '-"lantern otter"',
        'rain -"otter raft" or',
        "or",
        "cat or",
        "a or b",
    ),
    *(
        "slow-burn",
        '"slow burn"',
        "don't",
        "dont",
        "don’t",
        "cafe",
        "CAFÉ",
        "strasse",
        "東京",
        "京",
    ),
    *(
        "猫が",
        "が好き",
        "고양이",
        "양이",
        "ภาษา",
        "हिन्दी",
        "🦦",
        "x2",
        "\U00020000",
        "\U00020000\U00020001",
    ),
    *(
        "",
        " ",
        "-",
        '"',
        '""',
        '"-',
        '-"',
        "|",
        "||",
        "()",
        "*",
        "rain*",
        "title:rain",
        "NEAR(a b)",
    ),
    *("again", '"again again again"', "never again", "again -never", '"again and never"'),
    *("u" * 64, "u" * 70, "w" * 64, "w" * 65, "·whole", "·b1", "b1", "kprompt", "whole -piece"),
    *("filler0 filler1989", "step0 filler5", '"filler1989 step0"', "step0 -step32 step31"),
    *(f'"{phrase}"' for phrase in LONG.values()),
    *(f'-"{phrase}" step0' for phrase in LONG.values()),
    f'rain or "{LONG[100]}"',
    f'"{LONG[33]}" or "{LONG[100]}" -kettle',
    *("雨雨雨", "雨晴れ", "雨" * 40, "れ雨", "晴れ -雨", " ".join(WORDS), " or ".join(WORDS)),
    *("-the -a -of", "-rain -otter lantern or raft", "head first", "shared tag", '"tag shared"'),
    *(
        "'a' & 'b'",
        "\\",
        "'",
        "%s",
        ":name",
        "title",
        "part two",
        '"one two"',
        "rain the of a otter",
    ),
)


def corpus(boards: list[int], seed: int = 7) -> list[Work]:
    """The works, to be filed on these boards."""
    chance = random.Random(seed)

    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    def prompt(body: str) -> Work:
        head = [words(3) for _ in range(chance.randint(0, 3))]
        return Work(chance.choice(boards), ThreadKind.PROMPT, words(4), head, body)

    def fill(parts: list[str]) -> Work:
        return Work(chance.choice(boards), ThreadKind.FILL, words(4), [words(5)], None, parts)

    works = [prompt(words(25)) for _ in range(150)]
    works += [fill([words(20) for _ in range(chance.randint(0, 6))]) for _ in range(120)]
    works += [prompt(each) for each in NASTY] + [fill([each, words(5)]) for each in NASTY]
    works += [
        Work(boards[0], ThreadKind.PROMPT, "one", ["two shared tag", "shared"], "three"),
        Work(boards[0], ThreadKind.PROMPT, "雨" * 255, ["tag " * 30] * 75, "rain"),
        Work(boards[0], ThreadKind.FILL, "head first", [_FILLER, "family"], None, ["a", "", "b"]),
        Work(boards[0], ThreadKind.FILL, "", [], None, ["part one", "two"]),
    ]
    chance.shuffle(works)
    return works
