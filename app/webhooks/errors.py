"""How webhooks say no."""

from app.core.errors import Refusal


class TooManyWebhooks(Refusal):
    code = "too-many-webhooks"
    status = 409
    title = "There are enough webhooks here already"
    explanation = (
        "An account has up to 5 webhooks on a board, and a board up to 50. One webhook may get "
        "events of many types: give it more of them, or delete one that nobody needs."
    )


class WebhookDisabled(Refusal):
    code = "webhook-disabled"
    status = 409
    title = "The webhook is disabled"
    explanation = (
        "Nothing is sent to a webhook that is disabled, neither by its owner nor because its "
        "receiver asked for no more (410), or never answered. Enable it first, with "
        '`{"is_enabled": true}`.'
    )
