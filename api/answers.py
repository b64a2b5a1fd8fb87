"""Whatever goes wrong has one shape: `{"code", "message", "basis", "facts", "fix"}`, and `errors` where fields are wrong."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404

from rest_framework import exceptions
from rest_framework.response import Response

from api import refusals
from core.errors import Refused


class WrongFields(Exception):
    """A form did not take what was sent."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(errors)

    @classmethod
    def of(cls, form: BaseForm) -> "WrongFields":
        """The form's own words, field by field; `__all__` is about all of it."""
        return cls({name: [str(one) for one in said] for name, said in form.errors.items()})


class AlreadyRefused(Exception):
    """A press that was refused has its refusal as sockets send it."""

    def __init__(self, wire: dict[str, Any]) -> None:
        self.wire = wire
        super().__init__(wire["code"])


_SAME: dict[type[exceptions.APIException], type[refusals.ApiRefused]] = {
    exceptions.ParseError: refusals.Unreadable,
    exceptions.AuthenticationFailed: refusals.NotSignedIn,
    exceptions.NotAuthenticated: refusals.NotSignedIn,
    exceptions.NotFound: refusals.NotThere,
    exceptions.MethodNotAllowed: refusals.WrongMethod,
    exceptions.NotAcceptable: refusals.WrongAccept,
    exceptions.UnsupportedMediaType: refusals.WrongType,
}


def answer_to(trouble: Exception, _context: dict[str, Any]) -> Response | None:
    """The answer to what was raised; None for what nobody foresaw."""
    if isinstance(trouble, WrongFields):
        return Response({**refusals.InvalidFields().as_wire(), "errors": trouble.errors}, status=400)
    if isinstance(trouble, AlreadyRefused):
        return Response(trouble.wire, status=409)
    refused, headers = _refusal(trouble), {}
    if refused is None:
        return None
    if isinstance(refused, refusals.NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(refused, refusals.TooMany):
        headers["Retry-After"] = str(refused.facts["seconds"])
    status = refused.status if isinstance(refused, refusals.ApiRefused) else 409
    return Response(refused.as_wire(), status=status, headers=headers)


def _refusal(trouble: Exception) -> Refused | None:
    match trouble:
        case Refused():
            return trouble
        case Http404() | ObjectDoesNotExist():
            return refusals.NotThere()
        case exceptions.Throttled():
            return refusals.TooMany(seconds=int(trouble.wait or 1) + 1)
        case exceptions.PermissionDenied():
            return refusals.NotAllowed()
        case exceptions.APIException():
            return _SAME.get(type(trouble), refusals.Unreadable)()
        case _:
            return None
