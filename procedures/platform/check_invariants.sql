-- Stable, so that every query sees the same snapshot. That keeps a query from writing itself, but not the volatile functions that it
-- calls; so each runs in a subtransaction that is read-only, and the transaction is again what it was when that ends. `when others`,
-- against the rule, on purpose: the queries are data and may fail with any SQLSTATE (a dropped column, a division by zero); one that
-- fails must neither hide the others nor count as passed, and nothing is swallowed, because the error becomes that invariant's result. A
-- cancelled call is not caught.

create or replace function platform.check_invariants(p_schema text default null)
  returns table (invariant text, schema_name text, description text, violations bigint, sample jsonb)
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_query text;
begin
  for invariant, schema_name, description, v_query in
    select i.name, i.schema_name, i.description, i.query
    from platform.invariants as i
    where i.schema_name = coalesce(p_schema, i.schema_name)
    order by i.name
  loop
    begin
      perform set_config('transaction_read_only', 'on', true);
      execute format($sql$
        with found as materialized (
          %s
        )
        select (select count(*) from found), (select jsonb_agg(to_jsonb(s)) from (select * from found limit 5) as s)
      $sql$, v_query)
      into violations, sample;
    exception
      when others then
        violations := 1;
        sample := jsonb_build_array(jsonb_build_object('sqlstate', sqlstate, 'error', sqlerrm));
    end;
    sample := coalesce(sample, '[]');
    return next;
  end loop;
end;
$$;

comment on function platform.check_invariants(text) is $$
Run the registered invariants, all on one snapshot.
p_schema: only those of this schema; null for all.
Returns: a row for each: how many rows violate it (0: it holds) and the first five of them. A query that fails counts as one violation,
whose sample is {"sqlstate", "error"}.
$$;
