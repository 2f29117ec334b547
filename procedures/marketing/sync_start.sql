-- requires: procedures/marketing/_cover_months.sql
-- requires: procedures/marketing/next_sync_window.sql
--
-- What a run that replaces does not bring is taken back, so it goes on only where what was brought before is of its own snapshot: after a
-- failed one of the same window, whose snapshot it takes over. Any other begins at the beginning, whatever the cursor is.
-- The unique index of running synchronisations decides who is first. The partitions that the window needs are made here, because this
-- transaction ends at once.

create or replace function marketing.sync_start(
  p_account_id  bigint,
  p_sync_type   text default 'incremental',
  p_from        date default null,
  p_to          date default null,
  p_stream      text default 'campaign_metrics',
  p_snapshot_at timestamptz default null,
  p_replaces    boolean default false,
  p_request_key text default null,
  out sync_id     bigint,
  out token       uuid,
  out window_from date,
  out window_to   date,
  out cursor      jsonb
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set datestyle = 'ISO'
  set timezone = 'UTC'
as $$
declare
  v_now      timestamptz := platform.now();
  v_answer   jsonb := platform.claim_request('marketing.sync_start', p_request_key, jsonb_build_object(
    'user', marketing._acting_user(), 'account_id', p_account_id, 'sync_type', p_sync_type, 'from', p_from, 'to', p_to, 'stream', p_stream,
    'snapshot_at', p_snapshot_at, 'replaces', p_replaces
  ));
  v_snapshot timestamptz := coalesce(p_snapshot_at, v_now);
  v_last     marketing.data_sync_logs;
  v_holder   record;
begin
  if v_answer is null then
    perform marketing._require_account(p_account_id, 'user');
    if p_stream is null or p_sync_type is null then
      perform platform.fail('marketing_argument_missing', jsonb_build_object(
        'argument', case when p_stream is null then 'p_stream' else 'p_sync_type' end
      ));
    elsif p_stream <> 'campaign_metrics' and (p_replaces or p_stream not in ('conversion_facts', 'window_metrics')) then
      perform platform.fail('marketing_argument_invalid', jsonb_build_object('argument', 'p_stream', 'value', p_stream,
        'problem', 'it is campaign_metrics, or without p_replaces conversion_facts or window_metrics'));
    elsif p_snapshot_at > v_now or not isfinite(p_snapshot_at) then
      perform platform.fail('marketing_argument_invalid', jsonb_build_object('argument', 'p_snapshot_at', 'value', p_snapshot_at,
        'problem', 'it is not later than now'));
    end if;

    select coalesce(p_from, min(w.window_from)), coalesce(p_to, max(w.window_to)) into window_from, window_to
    from marketing.next_sync_window(p_account_id, p_stream, p_sync_type) as w;
    if window_from > window_to or window_from < '2000-01-01' or window_to > '2099-12-31' then
      perform platform.fail('marketing_argument_invalid', jsonb_build_object('argument', 'p_from', 'value', window_from,
        'problem', format('the window ends on %s; it lies between 2000-01-01 and 2099-12-31', window_to)));
    end if;

    perform from marketing.marketing_accounts as a where a.id = p_account_id for share;
    select * into v_last
    from marketing.data_sync_logs as l
    where l.marketing_account_id = p_account_id and l.stream = p_stream
    order by l.id desc
    limit 1;
    if p_replaces then
      if v_last.status = 'failed' and v_last.replaces and (v_last.window_from, v_last.window_to) = (window_from, window_to)
        and coalesce(p_snapshot_at = v_last.snapshot_at, true)
      then
        cursor := v_last.cursor;
        v_snapshot := v_last.snapshot_at;
      end if;
    elsif v_last.status = 'failed' or p_sync_type = 'incremental' then
      select c.cursor into cursor
      from marketing.sync_cursors as c
      where c.marketing_account_id = p_account_id and c.stream = p_stream;
    end if;

    insert into marketing.data_sync_logs as l (
      marketing_account_id, stream, sync_type, window_from, window_to, replaces, snapshot_at, cursor, started_at, heartbeat_at
    )
    values (
      p_account_id, p_stream, p_sync_type, window_from, window_to, coalesce(p_replaces, false), v_snapshot, cursor,
      v_now, v_now
    )
    on conflict (marketing_account_id, stream) where status = 'in_progress' do nothing
    returning l.id, l.token into sync_id, token;
    if sync_id is null then
      select l.id, l.started_at, l.heartbeat_at into v_holder
      from marketing.data_sync_logs as l
      where l.marketing_account_id = p_account_id and l.stream = p_stream and l.status = 'in_progress';
      perform platform.fail('sync_running', jsonb_build_object(
        'account_id', p_account_id, 'stream', p_stream, 'sync_id', v_holder.id, 'started_at', v_holder.started_at,
        'heartbeat_at', v_holder.heartbeat_at
      ));
    end if;
    if p_stream = 'campaign_metrics' then
      perform marketing._cover_months(window_from, least(window_to, marketing._last_day()));
    end if;

    v_answer := jsonb_build_object(
      'sync_id', sync_id, 'token', token, 'window_from', window_from, 'window_to', window_to, 'cursor', cursor
    );
    perform platform.complete_request('marketing.sync_start', p_request_key, v_answer);
  end if;

  sync_id := (v_answer ->> 'sync_id')::bigint;
  token := (v_answer ->> 'token')::uuid;
  window_from := (v_answer ->> 'window_from')::date;
  window_to := (v_answer ->> 'window_to')::date;
  cursor := nullif(v_answer -> 'cursor', 'null');
end;
$$;

comment on function marketing.sync_start(bigint, text, date, date, text, timestamptz, boolean, text) is $$
Begin to synchronise a stream of an account. Commit, then load with marketing.sync_batch and end with marketing.sync_finish or
marketing.sync_fail. Who is silent for half an hour is taken for dead (marketing.reap_syncs).
p_account_id: the account (marketing_accounts.id).
p_sync_type: full or incremental.
p_from, p_to: first and last day that will be read, in the account's calendar; null: those of marketing.next_sync_window, which also says
in what calls.
p_stream: campaign_metrics, conversion_facts or window_metrics.
p_snapshot_at: as of when the platform's figures are; null: now, or as of when the one was that this goes on with. What is there from a
later snapshot is left.
p_replaces: whether it brings all that the platform has of the window: what it does not bring becomes zeros at its end. After one that
failed, with the same window and no other snapshot given, it goes on with that; else its cursor is null and it brings the window from the
beginning.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: one row: sync_id; token, which the other calls take; window_from, window_to; cursor, what the last committed batch said where the
source goes on: of an incremental one always, of a full one when the one before it failed (p_replaces: see there); null: at the beginning.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM031 sync_running (detail: sync_id, started_at, heartbeat_at); of p_request_key MP051 request_key_invalid,
MP052 request_key_reused.
Locks: the account (share).
Source: specification 003, data_sync_logs.
$$;
