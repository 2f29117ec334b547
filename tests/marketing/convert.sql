begin;
select plan(27);

select has_function('marketing', 'convert', array['numeric', 'text', 'text', 'date', 'integer']);
select function_returns('marketing', 'convert', array['numeric', 'text', 'text', 'date', 'integer'], 'numeric');
select volatility_is('marketing', 'convert', array['numeric', 'text', 'text', 'date', 'integer'], 'stable');
select is_definer('marketing', 'convert', array['numeric', 'text', 'text', 'date', 'integer']);
select ok(has_function_privilege('marketing_app', 'marketing.convert(numeric, text, text, date, integer)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.convert(numeric, text, text, date, integer)', 'execute'), 'operators may');

insert into marketing.fx_rates (base, quote, date, rate)
values ('USD', 'KRW', '2026-03-06', 1385.5), ('EUR', 'USD', '2026-03-06', 1.08);

-- T7: won and dollars, weekends, what is missing and what is too old
select is(marketing.convert(10.25, 'USD', 'KRW', '2026-03-06'), 14201.375, 'dollars in won: decimals stay until they are shown');
select is(marketing.convert(1385500, 'KRW', 'USD', '2026-03-06'), 1000.000000, 'won in dollars, by the inverse');
select is(marketing.convert(100, 'EUR', 'KRW', '2026-03-06'), 149634.000000, 'euros in won, through dollars');
select is(marketing.convert(1, 'USD', 'KRW', '2026-03-08'), 1385.5, 'on a Sunday by the rate of Friday');
select is(marketing.convert(1, 'USD', 'KRW', '2026-03-13'), 1385.5, 'a week later');
select is(marketing.convert(null, 'USD', 'KRW', '2026-03-06'), null, 'of nothing known, nothing known');
select is(marketing.convert(0.1234567, 'KRW', 'KRW', '1999-01-01'), 0.123457, 'the same currency needs no rate');
select is(marketing.convert(123456789012.34, 'KRW', 'USD', '2026-03-06'), round(123456789012.34 / 1385.5, 6), 'large amounts are exact to the sixth decimal');
select throws_ok($$ select marketing.convert(1, 'USD', 'KRW', '2026-03-14') $$, 'MM071', 'the last rate from USD to KRW before 2026-03-14 is of 2026-03-06, 8 days old: at most 7 are accepted', 'too old');
select is(marketing.convert(1, 'USD', 'KRW', '2026-03-14', 8), 1385.5, 'unless that is accepted');
select throws_ok($$ select marketing.convert(1, 'USD', 'KRW', '2026-03-05') $$, 'MM070', 'there is no rate from USD to KRW', 'none before');
select throws_ok($$ select marketing.convert(1, 'JPY', 'KRW', '2026-03-06') $$, 'MM070', 'there is no rate from JPY to KRW', 'none at all');
select throws_ok($$ select marketing.convert(1, null, 'KRW', '2026-03-06') $$, 'MM004', 'p_from is null', 'from what');
select throws_ok($$ select marketing.convert(1, 'KRW', null, '2026-03-06') $$, 'MM004', 'p_to is null', 'into what');
select throws_ok($$ select marketing.convert(1, 'KRW', 'USD', null) $$, 'MM004', 'p_date is null', 'when');
select throws_ok($$ select marketing.convert(1, 'KRW', 'USD', '2026-03-06', null) $$, 'MM004', 'p_max_age is null', 'how old');
select throws_ok($$ select marketing.convert(1, 'krw', 'USD', '2026-03-06') $$, 'MM005', 'p_from krw is not accepted: it is a currency of platform.currencies', 'a currency');
select throws_ok($$ select marketing.convert(1, 'KRW', 'XXX', '2026-03-06') $$, 'MM005', null, 'that there is');
select throws_ok($$ select marketing.convert(1, 'KRW', 'USD', 'infinity') $$, 'MM005', null, 'a day');
select throws_ok($$ select marketing.convert(1, 'KRW', 'USD', '2026-03-06', -1) $$, 'MM005', null, 'a number of days');

set local role marketing_app;
select is(marketing.convert(2, 'USD', 'KRW', '2026-03-06'), 2771::numeric, 'for an application, too');
reset role;

select * from finish();
rollback;
