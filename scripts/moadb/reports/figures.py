"""What a report shows, independent of the kind of file: tables of exact numbers, read from marketing.report_data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import Enum
from typing import Any, Final

from moadb.reports.labels import Labels, labels_of

Row = Mapping[str, Any]  # a row of figures as marketing.report_data gives it


class Kind(Enum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    QUANTITY = "quantity"  # conversions: platforms report fractions
    MONEY = "money"
    PERCENT = "percent"  # 12.5 is 12.5 %
    RATIO = "ratio"


METRIC_KINDS: Final[dict[str, Kind]] = {
    "impressions": Kind.COUNT,
    "clicks": Kind.COUNT,
    "ctr": Kind.PERCENT,
    "cost": Kind.MONEY,
    "cpc": Kind.MONEY,
    "cpm": Kind.MONEY,
    "conversions": Kind.QUANTITY,
    "conversion_rate": Kind.PERCENT,
    "cpa": Kind.MONEY,
    "revenue": Kind.MONEY,
    "roas": Kind.RATIO,
    "roi": Kind.PERCENT,
    "likes": Kind.COUNT,
    "shares": Kind.COUNT,
    "comments": Kind.COUNT,
    "saves": Kind.COUNT,
}
_NEEDS_RATE: Final = {name for name, kind in METRIC_KINDS.items() if kind is Kind.MONEY} | {"roas", "roi"}


@dataclass(frozen=True)
class Missing:
    """A figure that cannot be said, because there is no exchange rate: never a zero.

    Args:
        pairs: the rates that are missing, as USD/KRW.
    """

    pairs: tuple[str, ...]


Cell = str | date | int | Decimal | Missing | None  # None: there is no such figure (no data, division by zero)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        label: its heading.
        kind: what it holds.
        metric: the metric that it is, if it is one.
    """

    label: str
    kind: Kind
    metric: str | None = None


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Args:
        name: heading, and name of the sheet.
        columns: its columns.
        rows: its rows, as wide as the columns.
        charted: the metrics that are drawn, if they are in the table: two at most.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    charted: Sequence[str] = ()

    def column_of(self, metric: str) -> int:
        """Return the place of a metric's column."""
        return [column.metric for column in self.columns].index(metric)

    @property
    def has_charted(self) -> bool:
        """Whether there is any figure to draw."""
        places = [self.column_of(metric) for metric in self.charted]
        return any(isinstance(row[place], int | Decimal) for row in self.rows for place in places)

    @property
    def spans_years(self) -> bool:
        """Whether its days are of more than one year, so that month and day do not say which."""
        return len({cell.year for row in self.rows for cell in row[:1] if isinstance(cell, date)}) > 1


@dataclass(frozen=True)
class SummaryRow:
    """A metric over the whole period; with the other period and the change in percent, where it is compared."""

    label: str
    kind: Kind
    metric: str
    total: Cell
    compared: Cell
    change: Cell


@dataclass(frozen=True)
class Document:
    """A report, ready to be written.

    Args:
        title: as it was asked for.
        workspace: its name.
        formats: kinds of file that were asked for.
        period: its days, for people.
        compared: days of the other period, for people; None when there is none.
        currency: code of the currency of all money.
        exponent: decimals of an amount in it.
        summary: the totals.
        channels: totals by channel.
        campaigns: totals by campaign.
        days: totals by day; days without data are there, without figures.
        notes: what has to be known to read the figures.
        labels: words in the report's language.
        empty: whether there is no data for the period at all.
    """

    title: str
    workspace: str
    formats: Sequence[str]
    period: str
    compared: str | None
    currency: str
    exponent: int
    summary: Sequence[SummaryRow]
    channels: Table
    campaigns: Table
    days: Table
    notes: Sequence[Sequence[str]]
    labels: Labels
    empty: bool


