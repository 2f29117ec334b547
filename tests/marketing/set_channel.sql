begin;
select plan(17);

select has_function('marketing', 'set_channel', array['bigint', 'text']);
select function_returns('marketing', 'set_channel', array['bigint', 'text'], 'void');
select volatility_is('marketing', 'set_channel', array['bigint', 'text'], 'volatile');
select is_definer('marketing', 'set_channel', array['bigint', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.set_channel(bigint, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.set_channel(bigint, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.set_channel(bigint, text)', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
insert into marketing.campaign_monthly (campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 1, 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
select marketing._refresh_channels('{9001}', '2026-11-01', '2026-11-01');
create function pg_temp.spent() returns text language sql as $$
  select string_agg(h.name || ' ' || trunc(p.total_spend), ', ')
  from marketing.channel_performance as p join marketing.channels as h on h.id = p.channel_id
$$;
select is(pg_temp.spent(), 'google_search 1000', 'before');
select pg_temp.act_as(9002);
select marketing.set_channel(9001, 'youtube');
reset role;
select is(pg_temp.spent(), 'youtube 1000', 'figures of the past move');
select marketing._apply_channel_rules('google_ads');
select is(pg_temp.spent(), 'youtube 1000', 'rules leave alone what somebody set');
select pg_temp.act_as(9002);
select marketing.set_channel(9001);
reset role;
select is(pg_temp.spent(), 'google_search 1000', 'the rules say it again');
select pg_temp.act_as(9002);
select throws_ok($$ select marketing.set_channel(9001, 'radio') $$, 'MM015', 'there is no channel radio', 'no channel');
select throws_ok($$ select marketing.set_channel(9001, 'facebook') $$, 'MM016', 'campaigns of google_ads cannot be in channel facebook: it is of meta', 'one of another platform');
select throws_ok($$ select marketing.set_channel(9003, 'kakao') $$, 'MM008', null, 'another''s campaign');
select marketing.act_as(9003);
select throws_ok($$ select marketing.set_channel(9001, 'youtube') $$, 'MM002', null, 'a viewer writes nothing');
select marketing.act_as(null);
select throws_ok($$ select marketing.set_channel(9001, 'youtube') $$, 'MM003', null, 'nor does nobody');
reset role;
select marketing.define_channel('youtube', 'google', 'YouTube', null, false);
select throws_ok($$ select marketing.set_channel(9001, 'youtube') $$, 'MM016', null, 'one that is not in use');

select * from finish();
rollback;
