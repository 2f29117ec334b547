begin;
select plan(58);

select has_function('marketing', '_refuse_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean']);
select function_returns('marketing', '_refuse_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean'], 'void');
select volatility_is('marketing', '_refuse_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean'], 'stable');
select isnt_definer('marketing', '_refuse_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

create function public.problems(p_row jsonb, p_account_id bigint default null) returns jsonb language plpgsql as $$
declare
  v_detail jsonb;
begin
  perform marketing.upsert_campaign_metrics(jsonb_build_array(p_row), p_account_id);
  return '"accepted"';
exception
  when sqlstate 'MM030' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return (select jsonb_agg(r.problem ->> 'column') from jsonb_array_elements(v_detail -> 'rows') as r (problem));
end;
$$;
create function public.is_refused(p_column text, p_change jsonb) returns text language sql as $$
  select is(
    public.problems('{"campaign_id": 1001, "date": "2026-11-05", "impressions": 5}' || p_change),
    case when p_column is null then '"accepted"' else jsonb_build_array(p_column) end,
    coalesce(p_column, 'accepted') || ': ' || p_change
  );
$$;

select is(public.problems('3'), '[null]', 'no object');
select public.is_refused('campaign_id', '{"campaign_id": 7}');
select public.is_refused('campaign_id', '{"campaign_id": "c1"}');
select public.is_refused('date', '{"date": "05.11.2026"}');
select public.is_refused('date', '{"date": "2026-02-30"}');
select public.is_refused('date', '{"date": "2926-01-01"}');
select public.is_refused('date', jsonb_build_object('date', marketing._last_day() + 1));
select public.is_refused(null, jsonb_build_object('date', marketing._last_day()));
select public.is_refused('date', '{"date": null}');
select public.is_refused('date', '{"date": "infinity"}');
select public.is_refused('date', '{"date": "1999-12-31"}');
select public.is_refused('hour', '{"hour": 99}');
select public.is_refused('hour', '{"hour": 1.5}');
select public.is_refused('impressions', '{"impressions": -5}');
select public.is_refused('impressions', '{"impressions": 1e30}');
select public.is_refused('clicks', '{"clicks": "many"}');
select public.is_refused('clicks', '{"clicks": 6}');
select public.is_refused(null, '{"clicks": 6, "hour": 3}');
select public.is_refused(null, '{"clicks": 6, "impressions": 0}');
select public.is_refused('cost', '{"cost": -1}');
select public.is_refused('cost', '{"cost": "NaN"}');
select public.is_refused('cost', '{"cost": 1e15}');
select public.is_refused('cost', '{"cost": 1, "cost_micros": 1}');
select public.is_refused('cost_micros', '{"cost_micros": 0.5}');
select public.is_refused('cost_micros', '{"cost_micros": -1}');
select public.is_refused('conversions', '{"conversions": -0.5}');
select public.is_refused('revenue', '{"revenue": "Infinity"}');
select public.is_refused(null, '{"revenue": -10}');
select public.is_refused('saves', '{"saves": true}');
select public.is_refused('impressions', '{"impressions": "0x10"}');
select public.is_refused('impressions', '{"impressions": "1_000"}');
select public.is_refused('impressions', '{"impressions": " 12 "}');
select public.is_refused('hour', '{"hour": "0x5"}');
select public.is_refused('cost', '{"cost": "1_000"}');
select public.is_refused('cost', '{"cost": "0x1f"}');
select public.is_refused('cost', '{"cost": " 12"}');
select public.is_refused('cost', '{"cost": ".5"}');
select public.is_refused('cost_micros', '{"cost_micros": "0b11"}');
select public.is_refused('cost', '{"cost": 1e-7}');
select public.is_refused('conversions', '{"conversions": 0.0000009}');
select public.is_refused('revenue', '{"revenue": "-0.0000001"}');
select public.is_refused(null, '{"cost": 0.000001, "revenue": "-0.000001", "conversions": "0.0000000"}');
select public.is_refused(null, '{"cost": "1.429999948", "conversions": 0.30000000000000004, "revenue": 99999999999999.999999}');
select public.is_refused('cost', '{"cost": "100000000000000"}');
select public.is_refused('currency', '{"currency": "USD"}');
select public.is_refused(null, '{"currency": "KRW"}');
select public.is_refused('snapshot_at', '{"snapshot_at": "2026-11-05 10:00"}');
select public.is_refused('snapshot_at', '{"snapshot_at": "2999-01-01T00:00:00Z"}');
select public.is_refused('impresions', '{"impresions": 3}');
select public.is_refused(null, '{"ctr": 3, "roas": "x"}');
select public.is_refused('platform', '{"platform": "google_ads"}');
select public.is_refused('account_id', '{"platform": "google_ads", "account_id": "999"}');
select is(public.problems('{"campaign_id": "c1", "date": "2026-11-05", "platform": "meta_ads", "account_id": "act_9"}', 101), '["account_id"]', 'another account');
select is(
  (
    select jsonb_array_length(public.problems(jsonb_object_agg('x' || n, 1) || '{"campaign_id": 1001, "date": "2026-11-05"}'))
    from generate_series(1, 30) as n
  ),
  20,
  'no more than twenty are listed'
);

select * from finish();
rollback;
