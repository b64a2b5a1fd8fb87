"""The OpenAPI document, and its page from the sidecar; no inline script, nothing from other hosts."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, override

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class _Schema(SpectacularAPIView):
    """YAML by default, JSON where asked for; made once in a process and a language, since it takes a second."""

    renderer_classes = [OpenApiYamlRenderer, OpenApiJsonRenderer]
    authentication_classes = ()
    permission_classes = ()

    def _get_schema_response(self, request: Request) -> HttpResponse:
        language = get_language()
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        renderer = request.accepted_renderer
        return HttpResponse(
            _made(known, renderer.__class__),
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="openapi.{renderer.format}"'},
        )


class _Swagger(SpectacularSwaggerSplitView):
    """The page; its script is an address of its own."""

    authentication_classes = ()
    permission_classes = ()
    template_name = "api/swagger.html"
    url_name = "api_schema"


@cache
def _made(language: str, renderer: type[BaseRenderer]) -> bytes:
    """The document as every reader has it: it says whom each operation is for, and hides none."""
    with override(language):
        found: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    made: bytes = renderer().render(found, renderer_context={})
    return made


schema = _Schema.as_view()
swagger = _Swagger.as_view()
