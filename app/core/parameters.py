"""Query parameters that belong together, declared as the fields of a dataclass."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Query

from app.core.fields import Flag


@cache
def asked(kind: Callable[..., Any]) -> Any:
    """The dependency that makes a dataclass of what was asked: each field is a query parameter.

    It is written ``Annotated[FillsAsked, asked(FillsAsked)]``. A bare ``Depends()`` would do the
    same in a thread, as FastAPI does with everything that is not ``async``, and the hop costs more
    than all else that the dependency does.
    """

    async def make(**fields: Any) -> Any:
        return kind(**fields)

    # FastAPI reads from the signature which parameters there are.
    make.__signature__ = inspect.signature(kind, eval_str=True)  # type: ignore[attr-defined]
    make.__name__ = kind.__name__
    return Depends(make)


#: ``adult=true`` on a GET that has nothing adult to show, but may lead on to something that takes
#: it.
AdultTaken = Annotated[
    Flag, Query(alias="adult", description="Taken on every GET; nothing here is adult.")
]


async def _accept_adult(_asked: AdultTaken = False) -> None:
    """Take the parameter on a GET that has nothing adult to show, so that a client may send it
    with every one.
    """


ACCEPTS_ADULT = Depends(_accept_adult)
