"""The OpenAPI document, and its page from the sidecar; no inline script, nothing from other hosts."""

from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class _Schema(SpectacularAPIView):
    """YAML by default, JSON where asked for."""

    renderer_classes = [OpenApiYamlRenderer, OpenApiJsonRenderer]
    authentication_classes = ()
    permission_classes = ()


class _Swagger(SpectacularSwaggerSplitView):
    """The page; its script is an address of its own."""

    authentication_classes = ()
    permission_classes = ()
    template_name = "api/swagger.html"
    url_name = "api_schema"


schema = _Schema.as_view()
swagger = _Swagger.as_view()
