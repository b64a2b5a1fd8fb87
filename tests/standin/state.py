"""Everything the stand-in remembers, in plain JSON, and kept in a file when STANDIN_STATE names one."""

import json
import os
import secrets
import string
import time
from pathlib import Path
from typing import Any

from tests.standin.wire import Obj, Refusal

_LETTERS = string.ascii_letters + string.digits
# Our table, Stripe's name of the object in refusals, and the parameter that names it.
_NAMES = {
    "sessions": ("checkout.session", "session"),
    "intents": ("payment_intent", "intent"),
    "charges": ("charge", "id"),
    "refunds": ("refund", "id"),
    "disputes": ("dispute", "dispute"),
    "events": ("event", "id"),
}
_SETTINGS: Obj = {
    "webhook_url": None,
    # Queue the webhooks instead of sending them.
    "hold": False,
    # Seconds before the first retry; each further one waits twice as long.
    "backoff": 0.2,
    "attempts": 6,
    # Seconds until the answer that the pay page promised comes by itself; null waits for the control door.
    "async_after": 2,
}


class State:
    """The tables and logs. `data` is JSON through and through, so that a copy on disk is the whole of it."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.data: Obj = {
            **{table: {} for table in _NAMES},
            "settings": dict(_SETTINGS),
            "replies": {},
            "requests": {},
            "keys": {},
            "deliveries": [],
            "faults": [],
            "later": {},
            "api_version": None,
        }
        if path is not None and path.exists():
            self.data |= json.loads(path.read_text())

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def save(self) -> None:
        if self.path is None:
            return
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.data))
        os.replace(draft, self.path)

    def add(self, table: str, obj: Obj) -> Obj:
        self.data[table][obj["id"]] = obj
        return obj

    def forget(self) -> None:
        """Begin again, with the settings as they are. Events stay, for a webhook that is being sent this moment."""
        for delivery in self.data["deliveries"]:
            delivery["status"] = "dropped"
        kept = ("settings", "events", "api_version")
        for name in self.data.keys() - set(kept):
            self.data[name] = type(self.data[name])()

    def find(self, table: str, ident: object) -> Obj:
        """The object, or Stripe's 404."""
        name, param = _NAMES[table]
        found: Obj | None = self.data[table].get(ident)
        if found is None:
            message = f"No such {name}: '{ident}'"
            raise Refusal(message, status=404, code="resource_missing", param=param)
        return found

    def newest_first(self, table: str) -> list[Obj]:
        return list(reversed(self.data[table].values()))

    def emit(self, kind: str, subject: Obj, key: str | None = None) -> None:
        """Write down that something happened, and that the receiver of webhooks is to hear of it."""
        has_receiver = self["settings"]["webhook_url"] is not None
        event = {
            "id": new_id("evt"),
            "object": "event",
            "account": None,
            "api_version": self["api_version"],
            "context": None,
            "created": now(),
            # A snapshot: what happens to the object afterwards does not change the event.
            "data": {"object": json.loads(json.dumps(public(subject)))},
            "livemode": False,
            "pending_webhooks": int(has_receiver),
            "request": {"id": None, "idempotency_key": key},
            "type": kind,
        }
        self.add("events", event)
        if has_receiver:
            self.queue(event["id"])

    def queue(self, event_id: str) -> Obj:
        """Put an event in line for its receiver, again if it was there before."""
        event = self.find("events", event_id)
        status = "held" if self["settings"]["hold"] else "pending"
        delivery = {"id": new_id("whd"), "event": event_id, "type": event["type"], "attempts": [], "status": status}
        self["deliveries"].append(delivery)
        return delivery


def public(obj: Obj) -> Obj:
    """The object without what we keep on it for ourselves."""
    return {name: value for name, value in obj.items() if not name.startswith("_")}


def new_id(prefix: str) -> str:
    return f"{prefix}_" + "".join(secrets.choice(_LETTERS) for _ in range(24))


def now() -> int:
    return int(time.time())
