-- One function audits any table, a statement at a time: a statement that changes a thousand rows runs one insert, not a thousand
-- triggers. A trigger with transition tables serves one kind of statement, so a table takes up to four, which name them so:
--
--   create or replace trigger orders_audit_insert after insert on shop.orders
--     referencing new table as new_rows
--     for each statement execute function platform.audit_row('id', 'card_token');
--   … update: referencing old table as old_rows new table as new_rows
--   … delete: referencing old table as old_rows
--   … truncate: nothing to reference
--
-- Security definer, because whoever may write the audited table must not need (or have) the right to write the log.
-- No jit, because the plan that a session keeps may come from a statement with many rows: it would compile for each single row after.
-- Lateral subqueries and not small functions, because those are planned again for each statement.
-- Statements that name a partition instead of its parent pass by: PostgreSQL fires only that partition's statement triggers.

create or replace function platform.audit_row()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
declare
  v_key    text[] := string_to_array(tg_argv[0], ',');
  v_hidden text[] := tg_argv[1:];
  v_idle   text[];
begin
  if tg_op = 'INSERT' then
    insert into platform.audit_log (schema_name, table_name, row_key, action, actor, client_ip, user_agent, new_values)
    select tg_table_schema, tg_table_name, k.key, 'insert',
      platform._actor(), platform._client_ip(), platform._user_agent(), v.new_values
    from new_rows as r
    cross join lateral to_jsonb(r) as n (value)
    cross join lateral (
      select string_agg(n.value ->> c.name, ',' order by c.position) as key
      from unnest(v_key) with ordinality as c (name, position)
    ) as k
    cross join lateral (
      select jsonb_object_agg(e.key, case when e.key = any (v_hidden) then '"***"' else e.value end) as new_values
      from jsonb_each(n.value) as e
    ) as v;

  elsif tg_op = 'DELETE' then
    insert into platform.audit_log (schema_name, table_name, row_key, action, actor, client_ip, user_agent, old_values)
    select tg_table_schema, tg_table_name, k.key, 'delete',
      platform._actor(), platform._client_ip(), platform._user_agent(), v.old_values
    from old_rows as r
    cross join lateral to_jsonb(r) as o (value)
    cross join lateral (
      select string_agg(o.value ->> c.name, ',' order by c.position) as key
      from unnest(v_key) with ordinality as c (name, position)
    ) as k
    cross join lateral (
      select jsonb_object_agg(e.key, case when e.key = any (v_hidden) then '"***"' else e.value end) as old_values
      from jsonb_each(o.value) as e
    ) as v;

  elsif tg_op = 'UPDATE' then
    v_idle := array(select substr(a.name, 2) from unnest(v_hidden) as a (name) where starts_with(a.name, '-'));

    insert into platform.audit_log
      (schema_name, table_name, row_key, action, actor, client_ip, user_agent, old_values, new_values)
    select tg_table_schema, tg_table_name, coalesce(n.key, o.key),
      case when o.key is null then 'insert' when n.key is null then 'delete' else 'update' end,
      platform._actor(), platform._client_ip(), platform._user_agent(), v.old_values, v.new_values
    from (
      select j.value, k.key
      from old_rows as r
      cross join lateral to_jsonb(r) as j (value)
      cross join lateral (
        select string_agg(j.value ->> c.name, ',' order by c.position) as key
        from unnest(v_key) with ordinality as c (name, position)
      ) as k
    ) as o
    full join (
      select j.value, k.key
      from new_rows as r
      cross join lateral to_jsonb(r) as j (value)
      cross join lateral (
        select string_agg(j.value ->> c.name, ',' order by c.position) as key
        from unnest(v_key) with ordinality as c (name, position)
      ) as k
    ) as n on n.key = o.key
    cross join lateral (
      select
        jsonb_object_agg(e.key, case when e.key = any (v_hidden) then '"***"' else o.value -> e.key end)
          filter (where o.key is not null) as old_values,
        jsonb_object_agg(e.key, case when e.key = any (v_hidden) then '"***"' else n.value -> e.key end)
          filter (where n.key is not null) as new_values
      from jsonb_object_keys(coalesce(n.value, o.value)) as e (key)
      where o.value -> e.key is distinct from n.value -> e.key
    ) as v
    where o.value - v_idle is distinct from n.value - v_idle;

  else
    insert into platform.audit_log (schema_name, table_name, action, actor, client_ip, user_agent)
    values (tg_table_schema, tg_table_name, 'truncate', platform._actor(), platform._client_ip(), platform._user_agent());
  end if;

  return null;
end;
$$;

comment on function platform.audit_row() is $$
Trigger function, after insert, update, delete or truncate for each statement: one record in platform.audit_log for each row that
changed. Transition tables must be named old_rows and new_rows.
First argument: the key column; several are joined with commas ('order_id,line').
Further arguments: columns whose values must not be kept (passwords, tokens); that they changed is recorded, as "***".
A column with a hyphen before it ('-current_count') is one that an update alone makes no record of: a counter that a job refreshes.
Returns: null.
Errors: 23514 audit_log_row_key_check when the key column is not one of the table's.
$$;
