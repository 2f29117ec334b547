"""moadb import metrics: files as platforms export them, what is refused, and that nothing is lost or counted twice."""

from __future__ import annotations

import contextlib
import csv
import os
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from importing import ACCOUNT, facts, load, make_shop, rejects, run, write
from moadb.errors import Exit, MoadbError
from moadb.imports import cells, columns
from moadb.imports.plain import lines_of
from moadb.imports.reading import open_source
from moadb.imports.rows import Account, Reader

BASIC = "date,campaign_id,impressions,clicks,cost,conversions,revenue\n"


@pytest.fixture
def shop(database: str) -> str:
    """Return a database with a workspace and no ad account."""
    return make_shop(database)


def refused(dsn: str, path: Path, *arguments: str) -> MoadbError:
    """Import a file that is refused, and return why."""
    result = run(dsn, path, *arguments)
    assert isinstance(result.exception, MoadbError), result.output + repr(result.exception)
    assert facts(dsn) == []
    with psycopg.connect(dsn) as connection:
        left = connection.execute("select count(*) from pg_class where relname like '\\_import\\_%'").fetchone()
    assert left == (0,)
    return result.exception


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234,567", "1234567"),
        ("1 234", "1234"),
        ("1'234.5", "1234.5"),
        ("$1,234.50", "1234.50"),
        ("₩ 1,234", "1234"),
        ("￦1,234", "1234"),
        ("1,200원", "1200"),
        ("USD 12.5", "12.5"),
        ("12.5 EUR", "12.5"),
        ("US$3", "3"),
        ("-$3.10", "-3.10"),
        ("$-3.10", "-3.10"),
        ("(3.10)", "-3.10"),
        ("'12", "12"),
        ("１２", "12"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
        ("12,34,567", "1234567"),
    ],
)
def test_numbers(text: str, value: str) -> None:
    assert cells.number(text, money=True) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["12,5", "1.234,56", "12 %x", "12.5%", "abc", "1,23,4", "0x1F", "1_0", "1_000", "avg 5", "Infinity", "NaN", "1-2"],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.number(text, money=True)


def test_what_is_no_amount() -> None:
    """A sign of another currency, a count with one, and what six decimals would make nothing."""
    cost, count = cells.reader_of_amounts(".", currency="USD"), cells.reader_of_counts(".")
    micros = cells.reader_of_amounts(".", micros=True)
    assert [cost("$5"), cost("USD 5"), cost("1.429999948"), cost("0.0000000")] == [
        "5.000000",
        "5.000000",
        "1.430000",
        "0.000000",
    ]
    assert [micros("1"), micros("1,500,000")] == ["0.000001", "1.500000"]
    reasons = []
    for read, text in [
        (cost, "€5"), (cost, "5 EUR"), (cost, "5%"), (cost, "0.0000004"), (micros, "0.5"), (micros, "1.5"),
        (count, "$5"),
    ]:  # fmt: skip
        with pytest.raises(cells.BadCell) as caught:
            read(text)
        reasons.append(str(caught.value))
    assert reasons == [
        "it is not in USD, the currency of the ad account",
        "it is not in USD, the currency of the ad account",
        "it is a percentage; is it the right column? --map COLUMN=TARGET",
        "it is less than a millionth",
        "it is no whole number of millionths",
        "it is no whole number of millionths",
        "it is no number",
    ]


def test_ids() -> None:
    """An apostrophe that a spreadsheet needs is none of the id; any other is."""
    texts = ["'123", '="0123"', " 9.0 ", "'); drop table x", "'x"]
    assert [cells.read_identifier(text) for text in texts] == ["123", "0123", "9", "'); drop table x", "'x"]
    for text in ("1.2E+17", "nan", "a\x00b", "x" * 256, " "):
        with pytest.raises(cells.BadCell):
            cells.read_identifier(text)


