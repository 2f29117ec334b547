"""The wheel, installed into an empty environment far from the checkout, brings everything that `moadb up` needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from moadb.resources import sql_root
from servers import new_folder

pytestmark = pytest.mark.any_server

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(CHECKOUT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("moadb-*.whl")
    return built


@pytest.fixture(scope="module")
def moadb(wheel: Path) -> Iterator[Path]:
    """Return the `moadb` of an environment that has the wheel, and the packages that it depends on from ours."""
    with tempfile.TemporaryDirectory(prefix="moadb-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        venv.create(folder / "venv", symlinks=True)
        python = folder / "venv" / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
        subprocess.run([*pip, str(wheel)], check=True)
        packages = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        (Path(packages) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        yield folder / "venv" / "bin" / "moadb"


def run(program: Path, *arguments: str, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MOADB", "PG"))}
    done = subprocess.run([program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_has_every_sql_file(wheel: Path) -> None:
    inside = {name.removeprefix("moadb/_sql/") for name in zipfile.ZipFile(wheel).namelist() if "/_sql/" in name}
    root = sql_root()
    wanted = {
        str(path.relative_to(root))
        for folder in ("migrations", "procedures", "triggers", "partitions", "sql", "tests")
        for path in (root / folder).rglob("*")
        if path.suffix in (".sql", ".toml", ".j2")
    }
    assert wanted <= inside


def test_wheel_has_every_python_file_and_no_test(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")}
    package = CHECKOUT / "scripts" / "moadb"
    assert inside == {f"moadb/{path.relative_to(package)}" for path in package.rglob("*.py")}
    assert not any(name.endswith(".golden") for name in zipfile.ZipFile(wheel).namelist())
    assert "moadb/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_up_and_down(moadb: Path, request: pytest.FixtureRequest) -> None:
    here = new_folder()
    command = ["up", "--server", request.config.getoption("--server"), "--systems", "coupon"]
    try:
        outcome = json.loads(run(moadb, *command, "--json", cwd=here))
        code = "import moadb.resources; print(moadb.resources.sql_root())"
        used = run(moadb.with_name("python"), "-c", code, cwd=here).strip()
        assert Path(used).is_relative_to(moadb.parents[1]), "the SQL is the wheel's"
        assert {item["system"] for item in outcome["systems"]} == {"platform", "coupon"}
        assert all(item["jobs"] for item in outcome["systems"])
        with psycopg.connect(run(moadb, "dsn", "--app", cwd=here).strip()) as connection:
            assert connection.execute("select status from coupon.issue_coupon(2, 4711)").fetchone() == ("ISSUED",)
        assert "already running" in run(moadb, *command, cwd=here)
    finally:
        run(moadb, "down", "--destroy", "--yes", cwd=here)
    here.rmdir()
