"""Words to fill a board with: a few that stand in most texts, and very many that hardly any has."""

from random import Random


def several(text: str) -> tuple[str, ...]:
    """What stands in a text between upright strokes."""
    return tuple(text.split("|"))


_SYLLABLES = several(
    "ka|lo|mi|ren|tas|vel|dor|an|bri|sol|nim|far|ul|pe|sha|gro|ith|mar|o|zan|wen|ti|hal|cor|"
    "be|lin|dra|es|fo|qui"
)
#: How many invented names there are: one for each three syllables.
NAMES = len(_SYLLABLES) ** 3

_WHO = several(
    "lighthouse keeper|retired ship cat|young robot|rival librarian|travelling baker|"
    "apprentice|cartographer|night gardener|clockmaker|shy dragon|royal messenger|ferryman|"
    "beekeeper|stage magician|reluctant hero|ghost of the archive|ice skater|train conductor|"
    "weather witch|small grey cloud|radio operator|junior knight|museum guard|"
    "tired detective|choir master"
)
_ADJECTIVES = several(
    "lonely|cheerful|stubborn|sleepy|brave|clumsy|secretive|patient|famous|forgetful|gentle|"
    "proud|homesick|curious|soft-hearted|sarcastic|tireless|shy|loyal|lost"
)
_DID = several(
    "befriends|rescues|teaches|follows|outwits|adopts|forgives|misunderstands|waits for|"
    "writes to|bickers with|sings to|shares an umbrella with|hides from|cooks for|races|"
    "finally thanks|builds a boat with|gets lost with|keeps a secret for"
)
_THING = several(
    "kettle|lantern|storm|map|umbrella|letter|clock|garden|teapot|compass|violin|key|blanket|"
    "telescope|recipe|bicycle|ladder|candle|snow globe|ticket|scarf|notebook|bell|anchor|boat"
)
_PLACE = several(
    "harbour|library|greenhouse|old station|lighthouse|market|observatory|kitchen|bell tower|"
    "ferry|archive|orchard|theatre|workshop|bridge|attic|post office|cloud forest|bakery|"
    "museum"
)
_HOW = several(
    "before breakfast|in the rain|without a word|for the third time|against all advice|"
    "by candlelight|and nobody minds|with terrible handwriting|on the last day of autumn|"
    "although it is nobody's birthday|while the kettle boils|very slowly|as a family"
)
_SENTENCES = (
    "A {adjective} {who} {did} a {other} {friend} in the {place}.",
    "The {who} of {name} {did} the {friend} {how}.",
    "There is a {thing} in the {place}, and only {name} knows why.",
    "Please, somebody: the {who}, the {friend}, and one {thing} {how}.",
    "*Found family* with a {adjective} {who} and a {thing}.",
    "“Leave the {thing},” said {name}, and the {who} laughed {how}.",
    "It was the {thing} from the {place} all along, {name} said.",
    "Nobody had told the {adjective} {friend} about the {thing} of {name}.",
    "They met in the {place} of {name} and left {how}.",
    "The storm came up over the {place}, and the {who} put the kettle on.",
    "I would like **banter**, a {thing}, and a rescue in the {place}.",
    "Every evening the {who} {did} the {adjective} {friend} {how}.",
)
_CJK = (
    ("ja", "灯台守は嵐と友だちになりました。やかんはいつも火にかかっています。"),
    ("ja", "図書館の猫が小さなロボットに昼寝を教える話が読みたいです。"),
    ("zh", "年轻的机器人向退休的船猫学习午睡，两个人成了一家人。"),
    ("zh", "暴风雨之夜，灯塔看守人收养了一朵小小的云。"),
    ("ko", "등대지기와 폭풍이 친구가 되는 이야기를 부탁합니다."),
    ("ko", "사라진 책을 함께 찾는 두 사서의 다정한 말다툼."),
)
_REMARKS = (
    "Oh, I want this too!",
    "Seconded, with all my heart.",
    "The {thing}! Thank you, this made my week.",
    "A {adjective} {who} in the {place}. I am undone.",
    "May I add a {thing}?",
    "Author here: there will be more of {name} {how}.",
    "I read this in the {place} and missed my stop.",
    "Is {name} all right? Please say that {name} is all right.",
)


def skewed(rng: Random, many: int) -> int:
    """A number below ``many``; the nth is taken about n times more rarely than the first (Zipf)."""
    return min(int((many + 1) ** rng.random()) - 1, many - 1)


def name(number: int) -> str:
    """One of :data:`NAMES` invented names."""
    rest, last = divmod(number, len(_SYLLABLES))
    first, middle = divmod(rest, len(_SYLLABLES))
    return "".join(_SYLLABLES[each] for each in (first, middle, last)).capitalize()


def sentence(rng: Random) -> str:
    """A sentence as prompts and stories have them."""
    return _filled(rng, rng.choice(_SENTENCES))


def remark(rng: Random) -> str:
    """What somebody says below a work."""
    said = _filled(rng, rng.choice(_REMARKS))
    return f"{said} {sentence(rng)}" if rng.random() < 1 / 3 else said


def paragraphs(rng: Random, sentences: int) -> str:
    """A text of so many sentences."""
    text: list[str] = []
    while sentences > 0:
        some = min(sentences, rng.randint(2, 5))
        text.append(" ".join(sentence(rng) for _ in range(some)))
        sentences -= some
    return "\n\n".join(text)


def unspaced(rng: Random) -> tuple[str, str]:
    """A language whose script has no spaces, or few, and a text in it."""
    language, text = rng.choice(_CJK)
    more = [each for other, each in _CJK if other == language and rng.random() < 1 / 2]
    return language, "\n\n".join([text, *more])


def title(rng: Random) -> str:
    """A title of a work."""
    thing, place = rng.choice(_THING), rng.choice(_PLACE)
    return rng.choice((f"The {thing} of {_rare(rng)}", f"A {thing} in the {place}", _rare(rng)))


def _rare(rng: Random) -> str:
    return name(skewed(rng, NAMES))


def _filled(rng: Random, template: str) -> str:
    return template.format(
        who=rng.choice(_WHO),
        friend=rng.choice(_WHO),
        adjective=rng.choice(_ADJECTIVES),
        other=rng.choice(_ADJECTIVES),
        did=rng.choice(_DID),
        thing=rng.choice(_THING),
        place=rng.choice(_PLACE),
        how=rng.choice(_HOW),
        name=_rare(rng),
    )
