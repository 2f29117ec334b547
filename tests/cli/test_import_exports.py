"""moadb import metrics: exports as platforms write them, and what was loaded beside the figures that they tell."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import psycopg
import pytest

from importing import load, make_shop, rejects, run
from moadb.errors import Exit, MoadbError

DAYS = [date(2024, 10, 28) + timedelta(days=day) for day in range(9)]
MILLIONTH = Decimal("0.000001")
KAGGLE = (
    "ad_id,xyz_campaign_id,fb_campaign_id,age,gender,interest,"
    "Impressions,Clicks,Spent,Total_Conversion,Approved_Conversion"
)


@dataclass(frozen=True)
class Figure:
    """What a campaign did on a day."""

    campaign: str
    name: str
    day: date
    impressions: int
    clicks: int
    cost: Decimal
    conversions: Decimal
    revenue: Decimal


def figures(exponent: int, ids: Callable[[int], str]) -> list[Figure]:
    """Invent figures of four campaigns; money has as many decimals as its currency."""
    draw = random.Random(7)
    found = []
    for number, name in enumerate(['봄 세일, "특가"', "Brand - Search", "Total war", "리타겟팅_전환"]):
        for day in DAYS:
            shown = draw.choice([0, draw.randrange(1, 400), draw.randrange(1000, 3_000_000)])
            clicks = draw.randrange(0, shown // 3 + 1)
            cost = Decimal(draw.randrange(0, 90_000_000) if clicks else 0).scaleb(-exponent)
            conversions = Decimal(draw.randrange(0, clicks + 1))
            found.append(Figure(ids(number), name, day, shown, clicks, cost, conversions, cost * draw.randrange(0, 9)))
    return found


@dataclass(frozen=True)
class Export:
    """A file, how it is imported, and what is to come of it."""

    text: str
    encoding: str
    account: str
    currency: str
    figures: list[Figure]
    totals: int
    arguments: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def quoted(cell: object) -> str:
    """Write a cell of a CSV file as exports do: in quotes where it has to be."""
    text = str(cell)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def lines(rows: list[list[object]], mark: str = ",", end: str = "\r\n") -> str:
    """Write rows."""
    return "".join(mark.join(map(quoted, row)) + end for row in rows)


def thousands(value: int | Decimal) -> str:
    """Write a number with commas; -- where there is none."""
    return f"{value:,}" if value else " --"


def google(korean: bool) -> Export:
    """Report of Google Ads: two lines above the header, UTF-16 with tabs, thousands, --, totals below."""
    told = figures(0 if korean else 2, lambda number: f"unused {number}")
    told = [Figure(f.name, f.name, *list(vars(f).values())[2:]) for f in told]
    head: list[list[object]]
    if korean:
        head = [
            ["캠페인 보고서"], ["2024년 10월 28일 - 2024년 11월 5일"],
            ["일", "캠페인", "캠페인 상태", "통화 코드", "예산", "클릭수", "노출수", "클릭률(CTR)", "평균 CPC", "비용",
             "전환", "전환 가치"],
        ]  # fmt: skip
    else:
        head = [
            ["Campaign report"], ["October 28, 2024 - November 5, 2024"],
            ["Day", "Campaign", "Campaign status", "Currency code", "Budget", "Clicks", "Impr.", "CTR", "Avg. CPC",
             "Cost", "Conversions", "Conv. value", "Conv. value / cost", "Cost / conv."],
        ]  # fmt: skip
    currency = "KRW" if korean else "USD"
    body: list[list[object]] = [
        [
            f"{f.day:%Y년 %-m월 %-d일}" if korean else f.day, f.name, "Enabled", currency, "50,000.00",
            thousands(f.clicks), thousands(f.impressions),
            f"{100 * f.clicks / f.impressions:.2f}%" if f.impressions else " --", " --",
            thousands(f.cost), thousands(f.conversions), thousands(f.revenue), *([] if korean else [" --", " --"]),
        ]
        for f in told
    ]  # fmt: skip
    word = "합계" if korean else "Total"
    total = [f"{word}: {of}" for of in (("캠페인", "계정") if korean else ("Campaigns", "Account"))]
    foot: list[list[object]] = [
        [
            name,
            " --",
            " --",
            currency,
            "",
            thousands(sum(f.clicks for f in told)),
            *[" --"] * (6 if korean else 8),
        ]
        for name in total
    ]
    text = lines(head + body + foot, "\t", "\n")
    notes = ("there is no column of campaign ids: campaigns go by their names",)
    return Export(text, "utf-16", "google_ads:123-456-7890", currency, told, 2, (), notes)


def meta() -> Export:
    """Table of Meta Ads Manager by day: totals on top, the bounds of the report in each row, empty cells."""
    told = figures(2, lambda number: f"12021{number:013}")
    head = [
        "Reporting starts", "Reporting ends", "Campaign name", "Campaign ID", "Day", "Campaign delivery",
        "Attribution setting", "Results", "Result indicator", "Reach", "Frequency", "Cost per results",
        "Amount spent (USD)", "Impressions", "CPM (cost per 1,000 impressions) (USD)", "Link clicks",
        "CPC (cost per link click) (USD)", "CTR (link click-through rate)", "Purchases", "Purchases conversion value",
    ]  # fmt: skip
    body: list[list[object]] = [
        [
            DAYS[0], DAYS[-1], f.name, f.campaign, f.day, "active", "7-day click or 1-day view", f.conversions or "",
            "actions:offsite_conversion.fb_pixel_purchase" if f.conversions else "", f.impressions, 1, "", f.cost,
            f.impressions, "", f.clicks or "", "", "", f.conversions or "", f.revenue or "",
        ]
        for f in told
    ]  # fmt: skip
    top: list[object] = [DAYS[0], DAYS[-1], *[""] * 9, "", sum(f.cost for f in told), sum(f.impressions for f in told)]
    text = lines([list(head), top + [""] * (len(head) - len(top)), *body], end="\n")
    notes = ("conversions is read from 'Results', not from 'Purchases' (--map)",)
    return Export(text, "utf-8-sig", "meta_ads:1234567890", "USD", told, 1, (), notes)


def naver() -> Export:
    """Report of Naver SearchAd: a title, Korean names with units, cp949, days that end in a point."""
    told = [Figure(f.name, *list(vars(f).values())[1:]) for f in figures(0, str)]
    head = [
        "캠페인", "캠페인유형", "일별", "노출수", "클릭수", "클릭률(%)", "평균클릭비용(VAT포함,원)",
        "총비용(VAT포함,원)", "평균노출순위", "전환수", "전환율(%)", "전환매출액(원)", "광고수익률(%)",
        "전환당비용(원)",
    ]  # fmt: skip
    body: list[list[object]] = [
        [
            f.name, "파워링크", f"{f.day:%Y.%m.%d.}", f"{f.impressions:,}", f"{f.clicks:,}", "1.25", "310",
            f"{f.cost:,}", "2.1", f.conversions, "0.50", f"{f.revenue:,}", "250.00", "-",
        ]
        for f in told
    ]  # fmt: skip
    text = lines([["캠페인보고서(2024.10.28.~2024.11.05.)", "모아상점"], list(head), *body])
    return Export(text, "cp949", "naver_ads:1234", "KRW", told, 0)


def kakao() -> Export:
    """Report of Kakao Moment: conversions by two windows, of which one is read."""
    told = figures(0, lambda number: f"13579{number}")
    head = [
        "일", "캠페인 이름", "캠페인 ID", "캠페인 유형 X 목표", "비용", "노출수", "클릭수", "클릭률", "도달수",
        "구매 (1일)", "구매 (7일)", "구매금액 (1일)", "구매금액 (7일)",
    ]  # fmt: skip
    body: list[list[object]] = [
        [
            f.day, f.name, f.campaign, "카카오 비즈보드 X 전환", f.cost, f.impressions, f.clicks, "0.5%",
            f.impressions, 0, f.conversions, 0, f.revenue,
        ]
        for f in told
    ]  # fmt: skip
    arguments = ("--map", "구매 (7일)=conversions", "--map", "구매금액 (7일)=revenue")
    return Export(lines([list(head), *body]), "utf-8-sig", "kakao:99", "KRW", told, 0, arguments)


def tiktok() -> Export:
    """Report of TikTok Ads: ids of 19 digits, clicks of two kinds, a short row of totals."""
    told = figures(2, lambda number: f"178123456789012345{number}")
    head = [
        "Campaign name", "Campaign ID", "By Day", "Currency", "Cost", "CPC (destination)", "CPM", "Impressions",
        "Clicks (all)", "Clicks (destination)", "CTR (destination)", "Conversions", "Cost per conversion",
        "Conversion rate (CVR)", "Total complete payment value",
    ]  # fmt: skip
    body: list[list[object]] = [
        [
            f.name, f.campaign, f.day, "USD", f.cost, "0.50", "3.10", f.impressions, f.clicks * 2, f.clicks, "1.23%",
            f.conversions, "0.00", "0.00%", f.revenue,
        ]
        for f in told
    ]  # fmt: skip
    foot: list[object] = [f"Total of {len(told)} results", "-", "-", "-", sum(f.cost for f in told)]
    notes = ("clicks is read from 'Clicks (destination)', not from 'Clicks (all)' (--map)",)
    return Export(lines([list(head), *body, foot]), "utf-8-sig", "tiktok:700", "USD", told, 1, (), notes)


EXPORTS = {
    "google": google(korean=False),
    "google in Korean": google(korean=True),
    "meta": meta(),
    "naver": naver(),
    "kakao": kakao(),
    "tiktok": tiktok(),
}


@pytest.fixture
def shop(database: str) -> str:
    """Return a database with a workspace and no ad account."""
    return make_shop(database)


def loaded(dsn: str) -> dict[tuple[str, date], tuple[object, ...]]:
    """Return what is there of each campaign and day."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            """
            select c.campaign_id, m.date, c.campaign_name, m.impressions, m.clicks, m.cost, m.conversions, m.revenue
            from marketing.campaign_metrics as m
            join marketing.campaigns as c on c.id = m.campaign_id
            """
        ).fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}


@pytest.mark.parametrize("name", EXPORTS)
def test_export(shop: str, tmp_path: Path, name: str) -> None:
    export = EXPORTS[name]
    path = tmp_path / "export.csv"
    path.write_bytes(export.text.encode(export.encoding))
    zone = "Asia/Seoul" if export.currency == "KRW" else "America/New_York"
    arguments = ["--account", export.account, "--currency", export.currency, "--time-zone", zone, "--connect", "Shop"]
    arguments += export.arguments
    if name == "tiktok":
        error = run(shop, path, *arguments).exception
        assert isinstance(error, MoadbError)
        assert error.message == "there is no platform tiktok_ads"
        with psycopg.connect(shop) as connection:
            connection.execute("select marketing.define_platform('tiktok_ads', 'TikTok Ads')")
    planned = run(shop, path, *arguments, "--dry-run")
    assert planned.exit_code == Exit.OK, planned.output
    assert f": {len(export.figures)} good, {export.totals} rejected; nothing was changed" in planned.output

    done = load(shop, path, *arguments)
    assert (done["inserted"], done["rejected"], done["totals"]) == (len(export.figures), export.totals, export.totals)
    assert loaded(shop) == {
        (f.campaign, f.day): (f.name, f.impressions, f.clicks, f.cost, f.conversions, f.revenue) for f in export.figures
    }
    for note in export.notes:
        assert note in done["notes"]


def ads() -> Iterator[tuple[list[object], Decimal]]:
    """Invent the rows of KAG_conversion_data.csv, whose money went through floating point; and what was meant."""
    draw = random.Random(11)
    for number in range(1143):
        clicks = draw.choice([0, 0, 1, 2, draw.randrange(0, 300)])
        spent = Decimal(draw.randrange(20, 200) * clicks).scaleb(-2)
        noise = Decimal(draw.randrange(-499, 500)).scaleb(-9) if clicks else Decimal(0)
        campaign = draw.choice([916, 936, 1178])
        shown = clicks * 5000 + draw.randrange(1, 3000)
        row: list[object] = [708746 + number, campaign, 103916 + number // 3, draw.choice(["30-34", "45-49"])]
        row += [draw.choice("MF"), draw.randrange(2, 115), shown, clicks, spent + noise, draw.randrange(0, 9)]
        yield [*row, draw.randrange(0, 3)], spent


def test_ads_without_days(shop: str, tmp_path: Path) -> None:
    """The known set by ad, age and gender: one day for all of it, added up by campaign."""
    rows = list(ads())
    path = tmp_path / "KAG_conversion_data.csv"
    path.write_text(KAGGLE + "\n" + lines([row for row, _ in rows], end="\n"))
    account = ["--account", "meta_ads:777", "--currency", "USD", "--time-zone", "America/New_York", "--connect", "Shop"]
    arguments = [*account, "--set", "date=2017-08-17", "--map", "Approved_Conversion=conversions"]
    planned = run(shop, path, *arguments, "--dry-run")
    assert ": 0 good, 1,143 rejected" in planned.output
    assert "--sum adds them up" in planned.output
    done = load(shop, path, *arguments, "--sum")
    assert (done["read"], done["inserted"], done["summed"]) == (1143, 3, 1140)
    day = date(2017, 8, 17)
    for campaign in (916, 936, 1178):
        ours = [row for row, _ in rows if row[1] == campaign]
        cost = sum((Decimal(str(row[8])).quantize(MILLIONTH, ROUND_HALF_UP) for row in ours), Decimal())
        sums = [sum(int(str(row[place])) for row in ours) for place in (6, 7, 10)]
        assert loaded(shop)[str(campaign), day][1:5] == (sums[0], sums[1], cost, sums[2])
        meant = sum((spent for row, spent in rows if row[1] == campaign), Decimal())
        assert abs(cost - meant) <= len(ours) * MILLIONTH


def test_days_of_ads(shop: str, tmp_path: Path) -> None:
    """The same with days that the whole file settles; rows of one campaign and day are told how to be added up."""
    path = tmp_path / "ads.csv"
    path.write_text(
        f"Date,{KAGGLE}\n"
        "31-08-2023,708746,916,103916,30-34,M,15,7350,1,1.429999948,2,1\n"
        "31-08-2023,708749,916,103917,30-34,M,16,17861,2,1.820000023,2,0\n"
        "01-08-2023,710045,916,104133,45-49,M,16,47224,12,15.82000017,1,0\n"
    )
    account = ["--account", "meta_ads:777", "--currency", "USD", "--time-zone", "America/New_York", "--connect", "Shop"]
    done = load(shop, path, *account, code=Exit.NOT_VERIFIED)
    assert [row["line"] for row in rejects(done)] == ["2", "3"]
    assert done["reasons"] == {"several rows for one campaign, day and hour": 2}
    load(shop, path, *account, "--sum")
    assert {key[1]: row[3] for key, row in loaded(shop).items()} == {
        date(2023, 8, 31): Decimal("3.250000"),
        date(2023, 8, 1): Decimal("15.820000"),
    }


def test_names_of_campaigns_that_have_ids(shop: str, tmp_path: Path) -> None:
    """An export without ids brings no campaign a second time; a name that two have is refused."""
    account = ["--account", "meta_ads:777", "--currency", "USD", "--time-zone", "America/New_York", "--connect", "Shop"]
    path = tmp_path / "ids.csv"
    path.write_text("Day,Campaign ID,Campaign,Cost\n2024-01-01,1,A,5\n2024-01-01,2,B,6\n2024-01-01,3,B,7\n")
    load(shop, path, *account)
    path = tmp_path / "names.csv"
    path.write_text("Day,Campaign,Cost\n2024-01-01,A,5\n2024-01-02,A,8\n2024-01-01,New,9\n")
    done = load(shop, path, *account)
    assert (done["inserted"], done["unchanged"]) == (2, 1)
    assert {(key[0], row[0]) for key, row in loaded(shop).items()} == {
        ("1", "A"),
        ("2", "B"),
        ("3", "B"),
        ("New", "New"),
    }
    path.write_text("Day,Campaign ID,Campaign,Cost\n2024-01-01,4,New,9\n2024-01-03,4,New,9\n")
    done = load(shop, path, *account)
    assert (done["inserted"], done["unchanged"]) == (1, 1)  # the platform's id of what was known by its name
    assert {key[0] for key in loaded(shop)} == {"1", "2", "3", "4"}
    path.write_text("Day,Campaign,Cost\n2024-01-03,New,9\n")
    assert load(shop, path, *account)["unchanged"] == 1
    path.write_text("Day,Campaign,Cost\n2024-01-01,B,5\n")
    error = run(shop, path, *account).exception
    assert isinstance(error, MoadbError)
    assert (error.message, error.hint) == (
        "several campaigns are named 'B': 2, 3",
        "export the file with a column of campaign ids",
    )
