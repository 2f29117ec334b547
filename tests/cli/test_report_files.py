"""Files of reports, made of figures that no database has to hold: what is in them, and that it can be read."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest

from moadb.reports import figures, pdf, xlsx
from moadb.reports.figures import Kind

METRICS = ["impressions", "clicks", "cost", "revenue", "roas"]
MISSING = ["KWD/USD 2026-10-01..2026-10-31"]


def sums(cost: str | None = "12.5", missing: list[str] | None = None, **others: Any) -> dict[str, Any]:
    """Return figures; without a cost, there is no rate."""
    money = {"cost": cost, "revenue": cost, "roas": None if cost is None else "1.5"}
    return {"impressions": 1000, "clicks": 10, **money, "missing_rates": missing or [], **others}


def row(name: str, **others: Any) -> dict[str, Any]:
    """Return a campaign, which is good for a channel, too."""
    return {"name": name, "platform": "Meta Ads", "account": "A", "channel": None, **sums(), "change": {}, **others}


def document(**parts: Any) -> figures.Document:
    """Return a report of two days in dollars, of whose parts some are others."""
    report = {
        "report_id": 7,
        "title": "월간 보고",
        "workspace": "모아 커피",
        "date_from": "2026-10-01",
        "date_to": "2026-10-02",
        "made_at": "2026-11-01 06:00",
        "time_zone": "Asia/Seoul",
        "language": "ko",
        "formats": ["xlsx", "pdf"],
        "channels": None,
        **parts.pop("report", {}),
    }
    data = {
        "report": report,
        "currency": {"code": "USD", "exponent": 2, "name": "US dollar"},
        "metrics": METRICS,
        "total": sums(),
        "compare": None,
        "change": None,
        "channels": [row("검색")],
        "campaigns": [row("브랜드")],
        "days": [{"date": f"2026-10-0{day}", **sums()} for day in (1, 2)],
        "accounts": [],
        "rates": [],
        **parts,
    }
    text = json.dumps(data)
    for number in ("12.5", "1.5", "15074925940353.26"):  # as the database writes them
        text = text.replace(f'"{number}"', number)
    return figures.read(text)


def pages(of: figures.Document) -> list[str]:
    """Return the text of the pages of a PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.write(of))).pages]


def book(of: figures.Document) -> openpyxl.Workbook:
    """Return a workbook, as a spreadsheet reads it."""
    return openpyxl.load_workbook(io.BytesIO(xlsx.write(of)))


def test_pages_are_numbered() -> None:
    many = pages(document(campaigns=[row(f"캠페인 {n}") for n in range(100)]))
    assert len(many) > 2
    for number, text in enumerate(many, start=1):
        assert f"2026-10-01 – 2026-10-02 · {number} / {len(many)}" in text


@pytest.mark.parametrize(
    ("formats", "where"),
    [(["xlsx", "pdf"], "the .xlsx has all of them"), (["pdf"], "a report as .xlsx has all of them")],
)
def test_the_dearest_of_many_campaigns(monkeypatch: pytest.MonkeyPatch, formats: list[str], where: str) -> None:
    """A PDF of 5,000 would have 128 pages, which nobody reads; it says so, and where the others are."""
    monkeypatch.setattr(pdf, "_CAMPAIGNS_SHOWN", 20)
    some = [row(f"Campaign {n:02}") for n in range(1, 21)]
    asked = {"language": "en", "formats": formats}
    many = document(report=asked, campaigns=[*some, row("Campaign 21"), row("Campaign 22")])
    text = "\n".join(pages(many))
    assert text.count("Campaign ") == 20
    assert "Campaign 20" in text
    assert f"The 20 that cost most, of 22: {where}." in text
    assert len(list(book(many)["Campaigns"].iter_rows())) == 23
    assert "that cost most" not in "\n".join(pages(document(report=asked, campaigns=some)))


