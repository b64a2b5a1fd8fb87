"""The theatre's processes, forked from one that has everything loaded: each as real, and as mortal, as any other, but quick.

`python -m tests.contracts.troupe` reads one order a line, and answers what became of the process it forked for it.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, NoReturn

from config.environment import ROOT
from config.postgres import free_port
from config.processes import dies_with_parent
from tests.contracts.theatre import Theatre
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, Process, copied, environment_of, template
from tests.plumbing.standin import Standin

# Not what takes hold of functions by name that a process is to die at, such as contracts.clockwork.
_LOADED = ("contracts.providers.stripe", "tests.contracts.play", "ratings.clockwork.lists", "core.documents")
_SECONDS = 60


class Troupe:
    """Forks processes that act in any database of the run's server, with one stand-in beside them."""

    def __init__(self, database: Database, standin: Standin, log: Path) -> None:
        self.standin = standin
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database.url,
            **Theatre(database, standin, {}).settings,
        }
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.contracts.troupe"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )

    def __enter__(self) -> "Troupe":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def act(self, database: Database, verb: str, given: dict[str, Any], die: str) -> "subprocess.CompletedProcess[str]":
        assert self._process.stdin
        assert self._process.stdout
        order = {"database": database.name, "verb": verb, "given": given, "die": die}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return subprocess.CompletedProcess([verb], **json.loads(self._process.stdout.readline()))


@dataclass
class QuickTheatre(Theatre):
    """A theatre whose processes are forked."""

    troupe: Troupe

    def filled(self) -> "QuickTheatre":
        """With parties, and a contract on which 1,000.00 yuan are due."""
        return replace(self, scene=self._run("fill", {"government": False}))

    def another(self) -> "QuickTheatre":
        """The same parties with a contract of its own."""
        return replace(self, scene=self.run("another"))

    def _process(self, verb: str, given: dict[str, Any], more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return self.troupe.act(self.database, verb, given, more.get("DIE", ""))


@contextmanager
def venue(logs: Path) -> Iterator[tuple[QuickTheatre, LiveServer]]:
    """An empty theatre for a module of tests, with a server and its clock that know the stand-in."""
    with ExitStack() as at_the_end:
        standin = Standin(logs / "standin.log")
        at_the_end.callback(standin.stop)
        database = at_the_end.enter_context(copied(template(demo=False)))
        troupe = at_the_end.enter_context(Troupe(database, standin, logs / "troupe.log"))
        theatre = QuickTheatre(database, standin, {}, troupe)
        port = free_port()
        environment = environment_of(database, None, port) | theatre.settings
        server = LiveServer(port, database, environment, logs / "server.log")
        at_the_end.callback(server.kill)
        at_the_end.callback(Process(["clock"], environment, logs / "clock.log").kill)
        yield theatre, server


def another(scene: dict[str, Any], _key: str) -> dict[str, Any]:
    """One more contract between the parties of the scene, with 1,000.00 yuan due."""
    from accounts.models import Organisation, User
    from agencies.models import Agency
    from marketplace.models import Request
    from tests.contracts import play

    buyer, by = Organisation.objects.get(pk=scene["buyer"]), User.objects.get(pk=scene["by"])
    winner = Agency.objects.get(organisation_id=scene["agency"])
    item = Request.objects.get(number=scene["number"]).item
    number = play.quick_award(buyer, by, item, winner, 100_000)
    play.sign(number)
    return scene | {"number": number, "payable": play.due(number).pk}


def another_award(_scene: dict[str, Any], _key: str) -> dict[str, Any]:
    """As the stage's `award`, with parties of its own."""
    from accounts.models import Kind
    from tests import cast
    from tests.contracts import play

    code = cast.next_uscc()
    item = cast.service_item(f"T{code[-8:]}")
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person(f"buyer-{code.lower()}@waterworks.example", buyer)
    agencies = [cast.agency(name) for name in ("迅达咨询有限公司", "稳健环境技术有限公司", "三江工程咨询有限公司")]
    cast.offers(item, *agencies)
    number = play.award(cast.live_auction(buyer, item, by, *agencies), agencies[0])
    return {"number": number, "buyer": by.email, "agency": agencies[0].user.email}  # type: ignore[attr-defined]


def _act(order: dict[str, Any], out: IO[bytes], errors: IO[bytes]) -> NoReturn:
    """In the forked process: do it and end, one way or another."""
    from django.db import connection

    from tests.contracts import stage

    signal.alarm(_SECONDS)
    os.dup2(out.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    try:
        connection.settings_dict["NAME"] = order["database"]
        if order["die"]:
            stage.arm(order["die"])
        verb, given = order["verb"], order["given"]
        match verb:
            case "fill":
                result = stage.fill(given["government"])
            case "another" | "another_award":
                result = globals()[verb](given, "")
            case _:
                result = getattr(stage, verb)(given, given.get("key", ""))
        print(json.dumps(result), flush=True)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _serve() -> None:
    import django

    django.setup()

    from tests import cast

    for module in _LOADED:
        import_module(module)
    for turn, line in enumerate(sys.stdin):
        # Each process would number its requests from the beginning.
        cast._numbers = count(100 * turn + 1)
        with TemporaryFile() as out, TemporaryFile() as errors:
            if (process := os.fork()) == 0:
                _act(json.loads(line), out, errors)
            _, status = os.waitpid(process, 0)
            said = {}
            for name, file in (("stdout", out), ("stderr", errors)):
                file.seek(0)
                said[name] = file.read().decode(errors="replace")
            print(json.dumps({"returncode": os.waitstatus_to_exitcode(status), **said}), flush=True)


if __name__ == "__main__":
    _serve()
