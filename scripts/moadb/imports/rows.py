"""From rows of cells to rows of metrics, as COPY takes them; what cannot be one is rejected with its reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moadb.errors import Exit, MoadbError
from moadb.imports import cells, columns
from moadb.imports.reading import Record, Source

COLUMNS = (
    "line", "platform", "account", "campaign", "campaign_name", "date", "hour", "impressions", "clicks", "cost",
    "conversions", "revenue", "likes", "shares", "comments", "saves", "snapshot_at",
)  # fmt: skip
PLATFORMS = {
    "google": "google_ads", "google ads": "google_ads", "adwords": "google_ads", "google adwords": "google_ads",
    "meta": "meta_ads", "meta ads": "meta_ads", "facebook": "meta_ads", "facebook ads": "meta_ads",
    "instagram": "meta_ads", "naver": "naver_ads", "naver ads": "naver_ads", "네이버": "naver_ads",
    "kakao": "kakao_ads", "kakao ads": "kakao_ads",
    "카카오": "kakao_ads", "tiktok": "tiktok_ads", "tiktok ads": "tiktok_ads",
}  # fmt: skip
TOTALS = "a row of totals"
DUPLICATES = "several rows for one campaign, day and hour"


@dataclass(frozen=True)
class Rejected:
    """A row that is not loaded, and why."""

    line: int
    column: str
    value: str
    reason: str
    cells: list[str]
    group: str | None = None  # what it is counted among; None: its column and its reason


@dataclass(frozen=True)
class Account:
    """An ad account by its platform's id."""

    platform: str
    id: str


def account_of(text: str) -> Account:
    """Read PLATFORM:ID.

    Raises:
        MoadbError: it is not of that form.
    """
    platform, _, name = text.strip().partition(":")
    if not platform.strip() or not name.strip():
        raise MoadbError(
            f"{text!r} is no ad account", hint="PLATFORM:ID, e.g. meta_ads:1234567890", exit_code=Exit.USAGE
        )
    return Account(PLATFORMS.get(columns.normal(platform), platform.strip()), name.strip())


