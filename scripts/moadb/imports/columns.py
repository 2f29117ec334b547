"""Which column is which: by the names that exports of the usual platforms give them, and by what the user says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# target -> names, best first; written as normal() leaves them
ALIASES: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "day", "by day", "reporting starts", "reporting start", "date start", "segments date", "report date",
        "stat date", "stat time day", "ad date", "c date", "ymd", "dt",
        "일자", "날짜", "일", "일별", "보고 시작", "보고 시작일", "집계일", "기준일",
    ),
    "date_to": ("reporting ends", "reporting end", "date stop", "date to", "보고 종료", "보고 종료일"),
    "hour": (
        "hour", "hour of day", "hour of the day", "by hour", "segments hour", "time of day",
        "hourly stats aggregated by advertiser time zone", "시간대", "시간", "시간대별",
    ),
    "platform": ("platform", "ad platform", "매체", "플랫폼"),
    "account_id": (
        "account id", "ad account id", "customer id", "customer", "광고 계정 id", "광고계정 id", "계정 id", "고객 id",
    ),
    "campaign_id": (
        "campaign id", "xyz campaign id", "ncc campaign id", "campaign no", "캠페인 id", "캠페인id", "캠페인 번호",
    ),
    "campaign_name": ("campaign name", "campaign", "캠페인 이름", "캠페인명", "캠페인"),
    "impressions": (
        "impressions", "impr", "imps", "impression", "metrics impressions", "imp cnt",
        "노출수", "노출", "노출 수",
    ),
    "clicks": (
        "clicks", "click", "metrics clicks", "clicks all", "link clicks", "inline link clicks", "clk cnt",
        "클릭수", "클릭", "클릭 수", "클릭 전체", "링크 클릭",
    ),
    "cost": (
        "cost", "spend", "spent", "amount spent", "ad spend", "adspend", "total cost", "total spent",
        "ad cost", "cost spent", "mark spent", "media cost", "sales amt",
        "총비용", "비용", "총 비용", "지출 금액", "지출금액", "광고비", "소진액", "소진 금액", "집행 금액",
    ),
    "cost_micros": ("cost micros", "metrics cost micros", "spend micros"),
    "conversions": (
        "conversions", "conversion", "conv", "metrics conversions", "total conversions", "total conversion", "results",
        "purchases", "website purchases", "approved conversion", "complete payment", "orders", "ccnt",
        "전환수", "전환", "총 전환수", "전환 수", "결과", "구매", "구매수",
    ),
    "revenue": (
        "revenue", "conv value", "conversion value", "conversions value", "total conv value", "total conversion value",
        "metrics conversions value", "purchase conversion value", "purchases conversion value",
        "website purchases conversion value", "purchase value", "total purchase value", "total complete payment value",
        "total revenue", "sales", "sale amount", "sales amount", "conv amt",
        "매출", "매출액", "전환매출액", "전환 매출액", "전환 매출",
        "전환값", "전환 값", "전환 가치", "구매 전환값", "총 전환매출액", "구매금액", "구매 금액",
    ),
    "likes": ("likes", "post reactions", "reactions", "like", "좋아요"),
    "shares": ("shares", "post shares", "share", "공유"),
    "comments": ("comments", "post comments", "comment", "댓글"),
    "saves": ("saves", "post saves", "save", "저장"),
    "currency": ("currency", "currency code", "account currency", "customer currency code", "통화", "통화 코드"),
    "snapshot_at": ("snapshot at", "exported at"),
}  # fmt: skip
MEASURES = (
    "impressions",
    "clicks",
    "cost",
    "cost_micros",
    "conversions",
    "revenue",
    "likes",
    "shares",
    "comments",
    "saves",
)
_STARTS = {"reporting starts", "reporting start", "date start", "보고 시작", "보고 시작일"}  # of what date_to ends
_KEPT_BRACKETS = {"all", "전체"}  # what in brackets tells columns apart: Clicks (all)


def normal(name: str) -> str:
    """Return a header's name as ALIASES writes it: no case, no punctuation, no unit in brackets."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name)).casefold()
    text = re.sub(r"[(\[]([^)\]]*)[)\]]", lambda m: f" {m[1]} " if m[1].strip() in _KEPT_BRACKETS else " ", text)
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def unit(name: str) -> str | None:
    """Return the currency that stands in brackets in a header: Amount spent (USD)."""
    found = re.search(r"[(\[]\s*([A-Z]{3})\s*[)\]]", name)
    return found[1] if found and found[1] != "ALL" else None  # Clicks (ALL) are not in lek


@dataclass(frozen=True)
class Found:
    """Which column each target is read from."""

    columns: dict[str, int]  # target -> index of the column
    unused: list[str] = field(default_factory=list)  # names of columns that nothing is read from
    rivals: dict[str, list[str]] = field(default_factory=dict)  # target -> other columns that could have been it
    unknown: list[str] = field(default_factory=list)  # names in --map that the file does not have


def find(header: Sequence[str], mapped: Mapping[str, str] | None = None) -> Found:
    """Find the columns of a file.

    Args:
        header: the names in it.
        mapped: target -> name in the file, which goes before the built-in names.
    """
    plain = [normal(name) for name in header]
    mapped = mapped or {}
    asked = {target: _position(header, plain, name) for target, name in mapped.items()}
    columns = {target: index for target, index in asked.items() if index is not None}
    unknown = [mapped[target] for target, index in asked.items() if index is None]
    taken = set(columns.values())
    rivals: dict[str, list[str]] = {}
    for target, names in ALIASES.items():
        if target in columns or (target == "cost_micros" and "cost" in columns):
            continue
        places = [i for name in names for i, other in enumerate(plain) if other == name and i not in taken]
        same = plain[places[0]] if places else ""  # of columns that differ in brackets alone the one without goes first
        places.sort(key=lambda i: (plain[i] != same, "(" in header[i] or "[" in header[i]))
        if places:
            columns[target] = places[0]
            if rest := list(dict.fromkeys(places[1:])):
                rivals[target] = [header[i] for i in rest]
    if "date_to" in columns and "date_to" not in asked and any(normal(n) in _STARTS for n in rivals.get("date", ())):
        del columns["date_to"]  # the day has a column of its own: these two are the bounds of the report
    used = set(columns.values())
    return Found(columns, [name for i, name in enumerate(header) if i not in used and name.strip()], rivals, unknown)


def _position(header: Sequence[str], plain: Sequence[str], name: str) -> int | None:
    """Return where a name stands: as it is written, else as it is read."""
    exact = [other.strip() for other in header]
    if name.strip() in exact:
        return exact.index(name.strip())
    return plain.index(normal(name)) if normal(name) in plain and normal(name) else None


def missing(targets: Iterable[str], *, has_account: bool) -> list[str]:
    """Return what else is needed beside the targets that there are."""
    there = set(targets)
    found = []
    if "date" not in there:
        found.append("date")
    if not there & {"campaign_id", "campaign_name"}:
        found.append("campaign_id")
    if not there & set(MEASURES):
        found.append("a measure (impressions, clicks, cost, conversions, revenue …)")
    if not has_account:
        found += [target for target in ("platform", "account_id") if target not in there]
    return found
