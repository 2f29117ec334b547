"""What a cell means: numbers as people and exports write them, days, hours. What could mean two things is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

EMPTY = {"", "-", "--", "---", "—", "–", "n/a", "na", "null", "none", "nil", "(not set)", "#n/a", "없음"}
TOTALS = re.compile(
    r"(?:grand |overall |sub-?)?totals?(?:\s*[:(].*|\s+of\s.*|\s+\d.*)?|results from .*"
    r"|(?:합계|총계|총합|소계|전체\s*(?:합계|결과))(?:\s*[:(].*)?|총 \d+개.*|\w* ?\d+개 결과",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = re.compile(
    r"^(?P<before>(?:US|CA|AU|NZ|HK|SG|NT|R|MX)?[$€£¥₩₫฿₹₱]|[A-Z]{3})\s*(?=[\d.(-])"
    r"|(?<=\d)\s*(?P<after>[$€£¥₩₫฿₹₱원]|[A-Z]{3})$"
)
_SIGNS_OF = {"₩": "KRW", "원": "KRW", "€": "EUR", "₫": "VND", "฿": "THB", "₹": "INR"}  # others are of several
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$", re.IGNORECASE)
_GROUPED = {
    ".": re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"),
    ",": re.compile(r"^[+-]?\d{1,3}(\.\d{3})+(,\d*)?$"),
}
_INDIAN = re.compile(r"^[+-]?\d{1,2}(,\d{2})*,\d{3}(\.\d*)?$")
_MONEY_LIMIT = Decimal(10) ** 14
_MILLIONTH = Decimal("0.000001")


class BadCell(Exception):
    """A cell that does not mean what its column asks for; the message says why."""


def is_empty(text: str) -> bool:
    """Return whether a cell says that there is nothing."""
    return text.strip().casefold() in EMPTY


def number(text: str, decimal_mark: str = ".", *, money: bool = False, currency: str | None = None) -> Decimal:
    """Read a number with its thousands separators, or in brackets for a negative one.

    Args:
        text: the cell.
        decimal_mark: a point or a comma.
        money: whether it may have the sign of a currency.
        currency: which one that must be; None: any.

    Raises:
        BadCell: it is none, could be two, or is an amount in another currency.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("'").replace("−", "-")
    plain = re.sub(r"(?<=\d)[\s'’](?=\d{3}(\D|$))", "", plain)
    if plain.endswith("%"):
        raise BadCell("it is a percentage; is it the right column? --map COLUMN=TARGET")
    negative = plain.startswith("(") and plain.endswith(")")
    if negative:
        plain = plain[1:-1].strip()
    sign = "-" if plain.startswith("-") else ""
    plain = plain.lstrip("+-").strip()
    while money and (found := _SIGNS.search(plain)):
        sign_of = found["before"] or found["after"]
        told = sign_of if sign_of.isalpha() and sign_of.isascii() else _SIGNS_OF.get(sign_of)
        if currency and told and told != currency:
            raise BadCell(f"it is not in {currency}, the currency of the ad account")
        plain = _SIGNS.sub("", plain, 1).strip()
    if plain.startswith("-") and not sign:
        sign, plain = "-", plain[1:]
    other = "," if decimal_mark == "." else "."
    if other in plain:
        if not (_GROUPED[decimal_mark].match(plain) or (decimal_mark == "." and _INDIAN.match(plain))):
            hint = "; is the comma the decimal mark? --decimal-comma" if other == "," else ""
            raise BadCell(f"it is no number{hint}")
        plain = plain.replace(other, "")
    plain = plain.replace(decimal_mark, ".")
    if not _NUMBER.match(plain):
        raise BadCell("it is no number")
    try:
        value = Decimal(sign + plain)
    except InvalidOperation:
        raise BadCell("it is no number") from None
    return -value if negative else value


