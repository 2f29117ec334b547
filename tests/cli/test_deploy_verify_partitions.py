"""`moadb verify` compares partitions, which no deploy records, with their parents."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.trees import Tree, execute
from moadb.deploy import migrate, verify


@pytest.mark.parametrize(
    ("by_hand", "expected"),
    [
        ("grant select on {} to shop_read", ["privileges: more than its parent grants to shop_read: SELECT"]),
        ("grant update (n) on {} to public", ["privileges of column n: more than its parent grants to public: UPDATE"]),
        (
            "grant select on {} to shop_app with grant option",
            ["privileges: more than its parent grants to shop_app: SELECT*"],
        ),
        ("alter table {} owner to shop_read", ["owner: its parent has moadb_owner, it has shop_read"]),
        ("alter table {} disable row level security", ["row security: its parent has enabled, it has off"]),
        (
            "alter table {} disable trigger all",
            [
                "trigger days_touch: its parent's is enabled, its own is disabled",
                "trigger of constraint days_n_fkey: its parent's is enabled, its own is disabled",
            ],
        ),
        (
            "create trigger stray before insert on {} for each row execute function shop.touch()",
            ["trigger stray: its parent has none like it"],
        ),
        ("create index stray on {} (day, n)", ["index stray: its parent has none like it"]),
        ("alter table {} add constraint stray check (n < 100)", ["constraint stray: its parent has none like it"]),
        ("alter table {} add constraint stray unique (n)", ["constraint stray: its parent has none like it"]),
        ("create rule stray as on delete to {} do instead nothing", ["rule stray: its parent's rules hold for it"]),
        ("create policy stray on {}", ["policy stray: its parent's policies hold for it"]),
        ("revoke select on {} from shop_app", []),
    ],
)
def test_partitions_against_their_parents(
    tmp_path: Path, empty_database: str, by_hand: str, expected: list[str]
) -> None:
    """One finding or more, naming the partition and what differs; the parent's own properties are no difference."""
    tree = Tree(tmp_path, {"platform": (), "shop": ("platform",)})
    tree.version(
        1,
        "sets",
        "create schema platform;\ncreate table platform.partition_sets (schema_name text, table_name text);\n"
        "insert into platform.partition_sets values ('shop', 'days');",
        schema="platform",
    )
    tree.version(
        1,
        "days",
        """
        create schema shop;
        create table shop.numbers (n int primary key);
        create table shop.days (
          day date primary key, n int default 1, constraint days_n_fkey foreign key (n) references shop.numbers (n),
          constraint days_n_check check (n > 0)
        ) partition by range (day);
        create index days_n_idx on shop.days (n);
        create function shop.touch() returns trigger language plpgsql as 'begin return new; end';
        create trigger days_touch before insert on shop.days for each row execute function shop.touch();
        alter table shop.days enable row level security;
        create policy days_all on shop.days using (n > 0);
        grant select on shop.days to shop_app;
        create table shop.days_2026_01 partition of shop.days for values from ('2026-01-01') to ('2026-02-01');
        alter table shop.days_2026_01 enable row level security;
        grant select on shop.days_2026_01 to shop_app;
        """,
    )
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == []
    execute(empty_database, by_hand.format("shop.days_2026_01"))
    findings = verify(empty_database, root=tree.root)
    assert {(finding.check, finding.object) for finding in findings} <= {("partitions", "table shop.days_2026_01")}
    assert len(findings) == len(expected), findings
    assert all(finding.problem.startswith(start) for finding, start in zip(findings, expected, strict=True)), findings