def test_no_number_is_broken() -> None:
    """However many digits it has, and whatever stands beside it."""
    huge = "15074925940353.26"
    metrics = [*METRICS, "cpc", "cpm", "cpa"]
    of = document(
        channels=[
            row("긴 이름 " * 9, **dict.fromkeys(metrics, huge)),
            row("B", **sums(None, MISSING, cpc=1, cpm=1, cpa=1)),
        ],
        metrics=metrics,
        total=dict.fromkeys(metrics, 1) | {"missing_rates": []},
        campaigns=[],
        days=[],
    )
    text = "\n".join(pages(of))
    assert text.count("15,074,925,940,353.26") == 6  # money and ROAS
    assert "KWD/USD" in text


@pytest.mark.parametrize("rows", [[sums(None, MISSING)], [dict.fromkeys(METRICS) | {"missing_rates": []}]])
def test_what_is_not_known_is_not_drawn(rows: list[dict[str, Any]]) -> None:
    """A line at zero would be a figure."""
    days = [{"date": "2026-10-01", **figures} for figures in rows]
    of = document(days=days)
    assert "일별 추이 (USD): 그릴 값이 없습니다." in "\n".join(pages(of))
    assert len(book(of)["요약"]._charts) == 1


def test_charts_have_no_lines() -> None:
    """A spreadsheet draws a text, as which a missing rate is said, at zero; a column of that height is none."""
    charts = book(document())["요약"]._charts
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "BarChart"]
    assert [len(chart.series) for chart in charts] == [2, 2]


def test_digits_beyond_a_spreadsheet_are_told() -> None:
    """A cell keeps fifteen of them; what it cannot keep stands in its comment."""
    of = document(campaigns=[row("A", cost="15074925940353.26"), row("B")])
    cells = book(of)["캠페인별"]
    assert cells["G2"].comment.text == "정확한 값: 15074925940353.26"
    assert cells["G3"].comment is None


def test_axes_say_the_year() -> None:
    """Where days are of several."""
    of = document(days=[{"date": day, **sums()} for day in ("2025-12-31", "2026-01-01")])
    assert book(of)["요약"]._charts[0].x_axis.number_format.formatCode == "yyyy-mm-dd"
    assert pages(of)[0].count("2025-12-31") == 1
    assert book(document())["요약"]._charts[0].x_axis.number_format.formatCode == "mm-dd"


def test_a_long_title_is_wrapped() -> None:
    """It does not make the summary's page as wide as itself."""
    sheet = book(document(report={"title": "긴 제목 " * 50}))["요약"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:J1"]
    assert sheet.row_dimensions[1].height > 100
    assert sheet.print_area == "'요약'!$A$1:$J$46"


def test_names_as_they_are_written_elsewhere() -> None:
    """Syllables in parts are put together, half-width letters are shown, what joins emoji is not."""
    text = "\n".join(pages(document(campaigns=[row("\u1112\u1161\u11ab\u1100\u1173\u11af \uff71 A\ufe0f\u200dB 🎉")])))
    assert "한글 ア AB □" in text


def test_names_of_accounts_are_shortened() -> None:
    """In the PDF, so that none makes its row as high as a page; not the campaign's own, and not in the workbook."""
    of = document(campaigns=[row("c" * 200, account="a" * 200)])
    text = "".join(pages(of)).replace("\n", "")
    assert "c" * 200 in text
    assert "a" * 39 + "…" in text
    assert "a" * 40 not in text
    assert book(of)["캠페인별"]["C2"].value == "a" * 200


def test_rates_have_as_many_digits_as_people_read() -> None:
    rates = [{"from": "KRW", "first": 0.0007192330099182232, "last": 1400, "days": 2, "missing": 0}]
    assert ["환율 KRW → USD", "첫날 0.0007192330099 마지막 날 1400"] in document(rates=rates).notes


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("-0.001", Kind.PERCENT, "0.00%"),
        ("-0.005", Kind.MONEY, "-0.01"),
        ("-0.4", Kind.COUNT, "0"),
        ("1234.5", Kind.MONEY, "1,234.50"),
        ("2.0", Kind.QUANTITY, "2"),
    ],
)
def test_shown(cell: str, kind: Kind, text: str) -> None:
    assert pdf.shown(Decimal(cell), kind, 2) == text
