"""The stand-in for Stripe as a process of its own, and a receiver for its webhooks.

`stripe_standin` is a fresh one for a test: `.url`, `.api_key` and `.secret` are all that differs from production, and its
methods speak to the control door. `webhooks` collects what is posted to it, for tests without a platform behind.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from config.environment import ROOT
from config.postgres import free_port
from config.processes import dies_with_parent

_READY_WITHIN = 15.0
_SETTLED_WITHIN = 20.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Standin:
    """One running stand-in. `state` names a file that keeps what it knows from one start to the next."""

    def __init__(self, log: Path, *, state: Path | None = None, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_key = f"sk_test_{secrets.token_hex(12)}"
        self.secret = f"whsec_{secrets.token_hex(16)}"
        self._log = log
        self._state = state
        self.start()

    def start(self) -> None:
        names = {"STANDIN_KEY": self.api_key, "STANDIN_SECRET": self.secret}
        if self._state is not None:
            names["STANDIN_STATE"] = str(self._state)
        command = ["uvicorn", "tests.standin.stripe_api:app", "--host", "127.0.0.1", "--port", str(self.port)]
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command, "--no-access-log"],
                cwd=ROOT,
                env=os.environ | names,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        self._wait_until_ready()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def client(self, *, api_key: str | None = None, retries: int = 0) -> stripe.StripeClient:
        """The SDK, told where this Stripe lives."""
        return stripe.StripeClient(
            api_key or self.api_key, base_addresses={"api": self.url}, max_network_retries=retries
        )

    def control(self, **order: Any) -> Any:
        """Give an order to the control door (`tests.standin.control` lists them) and return what it answered."""
        request = urllib.request.Request(f"{self.url}/_control", json.dumps(order).encode())
        try:
            with _DIRECT.open(request, timeout=30) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as refused:
            raise StandinRefused(json.load(refused)["error"]["message"]) from None

    def told(self) -> dict[str, Any]:
        """Requests by path, idempotency keys, deliveries and their statuses, and how many objects there are."""
        with _DIRECT.open(f"{self.url}/_control", timeout=10) as answer:
            known: dict[str, Any] = json.load(answer)
            return known

    def send_webhooks_to(self, url: str, *, hold: bool = False, **settings: Any) -> None:
        self.control(webhook_url=url, hold=hold, **settings)

    def forget(self) -> None:
        """Begin again with nothing in it; settings stay."""
        self.control(forget=True)

    def hold(self) -> None:
        """Queue webhooks from now on, until `deliver` lets them go."""
        self.control(hold=True)

    def deliver(self, how: str = "in_order", *, only: list[str] | None = None) -> list[dict[str, Any]]:
        """Release the held: in_order, reverse, twice, together, forge, stale or drop. Returns the receiver's statuses."""
        sent: list[dict[str, Any]] = self.control(deliver=how, only=only)
        return sent

    def act(self, session: str, verb: str, method: str | None = None) -> dict[str, Any]:
        """What payer or time does: pay, decline, challenge, promise, async_succeed, async_fail, expire."""
        done: dict[str, Any] = self.control(session=session, act=verb, method=method)
        return done

    def dispute(self, payment_intent: str, outcome: str = "open", **details: Any) -> dict[str, Any]:
        """Open a dispute ("ask": the bank only asks and takes no money), or close it as won or lost."""
        done: dict[str, Any] = self.control(payment_intent=payment_intent, dispute=outcome, **details)
        return done

    def fail_next(self, mode: str = "500", *, times: int = 1, path: str = "/v1/") -> None:
        """The next calls under `path` fail: "500" before the work, or "lost" after it, without an answer."""
        self.control(fail={"mode": mode, "times": times, "path": path})

    def settle(self) -> list[dict[str, Any]]:
        """Wait until no webhook is on its way any more and return the deliveries."""
        give_up = time.monotonic() + _SETTLED_WITHIN
        while True:
            deliveries: list[dict[str, Any]] = self.told()["deliveries"]
            if all(delivery["status"] != "pending" for delivery in deliveries):
                return deliveries
            assert time.monotonic() < give_up, f"Webhooks are still on their way: {deliveries}"
            time.sleep(0.02)

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + _READY_WITHIN
        while True:
            try:
                self.told()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > give_up:
                    self.stop()
                    raise AssertionError(f"The stand-in did not start:\n{self._log.read_text()[-2000:]}") from None
                time.sleep(0.03)


class StandinRefused(AssertionError):
    """The control door cannot do what a test asked of it."""


@dataclass
class Webhooks:
    """What a receiver heard, and what it answers: the statuses in `answers` in turn, then 200."""

    url: str
    heard: list[tuple[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def types(self) -> list[str]:
        return [json.loads(payload)["type"] for payload, _ in self.heard]

    def events(self, secret: str) -> list[stripe.Event]:
        """The events, their signatures verified by the SDK."""
        verify = stripe.Webhook.construct_event
        return [verify(payload, signature, secret, api_key="sk_test_unused") for payload, signature in self.heard]


@pytest.fixture
def stripe_standin(tmp_path: Path) -> Iterator[Standin]:
    """A Stripe of the test's own, with nothing in it."""
    running = Standin(tmp_path / "standin.log")
    yield running
    running.stop()


@pytest.fixture
def stripe_client(stripe_standin: Standin) -> stripe.StripeClient:
    """The SDK, talking to this test's Stripe."""
    return stripe_standin.client()


@pytest.fixture
def webhooks() -> Iterator[Webhooks]:
    """A receiver of webhooks on a port of its own."""
    server = _Server(("127.0.0.1", 0), _Receiver)
    server.inbox = inbox = Webhooks(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield inbox
    server.shutdown()
    thread.join()
    server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    inbox: Webhooks


class _Receiver(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        inbox = self.server.inbox
        payload = self.rfile.read(int(self.headers["Content-Length"])).decode()
        inbox.heard.append((payload, self.headers["Stripe-Signature"]))
        self.send_response(inbox.answers.pop(0) if inbox.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""
