-- requires: procedures/marketing/_lock_account.sql
--
-- A column that a row does not name stays as it is; null empties it. Rows that say what is known already are not written.

create or replace function marketing.upsert_campaigns(
  p_account_id bigint,
  p_rows jsonb,
  p_is_complete boolean default false,
  p_request_key text default null
)
  returns table (inserted bigint, changed bigint, unchanged bigint, deleted bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_answer     jsonb;
  v_names      text[];
  v_before     jsonb;
  v_moved      bigint[];
  v_problem    text;
  v_constraint text;
begin
  perform marketing._require_account(p_account_id, 'user');
  v_answer := platform.claim_request('marketing.upsert_campaigns', p_request_key, jsonb_build_object(
    'account', p_account_id, 'rows', p_rows, 'is_complete', p_is_complete
  ));
  if v_answer is null then
    perform marketing._check_campaign_rows(p_rows);

    v_names := array(select e.value ->> 'campaign_id' from jsonb_array_elements(p_rows) as e);
    perform marketing._lock_account(p_account_id, v_names);
    perform marketing._adopt_campaigns(p_account_id, p_rows);
    perform
    from marketing.campaigns as c
    where c.marketing_account_id = p_account_id and (p_is_complete or c.campaign_id = any (v_names))
    order by c.id
    for no key update;
    select coalesce(jsonb_object_agg(c.id, c.channel_id), '{}') into v_before
    from marketing.campaigns as c
    where c.marketing_account_id = p_account_id and c.campaign_id = any (v_names);

    begin
      with given as (
        select e.value as fields, e.value ->> 'campaign_id' as campaign_id,
          coalesce((e.value ->> 'deleted')::boolean, lower(e.value ->> 'status') in ('removed', 'deleted'), false) as is_deleted
        from jsonb_array_elements(p_rows) as e
      ), told as (
        select a.id as account_id, a.platform, g.campaign_id, c.id as known_id, c.channel_id, coalesce(c.channel_is_set, false) as is_set,
          coalesce(nullif(g.fields ->> 'campaign_name', ''), c.campaign_name, g.campaign_id) as campaign_name,
          coalesce(marketing._campaign_status(g.fields ->> 'status'), c.status, 'active') as status,
          case when g.fields ? 'objective' then g.fields ->> 'objective' else c.objective end as objective,
          case when g.fields ? 'network' then g.fields ->> 'network' else c.network end as network,
          case when g.fields ? 'daily_budget' then (g.fields ->> 'daily_budget')::numeric else c.daily_budget end as daily_budget,
          case when g.fields ? 'total_budget' then (g.fields ->> 'total_budget')::numeric else c.total_budget end as total_budget,
          case when g.fields ? 'start_date' then (g.fields ->> 'start_date')::date else c.start_date end as start_date,
          case when g.fields ? 'end_date' then (g.fields ->> 'end_date')::date else c.end_date end as end_date,
          case when g.is_deleted then coalesce(c.deleted_at, platform.now()) end as deleted_at
        from given as g
        join marketing.marketing_accounts as a on a.id = p_account_id
        left join marketing.campaigns as c on c.marketing_account_id = a.id and c.campaign_id = g.campaign_id
      ), written as (
        insert into marketing.campaigns as c (
          marketing_account_id, campaign_id, campaign_name, platform, channel_id, status, objective, network, daily_budget, total_budget,
          start_date, end_date, deleted_at, created_at, updated_at
        )
        select t.account_id, t.campaign_id, t.campaign_name, t.platform,
          case
            when t.channel_id is null and not t.is_set
              then marketing._channel_of(t.platform, t.campaign_name, t.objective, t.network)
            else t.channel_id
          end,
          t.status, t.objective, t.network, t.daily_budget, t.total_budget, t.start_date, t.end_date, t.deleted_at, platform.now(),
          platform.now()
        from told as t
        order by t.known_id, t.campaign_id
        on conflict on constraint campaigns_campaign_key do update
        set campaign_name = excluded.campaign_name, channel_id = excluded.channel_id, status = excluded.status,
          objective = excluded.objective, network = excluded.network, daily_budget = excluded.daily_budget,
          total_budget = excluded.total_budget, start_date = excluded.start_date, end_date = excluded.end_date,
          deleted_at = excluded.deleted_at
        where (
          c.campaign_name, c.channel_id, c.status, c.objective, c.network, c.daily_budget, c.total_budget, c.start_date, c.end_date,
          c.deleted_at
        ) is distinct from (
          excluded.campaign_name, excluded.channel_id, excluded.status, excluded.objective, excluded.network, excluded.daily_budget,
          excluded.total_budget, excluded.start_date, excluded.end_date, excluded.deleted_at
        )
        returning c.id, not v_before ? c.id::text as is_new
      ), gone as (
        update marketing.campaigns as c
        set deleted_at = platform.now(), status = 'ended'
        where p_is_complete
          and c.marketing_account_id = p_account_id
          and c.deleted_at is null
          and not exists (select from given as g where g.campaign_id = c.campaign_id)
          and not (c.is_named and exists (select from given as g where g.fields ->> 'campaign_name' = c.campaign_id))
        returning c.id
      )
      select jsonb_build_object(
        'inserted', count(*) filter (where w.is_new),
        'changed', count(*) filter (where not w.is_new),
        'unchanged', jsonb_array_length(p_rows) - count(*),
        'deleted', (select count(*) from gone)
      )
      into v_answer
      from written as w;
    exception
      when check_violation then
        get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
        perform marketing._refuse_terms(v_problem, v_constraint);
    end;

    select coalesce(array_agg(c.id), '{}') into v_moved
    from marketing.campaigns as c
    where c.marketing_account_id = p_account_id
      and v_before ? c.id::text
      and c.channel_id is distinct from (v_before ->> c.id::text)::bigint;
    if v_moved <> '{}' then
      perform marketing._refigure(
        array(
          select n.workspace_id
          from marketing.account_connections as n
          where n.marketing_account_id = p_account_id and n.disconnected_at is null
        ),
        v_moved
      );
    end if;
    perform platform.complete_request('marketing.upsert_campaigns', p_request_key, v_answer);
  end if;

  return query
  select a.inserted, a.changed, a.unchanged, a.deleted
  from jsonb_to_record(v_answer) as a (inserted bigint, changed bigint, unchanged bigint, deleted bigint);
end;
$$;

comment on function marketing.upsert_campaigns(bigint, jsonb, boolean, text) is $$
Store what a platform says of its campaigns: all rows, or none. What a campaign was stays in campaign_versions. One that has no channel as
yet gets what the rules say; figures of the past move with it.
p_account_id: the account (marketing_accounts.id).
p_rows: a JSON array of objects: campaign_id (the platform's; needed), campaign_name, status (active, paused, ended, or the platform's
word), objective, network, daily_budget, total_budget (in the account's currency), start_date, end_date (YYYY-MM-DD), deleted (true: the
platform has deleted it). What is left out stays as it is; null empties it. A campaign that is deleted at its source keeps its figures.
One that an export without ids has brought, and whose name one new id has and no other campaign, gets that id.
p_is_complete: whether these are all that the platform has: others are deleted there, but for those that are known by the name of one.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: one row: campaigns inserted, changed, unchanged, and found deleted because they are missing.
Errors: MM002 not_permitted, MM003 acting_user_required, MM007 ad_account_not_found, MM012 marketing_terms_invalid (detail: problem,
constraint), MM019 campaign_rows_invalid (detail: rows, bad),
MM094 budget_isolation_level; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the account, as marketing._lock_account; those campaigns, or all of it when they are complete, by ascending id; then, where a
channel changes, the workspaces that have the account, and their figures. New campaigns go before loads of the account in a transaction: the
other way around two of them deadlock.
$$;
