r"""Rows of a table as a Parquet file, bit by bit: out of the lines that the database writes, and back into them.

A line is a row as marketing._archive_fields writes it: fields with tabs between them, \N for null, every value in one
way only. So the same checksum comes out of the database and out of the file. Columns get their exact types (numeric
becomes decimal128 of the same scale, timestamptz microseconds in UTC); a range becomes three columns.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from moadb.errors import Exit, MoadbError
from moadb.storage import INSTALL_HINT

BATCH_ROWS: Final = 50_000  # rows in memory at once; a row group of the file
_NULL: Final = "\\N"
_RANGE_PARTS: Final = ("_from", "_to", "_bounds")


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Args:
        name: its name.
        type: as PostgreSQL writes it: bigint, numeric(20,6), timestamp with time zone, …
    """

    name: str
    type: str


@dataclass(frozen=True)
class Tally:
    """What a set of rows amounts to, whatever their order.

    Args:
        rows: how many there are.
        checksum: the sum of the first eight bytes of each line's SHA-256, as signed big-endian numbers.
    """

    rows: int = 0
    checksum: int = 0

    def plus(self, lines: Sequence[str]) -> Tally:
        """Return the tally with further lines."""
        added = sum(int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big", signed=True) for line in lines)
        return Tally(self.rows + len(lines), self.checksum + added)


def require() -> None:
    """Refuse to go on without pyarrow.

    Raises:
        MoadbError: it is not installed.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise MoadbError("Parquet files need a library that is not installed", hint=INSTALL_HINT) from None


def write(file: Path, columns: Sequence[Column], batches: Iterable[Sequence[str]], about: dict[str, Any]) -> None:
    """Write lines into a Parquet file.

    Args:
        file: the file; it is written anew.
        columns: what the lines hold.
        batches: the lines; each batch becomes a row group.
        about: what the file's own metadata says under the key moadb.

    Raises:
        MoadbError: a value cannot be written exactly (NaN, infinity, years before 1 or after 9999).
    """
    import pyarrow as pa
    from pyarrow import csv, parquet

    schema = _schema(columns).with_metadata({"moadb": json.dumps(about, ensure_ascii=False)})
    read = csv.ReadOptions(column_names=schema.names, block_size=1 << 30, use_threads=False)
    parse = csv.ParseOptions(delimiter="\t", quote_char=False, escape_char=False, ignore_empty_lines=False)
    convert = csv.ConvertOptions(
        column_types=_schema(columns), null_values=[_NULL], strings_can_be_null=True, check_utf8=False
    )
    with parquet.ParquetWriter(file, schema, compression="zstd", version="2.6") as writer:
        for batch in batches:
            text = pa.py_buffer(("\n".join(batch) + "\n").encode())
            try:
                rows = csv.read_csv(text, read, parse, convert)
            except pa.ArrowInvalid as error:
                raise MoadbError(f"a value cannot be written to a Parquet file exactly: {error}") from None
            writer.write_table(rows.replace_schema_metadata(schema.metadata))


def read(file: BinaryIO, columns: Sequence[Column]) -> Iterator[Any]:
    """Yield the rows of a Parquet file as record batches, some at a time.

    Args:
        file: the file.
        columns: what it must hold.

    Raises:
        MoadbError: it is no such file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(file) as reader:
            if not reader.schema_arrow.remove_metadata().equals(_schema(columns)):
                raise MoadbError(
                    "the columns of the Parquet file are not those of its manifest", exit_code=Exit.NOT_VERIFIED
                )
            yield from reader.iter_batches(batch_size=BATCH_ROWS, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise MoadbError(f"the Parquet file cannot be read: {error}", exit_code=Exit.NOT_VERIFIED) from None


def lines_of(batch: Any, columns: Sequence[Column]) -> list[str]:
    """Return the lines of a record batch, as the database writes them for the checksum."""
    return _join([field for column in columns for field in _fields(batch, column)], "\t", null=_NULL)


def copy_lines_of(batch: Any, columns: Sequence[Column]) -> list[str]:
    """Return the lines of a record batch for COPY … FROM, a field for each column."""
    from pyarrow import compute

    values = []
    for column in columns:
        fields = _fields(batch, column)
        if column.type == "tstzrange":
            lower, upper, bounds = fields
            parts = [compute.utf8_slice_codeunits(bounds, 0, 1), _or(lower, ""), ",", _or(upper, "")]
            values.append(compute.binary_join_element_wise(*parts, compute.utf8_slice_codeunits(bounds, 1, 2), ""))
        else:
            values += fields
    return _join(values, "\t", null=_NULL)


def tally_of(file: BinaryIO, columns: Sequence[Column]) -> Tally:
    """Count and sum up the rows of a Parquet file.

    Raises:
        MoadbError: as for read.
    """
    tally = Tally()
    for batch in read(file, columns):
        tally = tally.plus(lines_of(batch, columns))
    return tally


def _schema(columns: Sequence[Column]) -> Any:
    import pyarrow as pa

    fields = []
    for column in columns:
        if column.type == "tstzrange":
            types = (_type("timestamp with time zone"), _type("timestamp with time zone"), pa.string())
            fields += [pa.field(column.name + part, type) for part, type in zip(_RANGE_PARTS, types, strict=True)]
        else:
            fields.append(pa.field(column.name, _type(column.type)))
    return pa.schema(fields)


def _type(name: str) -> Any:
    import pyarrow as pa

    if number := re.fullmatch(r"numeric\((\d+),(\d+)\)", name):
        return pa.decimal128(int(number[1]), int(number[2]))
    types = {
        "bigint": pa.int64(),
        "integer": pa.int32(),
        "smallint": pa.int16(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp with time zone": pa.timestamp("us", "UTC"),
    }
    if name not in types:
        raise MoadbError(f"columns of type {name} are not archived")
    return types[name]


def _fields(batch: Any, column: Column) -> list[Any]:
    import pyarrow as pa

    names = [column.name + part for part in _RANGE_PARTS] if column.type == "tstzrange" else [column.name]
    return [batch.column(name).cast(pa.string()) for name in names]


def _or(values: Any, text: str) -> Any:
    return values.fill_null(text)


def _join(columns: Sequence[Any], separator: str, *, null: str) -> list[str]:
    from pyarrow import compute

    lines: list[str] = compute.binary_join_element_wise(
        *(_or(column, null) for column in columns), separator
    ).to_pylist()
    return lines
