"""Shapes of claims."""

from typing import Any

from pydantic import ConfigDict, Field

from app.core.fields import AnswerModel, Instant
from app.core.paging import Page
from app.identity.schemas import EDIT_TOKEN_EXAMPLE, ReceiptFields
from app.prompts.schemas import PROMPT_EXAMPLE, PromptBrief

CLAIM_EXAMPLE: dict[str, Any] = {
    "id": "7c2m9x4q1t6v8b3n",
    "prompt": {name: PROMPT_EXAMPLE[name] for name in PromptBrief.model_fields},
    "created_at": "2026-11-02T19:30:00Z",
    "expires_at": "2026-11-16T19:30:00Z",
    "is_active": True,
    "is_yours": False,
    "url": "http://127.0.0.1:8000/v1/claims/7c2m9x4q1t6v8b3n",
}


class ClaimPublic(AnswerModel):
    """A claim. Whose it is, only its owner sees."""

    model_config = ConfigDict(json_schema_extra={"examples": [CLAIM_EXAMPLE]})

    id: str
    prompt: PromptBrief
    created_at: Instant
    expires_at: Instant = Field(description="When it runs out, unless it is renewed.")
    is_active: bool = Field(description="Whether it has not run out yet.")
    is_yours: bool = Field(
        description="Whether it was made with the token that you sent; always false without one."
    )
    url: str


class ClaimReceipt(ClaimPublic, ReceiptFields):
    """A claim as its owner gets it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **CLAIM_EXAMPLE,
                    "is_yours": True,
                    "edit_token": EDIT_TOKEN_EXAMPLE,
                    "notices": [],
                }
            ]
        }
    )


class ClaimPage(Page[ClaimPublic]):
    """One page of claims."""
