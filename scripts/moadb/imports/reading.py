"""From a file to rows of cells: its encoding, its separator, where its header is. Cells are text here."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from moadb.errors import Exit, MoadbError
from moadb.imports import columns

_GUESSED = ["cp949", "cp932", "gb18030", "big5", "cp1252"]  # what exports are written in where it is not Unicode
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as that of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_PREAMBLE = 50  # lines above the header that are looked through
_FIELD_LIMIT = 10_000_000
_BLOCK = 1 << 20


class UnclosedQuote(MoadbError):
    """Quotes in the file do not come in pairs."""


class NoBlocks(Exception):
    """Not all lines end in line feeds, so that those of a block would be numbered otherwise than those of the file."""


@dataclass(frozen=True)
class Record:
    """A row: the line that it begins in (from 1), and its cells as text; of one that has none, what it says and why."""

    line: int
    cells: list[str]
    problem: str = ""


@dataclass
class Source:
    """A file that is understood: how it is read, and what its columns are."""

    path: Path
    encoding: str
    delimiter: str | None  # None: JSON lines
    header: list[str]
    header_line: int
    found: columns.Found
    guess: str  # what the guessed encoding makes of some of its text; empty: it is known
    sha256: bytes
    size: int
    position: int = field(default=0, init=False)  # bytes read so far, for a progress bar

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header; lines without any cell are left out.

        Raises:
            MoadbError: a quote is not closed, or a byte does not belong to the encoding.
        """
        with self.path.open("rb") as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            try:
                for record in self._csv(text) if self.delimiter else self._json(text):
                    if not record.line % 256:
                        self.position = raw.tell()
                    yield record
            except UnicodeDecodeError as error:
                raise _not_encoded(self.path, self.encoding, error) from None
        self.position = self.size

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """Yield what lies below the header of a UTF-8 file of cells: blocks of whole rows, with their first lines.

        Raises:
            NoBlocks: the header is of other lines.
        """
        with self.path.open("rb") as raw:
            head = b"".join(itertools.islice(raw, self.header_line))
            if _LONE_RETURN.search(head):
                raise NoBlocks
            line = 1 + head.count(b"\n")
            while block := raw.read(_BLOCK):
                block += raw.readline()
                while block.count(b'"') % 2 and (more := raw.readline()):
                    block += more
                self.position = raw.tell()
                yield line, block
                line += block.count(b"\n")

    def rows_of(self, line: int, block: bytes) -> Iterator[Record]:
        """Yield the rows of a block.

        Args:
            line: its first line.
            block: as blocks() has yielded it.

        Raises:
            NoBlocks: it has other lines.
            MoadbError: as records().
        """
        if _LONE_RETURN.search(block):
            raise NoBlocks
        with io.TextIOWrapper(io.BytesIO(block), encoding="utf-8", newline="") as text:
            yield from self._csv(text, line - 1)

    def _csv(self, text: io.TextIOWrapper, above: int = 0) -> Iterator[Record]:
        assert self.delimiter is not None
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        line = above
        try:
            for cells in reader:
                begin, line = line + 1, above + reader.line_num
                if begin > self.header_line and any(map(str.strip, cells)):
                    yield Record(begin, cells)
        except csv.Error as error:
            raise UnclosedQuote(
                f"{self.path.name}, line {line + 1}: {error}",
                hint="a quote that is opened is closed, and one within quotes is written twice; is --delimiter right?",
            ) from None

    def _json(self, text: io.TextIOWrapper) -> Iterator[Record]:
        places = {name: index for index, name in enumerate(self.header)}
        for line, content, value in _objects(text):
            if value is None:
                yield Record(line, [content.strip()], "it is no JSON object")
                continue
            cells = [""] * len(places)
            for name, cell in value.items():
                if name in places:
                    cells[places[name]] = cell
            yield Record(line, cells)


