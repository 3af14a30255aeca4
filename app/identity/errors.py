"""How identity says no."""

from app.core.errors import Refusal


class NotModerator(Refusal):
    code = "not-moderator"
    status = 403
    title = "This is for the board's moderators"
    explanation = (
        "Only moderators of the board, and administrators, can do this or wear the badge "
        "(`as_moderator`)."
    )


class NotAdministrator(Refusal):
    code = "not-administrator"
    status = 403
    title = "This is for administrators"
    explanation = (
        "Only an administrator of this installation can do this. Whoever runs it makes one with "
        "`fillboard admin create NAME`."
    )


class AccountRequired(Refusal):
    code = "account-required"
    status = 403
    title = "This needs an account"
    explanation = (
        "Only accounts can do this: what is saved belongs to a name, or the board lets only those "
        "second prompts (`seconds_by`), so that each counts for one person. Send an "
        "account's token; an edit token, or a bot's key, is not enough here."
    )


class RatingAboveKey(Refusal):
    code = "rating-above-key"
    status = 403
    title = "The API key may not post what is rated so high"
    explanation = "The key was made with a `max_rating`, and this would be above it."


class TooManyTokens(Refusal):
    code = "too-many-tokens"
    status = 409
    title = "There are too many already"
    explanation = (
        "A mask or an account makes another token as long as it has fewer than 100 that are good, "
        "and another private feed as long as it has fewer than 100. An account makes another API "
        "key as long as it has made fewer than 500, revoked ones included: what they posted is "
        "still its own. Revoke tokens and feeds that you don't need, and have one key do more."
    )


class PasswordUnfit(Refusal):
    code = "password-unfit"
    status = 422
    title = "The password can't be taken"
    explanation = (
        "A password has 8 to 200 characters, is not the name itself, and is none of the few that "
        "whoever guesses tries first. There are no other rules: a few words in a row are good."
    )
