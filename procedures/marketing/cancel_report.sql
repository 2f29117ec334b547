-- The round is over with it: a worker that is at it is refused when it comes with its files.

create or replace function marketing.cancel_report(p_report_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_report marketing.reports;
begin
  v_report := marketing._lock_report(p_report_id);
  if v_report.status in ('pending', 'processing') then
    update marketing.reports as r
    set status = 'failed', round = r.round + 1, completed_at = platform.now(), error_message = 'cancelled'
    where r.id = p_report_id;
  elsif v_report.error_message is distinct from 'cancelled' then
    perform platform.fail('report_state_refused', jsonb_build_object(
      'report_id', p_report_id, 'status', v_report.status, 'problem', 'it is not to be made any more'
    ));
  end if;
end;
$$;

comment on function marketing.cancel_report(bigint) is $$
Take back that a report is to be made: it is failed, with error_message 'cancelled'. Calling it again changes nothing.
p_report_id: the report.
Errors: MM130 report_not_found, MM134 report_state_refused when it is completed or was given up; MM002 not_permitted,
MM003 acting_user_required.
Locks: the report.
$$;
