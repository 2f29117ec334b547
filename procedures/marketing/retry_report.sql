create or replace function marketing.retry_report(p_report_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_report marketing.reports;
begin
  v_report := marketing._lock_report(p_report_id);
  if v_report.status = 'completed' then
    perform platform.fail('report_state_refused', jsonb_build_object(
      'report_id', p_report_id, 'status', v_report.status, 'problem', 'ask for another one to have newer figures'
    ));
  end if;
  if v_report.status = 'failed' then
    update marketing.reports as r
    set status = 'pending', round = r.round + 1, completed_at = null, error_message = null
    where r.id = p_report_id;
  end if;
end;
$$;

comment on function marketing.retry_report(bigint) is $$
Have a report made that was given up or cancelled, with all attempts again. One that is to be made already stays as it is.
p_report_id: the report.
Errors: MM130 report_not_found, MM134 report_state_refused when it is completed; MM002 not_permitted, MM003 acting_user_required.
Locks: the report.
$$;
