"""Calling a route with what it depends on.

FastAPI works out anew for each request which dependencies a route has, which of them are the same
and how each is called: for a route with a dozen of them that takes longer than all that they do.
Here it is worked out once, when the route is made. What parameters there are and how they are
validated, and how a route is described, stays FastAPI's business, and a route that depends on
something which this knows nothing of is solved by FastAPI itself.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticUndefined
from starlette.datastructures import QueryParams

#: The body of a request that has none.
NO_BODY: Any = PydanticUndefined
#: What stands for a dependency that was not called: something that was sent for it is invalid.
_UNSOLVED: Any = object()


@dataclass(frozen=True)
class _Step:
    """A dependency, or at the end the route itself. ``takes`` are its arguments that come from
    steps before it, each by its name and the number of that step. Of a generator ``opened`` makes
    what is left again when the route has returned.
    """

    call: Callable[..., Any]
    opened: Callable[..., AbstractAsyncContextManager[Any]] | None
    takes: tuple[tuple[str, int], ...]
    path: tuple[ModelField, ...]
    query: tuple[ModelField, ...]
    header: tuple[ModelField, ...]
    body: ModelField | None
    request_name: str | None

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What stands for the parameters of the query that may be left out."""
        return {each.name: each.default for each in self.query if _is_left_out_easily(each)}

    def asked_for(self, query: QueryParams) -> list[ModelField]:
        """The parameters of the query that something must be done about."""
        easy = self.defaults
        return [each for each in self.query if each.alias in query or each.name not in easy]

    @cached_property
    def is_sent_for(self) -> bool:
        """Whether it takes anything that clients send."""
        return bool(self.path or self.query or self.header or self.body)


class Solver:
    """Calls one route: each of its dependencies once, in FastAPI's order, and then itself."""

    def __init__(self, steps: list[_Step]) -> None:
        *self._dependencies, self._route = steps

    @classmethod
    def of(cls, dependant: Dependant) -> "Solver | None":
        """What calls a route; ``None`` if that is for FastAPI to do."""
        returned = inspect.signature(dependant.call).return_annotation if dependant.call else None
        every = list(every_dependant(dependant))
        bodies = {each.body_params[0].name for each in every if each.body_params}
        is_plain = inspect.isclass(returned) and issubclass(returned, Response)
        if not is_plain or len(bodies) > 1 or not all(map(_is_known, every)):
            return None
        steps: list[_Step] = []
        _put(dependant, steps, {})
        return cls(steps)

    async def __call__(self, request: Request, body: Any) -> Response:
        """Answer a request. ``body`` is the parsed JSON, or :data:`NO_BODY`.

        :raises RequestValidationError: with all that is invalid of what was sent.
        """
        solved: list[Any] = []
        errors: list[Any] = []
        for step in self._dependencies:
            arguments = {name: solved[number] for name, number in step.takes}
            faults = await _read(step, request, body, arguments)
            errors += faults
            if errors and (faults or any(each is _UNSOLVED for each in arguments.values())):
                solved.append(_UNSOLVED)
            elif step.opened is None:
                solved.append(await step.call(**arguments))
            else:
                stack = request.scope["fastapi_function_astack"]
                solved.append(await stack.enter_async_context(step.opened(**arguments)))
        arguments = {name: solved[number] for name, number in self._route.takes}
        errors += await _read(self._route, request, body, arguments)
        if errors:
            raise RequestValidationError(errors)
        answer = await self._route.call(**arguments)
        assert isinstance(answer, Response)
        return answer


async def _read(
    step: _Step, request: Request, body: Any, arguments: dict[str, Any]
) -> Sequence[Any]:
    """Add to the arguments of a step what it reads of the request; return what is invalid of it."""
    if step.request_name is not None:
        arguments[step.request_name] = request
    if not step.is_sent_for:
        return ()
    faults: list[Any] = []
    for field in step.path:
        place = ("path", field.alias)
        arguments[field.name], more = field.validate(request.path_params[field.alias], loc=place)
        faults += more
    if step.query:
        arguments |= step.defaults
        query = request.query_params
        # FastAPI would work out of each how it may be called, and copy its default.
        values, more = request_params_to_args(step.asked_for(query), query)
        arguments |= values
        faults += more
    if step.header:
        values, more = request_params_to_args(step.header, request.headers)
        arguments |= values
        faults += more
    if step.body is not None:
        arguments[step.body.name], more = await _validated(step.body, body)
        faults += more
    return faults


async def _validated(field: ModelField, body: Any) -> tuple[Any, list[Any]]:
    if body is not NO_BODY:
        return field.validate(body, loc=("body",))
    values, errors = await request_body_to_args([field], body, embed_body_fields=False)
    return values[field.name], errors


def _is_left_out_easily(field: ModelField) -> bool:
    """Whether a parameter has a default that needs neither a check nor a copy of its own."""
    info = field.field_info
    is_plain = info.default is None or isinstance(info.default, str | int | float | tuple)
    return is_plain and info.default_factory is None and not info.validate_default


def every_dependant(dependant: Dependant) -> Iterator[Dependant]:
    """A route, and all that it depends on."""
    yield dependant
    for each in dependant.dependencies:
        yield from every_dependant(each)


def _is_known(dependant: Dependant) -> bool:
    """Whether a dependency, without those below it, is of the kinds that the house has."""
    call = dependant.call
    # An object that can be called is asynchronous if its method is.
    plain = call if inspect.isroutine(call) else type(call).__call__
    if inspect.isasyncgenfunction(plain):
        is_known_call = dependant.scope == "function"
    else:
        is_known_call = inspect.iscoroutinefunction(plain)
    return (
        is_known_call
        and dependant.use_cache
        and len(dependant.body_params) < 2  # noqa: PLR2004 - one or none
        and not dependant.cookie_params
        and not (dependant.own_oauth_scopes or dependant.parent_oauth_scopes)
        and dependant.concurrency is None
        and not any(
            (
                dependant.websocket_param_name,
                dependant.response_param_name,
                dependant.background_tasks_param_name,
                dependant.security_scopes_param_name,
            )
        )
    )


def _put(dependant: Dependant, steps: list[_Step], known: dict[Any, int]) -> int:
    """Put the step of a dependency behind those that it takes; return its number."""
    call = dependant.call
    assert call is not None
    if call in known:
        return known[call]
    below = [(each.name, _put(each, steps, known)) for each in dependant.dependencies]
    opened = asynccontextmanager(call) if inspect.isasyncgenfunction(call) else None
    steps.append(
        _Step(
            call=call,
            opened=opened,
            takes=tuple((name, number) for name, number in below if name is not None),
            path=tuple(dependant.path_params),
            query=tuple(dependant.query_params),
            header=tuple(dependant.header_params),
            body=dependant.body_params[0] if dependant.body_params else None,
            request_name=dependant.request_param_name or dependant.http_connection_param_name,
        )
    )
    known[call] = len(steps) - 1
    return known[call]
