"""A contract in a live database, the stand-in beside it, and processes of ours that act there, or die on the way."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from config.environment import ROOT
from tests.plumbing.cluster import Database
from tests.plumbing.standin import Standin


@dataclass
class Theatre:
    """1,000.00 yuan are due; `scene` says to whom."""

    database: Database
    standin: Standin
    scene: dict[str, Any]

    @classmethod
    def fill(cls, database: Database, standin: Standin, *, government: bool = False) -> "Theatre":
        theatre = cls(database, standin, {})
        theatre.scene = theatre._run("fill", {"government": government})
        return theatre

    @property
    def number(self) -> str:
        return str(self.scene["number"])

    @property
    def settings(self) -> dict[str, str]:
        """All that differs from production."""
        return {
            "STRIPE_API_KEY": self.standin.api_key,
            "STRIPE_WEBHOOK_SECRET": self.standin.secret,
            "STRIPE_API_BASE": self.standin.url,
        }

    def run(self, verb: str, key: str = "") -> dict[str, Any]:
        """Let a process do it to its end."""
        return self._run(verb, self.scene | {"key": key})

    def dies(self, where: str, verb: str, key: str = "") -> None:
        """Let a process do it and be killed where told."""
        done = self._process(verb, self.scene | {"key": key}, {"DIE": where})
        assert done.returncode == -signal.SIGKILL, f"it lived: {done.stdout}{done.stderr[-2000:]}"

    def payer_pays(self) -> None:
        [session] = self.standin.client().v1.checkout.sessions.list().data
        self.standin.act(session.id, "pay")

    def checkouts(self) -> int:
        return len(self.standin.client().v1.checkout.sessions.list().data)

    def sums(self) -> dict[str, int]:
        """What the accounts hold, without those that hold nothing."""
        rows = self.database.rows("SELECT account, sum(amount)::bigint FROM contracts_posting GROUP BY account")
        return {account: amount for account, amount in rows if amount}

    def contract_status(self) -> str:
        return str(self.database.value("SELECT status FROM contracts_contract"))

    def said(self, kind: str) -> int:
        """How often the case file says it."""
        return int(self.database.value("SELECT count(*) FROM journal_entry WHERE kind = %s", kind))

    def _run(self, verb: str, given: dict[str, Any]) -> dict[str, Any]:
        done = self._process(verb, given, {})
        assert done.returncode == 0, done.stderr[-3000:]
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def _process(self, verb: str, given: dict[str, Any], more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.database.url,
            **self.settings,
            **more,
        }
        command = [sys.executable, "-m", "tests.contracts.stage", verb, json.dumps(given)]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
