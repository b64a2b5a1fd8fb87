"""Webhooks: signed like Stripe's, sent in the order of events, tried again when the receiver does not answer 2xx."""

import asyncio
import hashlib
import hmac
import http.client
import json
from urllib.parse import urlsplit

from tests.standin.state import State, now
from tests.standin.wire import Obj

_PATIENCE = 10.0
_FORGED = "whsec_of_somebody_else"
_STALE = 3600


class Deliveries:
    """What stands in line for the receiver. One at a time, unless the control door asks otherwise."""

    def __init__(self, state: State, secret: str) -> None:
        self._state = state
        self._secret = secret
        self._line: asyncio.Queue[Obj] = asyncio.Queue()
        # In line, or waiting to be tried again.
        self._known: set[str] = set()

    def notice(self) -> None:
        """Take up whatever has become pending."""
        for delivery in self._state["deliveries"]:
            if delivery["status"] == "pending" and delivery["id"] not in self._known:
                self._known.add(delivery["id"])
                self._line.put_nowait(delivery)

    async def run(self) -> None:
        while True:
            delivery = await self._line.get()
            if delivery["status"] == "pending":
                await self._attempt(delivery)

    async def release(self, mode: str, only: list[str] | None = None) -> list[Obj]:
        """Do with the held ones as told and answer what the receiver said; forged and stale copies leave them held."""
        held = [d for d in self._state["deliveries"] if d["status"] == "held" and (not only or d["type"] in only)]
        match mode:
            case "in_order":
                return [await self._attempt(delivery) for delivery in held]
            case "reverse":
                return [await self._attempt(delivery) for delivery in reversed(held)]
            case "twice":
                return [await self._attempt(delivery) for delivery in held for _ in range(2)]
            case "together":
                return list(await asyncio.gather(*(self._attempt(delivery) for delivery in held * 2)))
            case "forge":
                return [_said(delivery, await self._send(delivery, secret=_FORGED)) for delivery in held]
            case "stale":
                return [_said(delivery, await self._send(delivery, age=_STALE)) for delivery in held]
            case "drop":
                for delivery in held:
                    delivery["status"] = "dropped"
                return [_said(delivery, 0) for delivery in held]
        raise ValueError(f"There is no way to deliver called {mode}.")

    async def _attempt(self, delivery: Obj) -> Obj:
        status = await self._send(delivery)
        delivery["attempts"].append(status)
        if 200 <= status < 300:
            delivery["status"] = "delivered"
            self._state["events"][delivery["event"]]["pending_webhooks"] = 0
        elif delivery["status"] != "delivered":
            self._try_again(delivery)
        self._state.save()
        return _said(delivery, status)

    def _try_again(self, delivery: Obj) -> None:
        settings, tried = self._state["settings"], len(delivery["attempts"])
        if tried >= settings["attempts"]:
            delivery["status"] = "failed"
            return
        delivery["status"] = "pending"
        self._known.add(delivery["id"])
        wait = settings["backoff"] * 2 ** (tried - 1)
        asyncio.get_running_loop().call_later(wait, self._line.put_nowait, delivery)

    async def _send(self, delivery: Obj, *, secret: str | None = None, age: int = 0) -> int:
        """The receiver's status; 0 if it did not answer."""
        payload = json.dumps(self._state["events"][delivery["event"]], indent=2)
        signed = signature(payload, secret or self._secret, now() - age)
        return await asyncio.to_thread(_post, self._state["settings"]["webhook_url"], payload, signed)


def signature(payload: str, secret: str, at: int) -> str:
    """The header `Stripe-Signature` over the payload at a time."""
    mac = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def _said(delivery: Obj, status: int) -> Obj:
    return {"event": delivery["event"], "type": delivery["type"], "status": status}


def _post(url: str, payload: str, signed: str) -> int:
    # Not urllib, which would follow a redirect and call the page behind it an answer.
    address = urlsplit(url)
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_PATIENCE)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signed}
    try:
        line.request("POST", address.path or "/", payload.encode(), headers)
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()