def reader_of_counts(decimal_mark: str) -> Callable[[str], str]:
    """Return what reads whole numbers of 0 or more, as COPY takes them."""

    def read(text: str) -> str:
        if text.isascii() and text.isdigit() and len(text) <= 15:
            return text
        value = number(text, decimal_mark)
        if value < 0:
            raise BadCell("it is negative")
        if value >= 10**15:
            raise BadCell("it is too large")
        if value != value.to_integral_value():
            raise BadCell("it is no whole number")
        return str(int(value))

    return read


def reader_of_amounts(
    decimal_mark: str, *, money: bool = True, currency: str | None = None, negative: bool = False, micros: bool = False
) -> Callable[[str], str]:
    """Return what reads amounts, as COPY takes them: rounded to six decimals, but none to 0.

    Args:
        decimal_mark: a point or a comma.
        money: whether they may have the sign of a currency.
        currency: which one that must be; None: any.
        negative: whether one below 0 is taken.
        micros: whether they are told in millionths.
    """
    plain = re.compile(r"[0-9]{1,13}(\.[0-9]{1,6})?").fullmatch

    def read(text: str) -> str:
        if not micros and decimal_mark == "." and plain(text):
            return text
        value = number(text, decimal_mark, money=money, currency=currency)
        if value < 0 and not negative:
            raise BadCell("it is negative")
        if abs(value) >= _MONEY_LIMIT * (10**6 if micros else 1):
            raise BadCell("it is too large")
        if micros:
            if value != value.to_integral_value():
                raise BadCell("it is no whole number of millionths")
            value = value.scaleb(-6)
        if 0 < abs(value) < _MILLIONTH:
            raise BadCell("it is less than a millionth")
        return format(value.quantize(_MILLIONTH, ROUND_HALF_UP), "f")

    return read