@pytest.mark.parametrize(
    "text", ["Total", "Total: Account", "Total (3)", "Grand total", "Total of 5 results", "합계: 캠페인", "총 3개"]
)
def test_names_of_totals(text: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.read_campaign(text)
    assert cells.read_campaign(f"x {text}") == f"x {text}"
    assert cells.read_campaign("Total war") == "Total war"


def test_decimal_commas() -> None:
    assert cells.number("1.234,56", ",") == Decimal("1234.56")
    with pytest.raises(cells.BadCell):
        cells.number("1,234.56", ",")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-05", "2024-01-05"),
        ("2024/1/5", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("2024.01.05.", "2024-01-05"),
        ("2024. 1. 5.", "2024-01-05"),
        ("2024년 1월 5일", "2024-01-05"),
        ("2024.01.05.(금)", "2024-01-05"),
        ("Jan 5, 2024", "2024-01-05"),
        ("Fri, Jan 5, 2024", "2024-01-05"),
        ("5 January 2024", "2024-01-05"),
        ("5-Jan-2024", "2024-01-05"),
        ("2024-01-05 00:00:00", "2024-01-05"),
        ("2024-01-05T00:00:00Z", "2024-01-05"),
        ("13/01/2024", "2024-01-13"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert cells.DayReader(None, lambda text: "dmy")(text) == day


@pytest.mark.parametrize(
    "text", ["2024-02-30", "45296", "1/2/24", "2024-01-05 13:00", "1999-12-31", "2999-01-01", "x", "Foo 5, 2024"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.DayReader(None, lambda text: "dmy")(text)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("7", "7"), ("07:00", "7"), ("00:00:00 - 00:59:59", "0"), ("3 PM", "15"), ("12 AM", "0"), ("09시~10시", "9")],
)
def test_hours(text: str, hour: str) -> None:
    assert cells.read_hour(text) == hour


@pytest.mark.parametrize("text", ["24", "-1", "x", "13 PM", "1.5"])
def test_what_is_no_hour(text: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.read_hour(text)


def test_names_of_columns() -> None:
    assert columns.normal(" Amount_Spent (USD) ") == "amount spent"
    assert columns.normal("총비용(VAT포함,원)") == "총비용"
    assert columns.normal("costMicros") == "cost micros"
    assert columns.unit("Amount spent (USD)") == "USD"


def test_public_file_by_ad(shop: str, tmp_path: Path) -> None:
    """An export by ad, without days: refused until it is said what day it is, and that ads are added up."""
    path = write(
        tmp_path,
        "ad_id,xyz_campaign_id,fb_campaign_id,age,gender,interest,Impressions,Clicks,Spent,Total_Conversion,Approved_Conversion\n"
        "708746,916,103916,30-34,M,15,7350,1,1.43,2,1\n"
        "708749,916,103917,30-34,M,16,17861,2,1.82,2,0\n"
        "708771,936,103920,30-34,M,20,693,0,0,1,0\n",
    )
    error = refused(shop, path, "--account", "meta_ads:777")
    assert error.message == "export.csv: no column was found for date"
    assert "--set date=" in str(error.hint)
    error = refused(shop, path, "--account", "facebook:777", "--set", "date=2017-08-17")
    assert error.message == "ad account meta_ads:777 is not known"
    assert "--currency USD --time-zone America/New_York --connect WORKSPACE" in str(error.hint)

    done = load(shop, path, *ACCOUNT, "--set", "date=2017-08-17", code=Exit.NOT_VERIFIED)
    assert (done["read"], done["inserted"], done["rejected"]) == (3, 1, 2)
    assert [row["line"] for row in rejects(done)] == ["2", "3"]
    assert all("the first is line 2 (--sum adds them up)" in row["reason"] for row in rejects(done))
    assert any("--sum adds them up" in note for note in done["notes"])
    assert "conversions is read from 'Total_Conversion', not from 'Approved_Conversion' (--map)" in done["notes"]

    done = load(shop, path, "--account", "meta_ads:777", "--set", "date=2017-08-17", "--sum")
    assert (done["inserted"], done["unchanged"], done["summed"], done["rejected"]) == (1, 1, 1, 0)
    assert not (tmp_path / "export.csv.rejected.csv").exists()
    assert facts(shop) == [
        ("916", "916", "2017-08-17", None, 25211, 3, "3.250000", "4.000000", "0.000000"),
        ("936", "936", "2017-08-17", None, 693, 0, "0.000000", "1.000000", "0.000000"),
    ]


def test_google_export(shop: str, tmp_path: Path) -> None:
    """Lines above the header, UTF-16, signs, quoted line ends, -- for nothing, totals at the end."""
    path = write(
        tmp_path,
        'Campaign report\n"January 1, 2024 - January 3, 2024"\n'
        "Day\tCampaign\tCampaign ID\tCurrency code\tCost\tImpr.\tClicks\tCTR\tConversions\tConv. value\n"
        '"Mon, Jan 1, 2024"\t"Spring ""sale"""\t123\tUSD\t1,234.56\t12,345\t67\t0.54%\t2.50\t"$1,000"\n'
        "2024-01-02\tSpring\t123\tUSD\t--\t0\t--\t--\t--\t--\n"
        '2024-01-03\t"Two\nlines"\t124\tUSD\t$5.00\t100\t3\t3%\t1\t(2.50)\n'
        "2024-01-03\tEuros\t125\tEUR\t5\t100\t3\t3%\t1\t1\n"
        "2024-01-03\tHalf\t126\tUSD\t5\t100.5\t3\t3%\t1\t1\n"
        "Total: Campaigns\t --\t --\tUSD\t1,239.56\t12,445\t70\t--\t3.50\t\n",
        encoding="utf-16",
    )
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    assert (done["encoding"], done["read"], done["inserted"], done["rejected"], done["totals"]) == (
        "utf-16",
        6,
        3,
        3,
        1,
    )
    assert [(row["line"], row["column"], row["value"]) for row in rejects(done)] == [
        ("8", "Currency code", "EUR"),
        ("9", "Impr.", "100.5"),
        ("10", "Campaign ID", " --"),
    ]
    assert facts(shop) == [
        ("123", 'Spring "sale"', "2024-01-01", None, 12345, 67, "1234.560000", "2.500000", "1000.000000"),
        ("123", 'Spring "sale"', "2024-01-02", None, 0, 0, "0.000000", "0.000000", "0.000000"),
        ("124", "Two\nlines", "2024-01-03", None, 100, 3, "5.000000", "1.000000", "-2.500000"),
    ]
    done = load(shop, path, "--account", "meta_ads:777", code=Exit.NOT_VERIFIED)
    assert (done["inserted"], done["unchanged"]) == (0, 3)


def test_korean_export(shop: str, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "일자,캠페인 ID,캠페인,시간대,노출수,클릭수,총비용(VAT포함),전환수,전환매출액(원)\r\n"
        '2024.01.05.,cmp-a001,봄 세일,00시~01시,"1,234",56,"78,900",3,"120,000원"\r\n'
        "2024.01.05.,cmp-a001,봄 세일,01시~02시,100,5,900,-,-\r\n"
        '합계,,,,"1,334",61,"79,800",3,"120,000"\r\n',
        encoding="cp949",
    )
    arguments = ["--account", "naver:1", "--currency", "KRW", "--time-zone", "Asia/Seoul", "--connect", "Shop"]
    done = load(shop, path, *arguments)
    assert (done["encoding"], done["inserted"], done["rejected"], done["totals"]) == ("cp949", 2, 1, 1)
    assert [row[3:] for row in facts(shop)] == [
        (0, 1234, 56, "78900.000000", "3.000000", "120000.000000"),
        (1, 100, 5, "900.000000", "0.000000", "0.000000"),
    ]


def test_meta_export(shop: str, tmp_path: Path) -> None:
    """A row of totals on top, ids that a spreadsheet has rounded, rows of more than a day, another currency."""
    header = (
        "Reporting starts,Reporting ends,Campaign name,Campaign ID,Results,Impressions,Link clicks,Amount spent (USD)\n"
    )
    path = write(
        tmp_path,
        header
        + ",,,,5,300,7,15\n"
        + "05/01/2024,05/01/2024,A,1.20E+17,2,100,3,5\n"
        + "13/01/2024,14/01/2024,A,120,2,100,3,5\n"
        + "14/01/2024,14/01/2024,A,120,2,100,3,5\n"
        + "15/01/2024,15/01/2024,A,120,2,100\n",
    )
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    assert (done["inserted"], done["rejected"], done["totals"]) == (1, 4, 1)
    reasons = [row["reason"] for row in rejects(done)]
    assert reasons[0] == "a row of totals"
    assert "a spreadsheet has rounded this id" in reasons[1]
    assert "it covers 2024-01-13 to 2024-01-14" in reasons[2]
    assert reasons[3] == "it has 6 cells, the header 8"
    other = write(tmp_path, header.replace("USD", "KRW") + "14/01/2024,14/01/2024,A,120,2,100,3,5\n", "other.csv")
    result = run(shop, other, "--account", "meta_ads:777")
    assert isinstance(result.exception, MoadbError)
    assert "has amounts in KRW" in result.exception.message


def test_json_lines(shop: str, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '{"segments": {"date": "2024-02-01", "hour": 3}, "campaign": {"id": 9, "name": "X"},'
        ' "metrics": {"costMicros": "1500000", "impressions": 5, "clicks": 1, "conversions": 0.5,'
        ' "conversionsValue": 2.25}}\n\n'
        '{"segments": {"date": "2024-02-01", "hour": 4}, "campaign": {"id": 9}, "metrics": {"impressions": null}}\n',
        "export.jsonl",
    )
    assert load(shop, path, *ACCOUNT)["inserted"] == 2
    assert facts(shop) == [
        ("9", "X", "2024-02-01", 3, 5, 1, "1.500000", "0.500000", "2.250000"),
        ("9", "X", "2024-02-01", 4, 0, 0, "0.000000", "0.000000", "0.000000"),
    ]
    assert refuse_reading(write(tmp_path, "[1]\n", "bad.json")) == "bad.json is one JSON array"
    assert refuse_reading(write(tmp_path, "1\n", "bad.jsonl")) == "bad.jsonl has no JSON object"


def test_bad_json_lines(shop: str, tmp_path: Path) -> None:
    """What is no object, no text or no number is rejected; the others are loaded, with members that come late."""
    good = '{"date": "2024-02-01", "campaign_id": "c%s", "cost": 1%s}\n'
    path = write(
        tmp_path,
        good % (1, "")
        + "{broken\n7\n"
        + "[" * 100_000
        + "\n"
        + good % (r"\ud800", "")
        + good % (r"a\u0000", "")
        + good % (2, ', "clicks": NaN')
        + good % (3, ', "revenue": 1e-7')
        + good % (4, "") * 1500
        + good % (5, ', "impressions": 12345678901234'),
        "export.jsonl",
    )
    done = load(shop, path, *ACCOUNT, "--sum", code=Exit.NOT_VERIFIED)
    assert (done["read"], done["inserted"], done["summed"], done["rejected"]) == (1509, 3, 1499, 7)
    assert [(row["line"], row["reason"]) for row in rejects(done)] == [
        ("2", "it is no JSON object"),
        ("3", "it is no JSON object"),
        ("4", "it is no JSON object"),
        ("5", "it is no JSON object"),
        ("6", "it has a character 0, which no text may have"),
        ("7", "it is no number"),
        ("8", "it is less than a millionth"),
    ]
    assert rejects(done)[0]["value"] == "{broken"
    assert [(row[0], row[4]) for row in facts(shop)] == [("c1", 0), ("c4", 0), ("c5", 12345678901234)]


def refuse_reading(path: Path) -> str:
    """Return why a file cannot be read."""
    with pytest.raises(MoadbError) as caught:
        list(open_source(path, has_account=True).records())
    return caught.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "export.csv is empty"),
        (b"PK\x03\x04xxxx", "export.csv is no text"),
        (BASIC.encode() + b'2024-01-01,"1,1,1,1,1,1\n', "export.csv, line 2: unexpected end of data"),
        (b"date,campaign,cost,cost\n2024-01-01,1,1,2\n", "export.csv has several columns 'cost'"),
        (
            b"nothing,of,this\n1,2,3\n",
            "export.csv: no column was found for date, campaign_id, a measure (impressions, clicks,",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert refuse_reading(path).startswith(message)


@pytest.mark.parametrize(
    ("content", "encoding", "count"),
    [
        (BASIC.replace("\n", "\r") + "2024-01-01,1,1,1,1,1,1\r2024-01-02,1,x,1,1,1,1\r", "utf-8", 2),
        (BASIC + "2024-01-01,1,1,1,1,1,1\n2024-01-02,1,x,1,1,1,1\r2024-01-03,1,y,1,1,1,1\n", "utf-8", 3),
        (BASIC + "2024-01-01,1,1,1,1,1,1\n2024-01-02,a\x00b,1,1,1,1,1\n", "utf-8", 2),
        (BASIC + "2024-01-01,1,1,1,1,1,1\n", "utf-16-le", 1),
        (BASIC + "2024-01-01,1,1,1,1,1,1\n", "utf-32", 1),
    ],
)
def test_odd_lines(shop: str, tmp_path: Path, content: str, encoding: str, count: int) -> None:
    """Lines that end in carriage returns, a character 0, rarer encodings: no row is lost, and its line is right."""
    path = write(tmp_path, content, encoding=encoding)
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED if count > 1 else Exit.OK)
    assert (done["read"], done["inserted"], done["rejected"]) == (count, 1, count - 1)
    assert [row["line"] for row in rejects(done)] == [str(line) for line in range(3, count + 2)]


def test_a_guessed_encoding_is_told(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, "일자,캠페인,비용\n2024-01-01,봄 세일,1\n", encoding="cp949")
    note = "the encoding is guessed: is '일자' right? (--encoding)"
    assert note in load(shop, path, *ACCOUNT)["notes"]
    assert note not in load(shop, path, "--account", "meta_ads:777", "--encoding", "cp949")["notes"]


def test_days_that_could_be_two(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, "Date;Campaign;Cost;Impressions\n01/02/2024;A;1.234,50;3\n03/04/2024;A;5;1\n")
    error = refused(shop, path, *ACCOUNT)
    assert "'01/02/2024' may be day first or month first" in error.message
    assert "--date-format %d/%m/%Y" in str(error.hint)
    load(shop, path, *ACCOUNT, "--date-format", "DD/MM/YYYY", "--decimal-comma")
    assert [(row[0], row[2], row[6]) for row in facts(shop)] == [
        ("A", "2024-02-01", "1234.500000"),
        ("A", "2024-04-03", "5.000000"),
    ]


def test_encodings_that_are_none(tmp_path: Path) -> None:
    for encoding in ("klingon", "base64"):
        with pytest.raises(MoadbError, match=f"there is no encoding '{encoding}'"):
            open_source(write(tmp_path, BASIC), has_account=True, encoding=encoding)


def test_separators(tmp_path: Path) -> None:
    for delimiter in (",,", "\n", '"'):
        with pytest.raises(MoadbError, match="separates no cells"):
            open_source(write(tmp_path, BASIC), has_account=True, delimiter=delimiter)


def test_rare_separators(shop: str, tmp_path: Path) -> None:
    """What COPY cannot take is read."""
    for delimiter in ("，", " ", "."):
        path = write(tmp_path, (BASIC + "2024-01-01,1,1,1,1,1,1\n").replace(",", delimiter))
        assert load(shop, path, *ACCOUNT, "--delimiter", delimiter)["read"] == 1


def test_the_whole_file_tells_which_comes_first(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, "Date,Campaign,Cost\n01/02/2024,A,1\n01/31/2024,A,1\n")
    load(shop, path, *ACCOUNT)
    assert [row[2] for row in facts(shop)] == ["2024-01-02", "2024-01-31"]
    mixed = write(tmp_path, "Date,Campaign,Cost\n31/01/2024,A,1\n01/31/2024,A,1\n", "mixed.csv")
    result = run(shop, mixed, "--account", "meta_ads:777")
    assert isinstance(result.exception, MoadbError)
    assert result.exception.details == ["some rows are written one way and some the other"]


def test_hourly_from_a_time_stamp(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, "ts,campaign,cost\n2024-01-01 13:00,A,1\n2024-01-01 14:00,A,2\n")
    done = load(shop, path, *ACCOUNT, "--map", "ts=date", code=Exit.NOT_VERIFIED)
    assert done["rejected"] == 2
    assert "--map COLUMN=hour" in rejects(done)[0]["reason"]
    done = load(shop, path, "--account", "meta_ads:777", "--map", "ts=date", "--map", "ts=hour")
    assert [(row[3], row[6]) for row in facts(shop)] == [(13, "1.000000"), (14, "2.000000")]
    assert "date is said twice" in run(shop, path, "--map", "ts=date", "--map", "cost=date").output


def test_rejected_cells_are_no_formulas(shop: str, tmp_path: Path) -> None:
    """What a spreadsheet would compute gets an apostrophe; numbers below 0 and dashes stay as they are."""
    header = "date,campaign_id,=1+1,cost,a,b,c\n"
    path = write(tmp_path, header + "2024-01-01,\"=cmd|' /C calc'!A0\",@x,1%,-1.5,--,+SUM(A1)\n")
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    with Path(done["rejects"]).open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0][4:] == ["date", "campaign_id", "'=1+1", "cost", "a", "b", "c"]
    assert rows[1][4:] == ["2024-01-01", "'=cmd|' /C calc'!A0", "'@x", "1%", "-1.5", "--", "'+SUM(A1)"]
    assert refused_message(shop, path, "--rejects", str(path)) == f"--rejects {path} is the file to import"


def test_days_that_are_given(shop: str, tmp_path: Path) -> None:
    """A day for all rows may be read only one way; rows of totals have none, and are no campaigns."""
    path = write(tmp_path, "Campaign,Cost\nA,1\nTotal: Campaigns,3\nB,2\n합계,3\n")
    error = refused(shop, path, *ACCOUNT, "--set", "date=01/02/2024")
    assert error.message == "export.csv: '01/02/2024' may be day first or month first"
    done = load(shop, path, *ACCOUNT, "--set", "date=13/02/2024")
    assert (done["inserted"], done["rejected"], done["totals"]) == (2, 2, 2)
    assert [(row[0], row[2]) for row in facts(shop)] == [("A", "2024-02-13"), ("B", "2024-02-13")]


def test_totals_are_told_from_damaged_rows(shop: str, tmp_path: Path) -> None:
    """A row with a day or a campaign that cannot be read is no row of totals, whatever its name is."""
    path = write(
        tmp_path,
        "Day,Campaign ID,Campaign,Clicks\n2024-02-30,1,Total,1\n2024-02-01,1,Total,2\n2024-02-01,Total,,2\n합계,,,3\n"
        ",,,3\n,1,A,3\nTotal\nToday,1\n",
    )
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    assert (done["inserted"], done["rejected"], done["totals"]) == (1, 7, 4)
    assert [row["line"] for row in rejects(done) if row["reason"] != "a row of totals"] == ["2", "7", "9"]


def test_what_is_given_is_used(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, "Campaign ID,Clicks\nA,1\n")
    known = [
        "--set",
        "date=2024-01-01",
        "--set",
        "cost_micros=2500000",
        "--set",
        "hour=3",
        "--set",
        "campaign_name=All",
    ]
    assert load(shop, path, *ACCOUNT, *known)["inserted"] == 1
    assert facts(shop) == [("A", "All", "2024-01-01", 3, 0, 1, "2.500000", "0.000000", "0.000000")]
    done = load(shop, path, *ACCOUNT, *known, "--set", "date_to=2024-01-07", code=Exit.NOT_VERIFIED)
    assert rejects(done)[0]["reason"].startswith("it covers 2024-01-01 to 2024-01-07")


def test_days_within_a_report(shop: str, tmp_path: Path) -> None:
    """With a column of days the bounds of the report are no bounds of rows."""
    path = write(
        tmp_path,
        "Reporting starts,Reporting ends,Campaign name,Day,Amount spent (USD)\n"
        "2024-01-01,2024-01-31,A,2024-01-05,1\n2024-01-01,2024-01-31,A,2024-01-06,2\n",
    )
    assert load(shop, path, *ACCOUNT)["inserted"] == 2
    mapped = load(shop, path, "--account", "meta_ads:777", "--map", "Reporting ends=date_to", code=Exit.NOT_VERIFIED)
    assert mapped["rejected"] == 2


def test_maps_and_sets(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, "when,what,a=b,clicks\n2024-01-01,7,5,99\n")
    done = load(
        shop,
        path,
        *ACCOUNT,
        "--map",
        "when=date",
        "--map",
        "what=campaign_id",
        "--map",
        "a=b=cost",
        "--set",
        "clicks=0",
    )
    assert done["inserted"] == 1
    assert facts(shop)[0][4:7] == (0, 0, "5.000000")
    assert "has no column 'where'" in refused_message(shop, path, "--map", "where=date")
    assert run(shop, path, "--map", "when=nothing").exit_code == Exit.USAGE
    assert run(shop, path, "--set", "date").exit_code == Exit.USAGE


def refused_message(dsn: str, path: Path, *arguments: str) -> str:
    """Return why an import is refused, whatever is there already."""
    result = run(dsn, path, "--account", "meta_ads:777", *arguments)
    assert isinstance(result.exception, MoadbError), result.output
    return result.exception.message


def test_what_is_known_of_an_account(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, BASIC + "2024-01-01,1,1,1,1,1,1\n")
    assert "is new" in refused(shop, path, "--account", "meta_ads:777", "--connect", "Shop").message
    assert "no workspace 'Nobody'" in refused(shop, path, *ACCOUNT[:-1], "Nobody").message
    assert "'meta_ads' is no ad account" in refused(shop, path, "--account", "meta_ads").message
    assert (
        "are of one account"
        in refused(shop, path, "--set", "platform=meta_ads", "--set", "account_id=1", "--currency", "USD").message
    )
    load(shop, path, *ACCOUNT)
    assert "has the currency USD, not KRW" in refused_message(shop, path, "--currency", "KRW")
    assert "has the time zone America/New_York, not Asia/Seoul" in refused_message(
        shop, path, "--time-zone", "Asia/Seoul"
    )


def test_an_account_that_is_written_otherwise(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, BASIC + "2024-01-01,1,1,1,1,1,1\n")
    load(shop, path, *ACCOUNT)
    result = run(shop, path, "--account", "meta_ads:act_777", *ACCOUNT[2:])
    assert isinstance(result.exception, MoadbError)
    assert result.exception.message == "meta_ads account act_777 is not known, and 777 is"
    assert str(result.exception.hint).startswith("--account meta_ads:777; ")


def test_accounts_in_columns(shop: str, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "date,platform,account id,campaign_id,cost\n2024-01-01,Facebook,777,1,5\n2024-01-01,Google Ads,1-2,1,6\n",
    )
    load(shop, write(tmp_path, BASIC + "2024-01-01,9,1,1,1,1,1\n", "first.csv"), *ACCOUNT)
    assert refused_unknown(shop, path) == "ad account google_ads:1-2 is not known"
    with psycopg.connect(shop) as connection:
        connection.execute(
            "select marketing.connect_account(w.id, 'google_ads', '1-2', 'KRW', 'Asia/Seoul') "
            "from marketing.workspaces as w"
        )
    assert load(shop, path)["inserted"] == 2
    done = load(shop, path, "--account", "meta_ads:777", code=Exit.NOT_VERIFIED)
    assert rejects(done)[0]["reason"] == "the row is of account 1-2, not of 777"
    result = run(shop, write(tmp_path, path.read_text(), "won.csv"), "--set", "currency=KRW")
    assert isinstance(result.exception, MoadbError)
    assert result.exception.message == "won.csv, line 2: the row is in KRW, and ad account meta_ads:777 is in USD"


def refused_unknown(dsn: str, path: Path) -> str:
    """Return why a file that names its accounts is refused."""
    result = run(dsn, path)
    assert isinstance(result.exception, MoadbError), result.output
    return result.exception.message


def test_restatement(shop: str, tmp_path: Path) -> None:
    """The file's own age decides: newer figures win, older ones are stale, and the same ones are unchanged."""
    path = write(tmp_path, BASIC + "2024-01-01,1,10,1,1,1,1\n2024-01-02,1,10,1,1,1,1\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert load(shop, path, *ACCOUNT)["inserted"] == 2
    newer = write(tmp_path, BASIC + "2024-01-01,1,10,1,1,3,3\n2024-01-02,1,10,1,1,1,1\n", "newer.csv")
    done = load(shop, newer, "--account", "meta_ads:777")
    assert (done["changed"], done["unchanged"]) == (1, 1)
    done = load(shop, path, "--account", "meta_ads:777")
    assert (done["changed"], done["stale"]) == (0, 2)
    done = load(shop, path, "--account", "meta_ads:777", "--snapshot-at", "2020-01-01T00:00:00Z")
    assert done["stale"] == 2
    assert facts(shop)[0][7] == "3.000000"
    assert run(shop, path, "--snapshot-at", "2999-01-01T00:00:00Z").exit_code == Exit.USAGE


def test_shifted_columns_are_noticed(shop: str, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "ad_id,reporting_start,reporting_end,campaign_id,fb_campaign_id,age,impressions,clicks,spent\n"
        "1,17/08/2017,17/08/2017,916,103916,30-34,7350,1,1.43\n"
        "2,18/08/2017,18/08/2017,916,103916,30-34,7350,1,1.43\n"
        "3,18/08/2017,18/08/2017,30-34,M,7350,1,1,\n",
    )
    done = load(shop, path, *ACCOUNT)
    assert done["notes"][-1] == (
        "campaign ids are of two kinds: '916' and the like in 2 rows, '30-34' (line 4) and the like in 1; "
        "are columns shifted there?"
    )


def test_dry_run(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, BASIC + "2024-01-01,1,10,1,1,1,1\n2024-01-02,1,x,1,1,1,1\n")
    result = run(shop, path, *ACCOUNT, "--dry-run")
    assert result.exit_code == Exit.NOT_VERIFIED
    assert "2 rows read: 1 good, 1 rejected; nothing was changed" in result.stdout
    assert refused(shop, path, "--account", "meta_ads:777").message.endswith("is not known")


def test_too_many_clicks(shop: str, tmp_path: Path) -> None:
    """What a constraint would refuse is rejected with its line, read cell by cell or not; the rest is loaded."""
    path = write(
        tmp_path,
        "date,campaign_id,impressions,clicks,cost\n2024-01-01,1,5,50,1\n2024-01-02,1,5,5,1\n2024-01-03,1,9,1,1\n2024-01-03,1,9,1,1\n",
    )
    planned = run(shop, path, *ACCOUNT, "--dry-run")
    assert "4 rows read: 1 good, 3 rejected; nothing was changed" in planned.stdout
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    assert (done["read"], done["inserted"], done["rejected"]) == (4, 1, 3)
    rejected = (tmp_path / "export.csv.rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "2,clicks,50,a day with impressions has no more clicks than these,2024-01-01,1,5,50,1" in rejected
    summed = load(shop, path, *ACCOUNT, "--sum", code=Exit.NOT_VERIFIED)
    assert (summed["inserted"], summed["unchanged"], summed["summed"], summed["rejected"]) == (1, 1, 1, 1)


def test_what_is_printed(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, BASIC + "2024-01-01,1,10,1,1,1,1\n2024-01-02,[bold]1,x,1,1,1,1\n")
    result = run(shop, path, *ACCOUNT, "--rejects", str(tmp_path / "bad.csv"))
    assert result.stdout.splitlines() == [
        "2 rows read: 1 inserted, 0 changed, 0 unchanged, 0 stale, 0 summed into others, 1 rejected",
        "  1 × impressions: it is no number",
        f"rejected rows: {tmp_path / 'bad.csv'}",
    ]
    assert "export.csv (utf-8)" in result.stderr


def test_archived_months_are_rejected(shop: str, tmp_path: Path) -> None:
    path = write(tmp_path, BASIC + "2024-01-31,1,10,1,1,1,1\n2024-02-01,1,10,1,1,1,1\n")
    with psycopg.connect(shop) as connection:
        connection.execute(
            """
            insert into marketing.archives (
              table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status,
              exported_at, removed_at
            )
            values (
              'campaign_metrics', 'x', '2024-01-01', '2024-02-01', 'file:///x', '[{}]', 1, 1, sha256(''), 1,
              'removed', now(), now()
            )
            """
        )
    done = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    assert (done["inserted"], done["rejected"]) == (1, 1)
    assert rejects(done)[0]["reason"] == "its month is in the archive (`moadb archive restore 2024-01` brings it back)"


def test_slices_and_jobs(shop: str, tmp_path: Path) -> None:
    """Small batches over several connections load the same as one transaction."""
    rows = [f"2024-01-{day:02},c{campaign},10,1,{day},1,1\n" for campaign in range(20) for day in range(1, 29)]
    done = load(shop, write(tmp_path, BASIC + "".join(rows)), *ACCOUNT, "--batch", "60", "--jobs", "3")
    assert done["inserted"] == 560
    with psycopg.connect(shop) as connection:
        slices = connection.execute(
            "select count(*), min(s.rows), max(s.rows) from marketing.import_slices as s"
        ).fetchone()
        daily = connection.execute("select count(*), sum(d.cost) from marketing.campaign_daily as d").fetchone()
        left = connection.execute("select count(*) from pg_class where relname like '\\_import\\_%'").fetchone()
    assert slices == (10, 56, 56)
    assert daily == (560, 8120)
    assert left == (0,)


def test_lines_that_are_copied_as_they_are(shop: str, tmp_path: Path) -> None:
    """A block of plain lines is not read; what has to be read comes to the same, also within a plain file."""
    rows = [
        f"2024-{day // 28 % 12 + 1:02}-{day % 28 + 1:02},c{day // 336},{day},1,0.5,1,-2,x\n" for day in range(50_000)
    ]
    header = BASIC.strip() + ",left out\n"
    plain = write(tmp_path, header + "".join(rows), "plain.csv")
    assert load(shop, plain, *ACCOUNT)["inserted"] == 50_000
    with psycopg.connect(shop) as connection:
        sums = "select sum(m.impressions), sum(m.cost), sum(m.revenue), count(*) from marketing.campaign_metrics as m"
        assert connection.execute(sums).fetchone() == (1_249_975_000, 25_000, -100_000, 50_000)
    mixed = [*rows]
    mixed[30_000] = mixed[30_000].replace("c89", '"c89"')
    mixed[30_001] = "2024-01-01,bad,x,1,1,1,1,y\n"
    mixed[49_999] = "Total,,1249975000,,,,,"
    done = load(
        shop, write(tmp_path, header + "".join(mixed), "mixed.csv"), "--account", "meta_ads:777", code=Exit.NOT_VERIFIED
    )
    assert (done["unchanged"], done["rejected"], done["totals"]) == (49_998, 2, 1)
    assert [row["line"] for row in rejects(done)] == ["30003", "50001"]


def test_a_plain_file_with_rows_for_one_day(shop: str, tmp_path: Path) -> None:
    """It is found when they are loaded, and then read line by line; what was loaded before counts as inserted."""
    rows = [f"2024-01-{day:02},c{campaign},10,1,{day},1,1\n" for campaign in range(5) for day in range(1, 29)]
    path = write(tmp_path, BASIC + "".join([*rows, rows[-1]]))
    done = load(shop, path, *ACCOUNT, "--batch", "28", "--jobs", "1", code=Exit.NOT_VERIFIED)
    assert (done["inserted"], done["unchanged"], done["rejected"]) == (139, 0, 2)
    assert [row["line"] for row in rejects(done)] == ["141", "142"]
    impossible = write(tmp_path, BASIC + "2024-02-29,a,1,1,1,1,1\n2023-02-29,a,1,1,1,1,1\n", "impossible.csv")
    done = load(shop, impossible, "--account", "meta_ads:777", code=Exit.NOT_VERIFIED)
    assert (done["inserted"], [row["line"] for row in rejects(done)]) == (1, ["3"])


def test_an_operator_imports(shop: str, tmp_path: Path) -> None:
    """A member of marketing_admin needs no right on any table."""
    operator = psycopg.conninfo.make_conninfo(shop, options="-c role=marketing_admin")
    path = write(tmp_path, BASIC + "2024-01-01,1,1,1,1,1,1\n")
    assert load(operator, path, *ACCOUNT)["inserted"] == 1
    assert load(operator, path, "--account", "meta_ads:777", "--resume")["unchanged"] == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_days_to_come(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: str) -> None:
    """What is later than tomorrow is rejected, also where lines are copied as they are."""
    monkeypatch.setattr("moadb.imports.staging._LARGE", 0)
    monkeypatch.setattr("moadb.imports.plain.Lines.count", lambda self, block: block.count(b"\n"))
    load(shop, write(tmp_path, BASIC + "2024-01-01,1,1,1,1,1,1\n", "first.csv"), *ACCOUNT)
    first = (datetime.now(timezone.utc) + timedelta(hours=14)).date()
    days = [first + timedelta(days=number) for number in range(4)]
    path = write(tmp_path, BASIC + "".join(f"{day},1,1,1,1,1,1\n" for day in days))
    done = load(shop, path, "--account", "meta_ads:777", "--jobs", jobs, code=Exit.NOT_VERIFIED)
    assert (done["inserted"], done["rejected"]) == (2, 2)
    assert [row["line"] for row in rejects(done)] == ["4", "5"]
    assert len(facts(shop)) == 3


def test_reasons_survive_the_importer(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever goes on with an import tells what the one that was killed has rejected, and why."""
    names = "date,campaign_name,impressions,clicks,cost,conversions,revenue\n"
    rows = [
        "2024-01-01,a,1,1,1,1,1",
        "24-01-02,a,1,1,1,1,1",
        "24-01-02,b,1,1,1,1,1",
        "2024-01-03,a,1,9,1,1,1",
        "Total,,3,3,3,3,3",
    ]
    path = write(tmp_path, names + "\n".join(rows))
    monkeypatch.setattr("moadb.imports.load", lambda job, import_id: os.kill(os.getpid(), 9))
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            run(shop, path, *ACCOUNT)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    monkeypatch.undo()
    done = load(shop, path, *ACCOUNT, "--resume", code=Exit.NOT_VERIFIED)
    assert done["resumed"]
    assert (done["read"], done["inserted"], done["rejected"], done["totals"]) == (5, 1, 4, 1)
    assert [row["line"] for row in rejects(done)] == ["3", "4", "6", "5"]
    again = load(shop, path, *ACCOUNT, code=Exit.NOT_VERIFIED)
    told = ("read", "rejected", "totals", "reasons", "rejects", "notes")
    assert [done[name] for name in told] == [again[name] for name in told]
    assert next(iter(done["reasons"].values())) == 2
    assert done["notes"] == ["there is no column of campaign ids: campaigns go by their names"]


def test_a_folder_whose_name_is_no_text(shop: str, tmp_path: Path) -> None:
    """Names of files are bytes; what is told of them is text."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))
    folder.mkdir()
    done = run(shop, write(folder, BASIC + "2024-01-01,1,1,1,x,1,1\n"), *ACCOUNT)
    assert done.exit_code == Exit.NOT_VERIFIED, done.output + repr(done.exception)
    assert "a\\udcff" in done.output.replace("\n", "")


def test_several_connections_copy(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file of a known account comes by several connections, to what it comes to by one."""
    load(shop, write(tmp_path, BASIC + "2024-01-01,1,1,1,1,1,1\n", "first.csv"), *ACCOUNT)
    monkeypatch.setattr("moadb.imports.staging._LARGE", 0)
    monkeypatch.setattr("moadb.imports.reading._BLOCK", 1000)
    known = ["--account", "meta_ads:777"]
    rows = [
        f"2024-{day // 28 + 1:02}-{day % 28 + 1:02},{campaign},{day},1,0.5,1,-2\n"
        for campaign in range(1, 101)
        for day in range(280)
    ]
    done = load(shop, write(tmp_path, BASIC + "".join(rows)), *known)
    assert (done["inserted"], done["changed"] + done["unchanged"]) == (27_999, 1)
    with psycopg.connect(shop) as connection:
        sums = "select sum(m.impressions), sum(m.cost), sum(m.revenue), count(*) from marketing.campaign_metrics as m"
        assert connection.execute(sums).fetchone() == (100 * 279 * 140, 14_000, -56_000, 28_000)
    rows[0] = rows[0].replace(",1,", ',"1",', 1)
    rows[3000] = "2999-01-01,11,1,1,1,1,1\n"
    rows[9000] = "24-01-01,33,1,1,1,1,1\n"
    rows[20_000] = "Total,,1,1,1,1,1\n"
    done = load(shop, write(tmp_path, BASIC + "".join(rows), "mixed.csv"), *known, code=Exit.NOT_VERIFIED)
    assert (done["unchanged"], done["rejected"], done["totals"]) == (27_997, 3, 1)
    assert [row["line"] for row in rejects(done)] == ["3002", "9002", "20002"]
    hours = "date,hour,campaign_id,cost\n" + "".join(f"2024-05-01,{hour},500,1\n" for hour in range(25))
    done = load(shop, write(tmp_path, hours, "hours.csv"), *known, code=Exit.NOT_VERIFIED)
    assert (done["inserted"], [row["value"] for row in rejects(done)]) == (24, ["24"])
    error = refused_message(shop, write(tmp_path, BASIC + "".join(rows[1:300]) + '"', "open.csv"), *known)
    assert "open.csv, line 301" in error
    with psycopg.connect(shop) as connection:
        left = connection.execute("select count(*) from pg_class where relname like '\\_import\\_%'").fetchone()
        ends = connection.execute("select i.status::text, count(*) from marketing.imports as i group by 1").fetchall()
    assert left == (0,)
    assert dict(ends) == {"completed": 4, "abandoned": 2}


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        ("2024-01-05,7,3,10,1,0.25,1,-2", True),
        ("2024-01-05,c7,,10,1,0.25,1,2\r", True),
        ("2024-01-05,c-7,23,10,1,0.25,1,2", True),
        ("1999-01-05,7,3,10,1,1,1,1", False),
        ("2999-01-05,7,3,10,1,1,1,1", False),
        ("24-01-05,2024-,3,10,1,1,1,1", False),
        ("05-01-2024,7,3,10,1,1,1,1", False),
        ("2024-01-05,total,3,10,1,1,1,1", False),
        ("2024-01-05,sub-total,3,10,1,1,1,1", False),
        ("2024-01-05,7,3,-10,1,1,1,1", False),
        ("2024-01-05,7,3,1e3,1,1,1,1", False),
        ("2024-01-05,7,3,10,1,1.2345678,1,1", False),
        ("2024-01-05,7,3,10,1,-1,1,1", False),
        ("2024-01-05,7,003,10,1,1,1,1", False),
        ("2024-01-05,7,3,10,1,1,1", False),
        ("", False),
    ],
)
def test_lines_that_need_no_reading(tmp_path: Path, line: str, is_plain: bool) -> None:
    header = "date,campaign_id,hour,impressions,clicks,cost,conversions,revenue\n"
    source = open_source(write(tmp_path, header), has_account=True)
    plain = lines_of(source, Reader(source, account=Account("meta_ads", "777")))
    assert plain is not None
    good = "2024-01-05,7,3,10,1,0.25,1,-2"
    assert plain.count(f"{good}\n{line}\n{good}".encode()) == (3 if is_plain else None)
