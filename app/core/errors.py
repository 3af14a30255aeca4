"""How the service says no: one tree of refusals, each with a code that never changes.

A refusal is raised anywhere, from any floor, and becomes a problem document (RFC 9457) in one place
(``core/problems.py``). Rooms add their own in their ``errors.py``; all of them are explained under
``/problems``::

    Refusal
    ├── core: MalformedRequest, MalformedJson, BadCursor, UnknownToken (TokenRequired), NotAllowed,
    │         ScopeRequired, NotFound, MethodNotAllowed, BodyTimeout, StillRunning, Gone,
    │         PreconditionFailed, BodyTooLarge, UnsupportedMediaType, Invalid, KeyReused,
    │         PreconditionRequired, RateLimited, InternalError, StorageUnavailable
    └── each room: what only it can refuse
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

#: Every refusal that has a code, by its code.
REFUSALS: dict[str, type["Refusal"]] = {}

#: Of what a client sent, an error repeats this many characters at most.
ECHO_LENGTH = 100
_TOKEN = re.compile(r"fb[a-z]_[0-9A-Za-z]+")


class Refusal(Exception):
    """A request that is answered with a problem document.

    A subclass sets ``code`` (kebab-case, fixed for ever), ``status``, ``title`` (one short phrase,
    the same each time) and ``explanation`` (Markdown for the page under ``/problems``: when it
    happens and what to do). Where its documents have further members, ``example`` shows some, and
    ``sends`` names the headers that all of its answers carry. An instance adds ``detail`` (this
    time), further ``members`` of the document, and ``headers``.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    explanation: ClassVar[str]
    example: ClassVar[dict[str, Any]] = {}
    sends: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in cls.__dict__:
            REFUSALS[cls.code] = cls

    def __init__(
        self,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or f"{self.title}."
        self.headers = dict(headers or {})
        self.members = members


class MalformedRequest(Refusal):
    code = "malformed-request"
    status = 400
    title = "The request is not proper HTTP"
    explanation = (
        "The request could not be read as HTTP/1.1 (RFC 9112), or its address, with its query, has "
        "64 KiB or more. The connection was closed, and nothing was changed."
    )


class MalformedJson(Refusal):
    code = "malformed-json"
    status = 400
    title = "The body is not proper JSON"
    explanation = (
        "The body could not be read as JSON (RFC 8259) in UTF-8. Also refused are what readers of "
        "JSON disagree about: a key that stands twice in one object, `NaN` and `Infinity`, half of "
        "a surrogate pair, and nesting too deep to be meant. Nothing was changed."
    )


class BadCursor(Refusal):
    code = "bad-cursor"
    status = 400
    title = "The cursor does not belong to this list"
    explanation = (
        "A `cursor` is opaque: take it whole from `next` and use it with the same list, the same "
        "filters and the same `sort`. So is the `since` of events: take it whole from `cursor` or "
        "from the last id of a stream, and use it on the same board, under whichever filters. This "
        "one was edited, or comes from elsewhere. Start again without one."
    )


class UnknownToken(Refusal):
    code = "unknown-token"
    status = 401
    title = "The token is not known"
    explanation = (
        "The `Authorization` header must read `Bearer` and a token that this service has given out "
        "and not revoked. A mistyped token is refused by its checksum. Reading needs no token, and "
        "posting needs none either: leave the header out to post as somebody new."
    )
    sends = ("WWW-Authenticate",)

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class TokenRequired(UnknownToken):
    code = "token-required"
    title = "This needs a token"
    explanation = (
        "Send `Authorization: Bearer` and the edit token that came with the post when it was made, "
        "or an account's token. The service keeps no copy of an edit token: without it nobody can "
        "show that a post is theirs."
    )


class NotAllowed(Refusal):
    code = "not-allowed"
    status = 403
    title = "This is not yours to change"
    explanation = (
        "The token is known, and what it was sent for can be seen, but belongs to somebody else. "
        "Only the mask or the account that made a thing may change it."
    )


class ScopeRequired(Refusal):
    code = "scope-required"
    status = 403
    title = "The API key was not made for this"
    explanation = (
        "An API key does what its `scopes` say, on its `board` if it has one, and nothing else; "
        "reading it may like everybody. The description of each operation says which scope it "
        "needs; those that name none take no keys at all. Make another key with a session's token "
        "(`POST /v1/me/api-keys`)."
    )


class NotFound(Refusal):
    code = "not-found"
    status = 404
    title = "There is nothing here"
    explanation = (
        "Nothing exists under this address, or nothing that you may see. Both look the same on "
        "purpose. Addresses have no trailing slash."
    )


class MethodNotAllowed(Refusal):
    code = "method-not-allowed"
    status = 405
    title = "This method does nothing here"
    explanation = "The address exists, but not for this method. `Allow` lists those it knows."


class BodyTimeout(Refusal):
    code = "body-timeout"
    status = 408
    title = "The body took too long to arrive"
    explanation = "The request's body did not arrive in time. Send it again in one go."


class Gone(Refusal):
    code = "gone"
    status = 410
    title = "This was deleted"
    explanation = "Its author deleted it. The words are gone; replies by others may remain."


class StillRunning(Refusal):
    code = "still-running"
    status = 409
    title = "The first request with this key is still running"
    explanation = (
        "A request with the same `Idempotency-Key` came before, and nobody can tell yet what "
        "becomes of it. Send this one again, with the same key, after `Retry-After` seconds: if "
        "the first was done you get its answer, and if not, this one is done."
    )
    sends = ("Retry-After",)

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class PreconditionFailed(Refusal):
    code = "precondition-failed"
    status = 412
    title = "It was edited since you read it"
    explanation = (
        "`If-Match` names another version than the present one, which `ETag` of this answer holds. "
        "Read the resource again, merge, and repeat with the new `ETag`. Only edits of the author "
        "count: other people's comments never get in the way."
    )
    sends = ("ETag",)


class BodyTooLarge(Refusal):
    code = "body-too-large"
    status = 413
    title = "The body is too large"
    explanation = "A request's body may have 3 MiB (3,145,728 bytes). It was not read any further."


class UnsupportedMediaType(Refusal):
    code = "unsupported-media-type"
    status = 415
    title = "The body must be JSON"
    explanation = "Send the body with `Content-Type: application/json`."


class Invalid(Refusal):
    code = "invalid"
    status = 422
    title = "The request can be read but not accepted"
    explanation = (
        "`errors` lists all that is wrong: `in` says where (`body`, `query`, `header`), `pointer` "
        "which value (a JSON Pointer, RFC 6901), `code` and `message` what. Values are never "
        "coerced: a number is not a string, and unknown keys and parameters are refused so that a "
        "typing mistake can't be overlooked. Nothing was changed."
    )
    example: ClassVar[dict[str, Any]] = {
        "detail": "This field is required.",
        "errors": [
            {
                "in": "body",
                "pointer": "/body",
                "code": "missing",
                "message": "This field is required.",
            }
        ],
    }


class KeyReused(Refusal):
    code = "idempotency-key-reused"
    status = 422
    title = "This key was sent with another body"
    explanation = (
        "An `Idempotency-Key` stands for one request: the same key at the same address within 24 "
        "hours is taken for that request sent again. This body differs from the first one, so it "
        "was meant as something else: send it with a key of its own. Nothing was changed."
    )


class PreconditionRequired(Refusal):
    code = "precondition-required"
    status = 428
    title = "Say which version you are changing"
    explanation = (
        "Story text is changed and deleted only with `If-Match`, so that two open windows can't "
        "overwrite each other's work. Read the part, and send its `ETag` as `If-Match`."
    )


class RateLimited(Refusal):
    code = "rate-limited"
    status = 429
    title = "That was too much for now"
    explanation = (
        "Whoever asks may do so much in a time: `RateLimit-Policy` says how much (`q`) in how many "
        "seconds (`w`), `RateLimit` what is left (`r`) and for how long (`t`). Try again after "
        "`Retry-After` seconds. A token counts for itself, and without one your network does; what "
        "would make somebody new (masks, accounts) and passwords that are tried count for the "
        "network in any case. Nothing was changed."
    )
    sends = ("Retry-After", "RateLimit", "RateLimit-Policy")

    def __init__(self, seconds: int = 60) -> None:
        detail = f"Try again in {seconds} seconds."
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class InternalError(Refusal):
    code = "internal-error"
    status = 500
    title = "Something broke on our side"
    explanation = (
        "This is a fault of the service, not of the request. `instance` names the request for "
        "whoever runs the service. A write that was answered so did not happen."
    )


class StorageUnavailable(Refusal):
    code = "storage-unavailable"
    status = 503
    title = "The database is away"
    explanation = (
        "The database can't be reached or is too busy. Try again after `Retry-After` seconds."
    )
    sends = ("Retry-After",)

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


def invalid(where: str, pointer: str, code: str, message: str) -> Invalid:
    """A refusal of one value; ``where`` is ``body``, ``query`` or ``header``."""
    return Invalid(message, errors=[fault(where, pointer, code, message)])


def fault(where: str, pointer: str, code: str, message: str) -> dict[str, str]:
    """One entry of ``errors``. The pointer names what the client sent, so it is cut, and a token
    that was sent as a name by mistake is not repeated.
    """
    shown = _TOKEN.sub("[token]", pointer)[:ECHO_LENGTH]
    return {"in": where, "pointer": shown, "code": code, "message": message}
