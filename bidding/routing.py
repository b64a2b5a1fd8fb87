"""Where the sockets are."""

from django.urls import URLPattern, re_path

from bidding.consumers import RoomConsumer, nowhere
from bidding.practice.consumer import PracticeConsumer

sockets: list[URLPattern] = [
    re_path(r"^ws/requests/(?P<number>[A-Z]{2}-[0-9]{4}-[0-9]{6})/$", RoomConsumer.as_asgi()),
    re_path(r"^ws/practice/(?P<name>[0-9a-f]{32})/$", PracticeConsumer.as_asgi()),
    re_path(r"", nowhere),  # type: ignore[arg-type]
]
