-- Who is loading a batch right now holds the row's lock: such a one is alive, and skipped.

create or replace function marketing.reap_syncs(p_idle interval default '30 minutes')
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now    timestamptz := platform.now();
  v_reaped bigint;
begin
  if (p_idle > interval '0' and p_idle <= interval '100 years') is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_idle', 'value', p_idle, 'problem', 'it is longer than nothing, and at most 100 years'
    ));
  end if;

  update marketing.data_sync_logs as l
  set status = 'failed',
    error_message = format('not heard of since %s', l.heartbeat_at),
    completed_at = v_now
  where l.id in (
    select s.id
    from marketing.data_sync_logs as s
    where s.status = 'in_progress' and s.heartbeat_at < v_now - p_idle
    order by s.id
    for no key update skip locked
  );
  get diagnostics v_reaped = row_count;
  return v_reaped;
end;
$$;

comment on function marketing.reap_syncs(interval) is $$
Give up synchronisations that nobody has heard of, so that the next of their accounts may begin; whoever comes back later is refused by the
token. The job marketing.reap_syncs calls it.
p_idle: for how long they have been silent, up to 100 years.
Returns: how many were given up.
Errors: MM005 marketing_argument_invalid.
Locks: their rows; those that are being loaded are skipped.
$$;
