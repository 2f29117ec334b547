begin;
select plan(8);

select has_function('marketing', '_refuse_rate', array['text', 'text', 'date', 'integer']);
select function_returns('marketing', '_refuse_rate', array['text', 'text', 'date', 'integer'], 'void');
select volatility_is('marketing', '_refuse_rate', array['text', 'text', 'date', 'integer'], 'stable');
select isnt_definer('marketing', '_refuse_rate', array['text', 'text', 'date', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing._refuse_rate(text, text, date, integer)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._refuse_rate(text, text, date, integer)', 'execute'), 'operators may not');

select throws_ok($$ select marketing._refuse_rate('USD', 'KRW', '2026-03-06', 7) $$, 'MM070', 'there is no rate from USD to KRW', 'none');
insert into marketing.fx_rates (base, quote, date, rate) values ('KRW', 'USD', '2025-03-06', 0.0007);
select throws_ok(
  $$ select marketing._refuse_rate('USD', 'KRW', '2026-03-06', 7) $$, 'MM071',
  'the last rate from USD to KRW before 2026-03-06 is of 2025-03-06, 365 days old: at most 7 are accepted', 'an old one'
);

select * from finish();
rollback;
