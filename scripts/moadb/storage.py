"""Files outside the database, by address: a directory, or a bucket of an object store.

A put file is whole or not there, and when `put` returns it lasts: in a directory it is written beside its place,
synced and renamed; an object store shows an object only when all of it has arrived. Object stores are spoken to by
obstore (the Rust crate object_store), which the extra moadb[archive] brings; directories need nothing.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import unquote, urlsplit

from moadb.errors import Exit, MoadbError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

INSTALL_HINT: Final = "pip install 'moadb[archive]'; in a checkout .venv/bin/pip install -e '.[archive]'"

_SCHEMES: Final = ("s3", "gs", "file")
_CHUNK: Final = 1024 * 1024
_OBJECT_HINTS: Final = {
    "s3": "AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say where and who; is the bucket "
    "there, and may these keys use it?",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS names the file with the keys; is the bucket there, and may they use it?",
}


class Storage(ABC):
    """A place that holds files by name; names are relative, with slashes.

    Args:
        url: the address that all names are below, without a slash at its end.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def url_of(self, name: str) -> str:
        """Return the address of a file: what `open_url` takes."""
        return f"{self.url}/{_checked(name)}"

    @abstractmethod
    def put(self, name: str, source: Path | bytes) -> str:
        """Store a file under a name, in the place of what may be there, and return its address.

        Args:
            name: relative, with slashes; folders come by themselves.
            source: a file that is copied, or the content itself.

        Raises:
            MoadbError: the place does not take it; what was there before is as it was.
        """

    @abstractmethod
    def open(self, name: str) -> BinaryIO:
        """Open a file for reading from its beginning; it can be sought in.

        What comes from an object store is held in a temporary file, so memory does not grow with it.

        Raises:
            MoadbError: it is not there, or cannot be read.
        """

    @abstractmethod
    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is none to remove.

        Raises:
            MoadbError: the place does not let it go.
        """

    @abstractmethod
    def clear(self, folder: str, keep: Collection[str]) -> None:
        """Remove the files below a folder; also what writers that were killed have left of theirs.

        Args:
            folder: its name, without a slash at its end; one that is not there is empty.
            keep: names of the files that stay.

        Raises:
            MoadbError: the place does not answer, or does not let them go.
        """


def open_storage(url: str) -> Storage:
    """Return the storage at an address.

    Args:
        url: a directory (path or file:///…, made with the first file), s3://bucket/prefix or gs://bucket/prefix. S3 and
            what speaks its language is reached as AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID,
            AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN … say, or by the role of the machine.

    Raises:
        MoadbError: that is no address, or what it needs is not installed.
    """
    scheme, _, rest = url.partition("://")
    if not rest and "://" not in url:
        if not url.strip():
            raise MoadbError("the address of the storage is empty", exit_code=Exit.USAGE)
        return _Directory(Path(url).absolute())
    if scheme not in _SCHEMES or (scheme != "file" and not rest.strip("/")):
        raise MoadbError(
            f"{url} is no address of a storage",
            hint="a directory, s3://bucket/prefix or gs://bucket/prefix",
            exit_code=Exit.USAGE,
        )
    if scheme == "file":
        parts = urlsplit(url)
        if parts.netloc not in ("", "localhost") or not parts.path:
            raise MoadbError(f"{url} is no directory of this machine", hint="file:///folder", exit_code=Exit.USAGE)
        return _Directory(Path(unquote(parts.path)))
    return _Bucket(url.rstrip("/"), scheme)


def open_url(url: str) -> BinaryIO:
    """Open the file at an address, as `Storage.url_of` and `Storage.put` give it.

    Raises:
        MoadbError: as for open_storage and Storage.open.
    """
    place, _, name = url.rpartition("/")
    if not place or not name:
        raise MoadbError(f"{url} is no address of a file", exit_code=Exit.USAGE)
    return open_storage(place).open(unquote(name) if url.startswith("file:") else name)


def _checked(name: str) -> str:
    if not name or any(part in ("", ".", "..") for part in name.split("/")) or "\0" in name:
        raise MoadbError(f"{name!r} is no name of a file", exit_code=Exit.USAGE)
    return name


class _Directory(Storage):
    def __init__(self, path: Path) -> None:
        super().__init__(path.as_uri())
        self._path = path

    def url_of(self, name: str) -> str:
        return (self._path / _checked(name)).as_uri()

    def put(self, name: str, source: Path | bytes) -> str:
        file = self._path / _checked(name)
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        with self._told():
            _make_folder(file.parent)
            try:
                read: BinaryIO = source.open("rb") if isinstance(source, Path) else BytesIO(source)
                with read, part.open("xb") as target:
                    shutil.copyfileobj(read, target, _CHUNK)
                    target.flush()
                    os.fsync(target.fileno())
                part.replace(file)
            finally:
                part.unlink(missing_ok=True)
            _sync_folder(file.parent)
        return self.url_of(name)

    def open(self, name: str) -> BinaryIO:
        try:
            return (self._path / _checked(name)).open("rb")
        except (FileNotFoundError, NotADirectoryError):
            raise _missing(self.url_of(name)) from None
        except OSError as error:
            raise MoadbError(f"{self.url_of(name)} cannot be read: {error.strerror}") from None

    def delete(self, name: str) -> None:
        with self._told():
            (self._path / _checked(name)).unlink(missing_ok=True)

    def clear(self, folder: str, keep: Collection[str]) -> None:
        kept = {self._path / name for name in keep}
        with self._told():
            for file in list((self._path / _checked(folder)).rglob("*")):
                if file not in kept and not file.is_dir():
                    file.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise MoadbError(f"{error.filename or self._path}: {error.strerror or error}") from None


class _Bucket(Storage):
    def __init__(self, url: str, scheme: str) -> None:
        super().__init__(url)
        self._scheme = scheme
        self._store = _connect(url)

    def put(self, name: str, source: Path | bytes) -> str:
        import obstore

        url = self.url_of(name)
        try:
            obstore.put(self._store, name, source)
        except (obstore.exceptions.BaseError, OSError, ValueError) as error:
            raise self._failed(url, error) from None
        return url

    def open(self, name: str) -> BinaryIO:
        import obstore

        url = self.url_of(name)
        with ExitStack() as stack:
            file = stack.enter_context(tempfile.TemporaryFile())
            try:
                for chunk in obstore.get(self._store, name).stream(min_chunk_size=_CHUNK):
                    file.write(chunk)
            except FileNotFoundError:
                raise _missing(url) from None
            except (obstore.exceptions.BaseError, OSError, ValueError) as error:
                raise self._failed(url, error) from None
            file.seek(0)
            stack.pop_all()  # whoever opened it closes it
            return file

    def delete(self, name: str) -> None:
        import obstore

        url = self.url_of(name)
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return
        except (obstore.exceptions.BaseError, OSError, ValueError) as error:
            raise self._failed(url, error) from None

    def clear(self, folder: str, keep: Collection[str]) -> None:
        import obstore

        try:
            found = [
                entry["path"] for page in obstore.list(self._store, prefix=f"{_checked(folder)}/") for entry in page
            ]
        except (obstore.exceptions.BaseError, OSError, ValueError) as error:
            raise self._failed(self.url, error) from None
        for name in found:
            if name not in keep:
                self.delete(name)

    def _failed(self, url: str, error: Exception) -> MoadbError:
        # the library's message is its own state in many lines: the first paragraph says what the store said
        said = str(error).partition("\n\nDebug source")[0].strip().splitlines()
        return MoadbError(f"{url}: {said[0] if said else error}", hint=_OBJECT_HINTS[self._scheme], details=said[1:])


def _connect(url: str) -> ObjectStore:
    try:
        import obstore
        from obstore.store import from_url
    except ImportError:
        raise MoadbError(f"{url} needs a library that is not installed", hint=INSTALL_HINT) from None
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    try:
        return from_url(
            url,
            client_options={
                "connect_timeout": "10s",
                "timeout": "10m",
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 4, "retry_timeout": timedelta(minutes=1)},
        )
    except (obstore.exceptions.BaseError, ValueError) as error:
        said = str(error).partition("\n\nDebug source")[0].strip()
        raise MoadbError(f"{url}: {said}", exit_code=Exit.USAGE) from None


def _missing(url: str) -> MoadbError:
    return MoadbError(f"there is no {url}")


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it so that their names last: each is synced in the one that holds it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
