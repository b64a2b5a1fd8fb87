"""What Channels' own tutorial builds: each consumer joins a group and passes on what it receives, encoding it itself.

Served by the same ASGI server as the platform: `uvicorn bench.stock:application`, the layer in memory.
"""

import json
from typing import Any

from django.conf import settings

settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}})

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 (settings first)

_GROUP = "auction"


class Consumer(AsyncWebsocketConsumer):
    """One watcher."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(_GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        await self.channel_layer.group_discard(_GROUP, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(_GROUP, {"type": "auction.entry", "message": json.loads(text_data)})

    async def auction_entry(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["message"], ensure_ascii=False, separators=(",", ":")))


application = Consumer.as_asgi()
