begin;
select plan(10);

select has_function('marketing', '_rate', array['text', 'text', 'date', 'integer']);
select function_returns('marketing', '_rate', array['text', 'text', 'date', 'integer'], 'numeric');
select volatility_is('marketing', '_rate', array['text', 'text', 'date', 'integer'], 'stable');
select isnt_definer('marketing', '_rate', array['text', 'text', 'date', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing._rate(text, text, date, integer)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._rate(text, text, date, integer)', 'execute'), 'operators may not');

insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-03-06', 1400);
select is(marketing._rate('USD', 'KRW', '2026-03-08', 2), 1400::numeric, 'the rate of Friday, on Sunday');
select is(marketing._rate('USD', 'KRW', '2026-03-09', 2), null, 'not on Monday, when two days are accepted');
select is(marketing._rate('USD', 'KRW', '2026-03-05', 60), null, 'nor the day before it');
select is(marketing._rate('USD', 'USD', '2026-03-05', 0), 1::numeric, 'of itself');

select * from finish();
rollback;
