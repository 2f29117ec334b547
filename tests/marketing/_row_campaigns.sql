begin;
select plan(18);

select has_function('marketing', '_row_campaigns', array['jsonb', 'bigint']);
select function_returns('marketing', '_row_campaigns', array['jsonb', 'bigint'], 'setof record');
select volatility_is('marketing', '_row_campaigns', array['jsonb', 'bigint'], 'volatile');
select isnt_definer('marketing', '_row_campaigns', array['jsonb', 'bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing._row_campaigns(jsonb, bigint)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._row_campaigns(jsonb, bigint)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._row_campaigns(jsonb, bigint)', 'execute'), 'readers may not');

\ir team.psql

create function pg_temp.found(p_actor bigint, p_rows jsonb, p_account bigint default null) returns text language plpgsql as $$
begin
  perform set_config('moadb.marketing_user', coalesce(p_actor::text, ''), true);
  return (
    select string_agg(concat_ws('/', r.index, coalesce(c.campaign_id, '-'), coalesce(r.account_id::text, '-'), r.currency), ' ' order by r.index)
    from marketing._row_campaigns(p_rows, p_account) as r
    left join marketing.campaigns as c on c.id = r.campaign_id
  );
exception
  when sqlstate 'MM002' or sqlstate 'MM003' or sqlstate 'MM007' then
    return sqlstate;
end;
$$;
select is(
  pg_temp.found(null, '[{"campaign_id": 9001}, {"campaign_id": "9003"}, {"campaign_id": 1}, {"campaign_id": "x"}, {}]'),
  '0/c1/9001/KRW 1/k1/9003/KRW 2/-/- 3/-/- 4/-/-', 'our ids'
);
select is(
  pg_temp.found(9002, '[{"campaign_id": 9001}, {"campaign_id": 9003}]'), '0/c1/9001/KRW 1/-/-', 'somebody else''s is not seen'
);
select is(
  pg_temp.found(9002, '[{"platform": "meta_ads", "account_id": "act_1", "campaign_id": "m1"}, {"platform": "kakao_ads", "account_id": "k1", "campaign_id": "k1"}, {"platform": "meta_ads"}]'),
  '0/m1/9002/USD 1/-/- 2/-/-', 'the platform''s ids'
);
select is(pg_temp.found(9002, '[{"campaign_id": "c1"}, {"campaign_id": "9001"}, {"campaign_id": ""}]', 9001), '0/c1/9001/KRW 1/-/9001/KRW 2/-/9001/KRW', 'one that is made is not seen by the same statement');
select is((select count(*) from marketing.campaigns as c where c.marketing_account_id = 9001), 2::bigint, 'but it is there');
select is(pg_temp.found(9002, '[{"campaign_id": "9001"}]', 9001), '0/9001/9001/KRW', 'and seen by the next');
select pg_temp.found(9002, '[{"campaign_id": "9002"}, {"campaign_id": "9002", "campaign_name": "New"}]', 9001);
select is(
  (select c.campaign_name::text from marketing.campaigns as c where (c.marketing_account_id, c.campaign_id) = (9001, '9002')), 'New',
  'one that is made has the name that a row tells'
);
select is(pg_temp.found(9002, '[]', 9003), 'MM007', 'an account of somebody else');
select is(pg_temp.found(9003, '[{"campaign_id": 9001}]'), 'MM002', 'a viewer does not write');
select is(pg_temp.found(9003, '[{"platform": "meta_ads", "account_id": "act_1", "campaign_id": "m1"}]'), 'MM002', 'by no name');
create function pg_temp.nobody() returns text language sql security definer as $$ select pg_temp.found(null, '[]') $$;
set local role marketing_app;
select is(pg_temp.nobody(), 'MM003', 'nobody acts');

select * from finish();
rollback;
