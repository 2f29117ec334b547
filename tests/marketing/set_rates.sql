begin;
select plan(29);

select has_function('marketing', 'set_rates', array['jsonb', 'text']);
select function_returns('marketing', 'set_rates', array['jsonb', 'text'], 'jsonb');
select volatility_is('marketing', 'set_rates', array['jsonb', 'text'], 'volatile');
select is_definer('marketing', 'set_rates', array['jsonb', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing.set_rates(jsonb, text)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.set_rates(jsonb, text)', 'execute'), 'operators may');

\ir figures.psql
select pg_temp.fact(21, '2026-03-06', null, 500, 5, 10.5, 1, 20), pg_temp.fact(21, '2026-03-09', null, 500, 5, 2, 1, 20), pg_temp.fact(11, '2026-03-09');

create function pg_temp.spend() returns text language sql as $$
  select string_agg(concat_ws(' ', p.workspace_id, p.date, trim_scale(p.total_spend), p.missing_rates), ', ' order by p.workspace_id, p.date)
  from marketing.channel_performance as p
  where p.channel_id = pg_temp.channel('facebook')
$$;
select is(pg_temp.spend(), '1 2026-03-06 {USD/KRW}, 1 2026-03-09 {USD/KRW}, 2 2026-03-06 10.5 {}, 2 2026-03-09 2 {}', 'before there are rates');

-- T7: a rate that is missing comes, is corrected, is crossed, is taken away
select is(marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": "1400", "source": "bank"}]'), '{"rows": 1, "changed": 1}', 'a rate');
select is(pg_temp.spend(), '1 2026-03-06 14700 {}, 1 2026-03-09 2800 {}, 2 2026-03-06 10.5 {}, 2 2026-03-09 2 {}', 'what depended on it is computed, days after it, too');
select is(marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": 1400.0, "source": "bank"}]'), '{"rows": 1, "changed": 0}', 'the same again changes nothing');
select is(marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": 1410}]'), '{"rows": 1, "changed": 1}', 'a correction');
select is(pg_temp.spend(), '1 2026-03-06 14805 {}, 1 2026-03-09 2820 {}, 2 2026-03-06 10.5 {}, 2 2026-03-09 2 {}', 'is followed');
select is(marketing.set_rates('[{"base": "KRW", "quote": "USD", "date": "2026-03-07", "rate": "0.0005"}]'), '{"rows": 1, "changed": 1}', 'the inverse, newer');
select is(pg_temp.spend(), '1 2026-03-06 14805 {}, 1 2026-03-09 4000 {}, 2 2026-03-06 10.5 {}, 2 2026-03-09 2 {}', 'counts from its day');
select is(
  marketing.set_rates('[{"base": "KRW", "quote": "USD", "date": "2026-03-07", "rate": null}, {"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": null}, {"base": "USD", "quote": "KRW", "date": "2020-01-01", "rate": null}]'),
  '{"rows": 3, "changed": 2}', 'both are taken away, with one that there is not'
);
select is(pg_temp.spend(), '1 2026-03-06 {USD/KRW}, 1 2026-03-09 {USD/KRW}, 2 2026-03-06 10.5 {}, 2 2026-03-09 2 {}', 'nothing is known again');
select is(
  marketing.set_rates('[{"base": "EUR", "quote": "USD", "date": "2026-03-05", "rate": 1.25}, {"base": "EUR", "quote": "KRW", "date": "2026-03-05", "rate": 1500}]', 'key'),
  '{"rows": 2, "changed": 2}', 'both through a third currency'
);
select is(pg_temp.spend(), '1 2026-03-06 12600 {}, 1 2026-03-09 2400 {}, 2 2026-03-06 10.5 {}, 2 2026-03-09 2 {}', 'suffice');
select is(pg_temp.broken(), null, 'as the invariants say');
select is(
  marketing.set_rates('[{"base": "EUR", "quote": "USD", "date": "2026-03-05", "rate": 1.25}, {"base": "EUR", "quote": "KRW", "date": "2026-03-05", "rate": 1500}]', 'key'),
  '{"rows": 2, "changed": 2}', 'the same key, the same answer'
);
select throws_ok($$ select marketing.set_rates('[]', 'key') $$, 'MP052', null, 'not for another request');
select is(marketing.set_rates('[]'), '{"rows": 0, "changed": 0}', 'no rates');
insert into marketing.budgets (workspace_id, name, currency, total_amount, period_type, start_date, end_date, created_at)
values (2, 'Yen', 'JPY', 100000, 'monthly', '2026-03-01', '2026-03-31', now());
select marketing.set_rates('[{"base": "USD", "quote": "JPY", "date": "2026-03-03", "rate": 150}]');
select is((select trim_scale(b.spent_amount) from marketing.budgets as b), (10.5 + 2) * 150, 'budgets follow, in their own currency');

select throws_ok($$ select marketing.set_rates(null) $$, 'MM004', 'p_rows is null', 'nothing');
select throws_ok($$ select marketing.set_rates('{}') $$, 'MM005', null, 'no list');
select throws_ok(
  $$ select marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": 1400}, {"base": "USD", "quote": "USD", "date": "2026-03-06", "rate": 1}]') $$,
  'MM072', 'some of the rates cannot be taken, so none was', 'one that cannot be'
);
select is((select count(*) from marketing.fx_rates as r where r.base = 'USD' and r.quote = 'KRW'), 0::bigint, 'none was taken');
set local role marketing_app;
select throws_ok($$ select marketing.set_rates('[]') $$, '42501', null, 'applications set no rates');
set local role marketing_admin;
select is(marketing.set_rates('[{"base": "USD", "quote": "KRW", "date": "2026-03-06", "rate": 1400}]'), '{"rows": 1, "changed": 1}', 'operators do');
reset role;

select * from finish();
rollback;
