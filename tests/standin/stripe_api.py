"""The stand-in's one ASGI file: the doors, and what each may answer.

    STANDIN_KEY=sk_test_… STANDIN_SECRET=whsec_… uvicorn tests.standin.stripe_api:app --port 4242

STANDIN_WEBHOOK_URL is where webhooks go from the start (or the control door says so), STANDIN_STATE a file that keeps
everything from one run to the next. /v1/ is Stripe's API, /pay/ the page for the payer, /_control is ours.
"""

import asyncio
import contextlib
import json
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.standin import api, control, pay_page
from tests.standin.deliveries import Deliveries
from tests.standin.payments import Conflict, act, expire_overdue
from tests.standin.state import State, new_id, now
from tests.standin.wire import Obj, Refusal, parsed

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Answer = tuple[int, bytes, dict[str, str]]

_TICK = 0.1
_PAY = re.compile(r"/pay/(?P<ident>\w+)(?P<challenge>/3ds)?")
_JSON = {"content-type": "application/json"}
_HTML = {"content-type": "text/html; charset=utf-8"}


class Lost(Exception):
    """The work is done, and the answer is not to arrive."""


class Standin:
    """The application. Every request is handled in one go, so two never interleave, save where webhooks are awaited."""

    def __init__(self, environment: dict[str, str]) -> None:
        path = environment.get("STANDIN_STATE")
        self.key = environment.get("STANDIN_KEY", "sk_test_standin")
        self.state = State(Path(path) if path else None)
        self.state["settings"]["webhook_url"] = (
            environment.get("STANDIN_WEBHOOK_URL") or self.state["settings"]["webhook_url"]
        )
        self.deliveries = Deliveries(self.state, environment.get("STANDIN_SECRET", "whsec_standin"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            status, body, headers = await self._answer(scope, await _body(receive))
        except Lost:
            _hang_up(send)
            return
        finally:
            self.state.save()
        self.deliveries.notice()
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Scope, body: str) -> Answer:
        path: str = scope["path"]
        if path == "/_control":
            return await self._control(scope["method"], body)
        if page := _PAY.fullmatch(path):
            return self._pay(scope["method"], body, **page.groupdict())
        try:
            return self._api(scope, body)
        except Refusal as refused:
            return _json(refused.status, refused.body)

    def _api(self, scope: Scope, body: str) -> Answer:
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        call = api.Call(
            method=scope["method"],
            path=scope["path"],
            params=parsed(scope["query_string"].decode() if scope["method"] == "GET" else body),
            key=headers.get("idempotency-key") if scope["method"] == "POST" else None,
            base=f"http://{headers.get('host', '')}",
        )
        api.count(self.state, call)
        self.state.data["api_version"] = headers.get("stripe-version", self.state["api_version"])
        api.authorise(headers.get("authorization", ""), self.key)
        fault = control.take_fault(self.state, call.path)
        if fault == "500":
            return _json(500, {"error": {"message": "An unknown error occurred", "type": "api_error"}})
        reply = api.answer(self.state, call)
        if fault == "lost":
            raise Lost
        return _json(reply["status"], reply["body"], {"idempotent-replayed": "true"} if reply["replayed"] else {})

    def _pay(self, method: str, body: str, ident: str, challenge: str | None) -> Answer:
        session = self.state["sessions"].get(ident)
        if session is None:
            return 404, b"No such session.", _HTML
        target, notice = pay_page.press(self.state, session, body) if method == "POST" else ("", "")
        if target:
            return 303, b"", {"location": target}
        shown = pay_page.challenge_page(session) if challenge else pay_page.page(session, notice)
        return 200, shown.encode(), _HTML

    async def _control(self, method: str, body: str) -> Answer:
        if method != "POST":
            return _json(200, control.told(self.state))
        try:
            return _json(200, {"result": await control.command(self.state, self.deliveries, json.loads(body))})
        except Refusal as refused:
            return _json(refused.status, refused.body)
        except (Conflict, ValueError) as refused:
            return _json(409, {"error": {"message": str(refused)}})

    async def _live(self, receive: Receive, send: Send) -> None:
        tasks: list[asyncio.Task[None]] = []
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                tasks = [asyncio.create_task(self.deliveries.run()), asyncio.create_task(self._tick())]
                await send({"type": "lifespan.startup.complete"})
                continue
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await send({"type": "lifespan.shutdown.complete"})
            return

    async def _tick(self) -> None:
        """Time passes: sessions expire, promised answers come, what was queued before a restart is sent."""
        while True:
            before = len(self.state["events"])
            expire_overdue(self.state)
            for ident, later in list(self.state["later"].items()):
                if later["at"] <= now():
                    del self.state["later"][ident]
                    with contextlib.suppress(Conflict):  # the control door was first
                        act(self.state, self.state["sessions"][ident], later["verb"])
            if len(self.state["events"]) > before:
                self.state.save()
            self.deliveries.notice()
            await asyncio.sleep(_TICK)


async def _body(receive: Receive) -> str:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts).decode()


def _json(status: int, body: Obj, more: dict[str, str] | None = None) -> Answer:
    return status, json.dumps(body).encode(), {**_JSON, "request-id": new_id("req"), **(more or {})}


def _hang_up(send: Send) -> None:
    """ASGI has no word for it: uvicorn's own connection, which `send` is a method of, is closed without a byte."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]


app = Standin(dict(os.environ))
