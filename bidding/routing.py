"""Where the sockets are."""

from django.urls import URLPattern, re_path

from bidding.consumers import RoomConsumer, nowhere

sockets: list[URLPattern] = [
    re_path(r"^ws/requests/(?P<number>[A-Z]{2}-[0-9]{4}-[0-9]{6})/$", RoomConsumer.as_asgi()),
    re_path(r"", nowhere),  # type: ignore[arg-type]
]
