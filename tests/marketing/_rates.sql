begin;
select plan(18);

select has_function('marketing', '_rates', array['text[]', 'text', 'date', 'date', 'integer']);
select function_returns('marketing', '_rates', array['text[]', 'text', 'date', 'date', 'integer'], 'setof record');
select volatility_is('marketing', '_rates', array['text[]', 'text', 'date', 'date', 'integer'], 'stable');
select isnt_definer('marketing', '_rates', array['text[]', 'text', 'date', 'date', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing._rates(text[], text, date, date, integer)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._rates(text[], text, date, date, integer)', 'execute'), 'operators may not');

insert into marketing.fx_rates (base, quote, date, rate)
values
  ('USD', 'KRW', '2026-03-06', 1400), ('USD', 'KRW', '2026-03-10', 1390.5),
  ('KRW', 'USD', '2026-03-08', 0.0007),
  ('EUR', 'USD', '2026-03-06', 1.1), ('EUR', 'JPY', '2026-03-06', 160), ('JPY', 'KRW', '2026-03-06', 9.1);

create function pg_temp.rates(p_from text, p_to text, p_first date, p_last date, p_age integer default 3) returns text[] language sql as $$
  select array_agg(coalesce(trim_scale(r.rate)::text, '-') order by r.date)
  from marketing._rates(array[p_from], p_to, p_first, p_last, p_age) as r
$$;

select is(pg_temp.rates('KRW', 'KRW', '2026-03-01', '2026-03-02'), '{1,1}', 'a currency is itself, always');
select is(
  pg_temp.rates('USD', 'KRW', '2026-03-05', '2026-03-14'),
  array['-', '1400', '1400', (select trim_scale(round(1.000000000000000000000000000000 / 0.0007, 30))::text),
    (select trim_scale(round(1.000000000000000000000000000000 / 0.0007, 30))::text), '1390.5', '1390.5', '1390.5', '1390.5', '-'],
  'the day''s, else the last before it that is not too old, whichever way round is newer'
);
select is(pg_temp.rates('USD', 'KRW', '2026-03-09', '2026-03-09', 0), '{-}', 'no age at all');
select is(pg_temp.rates('KRW', 'USD', '2026-03-06', '2026-03-07'), array_fill(trim_scale(round(1.000000000000000000000000000000 / 1400, 30))::text, array[2]), 'the inverse is divided once');
select is(round(1400 * (select r.rate from marketing._rates('{KRW}', 'USD', '2026-03-06', '2026-03-06', 3) as r), 6), 1.000000, 'and comes back to the sixth decimal');
select is(
  (select array[r.rate, (r.rate_date - date '2026-03-01')::numeric] from marketing._rates('{EUR}', 'KRW', '2026-03-07', '2026-03-07', 3) as r),
  array[160 * 9.1, 5], 'through a third currency: of two that are as new the first by name, exact'
);
insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'EUR', '2026-03-07', 0.9);
select is(
  (select round(r.rate, 20) from marketing._rates('{EUR}', 'KRW', '2026-03-07', '2026-03-07', 3) as r), round(160 * 9.1, 20),
  'the older leg tells how new it is'
);
insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-03-07', 1395);
select is(
  (select round(r.rate, 20) from marketing._rates('{EUR}', 'KRW', '2026-03-07', '2026-03-07', 3) as r), round(1395 / 0.9, 20),
  'the newer way'
);
select is((select count(*) from marketing._rates('{USD,USD,EUR}', 'KRW', '2026-03-07', '2026-03-08', 3)), 4::bigint, 'one row per currency and day');
select is((select count(*) from marketing._rates(null, 'KRW', '2026-03-07', '2026-03-08', 3)), 0::bigint, 'of none, none');
insert into marketing.fx_rates (base, quote, date, rate) values ('KWD', 'EUR', '2026-03-06', 3);
select is(pg_temp.rates('KWD', 'KRW', '2026-03-06', '2026-03-06'), '{-}', 'a way of three legs is no way');
insert into marketing.fx_rates (base, quote, date, rate) values ('EUR', 'KRW', '2026-03-04', 1500);
select is(pg_temp.rates('EUR', 'KRW', '2026-03-07', '2026-03-07'), '{1500}', 'its own rate comes before a newer crossed one');

select * from finish();
rollback;
