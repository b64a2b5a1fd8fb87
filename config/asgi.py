"""The ASGI application: pages over HTTP, live rooms over websockets. Any ASGI server will do."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 (apps must be ready first)

from bidding.routing import sockets  # noqa: E402
from config.turnstile import Turnstile  # noqa: E402

application = ProtocolTypeRouter({"http": Turnstile(_pages), "websocket": URLRouter(sockets)})