class Reader:
    """Reads the rows of one file.

    Args:
        source: the file.
        account: whose the rows are; None: columns say it.
        currency: of the account, if it is known: a row of another one is rejected.
        given: target -> the same value for all rows.
        date_format: how days are written; None: found out.
        decimal_mark: a point or a comma.
    """

    def __init__(
        self,
        source: Source,
        *,
        account: Account | None = None,
        currency: str | None = None,
        given: Mapping[str, str] | None = None,
        date_format: str | None = None,
        decimal_mark: str = ".",
    ) -> None:
        self.source = source
        self.account = account
        self.currency = currency
        self.decimal_mark = decimal_mark
        self.read = 0
        self.line = 0
        self.kinds: dict[bool, tuple[int, int, str]] = {}  # whether campaign ids are numbers -> rows, first line, id
        self.told: dict[tuple[Account, str], int] = {}  # account and currency, as rows name them -> first line
        self.empty: Counter[str] = Counter()  # column -> cells without a value that were read as 0
        self.width = len(source.header)
        self.index = {target: place for target, place in source.found.columns.items() if target not in (given or {})}
        self.given: dict[str, str] = {}
        same_column = self.index.get("hour") is not None and self.index.get("hour") == self.index.get("date")
        self.day = cells.DayReader(date_format, self._settle, keeps_time=same_column)
        whole = cells.reader_of_counts(decimal_mark)
        readers: dict[str, Callable[[str], str]] = {
            "date": self.day,
            "date_to": self.day,
            "hour": cells.read_hour,
            "campaign_id": cells.read_campaign,
            "campaign_name": cells.read_campaign,  # where there is no id
            "platform": cells.read_identifier,
            "account_id": cells.read_identifier,
            "snapshot_at": cells.read_instant,
            "cost": cells.reader_of_amounts(decimal_mark, currency=currency),
            "cost_micros": cells.reader_of_amounts(decimal_mark, currency=currency, micros=True),
            "conversions": cells.reader_of_amounts(decimal_mark, money=False),
            "revenue": cells.reader_of_amounts(decimal_mark, currency=currency, negative=True),
            **dict.fromkeys(("impressions", "clicks", "likes", "shares", "comments", "saves"), whole),
        }
        self.readers = {target: _remembering(reader) for target, reader in readers.items()}
        for target, text in (given or {}).items():
            try:
                self.given[target] = self.readers[target](text) if target in self.readers else text.strip()
            except cells.BadCell as error:
                raise MoadbError(f"--set {target}={text}: {error}", exit_code=Exit.USAGE) from None
        there = {*self.index, *self.given}
        self.cost = "cost_micros" if "cost_micros" in there and "cost" not in there else "cost"

    def __call__(self, record: Record) -> str | Rejected:
        """Return a row as a line of COPY, or why there is none."""
        self.read += 1
        self.line = record.line
        row = record.cells
        if record.problem:
            return Rejected(record.line, "", row[0], record.problem, [])
        if (len(row) != self.width and any(row[self.width :])) or len(row) < self.width:
            reason = TOTALS if self._is_total(row) else f"it has {len(row)} cells, the header {self.width}"
            return self._reject(record, "", "", reason)
        target = ""
        try:
            target = "platform"
            platform, account = self._account(row)
            out = [str(record.line), _escape(platform), _escape(account)]
            target = "campaign_id"
            out += self._campaign(row)
            target = "date"
            out.append(self._needed(row, "date"))
            target = "date_to"
            last = self._optional(row, "date_to")
            if last not in (r"\N", out[-1]):
                raise cells.BadCell(f"it covers {out[-1]} to {last}, and is no figure of a day: export it by day")
            target = "hour"
            out.append(self._optional(row, "hour"))
            for target in ("impressions", "clicks"):
                out.append(self._measure(row, target))
            for target in (self.cost, "conversions", "revenue", "likes", "shares", "comments", "saves"):
                out.append(self._measure(row, target))
            target = "snapshot_at"
            out.append(self._optional(row, "snapshot_at"))
            target = "currency"
            self._check_currency(row, platform, account)
        except cells.BadCell as error:
            place = self.index.get(target)
            if target == "campaign_id" and place is None:
                place = self.index.get("campaign_name")
            reason = TOTALS if self._is_total(row) else str(error)
            name, value = ("", "") if place is None else (self.source.header[place], row[place])
            return self._reject(record, name, value, reason)
        return "\t".join(out) + "\n"

    def _reject(self, record: Record, column: str, value: str, reason: str) -> Rejected:
        return Rejected(record.line, column, value, reason, record.cells)

    def _is_total(self, row: list[str]) -> bool:
        """Return whether a row that cannot be read is one of totals.

        It says so where its day or its campaign should be; or it has no day, and says so elsewhere, or has no campaign.
        """
        first = next((cell for cell in row if cell.strip()), "")
        places = {
            target: self.index[target] for target in ("date", "campaign_id", "campaign_name") if target in self.index
        }
        told = {target: row[place] for target, place in places.items() if place < len(row)}
        names = [told.get("date", ""), told.get("campaign_id", told.get("campaign_name", ""))]
        if cells.is_empty(names[0]):
            names += [first, *told.values()]
        nothing = 1 < len(told) == len(places) and all(map(cells.is_empty, told.values()))
        return nothing or any(cells.TOTALS.fullmatch(name.strip()) for name in names)

    def _cell(self, row: list[str], target: str) -> str:
        place = self.index.get(target)
        return "" if place is None else row[place]

    def _needed(self, row: list[str], target: str) -> str:
        if target in self.given:
            return self.given[target]
        text = self._cell(row, target)
        if cells.is_empty(text):
            raise cells.BadCell("it is empty")
        return self.readers[target](text)

    def _optional(self, row: list[str], target: str) -> str:
        if target in self.given:
            return self.given[target]
        text = self._cell(row, target)
        return r"\N" if cells.is_empty(text) else self.readers[target](text)

    def _measure(self, row: list[str], target: str) -> str:
        if target in self.given:
            return self.given[target]
        place = self.index.get(target)
        if place is None:
            return "0"
        text = row[place]
        if cells.is_empty(text):
            self.empty[self.source.header[place]] += 1
            return "0"
        return self.readers[target](text)

    def _account(self, row: list[str]) -> tuple[str, str]:
        told = self._cell(row, "account_id")
        if self.account is not None:
            if not cells.is_empty(told) and _bare(told) != _bare(self.account.id):
                raise cells.BadCell(f"the row is of account {told.strip()}, not of {self.account.id}")
            return self.account.platform, self.account.id
        name = self._needed(row, "platform")
        return PLATFORMS.get(columns.normal(name), name), self._needed(row, "account_id")

    def _campaign(self, row: list[str]) -> list[str]:
        name = self.given.get("campaign_name") or self._cell(row, "campaign_name").replace("\x00", "").strip()[:255]
        if "campaign_id" in self.index or "campaign_id" in self.given:
            id = self._needed(row, "campaign_id")
            count, line, first = self.kinds.get(id.isdigit(), (0, self.line, id))
            self.kinds[id.isdigit()] = count + 1, line, first
            return [_escape(id), _escape(name) if name else r"\N"]
        return [_escape(self._needed(row, "campaign_name")), _escape(name)]

    def _check_currency(self, row: list[str], platform: str, account: str) -> None:
        told = (self.given.get("currency") or self._cell(row, "currency")).strip().upper()
        if cells.is_empty(told):
            return
        if self.currency is None:
            self.told.setdefault((Account(platform, account), told), self.line)
        elif told != self.currency:
            raise cells.BadCell(f"it is not {self.currency}, the currency of the ad account")

    def _settle(self, example: str) -> str:
        """Find out from the whole file whether days come before months.

        Raises:
            MoadbError: it does not say.
        """
        places = [self.index[target] for target in ("date", "date_to") if target in self.index]
        rows = (record.cells for record in self.source.records())
        days = {row[place].strip() for row in rows for place in places if place < len(row)}
        shorts = list(filter(None, map(cells.SHORT.match, {example, *days})))
        first = any(int(found[1]) > 12 for found in shorts)
        second = any(int(found[3]) > 12 for found in shorts)
        if first == second:
            names = ", ".join(repr(self.source.header[place]) for place in places)
            raise MoadbError(
                f"{f'column {names} of ' if names else ''}{self.source.path.name}: "
                f"{example!r} may be day first or month first",
                hint="--date-format %d/%m/%Y is day first, --date-format %m/%d/%Y month first",
                details=["some rows are written one way and some the other"] if first else [],
                exit_code=Exit.USAGE,
            )
        return "dmy" if first else "mdy"


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.strip().lower().removeprefix("act_"))


def _escape(text: str) -> str:
    """Return text as COPY takes it."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


def _remembering(reader: Callable[[str], str]) -> Callable[[str], str]:
    """Return the reader with a memory: files say the same day, the same campaign and small numbers again and again."""
    known: dict[str, str] = {}

    def read(text: str) -> str:
        value = known.get(text)
        if value is None:
            value = reader(text)
            if len(known) < 200_000:
                known[text] = value
        return value

    return read
