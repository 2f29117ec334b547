-- requires: procedures/marketing/_lock_sync.sql
-- requires: procedures/marketing/_write_metrics.sql
--
-- The batch, its rows, the cursor and the counts are one transaction: a loader that dies goes on with the batch whose answer it did not
-- get, whether that was committed or not.

create or replace function marketing.sync_batch(
  p_token       uuid,
  p_batch_id    text,
  p_rows        jsonb,
  p_cursor      jsonb default null,
  out inserted  bigint,
  out changed   bigint,
  out unchanged bigint,
  out stale     bigint
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now    timestamptz := platform.now();
  v_sync   marketing.data_sync_logs := marketing._lock_sync(p_token, p_rows => p_rows);
  v_digest bytea := sha256(convert_to(jsonb_build_array(p_rows, p_cursor)::text, 'UTF8'));
  v_answer jsonb;
  v_old    marketing.sync_batches;
begin
  if v_sync.status <> 'in_progress' then
    perform platform.fail('sync_ended', jsonb_build_object(
      'sync_id', v_sync.id, 'status', v_sync.status, 'error_message', v_sync.error_message, 'completed_at', v_sync.completed_at
    ));
  elsif (length(p_batch_id) between 1 and 200) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_batch_id', 'value', p_batch_id, 'problem', 'it is 1 to 200 characters'
    ));
  end if;

  select b.* into v_old from marketing.sync_batches as b where b.sync_id = v_sync.id and b.batch_id = p_batch_id;
  if not found then
    if v_sync.stream = 'campaign_metrics' then
      select to_jsonb(l) into v_answer
      from marketing._write_metrics(p_rows, v_sync.marketing_account_id, v_sync.snapshot_at, true) as l;
    elsif v_sync.stream = 'conversion_facts' then
      select to_jsonb(l) into v_answer
      from marketing.upsert_conversion_facts(p_rows, v_sync.marketing_account_id, v_sync.snapshot_at) as l;
    else
      select to_jsonb(l) into v_answer
      from marketing.upsert_window_metrics(p_rows, v_sync.marketing_account_id, v_sync.snapshot_at) as l;
    end if;

    insert into marketing.sync_batches (sync_id, batch_id, digest, answer, loaded_at)
    values (v_sync.id, p_batch_id, v_digest, v_answer, v_now);
    update marketing.data_sync_logs as l
    set batches = l.batches + 1,
      records_synced = l.records_synced + jsonb_array_length(p_rows),
      records_changed = l.records_changed + (v_answer ->> 'inserted')::bigint + (v_answer ->> 'changed')::bigint,
      records_stale = l.records_stale + (v_answer ->> 'stale')::bigint,
      cursor = coalesce(p_cursor, l.cursor),
      heartbeat_at = v_now
    where l.id = v_sync.id;
    if p_cursor is not null then
      insert into marketing.sync_cursors as c (marketing_account_id, stream, cursor, updated_at)
      values (v_sync.marketing_account_id, v_sync.stream, p_cursor, v_now)
      on conflict (marketing_account_id, stream) do update
      set cursor = excluded.cursor, updated_at = excluded.updated_at;
    end if;
  elsif v_old.digest <> v_digest then
    perform platform.fail('sync_batch_reused', jsonb_build_object(
      'sync_id', v_sync.id, 'batch_id', p_batch_id, 'loaded_at', v_old.loaded_at
    ));
  else
    v_answer := v_old.answer;
  end if;

  inserted := (v_answer ->> 'inserted')::bigint;
  changed := (v_answer ->> 'changed')::bigint;
  unchanged := (v_answer ->> 'unchanged')::bigint;
  stale := (v_answer ->> 'stale')::bigint;
end;
$$;

comment on function marketing.sync_batch(uuid, text, jsonb, jsonb) is $$
Load a batch of a synchronisation. The same batch again, after an answer that got lost, changes nothing and gets the same answer. All rows
or none.
p_token: as marketing.sync_start gave it.
p_batch_id: names the batch within the synchronisation, 1 to 200 characters.
p_rows: as for marketing.upsert_campaign_metrics (or marketing.upsert_conversion_facts, marketing.upsert_window_metrics, by the stream), of
the account; campaign_id is the platform's. Rows are of the synchronisation's snapshot. Platforms that count days otherwise, and sources
that read a day more than they are asked for, bring rows of days outside the window: these are loaded like any others, and never taken back.
p_cursor: where the source goes on after this batch; kept with it. Null: as before.
Returns: one row: how many were inserted, changed, there already, and stale.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM007 ad_account_not_found, MM030 metric_rows_refused, MM032 sync_ended (it is finished, failed or was reaped), MM033 sync_not_found,
MM034 metric_month_archived, MM035 sync_batch_reused when other rows or another cursor were loaded under the name, MM036 metric_repeated,
MM073 days_archived, MM094 budget_isolation_level; of the other streams MM050 fact_rows_refused. 22P05 untranslatable_character comes from
jsonb itself: the character \u0000.
Locks: the account (share; alone, if it brings new campaigns), the synchronisation, so that its batches come one after the other; then as
marketing.upsert_campaign_metrics.
Source: research 4.2 #8.
$$;