def open_source(
    path: Path,
    mapped: Mapping[str, str] | None = None,
    *,
    given: frozenset[str] = frozenset(),
    has_account: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Source:
    """Find out how a file is to be read.

    Args:
        path: a .jsonl or .ndjson file is JSON lines, and so is one that begins with a brace; any other is CSV.
        mapped: what it is -> name of the column.
        given: what is known without a column.
        has_account: whether the ad account is known.
        encoding: else a byte order mark, UTF-8 if it is that, or the likeliest.
        delimiter: else the likeliest of comma, semicolon, tab and bar.

    Raises:
        MoadbError: it cannot be read, or columns are missing.
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise MoadbError(f"{delimiter!r} separates no cells", hint="one character, or tab", exit_code=Exit.USAGE)
    digest, size, chosen, guess = _look(path, encoding)
    first = _first_character(path, chosen)
    if first == "<":
        raise MoadbError(f"{path.name} is HTML or XML", hint="open it as a spreadsheet, and save it as CSV")
    if first == "[":
        raise MoadbError(f"{path.name} is one JSON array", hint="write one object on each line: jq -c '.[]'")
    if first == "{" or path.suffix.lower() in (".jsonl", ".ndjson"):
        header = _keys(path, chosen)
        found, line, mark = columns.find(header, mapped), 0, None
    else:
        header, line, mark, found = _header(path, chosen, delimiter, mapped or {}, given, has_account)
    if found.unknown:
        raise MoadbError(
            f"{path.name} has no column {', '.join(map(repr, found.unknown))}",
            hint=f"it has {', '.join(map(repr, header))}",
            exit_code=Exit.USAGE,
        )
    absent = columns.missing({*found.columns, *given}, has_account=has_account)
    if absent:
        accounts = {"platform", "account_id"} & set(absent)
        hints = []
        if accounts:
            hints.append("say whose it is: --account PLATFORM:ID, e.g. --account meta_ads:1234567890")
        if set(absent) - accounts:
            hints.append(
                "name the columns: --map COLUMN=date --map COLUMN=campaign_id --map COLUMN=cost …; "
                "what is the same for all rows: --set date=2026-11-21"
            )
        if "date" in absent:
            hints.append("figures are of days, or of hours: an export by week or month has to be made anew, by day")
        raise MoadbError(
            f"{path.name}: no column was found for {', '.join(absent)}",
            hint="; ".join(hints),
            details=[f"columns of line {line or 1}: {', '.join(map(repr, header))}"],
            exit_code=Exit.USAGE,
        )
    return Source(path, chosen, mark, header, line, found, guess, digest, size)


def _look(path: Path, encoding: str | None) -> tuple[bytes, int, str, str]:
    """Read a file once: its SHA-256, its size, its encoding; where that is a guess, what it makes of some text."""
    digest, size, head = hashlib.sha256(), 0, b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    with path.open("rb") as raw:
        while block := raw.read(1 << 20):
            digest.update(block)
            size += len(block)
            head = head if len(head) >= 1 << 18 else head + block
            if is_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    is_utf8 = False
    if size == 0:
        raise MoadbError(f"{path.name} is empty")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")):
        raise MoadbError(f"{path.name} is no text", hint="a spreadsheet is saved as CSV, an archive unpacked, before")
    if encoding is not None:
        return digest.digest(), size, _known(encoding), ""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return digest.digest(), size, name, ""
    sample = head[: 1 << 18]
    if sample.count(0) * 8 > len(sample):  # of UTF-16 text about every other byte, but of a damaged file
        is_big = sample[::2].count(0) > sample[1::2].count(0)
        return digest.digest(), size, "utf-16-be" if is_big else "utf-16-le", ""
    if is_utf8:
        return digest.digest(), size, "utf-8", ""
    best = from_bytes(sample[: sample.rfind(b"\n") + 1] or sample, cp_isolation=_GUESSED).best()
    if best is None:
        raise MoadbError(f"the encoding of {path.name} is not clear", hint="--encoding says it, e.g. --encoding cp949")
    told = re.search(r"[^\x00-\x7f][^,;|\t\r\n\"]*", str(best))
    return digest.digest(), size, best.encoding, told[0] if told else "?"


def _first_character(path: Path, encoding: str) -> str:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace") as text:
        return text.read(1000).lstrip()[:1]


def _known(encoding: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        return codecs.lookup(encoding).name
    except LookupError:  # there is none, or it is not of text: base64
        raise MoadbError(
            f"there is no encoding {encoding!r}", hint="utf-8, utf-16, cp949, cp1252 …", exit_code=Exit.USAGE
        ) from None


def _not_encoded(path: Path, encoding: str, error: UnicodeDecodeError) -> MoadbError:
    return MoadbError(
        f"{path.name} is not {encoding} throughout: {error.reason}",
        hint="--encoding says what it is, e.g. --encoding cp949",
    )


def _header(
    path: Path,
    encoding: str,
    delimiter: str | None,
    mapped: Mapping[str, str],
    given: frozenset[str],
    has_account: bool,
) -> tuple[list[str], int, str, columns.Found]:
    """Return the header (the first line that has what is needed), its last line, the separator, and its columns."""
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        try:
            head = "".join(line for _, line in zip(range(_PREAMBLE + 200), text, strict=False))
        except UnicodeDecodeError as error:
            raise _not_encoded(path, encoding, error) from None
    best: tuple[tuple[int, int, int], list[str], int, str, columns.Found] | None = None
    for mark in [delimiter] if delimiter else [",", "\t", ";", "|"]:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=mark)
        try:
            for place, cells in zip(range(_PREAMBLE), reader, strict=False):
                names = [cell.strip() for cell in cells]
                found = columns.find(names, mapped)
                absent = columns.missing({*found.columns, *given}, has_account=has_account)
                score = (-len(absent), len(found.columns) - len(found.unknown), -place)
                if any(names) and (best is None or score > best[0]):
                    best = score, names, reader.line_num, mark, found
        except csv.Error:
            continue
    if best is None:
        raise MoadbError(f"{path.name} has no header", hint="its first line names the columns")
    _, names, line, mark, found = best
    twice = [
        name
        for name, count in Counter(filter(None, names)).items()
        if count > 1 and name in (names[i] for i in found.columns.values())
    ]
    if twice:
        raise MoadbError(f"{path.name} has several columns {twice[0]!r}", hint="rename those that are not meant")
    return names, line, mark, found


def _keys(path: Path, encoding: str) -> list[str]:
    """Return the names in JSON lines, in their order; objects leave out what they do not have."""
    names: dict[str, None] = {}
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        try:
            for _, _, value in _objects(text):
                names.update(dict.fromkeys(value or ()))
        except UnicodeDecodeError as error:
            raise _not_encoded(path, encoding, error) from None
    if not names:
        raise MoadbError(f"{path.name} has no JSON object", hint="JSON lines have one object on each line")
    return list(names)


def _objects(text: io.TextIOWrapper) -> Iterator[tuple[int, str, dict[str, str] | None]]:
    """Yield lines with their numbers and the cells of their objects; None where there is no object."""
    for line, content in enumerate(text, 1):
        if not content.strip():
            continue
        try:
            value = json.loads(content, parse_float=str, parse_int=str)
            if r"\u" in content:
                json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError):
            value = None
        yield line, content, dict(_flat(value)) if isinstance(value, dict) else None


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield names and cells; of objects within, the name is both: metrics.clicks."""
    for name, cell in value.items():
        if isinstance(cell, dict):
            yield from _flat(cell, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", "" if cell is None else str(cell)


csv.field_size_limit(_FIELD_LIMIT)
