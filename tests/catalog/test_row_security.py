"""Row-level security of the systems that let applications read: which rows, which columns, through which views.

A table that anybody but its owner may read has policies; a table of a workspace has one that asks whose it is. So a
room that adds a table and forgets them fails here.
"""

from __future__ import annotations

from catalog.rules import Catalog

TABLES = """
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = 'marketing' and c.relkind in ('r', 'p') and not c.relispartition
"""
# what nobody reads but by the function that is there for it
SECRETS = ["password_hash", "access_token", "refresh_token", "token", "lease_token"]
# a ratio of rows is nobody's to add up
RATIOS = ["ctr", "cpc", "cpm", "conversion_rate", "cpa", "roas", "roi", "avg_cpc", "avg_ctr", "avg_roas"]
# tables of the installation: what is in them is nobody's own
SHARED = ["platforms", "channels", "channel_rules", "insight_rules", "fx_rates"]

GRANTED = """
  select distinct c.oid, g.grantee, g.privilege_type
  from pg_class as c
  cross join lateral (
    select a.grantee, a.privilege_type from aclexplode(c.relacl) as a
    union all
    select a.grantee, a.privilege_type
    from pg_attribute as t cross join lateral aclexplode(t.attacl) as a
    where t.attrelid = c.oid
  ) as g
  where g.grantee <> c.relowner
"""


def test_there_are_tables(catalog: Catalog) -> None:
    assert len(catalog.rows(f"select c.relname {TABLES} and c.relrowsecurity")) >= 15


def test_tables_that_are_read_have_policies(catalog: Catalog) -> None:
    catalog.refuse(
        "a table that is granted to anybody has row-level security and a policy for each role that may read it",
        f"""
        select c.oid::regclass || ': ' || g.grantee::regrole
        from ({GRANTED}) as g
        join pg_class as c on c.oid = g.oid
        where c.relnamespace = 'marketing'::regnamespace and c.relkind in ('r', 'p')
          and not (
            c.relrowsecurity
            and exists (select from pg_policy as p where p.polrelid = c.oid and g.grantee = any (p.polroles))
          )
        """,
    )


def test_tables_of_workspaces_are_closed(catalog: Catalog) -> None:
    """Closed without a policy: a right that is granted by mistake shows nothing."""
    catalog.refuse(
        "a table with a column that says whose its rows are has row-level security",
        f"""
        select c.oid::regclass::text {TABLES}
          and not c.relrowsecurity
          and exists (
            select
            from pg_attribute as t
            where t.attrelid = c.oid and not t.attisdropped
              and t.attname in (
                'workspace_id', 'campaign_id', 'marketing_account_id', 'account_id', 'budget_id', 'sync_id', 'user_id'
              )
          )
        """,
    )


def test_policies_are_for_reading(catalog: Catalog) -> None:
    """Applications write through functions, which run as their owner."""
    catalog.refuse(
        "a policy is permissive, for select, to marketing_app or marketing_read",
        """
        select p.polname || ' on ' || p.polrelid::regclass
        from pg_policy as p
        join pg_class as c on c.oid = p.polrelid
        where c.relnamespace = 'marketing'::regnamespace
          and not (
            p.polpermissive and p.polcmd = 'r'
            and p.polroles <@ array['marketing_app'::regrole::oid, 'marketing_read'::regrole::oid]
          )
        """,
    )


def test_policies_of_applications_ask_whose_it_is(catalog: Catalog) -> None:
    catalog.refuse(
        "a policy to marketing_app asks one of marketing._my_…, or for a row of a table that has one that does",
        rf"""
        select p.polname || ' on ' || p.polrelid::regclass || ': ' || pg_get_expr(p.polqual, p.polrelid)
        from pg_policy as p
        join pg_class as c on c.oid = p.polrelid
        where c.relnamespace = 'marketing'::regnamespace
          and 'marketing_app'::regrole = any (p.polroles)
          and not (
            pg_get_expr(p.polqual, p.polrelid) ~ 'ANY \(\( SELECT marketing\._my_|EXISTS \( SELECT\s+FROM marketing\.'
            or pg_get_expr(p.polqual, p.polrelid) = 'true' and c.relname = any (array{SHARED})
          )
        """,
    )


def test_rights_are_to_read(catalog: Catalog) -> None:
    catalog.refuse(
        "nobody but the owner may do more than read, and administrators call functions alone",
        f"""
        select c.oid::regclass || ': ' || g.grantee::regrole || ' may ' || g.privilege_type
        from ({GRANTED}) as g
        join pg_class as c on c.oid = g.oid
        where c.relnamespace = 'marketing'::regnamespace
          and not (g.privilege_type = 'SELECT' and g.grantee in ('marketing_app'::regrole, 'marketing_read'::regrole))
        """,
    )


def test_secrets_and_ratios_are_not_granted(catalog: Catalog) -> None:
    catalog.refuse(
        "no column with a secret or a ratio is granted",
        f"""
        select c.oid::regclass || '.' || t.attname || ': ' || r.role
        from pg_class as c
        join pg_attribute as t on t.attrelid = c.oid
        cross join (values ('marketing_app'), ('marketing_admin'), ('marketing_read')) as r (role)
        where c.relnamespace = 'marketing'::regnamespace
          and c.relkind in ('r', 'p', 'v', 'm')
          and t.attname = any (array{SECRETS + RATIOS})
          and has_column_privilege(r.role, c.oid, t.attnum, 'select')
        """,
    )


def test_views_read_with_the_rights_of_whoever_asks(catalog: Catalog) -> None:
    catalog.refuse(
        "a view that is granted has security_invoker, or row-level security does not hold in it",
        f"""
        select c.oid::regclass::text
        from ({GRANTED}) as g
        join pg_class as c on c.oid = g.oid
        where c.relnamespace = 'marketing'::regnamespace
          and c.relkind in ('v', 'm')
          and not coalesce(c.reloptions && '{{security_invoker=true}}'::text[], false)
        """,
    )


def test_partitions_are_not_granted(catalog: Catalog) -> None:
    """Policies of the parent do not hold for whoever names the partition."""
    catalog.refuse(
        "a partition is granted to nobody",
        f"""
        select c.oid::regclass::text
        from ({GRANTED}) as g
        join pg_class as c on c.oid = g.oid
        where c.relnamespace = 'marketing'::regnamespace and c.relispartition
        """,
    )


def test_the_asking_functions_are_definers_that_nobody_else_may_replace(catalog: Catalog) -> None:
    catalog.refuse(
        "marketing._my_… is security definer, stable, and has no argument to be fooled by",
        r"""
        select p.oid::regprocedure::text
        from pg_proc as p
        where p.pronamespace = 'marketing'::regnamespace and p.proname like '\_my\_%%'
          and not (p.prosecdef and p.provolatile = 's' and p.pronargs = 0)
        """,
    )
