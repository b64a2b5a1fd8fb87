"""The supervisor keeps its children alive and ends them all."""

import sys
import time

import pytest

from config.supervisor import Child, Supervisor


def sleeper(name: str = "sleeper", script: str = "import time; time.sleep(60)") -> Child:
    return Child(name, [sys.executable, "-c", script], {})


@pytest.fixture
def supervisor():
    said: list[str] = []
    made = Supervisor(said.append)
    made.said = said
    yield made
    made.stop()


def watch_for(supervisor: Supervisor, seconds: float) -> None:
    end = time.monotonic() + seconds
    supervisor.watch(until=lambda: time.monotonic() > end)


@pytest.mark.slow
def test_a_child_that_dies_at_once_is_started_again_after_ever_longer_waits(supervisor):
    supervisor.add(sleeper(script="raise SystemExit(3)"))
    watch_for(supervisor, 2.5)
    assert supervisor.said[:2] == [
        "!! sleeper ended with 3; starting it again in 0.5 s",
        "!! sleeper ended with 3; starting it again in 1 s",
    ]
    assert len(supervisor.said) <= 3


def test_a_child_that_does_not_listen_is_ended_by_force(supervisor, monkeypatch):
    monkeypatch.setattr("config.supervisor._STOP_WITHIN", 0.3)
    deaf = sleeper(script="import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)")
    supervisor.add(deaf)
    time.sleep(0.3)
    process = deaf.process
    supervisor.stop()
    assert process.returncode == -9


def test_children_end_when_asked(supervisor):
    child = sleeper()
    supervisor.add(child)
    process = child.process
    supervisor.stop()
    assert process.returncode == -15


def test_a_step_gives_its_exit_code(supervisor):
    assert supervisor.run([sys.executable, "-c", "raise SystemExit(7)"], {}) == 7
