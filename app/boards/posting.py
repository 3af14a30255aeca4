"""What a board's settings say to a post: how it may be signed, and what it may be.

``settings`` are all of a board's settings, as ``settings_of`` reads them. A setting that is changed
changes nothing that stands: it is asked when something is posted, and when it is edited.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from app.boards.errors import AnonymityRequired, NameRequired
from app.boards.schemas import SEVERITY
from app.core.errors import Invalid, fault, invalid
from app.identity.people import Byline

#: What each board has a setting of anonymity for.
PostKind = Literal["prompts", "fills", "comments"]


def check_anonymity(settings: dict[str, Any], kind: PostKind, byline: Byline) -> None:
    """Whether a board takes a post of a kind that is signed so.

    :raises AnonymityRequired: it shows a name, and is not posted as a moderator.
    :raises NameRequired: it shows none.
    """
    anonymity = settings[f"anonymity_{kind}"]
    if anonymity == "required" and byline.is_named and not byline.is_moderator:
        raise AnonymityRequired
    if anonymity == "off" and not byline.is_named:
        raise NameRequired


def check_labels(settings: dict[str, Any], labels: Mapping[str, Any]) -> None:
    """Whether a board takes a work with such labels; what is not among them is not asked for.

    :raises Invalid: its rating is too high, its language is none of the board's, or it leaves open
        what its content notes mean where the board wants to know.
    """
    faults = list(_faults_of_labels(settings, labels))
    if faults:
        raise Invalid(faults[0]["message"], errors=faults)


def check_changed_labels(
    settings: dict[str, Any], standing: Any, changes: Mapping[str, Any]
) -> None:
    """As :func:`check_labels`, for changes to a standing row. A rating and a language that stay may
    be sent along; whoever touches the notes says what they mean.
    """
    stays = {
        name
        for name in ("rating", "language")
        if name in changes and changes[name] == getattr(standing, name)
    }
    check_labels(settings, {name: changes[name] for name in changes.keys() - stays})


def notices(settings: dict[str, Any], work: Any) -> list[dict[str, str]]:
    """What the author of a new work should know that a board asks for without insisting on it."""
    if settings["content_notes_policy"] != "encouraged" or work.notes_choice != "unset":
        return []
    message = (
        "This board likes works to say what readers may want to know beforehand: list "
        "`content_notes`, or set `notes_choice` to `none_apply` or `not_warned`."
    )
    return [{"code": "content-notes-encouraged", "message": message}]


def check_prompt_words(settings: dict[str, Any], words: int, *, before: int = 0) -> None:
    """Whether a prompt is short enough; one that was longer ``before`` may stay as long.

    :raises Invalid: it has too many words.
    """
    most = settings["prompt_max_words"]
    if most is not None and words > max(most, before):
        message = f"Prompts have up to {most} words on this board; this one has {words}."
        raise invalid("body", "/body", "too_many_words", message)


def check_fill_words(settings: dict[str, Any], words: int, pointer: str) -> None:
    """Whether a fill that is complete, and is no link, is long enough. ``pointer`` names what was
    sent that makes it too short.

    :raises Invalid: it has too few words.
    """
    least = settings["fill_min_words"]
    if least is not None and words < least:
        message = (
            f"Complete fills have {least} words or more on this board; this one has {words}. "
            "While it is being written (`wip`) it may be shorter."
        )
        raise invalid("body", pointer, "too_few_words", message)


def _faults_of_labels(
    settings: dict[str, Any], labels: Mapping[str, Any]
) -> Iterator[dict[str, str]]:
    highest = settings["max_rating"]
    if SEVERITY[labels.get("rating", highest)] > SEVERITY[highest]:
        message = f"This board takes nothing above {highest}."
        yield fault("body", "/rating", "rating_above_max", message)
    language = labels.get("language")
    if language is not None and not _is_taken(language, settings["languages"]):
        message = f"Works on this board are in {', '.join(settings['languages'])}."
        yield fault("body", "/language", "language_not_taken", message)
    if settings["content_notes_policy"] == "required" and labels.get("notes_choice") == "unset":
        message = (
            "This board wants to know: list the content notes, or say `none_apply` or `not_warned`."
        )
        yield fault("body", "/notes_choice", "notes_required", message)


def _is_taken(language: str, languages: list[str]) -> bool:
    """Whether a language is one of a board's: ``en`` stands for ``en-GB``, too, and case does not
    count (RFC 4647, 3.3.1).
    """
    tag = language.lower() + "-"
    return not languages or any(tag.startswith(each.lower() + "-") for each in languages)
