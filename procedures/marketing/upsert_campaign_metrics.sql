-- requires: procedures/marketing/_write_metrics.sql

create or replace function marketing.upsert_campaign_metrics(
  p_rows        jsonb,
  p_account_id  bigint default null,
  p_snapshot_at timestamptz default null,
  p_request_key text default null,
  out inserted  bigint,
  out changed   bigint,
  out unchanged bigint,
  out stale     bigint
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
as $$
declare
  v_answer jsonb;
begin
  if p_request_key is not null then
    v_answer := platform.claim_request('marketing.upsert_campaign_metrics', p_request_key, jsonb_build_object(
      'user', marketing._acting_user(), 'rows', p_rows, 'account_id', p_account_id, 'snapshot_at', p_snapshot_at
    ));
  end if;

  if v_answer is null then
    select l.inserted, l.changed, l.unchanged, l.stale into inserted, changed, unchanged, stale
    from marketing._write_metrics(p_rows, p_account_id, p_snapshot_at, false) as l;
    perform platform.complete_request('marketing.upsert_campaign_metrics', p_request_key, jsonb_build_object(
      'inserted', inserted, 'changed', changed, 'unchanged', unchanged, 'stale', stale
    ));
  else
    inserted := (v_answer ->> 'inserted')::bigint;
    changed := (v_answer ->> 'changed')::bigint;
    unchanged := (v_answer ->> 'unchanged')::bigint;
    stale := (v_answer ->> 'stale')::bigint;
  end if;
end;
$$;

comment on function marketing.upsert_campaign_metrics(jsonb, bigint, timestamptz, text) is $$
Write what campaigns did on days, or in hours of them, as their platforms tell now: rows that are new are inserted, those that differ are
changed and kept as versions, and what a newer snapshot has told already is left. Ratios, roll-ups and budgets follow in the same
transaction. All rows or none.
p_rows: an array of objects with
  "campaign_id": our id; the platform's where "platform" and "account_id" stand beside it, or p_account_id is given; the platform's ones that
    are not known yet become campaigns, with "campaign_name" (255 characters of it) for a name;
  "date": the day in the account's calendar, as "2026-11-21", from 2000 to tomorrow; "hour": 0 to 23, null or missing for the whole day;
  "impressions", "clicks", "likes", "shares", "comments", "saves": whole numbers of at most 15 digits; a day with impressions has no
    more clicks than these;
  "cost" in the account's currency, or "cost_micros", whole millionths of it; "conversions"; "revenue"; all rounded to six decimals, below
    zero for revenue alone, and none nearer to 0 than a millionth;
  "currency": where it is given, the account's;
  "snapshot_at": as of when the row is, with its offset; of several rows for the same campaign, day and hour the newest counts.
  A row is written whole: what is missing is 0. Ratios (ctr, cpc, …) are computed and may be left out; other names are refused. Numbers
  may be strings of digits with a point ("12.50"); what some versions of PostgreSQL read besides (0x1f, 1_000) is refused by all.
p_account_id: the ad account that all rows are of (marketing_accounts.id); null: they say so, or have our ids.
p_snapshot_at: as of when rows are that do not say so; null: now.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: one row: how many were inserted, changed, there already, and stale (older than what was there: not applied).
Errors: MM002 not_permitted (user is needed in a workspace that has the account connected), MM003 acting_user_required,
MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM007 ad_account_not_found, MM030 metric_rows_refused (detail: rows, the
first 20 problems: index from 0, column, value, reason), MM034 metric_month_archived, MM036 metric_repeated,
MM073 days_archived (their daily sums are), MM094 budget_isolation_level (not under REPEATABLE READ or SERIALIZABLE); of p_request_key MP051
request_key_invalid, MP052 request_key_reused.
Text with the character \u0000 is no jsonb: PostgreSQL refuses it (22P05 untranslatable_character) before this function is called.
Locks: the accounts (share; alone, if there are new campaigns), the campaigns, ascending, until the transaction ends; then facts, roll-ups,
workspaces, budgets. What has an account alone (connecting, disconnecting, new campaigns, the end of a synchronisation that replaces) goes
before loads of it in a transaction: two that do it the other way around deadlock, and one of them is to be repeated.
Source: specification 003, campaign_metrics.
$$;
