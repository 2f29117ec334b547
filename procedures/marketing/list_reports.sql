-- What applications read in marketing.v_reports, for operators: they see every workspace, and no view under row-level security.

create or replace function marketing.list_reports(
  p_workspace_id bigint default null, p_status text default null, p_limit integer default 50, p_before_id bigint default null
)
  returns table (
    report_id bigint,
    workspace_id bigint,
    workspace text,
    title text,
    report_type text,
    date_from date,
    date_to date,
    status text,
    attempts integer,
    file_url text,
    files jsonb,
    error_message text,
    created_at timestamptz,
    completed_at timestamptz
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_workspace_id is not null then
    perform marketing._require_role(p_workspace_id, 'viewer');
  elsif marketing._acting_user() is not null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_workspace_id'));
  elsif not marketing._is_operator() then
    perform platform.fail('acting_user_required');
  end if;
  if p_status is not null then
    perform marketing._check_choice('p_status', p_status, '{pending,processing,completed,failed}');
  end if;
  if (p_limit between 0 and 500) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 0 to 500'));
  end if;

  return query
  select
    r.id, r.workspace_id, w.name, r.title::text, r.report_type::text, r.date_from, r.date_to, r.status::text, r.attempts, r.file_url::text,
    r.files, r.error_message, r.created_at, r.completed_at
  from marketing.reports as r
  join marketing.workspaces as w on w.id = r.workspace_id
  where r.id < coalesce(p_before_id, 9223372036854775807)
    and r.workspace_id = coalesce(p_workspace_id, r.workspace_id)
    and r.status = coalesce(p_status, r.status)
  order by r.id desc
  limit p_limit;
end;
$$;

comment on function marketing.list_reports(bigint, text, integer, bigint) is $$
Reports, the newest first.
p_workspace_id: of which workspace; null: of all, for operators.
p_status: pending, processing, completed or failed; null: any.
p_limit: how many at most, 0 to 500.
p_before_id: the page after this report; null: the first.
Returns: one row per report, as in marketing.v_reports.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid.
$$;
