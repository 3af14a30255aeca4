"""What Schemathesis is told in Python: what there is, and one more check.

``schemathesis.toml`` names this module; the program imports it, not the tests. What there is stands
in the file that ``FILLBOARD_CAST`` names, as ``test_schemathesis.py`` writes it.
"""

import json
import os
from pathlib import Path
from typing import Any, get_args

import schemathesis
from pydantic_core.core_schema import ErrorType
from schemathesis.core.parameters import ParameterLocation

_CAST = json.loads(Path(os.environ["FILLBOARD_CAST"]).read_text())

#: What is wrong with the form of a value: a schema can say it, so the description must. Errors that
#: validators of ours raise are about meaning. That ``3.0`` is no integer is the service's own
#: strictness: numbers are read as they are written, and JSON Schema knows no such difference.
_FORM = {*get_args(ErrorType)} - {"value_error", "assertion_error", "int_type"}
#: The form of a query, as ``core/routing.py`` looks at it.
_FORM |= {"unknown", "repeated", "unexpected_body"}


def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Address what there is, for made-up ids lead nowhere; and keep the run's token."""
    if isinstance(case.body, dict) and case.body.get("revoke_others") is True:
        # It would end the token that the run is made with.
        case.body["revoke_others"] = False
    # Links say themselves what they lead to.
    if _has_valid_path(case) and case.meta.phase.name.value != "stateful":
        there = _CAST[case.operation.label]
        for name in case.path_parameters.keys() & there.keys():
            case.path_parameters[name] = there[name]


def _has_valid_path(case: Any) -> bool:
    path = case.meta and case.meta.components.get(ParameterLocation.PATH)
    return path is not None and path.mode.is_positive


def valid_is_refused_by_meaning(_context: Any, response: Any, case: Any) -> None:
    """What fits the description is never refused for its form: a request with valid data may be
    answered with 400 only for a cursor or a too long address, and with 422 only for what a schema
    can't say.
    """
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_valid or response.status_code not in {400, 422}:
        return
    problem = response.json()
    if response.status_code == 400:
        assert problem["code"] in {"bad-cursor", "malformed-request"}, problem
    errors = problem.get("errors", ())
    assert not [each for each in errors if each["code"] in _FORM], errors


schemathesis.hook(before_call)
schemathesis.check(valid_is_refused_by_meaning)