def read_hour(text: str) -> str:
    """Read the hour of a day: 7, 07:00, 7 AM, 07시~08시, or of a time stamp; 0 to 23.

    Raises:
        BadCell: it is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    stamp = re.match(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ](\d{1,2}):", plain)
    found = stamp or re.match(r"^(\d{1,2})(?:$|\.0+$|\s*[:시hH~-]|\s*[ap]\.?m)", plain, re.IGNORECASE)
    if not found:
        raise BadCell("it is no hour, 0 to 23")
    hour = int(found[1])
    half = None if stamp else re.search(r"\b\d{1,2}(?::\d\d)*\s*([ap])\.?m", plain, re.IGNORECASE)
    if half:
        if not 1 <= hour <= 12:
            raise BadCell("it is no hour")
        hour = hour % 12 + (12 if half[1].lower() == "p" else 0)
    if hour > 23:
        raise BadCell("it is no hour, 0 to 23")
    return str(hour)


def read_identifier(text: str) -> str:
    """Read an id of a platform. What a spreadsheet has rounded is refused.

    Raises:
        BadCell: it is damaged or too long.
    """
    plain = text.strip()
    if formula := re.match(r'^="(.*)"$', plain):  # how spreadsheets are told that digits are text; so is '123
        plain = formula[1].strip()
    plain = re.sub(r"^'(\d+)$", r"\1", plain)
    if re.match(r"^\d(\.\d+)?[eE]\+\d+$", plain):
        raise BadCell("a spreadsheet has rounded this id: export it anew, with the column as text")
    plain = re.sub(r"^(\d+)\.0$", r"\1", plain)
    if not plain or plain.casefold() == "nan":
        raise BadCell("it is empty")
    if len(plain) > 255:
        raise BadCell("it is longer than 255 characters")
    if "\x00" in plain:
        raise BadCell("it has a character 0, which no text may have")
    return plain


def read_campaign(text: str) -> str:
    """Read what names a campaign: its id, or its name where there is none. A row of totals names none.

    Raises:
        BadCell: it names none, or is damaged.
    """
    if TOTALS.fullmatch(text.strip()):
        raise BadCell("it is a total, and no campaign")
    return read_identifier(text)


def read_instant(text: str) -> str:
    """Read an instant with its offset.

    Raises:
        BadCell: it is none, or says no offset.
    """
    try:
        value = datetime.fromisoformat(re.sub(r"Z$", "+00:00", text.strip()))
    except ValueError:
        raise BadCell("it is no instant, as 2026-11-21T09:30:00+09:00") from None
    if value.tzinfo is None:
        raise BadCell("it does not say its zone, as 2026-11-21T09:30:00+09:00 does")
    if value > datetime.now(timezone.utc):
        raise BadCell("it is later than now")
    return value.isoformat()


_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: i for i, name in enumerate(_NAMES.split(), 1)}
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+|\s*\([월화수목금토일]\)\s*", re.IGNORECASE)
_YEAR_FIRST = re.compile(
    r"^(\d{4})\s*(?:[-/.]\s*|년\s*)(\d{1,2})\s*(?:[-/.]\s*|월\s*)(\d{1,2})\s*(?:일|\.)?(?P<time>.*)$"
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?P<time>)$")
_NAMED = re.compile(
    r"^(?:(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})|([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4}))(?P<time>.*)$"
)
SHORT = re.compile(r"^(\d{1,2})([-/.])\s*(\d{1,2})\2\s*(\d{4})(?P<time>.*)$")
_MIDNIGHT = re.compile(r"^[T ]?\s*(0?0:00(:00(\.0+)?)?)?\s*(Z|\+00:?00|UTC)?$")
_TOKENS = (("YYYY", "%Y"), ("yyyy", "%Y"), ("YY", "%y"), ("MM", "%m"), ("DD", "%d"), ("dd", "%d"))


class DayReader:
    """Reads days. A form that could be day first or month first is settled by the whole file, or refused.

    Args:
        date_format: as strptime takes it, or with YYYY, MM, DD; None: whatever is clear.
        settle: called once, with the first day of such a form; returns "dmy" or "mdy" (or raises).
        keeps_time: whether the time of the day is another column's business: it is not looked at.
    """

    def __init__(self, date_format: str | None, settle: Callable[[str], str], *, keeps_time: bool = False) -> None:
        self.settle = settle
        self.order: str | None = None
        self.keeps_time = keeps_time
        self.format = date_format
        if date_format and "%" not in date_format:
            for token, directive in _TOKENS:
                date_format = date_format.replace(token, directive)
            self.format = date_format
        self.first = date(2000, 1, 1)
        self.last = (datetime.now(timezone.utc) + timedelta(hours=14)).date() + timedelta(days=1)  # as the database

    def __call__(self, text: str) -> str:
        """Return the day as ISO 8601 writes it.

        Raises:
            BadCell: it is none.
        """
        plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip())
        try:
            day = datetime.strptime(plain, self.format).date() if self.format else self._free(plain)
        except ValueError:
            form = f"of the form {self.format}" if self.format else "that can be read"
            raise BadCell(f"it is no day {form}; --date-format says how they are written") from None
        if not self.first <= day <= self.last:
            raise BadCell(f"it is not between {self.first} and tomorrow")
        return day.isoformat()

    def _free(self, text: str) -> date:
        if found := _YEAR_FIRST.match(text) or _COMPACT.match(text):
            year, month, day = int(found[1]), int(found[2]), int(found[3])
        elif found := _NAMED.match(text):
            name = (found[2] or found[4])[:3].lower()
            if name not in _MONTHS:
                raise ValueError
            year, month, day = int(found[3] or found[6]), _MONTHS[name], int(found[1] or found[5])
        elif found := SHORT.match(text):
            if self.order is None:
                self.order = self.settle(text)
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            day, month = (first, second) if self.order == "dmy" else (second, first)
        else:
            raise ValueError
        if not self.keeps_time and not _MIDNIGHT.match(found["time"]):
            raise BadCell("it has a time of day; for hourly rows map the column to the hour, too: --map COLUMN=hour")
        return date(year, month, day)
