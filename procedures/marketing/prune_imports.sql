create or replace function marketing.prune_imports(p_keep interval default '7 days')
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_import bigint;
  v_ended  bigint := 0;
begin
  for v_import in
    select i.id
    from marketing.imports as i
    where i.status in ('open', 'staged') and i.started_at < platform.now() - p_keep
    order by i.id
    for update skip locked
  loop
    perform marketing._drop_import(v_import, 'abandoned');
    v_ended := v_ended + 1;
  end loop;
  return v_ended;
end;
$$;

comment on function marketing.prune_imports(interval) is $$
End imports that nobody has gone on with, and drop their tables. What they loaded stays.
p_keep: how long they are kept.
Returns: how many were ended.
$$;
