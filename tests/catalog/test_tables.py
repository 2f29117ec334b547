"""Rules for tables, columns, constraints, indexes and views."""

from __future__ import annotations

from catalog.rules import Catalog

# foreign keys without an index, because what they refer to is never deleted, and the index would be dear
UNINDEXED = [
    "coffee_subscriptions_plan_fkey",  # a tenth of the time of billing; trigger plans_keep refuses deletes
]
# relations that somebody wrote a `create` for: partitions are made by the partition manager, as their parent is
WRITTEN = "c.relnamespace = any(%(schemas)s::regnamespace[]) and not c.relispartition"


def test_schemas_are_commented(catalog: Catalog) -> None:
    catalog.refuse(
        "a schema has a comment",
        "select s from unnest(%(schemas)s::text[]) as s where obj_description(s::regnamespace, 'pg_namespace') is null",
    )


def test_relations_are_commented(catalog: Catalog) -> None:
    catalog.refuse(
        "a table, view or materialized view has a comment",
        f"""
        select c.oid::regclass::text
        from pg_class as c
        where {WRITTEN} and c.relkind in ('r', 'p', 'v', 'm', 'f') and obj_description(c.oid, 'pg_class') is null
        """,
    )


def test_columns_are_commented(catalog: Catalog) -> None:
    catalog.refuse(
        "a column of a table, view or materialized view has a comment",
        f"""
        select c.oid::regclass || '.' || a.attname
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where {WRITTEN} and c.relkind in ('r', 'p', 'v', 'm', 'f') and col_description(c.oid, a.attnum) is null
        """,
    )


def test_types_are_commented(catalog: Catalog) -> None:
    catalog.refuse(
        "a type or domain has a comment",
        """
        select t.oid::regtype::text
        from pg_type as t
        left join pg_class as c on c.oid = t.typrelid
        where t.typnamespace = any(%(schemas)s::regnamespace[])
          and (t.typtype in ('d', 'e', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
          and obj_description(t.oid, 'pg_type') is null
        """,
    )


def test_everything_belongs_to_the_owner(catalog: Catalog) -> None:
    catalog.refuse(
        "everything belongs to moadb_owner",
        """
        select n.nspname || ' belongs to ' || n.nspowner::regrole
        from pg_namespace as n
        where n.nspname = any(%(schemas)s) and n.nspowner <> 'moadb_owner'::regrole
        union all
        select c.oid::regclass || ' belongs to ' || c.relowner::regrole
        from pg_class as c
        where c.relnamespace = any(%(schemas)s::regnamespace[]) and c.relowner <> 'moadb_owner'::regrole
        union all
        select p.oid::regprocedure || ' belongs to ' || p.proowner::regrole
        from pg_proc as p
        where p.pronamespace = any(%(schemas)s::regnamespace[]) and p.proowner <> 'moadb_owner'::regrole
        union all
        select t.oid::regtype || ' belongs to ' || t.typowner::regrole
        from pg_type as t
        where t.typnamespace = any(%(schemas)s::regnamespace[]) and t.typowner <> 'moadb_owner'::regrole
        """,
    )


def test_tables_have_a_primary_key(catalog: Catalog) -> None:
    """Or what is as good as one where a column of the key may be null."""
    catalog.refuse(
        "a table has a primary key, or a unique key that takes nulls as equal",
        f"""
        select c.oid::regclass::text
        from pg_class as c
        where {WRITTEN} and c.relkind in ('r', 'p')
          and not exists (
            select from pg_constraint as k
            left join pg_index as i on i.indexrelid = k.conindid
            where k.conrelid = c.oid and (k.contype = 'p' or k.contype = 'u' and i.indnullsnotdistinct)
          )
        """,
    )


def test_foreign_keys_are_indexed(catalog: Catalog) -> None:
    """Or a delete of the referenced row reads the whole table."""
    catalog.refuse(
        "a foreign key's columns are the first columns of an index, of all rows or of those that have them",
        f"""
        select k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid)
        from pg_constraint as k
        where k.contype = 'f'
          and k.connamespace = any(%(schemas)s::regnamespace[])
          and k.conname <> all (array{UNINDEXED})
          and not exists (
            select from pg_index as i
            where i.indrelid = k.conrelid
              and i.indisvalid
              and (
                i.indpred is null
                or pg_get_expr(i.indpred, i.indrelid) = '(' || pg_get_indexdef(i.indexrelid, 1, true) || ' IS NOT NULL)'
              )
              and (i.indkey::smallint[])[0 : cardinality(k.conkey) - 1] @> k.conkey
          )
        """,
    )


def test_nothing_is_deferrable(catalog: Catalog) -> None:
    """A constraint that waits for the commit fails where no routine can translate the error."""
    catalog.refuse(
        "no constraint is deferrable",
        """
        select k.conrelid::regclass || ' ' || k.conname
        from pg_constraint as k
        where k.condeferrable and k.connamespace = any(%(schemas)s::regnamespace[])
        """,
    )


