"""Is it alive, and can it work?"""

from fastapi import APIRouter, Response
from sqlalchemy import text

from app.core.answers import own_answer
from app.core.sessions import CurrentSession

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def read_health() -> Response:
    """Answers as long as the process does. It asks nobody else, so that a database that is away
    does not get the service restarted.
    """
    return own_answer({"status": "ok"})


@router.get("/readyz")
async def read_readiness(session: CurrentSession) -> Response:
    """Answers 200 when the database answers, 503 when it doesn't."""
    await session.scalar(text("SELECT 1"))
    return own_answer({"status": "ready"})
