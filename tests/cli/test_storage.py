"""moadb.storage: the same answers from a directory and from an object store."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from moadb.errors import Exit, MoadbError
from moadb.storage import Storage, open_storage, open_url
from object_store import temporary_bucket

pytestmark = pytest.mark.any_server


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Return the address of a bucket of these tests."""
    with temporary_bucket() as url:
        yield url


@pytest.fixture(params=["directory", "address of a directory", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, bucket: str) -> Storage:
    """Return an empty storage of each kind."""
    if request.param == "bucket":
        return open_storage(f"{bucket}/{tmp_path.name}/보관/of tests/")
    folder = tmp_path / "보관" / "of tests"
    return open_storage(str(folder) if request.param == "directory" else folder.as_uri())


def test_put_and_open(place: Storage, tmp_path: Path) -> None:
    """What was put comes back, as bytes or from a file of many parts, by name and by address; a second put replaces."""
    large = tmp_path / "large"
    large.write_bytes(os.urandom(12 * 1024 * 1024 + 17))

    assert place.put("a/한글 b.txt", b"first") == place.url_of("a/한글 b.txt")
    url = place.put("a/한글 b.txt", b"second")
    place.put("large", large)

    with place.open("a/한글 b.txt") as file:
        assert file.read() == b"second"
    with open_url(url) as file:
        assert file.seek(3) == 3
        assert file.read(2) == b"on"
    with place.open("large") as file:
        assert file.read() == large.read_bytes()


def test_clear(place: Storage) -> None:
    """Files below a folder go, but those to keep; a folder whose name begins alike is another one."""
    for name in ("m/한글 2", "m/1", "m/below/5", "mm/3", "4"):
        place.put(name, name.encode())
    place.clear("m", ["m/한글 2"])
    for name in ("m/한글 2", "mm/3", "4"):
        with place.open(name) as file:
            assert file.read() == name.encode()
    for name in ("m/1", "m/below/5"):
        with pytest.raises(MoadbError, match="there is no"):
            place.open(name)
    place.clear("nothing", [])


def test_clear_what_killed_writers_left(tmp_path: Path) -> None:
    """Half a file has no name of its own; it goes all the same."""
    place = open_storage(str(tmp_path))
    place.put("m/1", b"")
    (tmp_path / "m" / ".2.0123abcd.part").touch()
    place.clear("m", ["m/1"])
    assert [file.name for file in (tmp_path / "m").iterdir()] == ["1"]


def test_missing_file(place: Storage) -> None:
    """A file that is not there is an expected failure that names it."""
    with pytest.raises(MoadbError) as caught:
        place.open("not/there")
    assert caught.value.message == f"there is no {place.url_of('not/there')}"


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".", "a\0b"])
def test_names(place: Storage, name: str) -> None:
    """No name leads out of the storage."""
    for call in (
        place.url_of,
        place.open,
        place.delete,
        lambda bad: place.put(bad, b""),
        lambda bad: place.clear(bad, []),
    ):
        with pytest.raises(MoadbError, match="no name of a file"):
            call(name)


@pytest.mark.parametrize("url", ["", " ", "s3://", "ftp://host/x", "http://host/x", "file://other/x", "file://"])
def test_bad_addresses(url: str) -> None:
    """What is no address is refused before anything is tried."""
    with pytest.raises(MoadbError) as caught:
        open_storage(url)
    assert caught.value.exit_code == Exit.USAGE


def test_failed_put_leaves_nothing(tmp_path: Path) -> None:
    """A put that fails leaves what was there, and no part of a file."""
    place = open_storage(str(tmp_path / "store"))
    place.put("x", b"before")
    with pytest.raises(MoadbError, match="No such file"):
        place.put("x", tmp_path / "nothing")
    with place.open("x") as file:
        assert file.read() == b"before"
    assert [file.name for file in (tmp_path / "store").iterdir()] == ["x"]

    with pytest.raises(MoadbError):
        place.put("x/below a file", b"")
    with pytest.raises(MoadbError, match="there is no"):
        place.open("x/below a file")


def test_bucket_errors(monkeypatch: pytest.MonkeyPatch, bucket: str) -> None:
    """A bucket that is not there, and a store that does not answer, are told in a line, with what to look at."""
    with pytest.raises(MoadbError, match="404 Not Found") as caught:
        open_storage("s3://another-bucket/x").put("y", b"")
    assert "AWS_ENDPOINT_URL" in str(caught.value.hint)
    assert "\n" not in caught.value.message
    with pytest.raises(MoadbError, match="404 Not Found"):
        open_storage("s3://another-bucket/x").clear("y", [])
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(MoadbError, match="error sending request"):
        open_storage(bucket).clear("y", [])


def test_library_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the extra a directory works, and an object store says what to install."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    open_storage(str(tmp_path)).put("x", b"")
    with pytest.raises(MoadbError) as caught:
        open_storage("s3://bucket")
    assert "moadb[archive]" in str(caught.value.hint)