def read(text: str) -> Document:
    """Make a report of what marketing.report_data says.

    Args:
        text: its JSON; numbers keep every digit.
    """
    data: Mapping[str, Any] = json.loads(text, parse_float=Decimal)
    report, metrics = data["report"], data["metrics"]
    labels = labels_of(report["language"])
    charted = [metric for metric in ("cost", "revenue") if metric in metrics] or metrics[:1]

    def table(name: str, heads: Sequence[tuple[str, Kind, str]], rows: Sequence[Row], *, change: bool) -> Table:
        columns = [Column(labels[label], kind) for label, kind, _ in heads]
        columns += [Column(labels[metric], METRIC_KINDS[metric], metric) for metric in metrics]
        if changed := [metric for metric in charted if change and data["compare"] is not None]:
            columns += [Column(f"{labels[metric]} {labels['change']}", Kind.PERCENT) for metric in changed]
        return Table(
            labels[name],
            columns,
            [
                [
                    *(_head(row[key], kind, labels) for _, kind, key in heads),
                    *(_figure(row, metric) for metric in metrics),
                    *(row["change"][metric] for metric in changed),
                ]
                for row in rows
            ],
            charted,
        )

    text_head = Kind.TEXT
    return Document(
        title=report["title"],
        workspace=report["workspace"],
        formats=report["formats"],
        period=_period(report["date_from"], report["date_to"]),
        compared=_period(report["compare_from"], report["compare_to"]) if data["compare"] is not None else None,
        currency=data["currency"]["code"],
        exponent=data["currency"]["exponent"],
        summary=[
            SummaryRow(
                labels[metric],
                METRIC_KINDS[metric],
                metric,
                _figure(data["total"], metric),
                None if data["compare"] is None else _figure(data["compare"], metric),
                None if data["compare"] is None else data["change"][metric],
            )
            for metric in metrics
        ],
        channels=table("channels", [("channel", text_head, "name")], data["channels"], change=True),
        campaigns=table(
            "campaigns",
            [
                ("campaign", text_head, "name"),
                ("platform", text_head, "platform"),
                ("account", text_head, "account"),
                ("channel", text_head, "channel"),
            ],
            data["campaigns"],
            change=True,
        ),
        days=table("days", [("day", Kind.DATE, "date")], data["days"], change=False),
        notes=_notes(data, labels),
        labels=labels,
        empty=not data["channels"],
    )


def _period(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _head(value: Any, kind: Kind, labels: Labels) -> Cell:
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    return labels["none"] if value is None else str(value)


def _figure(row: Row, metric: str) -> Cell:
    value: int | Decimal | None = row[metric]
    if value is None and metric in _NEEDS_RATE and row["missing_rates"]:
        return Missing(tuple(dict.fromkeys(missing.split()[0] for missing in row["missing_rates"])))
    return value


def _notes(data: Mapping[str, Any], labels: Labels) -> list[list[str]]:
    report, currency = data["report"], data["currency"]
    notes = [
        [labels["workspace"], report["workspace"]],
        [labels["period"], _period(report["date_from"], report["date_to"])],
    ]
    if data["compare"] is not None:
        notes.append([labels["compared"], _period(report["compare_from"], report["compare_to"])])
    notes += [
        [labels["made"], f"{report['made_at']} ({report['time_zone']})"],
        [labels["currency"], f"{currency['code']} ({currency['name']})"],
        [labels["shown"], ", ".join(report["channels"]) if report["channels"] else labels["all_channels"]],
        [labels["days_are"], labels["days_are_accounts"]],
        [labels["ratios"], labels["ratios_are"]],
        [labels["blank"], labels["blank_is"]],
    ]
    for rate in data["rates"]:
        first, last = rate["first"], rate["last"]
        known = f"{labels['from']} {_plain(first)} {labels['to']} {_plain(last)}" if first is not None else ""
        missing = labels["missing_on"].format(days=rate["missing"], all=rate["days"]) if rate["missing"] else ""
        notes.append(
            [
                f"{labels['rate']} {rate['from']} → {currency['code']}",
                "; ".join(part for part in (known, missing) if part),
            ]
        )
    notes += [[labels["no_rate"], missing] for missing in data["total"]["missing_rates"]]
    if data["compare"] is not None:
        notes += [
            [f"{labels['no_rate']} ({labels['compared']})", missing] for missing in data["compare"]["missing_rates"]
        ]
    for account in data["accounts"]:
        notes.append(
            [
                f"{labels['account']} {account['platform']} {account['account_id']}",
                " · ".join(
                    str(part) for part in (account["account_name"], account["currency"], account["time_zone"]) if part
                ),
            ]
        )
    return notes


def _plain(value: int | Decimal) -> str:
    """Return a rate as people read it: an inverse has more digits than it is known to."""
    return format(Context(prec=10).create_decimal(value).normalize(), "f")
