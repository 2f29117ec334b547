"""What a file must hold, and whether it does: it is read back from where it lies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from moadb import parquet
from moadb.archive.months import Archive, Outcome, Progress, mark, outcome_of
from moadb.errors import Exit, MoadbError
from moadb.parquet import Column, Tally
from moadb.storage import open_url

_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class Exported:
    """A file, and what it must hold."""

    path: Path
    columns: list[Column]
    tally: Tally
    bytes: int
    sha256: str
    exported_at: datetime


def verified(archive: Archive, tell: Progress) -> Outcome:
    """Compare a file, as it lies in the storage, with its archive."""
    outcome = outcome_of(archive)
    try:
        verify_manifest(manifest_of(archive.url), _expected(archive))
        with open_url(archive.url) as file:
            verify_file(file, _expected(archive), archive.partition_name, tell)
    except MoadbError as error:
        mark(outcome, "bad", error.message)
    return outcome


def _expected(archive: Archive) -> Exported:
    return Exported(
        Path(),
        columns_of(archive.columns),
        Tally(archive.rows, int(archive.checksum)),
        archive.bytes,
        archive.sha256,
        archive.exported_at,
    )


def verify_manifest(url: str, expected: Exported) -> None:
    """Compare a manifest in the storage with what it must say."""
    with open_url(url) as file:
        try:
            manifest: dict[str, Any] = json.load(file)
            said = [manifest[key] for key in ("rows", "bytes", "sha256", "checksum", "columns")]
        except (ValueError, KeyError, TypeError):
            raise MoadbError(f"{url} is no manifest of an archive", exit_code=Exit.NOT_VERIFIED) from None
    meant = [
        expected.tally.rows,
        expected.bytes,
        expected.sha256,
        str(expected.tally.checksum),
        [asdict(column) for column in expected.columns],
    ]
    if said != meant:
        raise MoadbError(f"{url} is not the manifest of what was archived", exit_code=Exit.NOT_VERIFIED)


def verify_file(file: BinaryIO, expected: Exported, partition: str, tell: Progress) -> None:
    """Compare a file's bytes, and then the rows that are read from it, with what they must be."""
    tell(partition, "verifying", 0, expected.tally.rows)
    found = sha256_of(file)
    if found != expected.sha256:
        raise MoadbError(
            f"the file is not the one that was archived: its SHA-256 is {found}, not {expected.sha256}",
            exit_code=Exit.NOT_VERIFIED,
        )
    tally = parquet.tally_of(file, expected.columns)
    if tally != expected.tally:
        raise MoadbError(
            f"the file holds {tally.rows} rows with checksum {tally.checksum}, "
            f"not {expected.tally.rows} with {expected.tally.checksum}",
            exit_code=Exit.NOT_VERIFIED,
        )
    tell(partition, "verifying", tally.rows, tally.rows)


def sha256_of(file: BinaryIO) -> str:
    """Return the SHA-256 of a whole file, which is at its beginning again afterwards."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def columns_of(terms: Sequence[dict[str, str]]) -> list[Column]:
    """Return the columns of a file, as the database says them."""
    return [Column(column["name"], column["type"]) for column in terms]


def manifest_of(name: str) -> str:
    """Return the name, or the address, of the manifest beside a file."""
    return name.removesuffix(".parquet") + ".manifest.json"
