"""What every door of the API does: sign-in, limits, language, version, ETag. It parses, calls one query or action, answers."""

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.answers import answer_to
from api.authentication import BrowserSession, TokenAuthentication
from api.bodies import JsonObject, Parts
from api.throttles import PerMinute

VERSION = "1"


class PlainJson(JSONRenderer):
    """JSON in UTF-8, Chinese as it is written."""

    charset = "utf-8"


class Door(APIView):
    """The manners that reads and verbs share."""

    authentication_classes = (TokenAuthentication, BrowserSession)
    permission_classes = ()
    throttle_classes = (PerMinute,)
    parser_classes = (JsonObject, Parts)
    renderer_classes = (PlainJson,)
    http_method_names: ClassVar[list[str]] = ["get", "post", "put", "delete", "head", "options"]

    def get_exception_handler(self) -> Any:
        return answer_to

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Within the override of LanguageMiddleware, which takes it back.
        translation.activate(language_of(request))
        if any("\x00" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["API-Version"] = VERSION
        response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        response.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
        return response

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or response.status_code != 200 or not isinstance(response, Response):
            return response
        # Here and not by the handler, since the ETag is of these bytes.
        response.render()
        etag = etag_of_bytes(response.content)
        response["ETag"] = etag
        unchanged: HttpResponse | None = get_conditional_response(request, etag=etag, response=response)
        return unchanged or response


class Nowhere(Door):
    """An address that the API does not know says so as a program reads it."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


def language_of(request: Request) -> str:
    """The first language of `Accept-Language` that the platform speaks; without one, Chinese."""
    spoken = dict(settings.LANGUAGES)
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.startswith("zh"):
            return "zh-hans"
        if code.split("-")[0] in spoken:
            return code.split("-")[0]
    return settings.LANGUAGE_CODE


def etag_of(shown: Any) -> str:
    """The ETag of a read whose JSON this is."""
    return etag_of_bytes(PlainJson().render(shown))


def etag_of_bytes(content: bytes) -> str:
    """Equal for equal content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def canonical(body: Any) -> bytes:
    """The body as two equal requests have it, whatever the order of its members."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()
