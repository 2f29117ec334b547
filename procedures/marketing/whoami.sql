create or replace function marketing.whoami()
  returns table (
    user_id bigint, email text, name text, company_name text, workspace_id bigint, workspace_name text, role text, time_zone text,
    report_currency text
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select u.id, u.email, u.name, u.company_name, w.id, w.name, m.role, w.time_zone, w.report_currency
  from marketing.users as u
  left join marketing.workspace_members as m on m.user_id = u.id
  left join marketing.workspaces as w on w.id = m.workspace_id
  where u.id = marketing._acting_user() and u.is_active
  order by w.id;
$$;

comment on function marketing.whoami() is $$
Who acts in this transaction, and where that user may do what.
Returns: a row for each workspace; one without, when there is none; no row when nobody acts.
$$;