def test_constraints_are_valid(catalog: Catalog) -> None:
    catalog.refuse(
        "a constraint is validated, an index valid",
        """
        select k.conrelid::regclass || ' ' || k.conname
        from pg_constraint as k
        where not k.convalidated and k.connamespace = any(%(schemas)s::regnamespace[])
        union all
        select i.indexrelid::regclass::text
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        where not i.indisvalid and c.relnamespace = any(%(schemas)s::regnamespace[])
        """,
    )


def test_constraints_have_names(catalog: Catalog) -> None:
    """They are what an error carries, and what a migration drops."""
    catalog.refuse(
        "a constraint is named table_what_kind: _pkey, _key, _fkey, _check, _excl; no number at the end",
        r"""
        select k.conrelid::regclass || ' ' || k.conname
        from pg_constraint as k
        join pg_class as c on c.oid = k.conrelid
        where k.connamespace = any(%(schemas)s::regnamespace[])
          and not c.relispartition
          and k.conparentid = 0
          and k.contype in ('p', 'u', 'f', 'c', 'x')
          and not (
            starts_with(k.conname, c.relname || '_')
            and right(k.conname, length(case k.contype
              when 'p' then '_pkey' when 'u' then '_key' when 'f' then '_fkey' when 'c' then '_check' else '_excl'
            end)) = case k.contype
              when 'p' then '_pkey' when 'u' then '_key' when 'f' then '_fkey' when 'c' then '_check' else '_excl'
            end
          )
        """,
    )


def test_indexes_have_names(catalog: Catalog) -> None:
    catalog.refuse(
        "an index is named table_what_idx, or _key where it is unique",
        r"""
        select i.indexrelid::regclass::text
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        join pg_class as t on t.oid = i.indrelid
        where c.relnamespace = any(%(schemas)s::regnamespace[])
          and not t.relispartition
          and not exists (
            select from pg_constraint as k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
          )
          and not (
            starts_with(c.relname, t.relname || '_')
            and c.relname ~ case when i.indisunique then '_key$' else '_idx$' end
          )
        """,
    )


def test_no_index_twice(catalog: Catalog) -> None:
    catalog.refuse(
        "no two indexes of a table are the same",
        """
        select string_agg(i.indexrelid::regclass::text, ', ')
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        where c.relnamespace = any(%(schemas)s::regnamespace[])
        group by i.indrelid, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
          coalesce(i.indexprs::text, ''), coalesce(i.indpred::text, '')
        having count(*) > 1
        """,
    )


def test_column_types(catalog: Catalog) -> None:
    """Times with a zone, no inexact numbers, no sequences that somebody owns by accident."""
    catalog.refuse(
        "no column is of type timestamp, timetz, real, double precision, money, char(n) or json",
        f"""
        select c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where {WRITTEN} and c.relkind in ('r', 'p', 'v', 'm')
          and a.atttypid = any(
            '{{timestamp,timetz,real,float8,money,bpchar,json,timestamp[],real[],float8[],json[]}}'::regtype[]
          )
        """,
    )
    catalog.refuse(
        "a column that counts up is an identity, not a serial",
        f"""
        select c.oid::regclass || '.' || a.attname
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
        where {WRITTEN} and c.relkind in ('r', 'p') and pg_get_expr(d.adbin, c.oid) ~ '^nextval\\([^()]*\\)$'
        """,
    )


def test_routine_types(catalog: Catalog) -> None:
    catalog.refuse(
        "no routine takes or returns real, double precision, money or json",
        """
        select p.oid::regprocedure || ' ' || t.type::regtype
        from pg_proc as p
        cross join lateral unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype) as t(type)
        where p.pronamespace = any(%(schemas)s::regnamespace[])
          and t.type = any('{real,float8,money,json}'::regtype[])
        """,
    )


def test_partitioned_tables_have_a_default_partition(catalog: Catalog) -> None:
    """A row whose partition is not there yet must not be lost."""
    catalog.refuse(
        "a partitioned table has a default partition",
        f"""
        select c.oid::regclass::text
        from pg_class as c
        join pg_partitioned_table as t on t.partrelid = c.oid
        where {WRITTEN} and t.partdefid = 0
        """,
    )


def test_nothing_lies_in_public(catalog: Catalog) -> None:
    """Apart from pgTAP, which tests put there."""
    catalog.refuse(
        "schema public holds nothing of ours",
        """
        select c.oid::regclass::text
        from pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relowner = 'moadb_owner'::regrole
        union all
        select p.oid::regprocedure::text
        from pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.proowner = 'moadb_owner'::regrole
        """,
    )
