"""Shapes of seconds."""

from pydantic import ConfigDict, Field

from app.core.fields import AnswerModel


class SecondPublic(AnswerModel):
    """How you stand to a prompt. Nobody else is told."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"is_seconded": True, "seconds_count": 7}]}
    )

    is_seconded: bool = Field(description="Whether you have seconded it.")
    seconds_count: int | None = Field(
        description="How many want this too; null where the board shows no counts."
    )
