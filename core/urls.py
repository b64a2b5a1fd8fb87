"""Doors that belong to no single package."""

from django.urls import path, register_converter

from core import views


class Sha256:
    """64 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")

urlpatterns = [
    path("files/<sha256:sha256>/<str:name>", views.file_download, name="file_download"),
]
