-- One call after the other: each writes its rows in one order and takes others away in another. Who reads rates does not wait.
-- All workspaces are locked, not only those that a rate concerns: one that an account is being connected to would not be seen, and its
-- loads would have read the rates as they were. A rate reaches as many days ahead as the oldest rate that a workspace accepts.

create or replace function marketing.set_rates(p_rows jsonb, p_request_key text default null)
  returns jsonb
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_answer     jsonb;
  v_bad        jsonb;
  v_currencies text[];
  v_changed    bigint;
  v_from       date;
  v_to         date;
  v_workspaces bigint[];
begin
  if p_rows is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_rows'));
  elsif jsonb_typeof(p_rows) <> 'array' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_rows', 'value', left(p_rows::text, 60), 'problem', 'it is an array of rows'
    ));
  end if;
  v_answer := platform.claim_request('marketing.set_rates', p_request_key, p_rows);
  if v_answer is not null then
    return v_answer;
  end if;

  select jsonb_agg(b.row order by b.index) into v_bad
  from (
    select r.index, jsonb_build_object('index', r.index, 'problem', r.problem, 'row', r.given) as row
    from marketing._read_rates(p_rows) as r
    where r.problem is not null
    order by r.index
    limit 20
  ) as b;
  if v_bad is not null then
    perform platform.fail('rates_invalid', jsonb_build_object('rows', v_bad));
  end if;

  lock table marketing.fx_rates in share row exclusive mode;
  with given as materialized (
    select r.base, r.quote, r.date, r.rate, r.source
    from marketing._read_rates(p_rows) as r
  ), removed as (
    delete from marketing.fx_rates as t
    using given as g
    where g.rate is null and t.base = g.base and t.quote = g.quote and t.date = g.date
    returning t.base, t.quote, t.date
  ), written as (
    insert into marketing.fx_rates as t (base, quote, date, rate, source, updated_at)
    select g.base, g.quote, g.date, g.rate, g.source, platform.now()
    from given as g
    where g.rate is not null
    order by g.base, g.quote, g.date
    on conflict (base, quote, date) do update
    set rate = excluded.rate, source = excluded.source, updated_at = excluded.updated_at
    where (t.rate, t.source) is distinct from (excluded.rate, excluded.source)
    returning t.base, t.quote, t.date
  ), changed as (
    select r.base, r.quote, r.date from removed as r
    union all
    select w.base, w.quote, w.date from written as w
  )
  select
    (select count(*) from changed), (select min(c.date) from changed as c), (select max(c.date) from changed as c),
    array(select c.base from changed as c union select c.quote from changed as c)
  into v_changed, v_from, v_to, v_currencies;

  if v_changed > 0 then
    perform from marketing.workspaces as w order by w.id for no key update;
    select array_agg(w.id), v_to + coalesce(max(w.rate_max_age), 0)
    into v_workspaces, v_to
    from marketing.workspaces as w
    where w.report_currency = any (v_currencies)
      or exists (
        select
        from marketing.account_connections as n
        join marketing.marketing_accounts as a on a.id = n.marketing_account_id
        where n.workspace_id = w.id and n.disconnected_at is null and a.currency = any (v_currencies)
      )
      or exists (select from marketing.budgets as b where b.workspace_id = w.id and b.currency = any (v_currencies));
    perform marketing._refresh_channels(v_workspaces, v_from, v_to);
    perform marketing._follow_spend(v_workspaces, v_from, v_to);
  end if;

  v_answer := jsonb_build_object('rows', jsonb_array_length(p_rows), 'changed', v_changed);
  perform platform.complete_request('marketing.set_rates', p_request_key, v_answer);
  return v_answer;
end;
$$;

comment on function marketing.set_rates(jsonb, text) is $$
Set or correct rates, and compute anew what depended on them: channel_performance and the spend of budgets. All rows are taken or none.
p_rows: array of {"base": "USD", "quote": "KRW", "date": "2026-03-02", "rate": "1385.5", "source": "…"}: one unit of base costs rate
units of quote, a billionth to a billion, with up to 18 decimals; give rates as text when the program's numbers are floating. "rate": null
takes the rate away. One direction of a pair suffices: the inverse is computed, and what has no rate of its own goes through a third
currency.
p_request_key: the same key gives the same answer; null: none.
Returns: {"rows", "changed"}: how many were given, and how many were new, other than before, or taken away.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM072 rates_invalid (detail rows: up to 20 of index,
problem, row), MM094 budget_isolation_level; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the table of rates against other writers; when one changed all workspaces, ascending.
$$;
