begin;
select plan(14);

select has_function('marketing', '_check_dates', array['date', 'date']);
select function_returns('marketing', '_check_dates', array['date', 'date'], 'void');
select volatility_is('marketing', '_check_dates', array['date', 'date'], 'stable');
select isnt_definer('marketing', '_check_dates', array['date', 'date']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_dates(date, date)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_dates(date, date)', 'execute'), 'operators may not');

select lives_ok($$ select marketing._check_dates('2026-03-01', '2026-03-01') $$, 'one day');
select lives_ok($$ select marketing._check_dates('2026-03-01', date '2026-03-01' + 3660) $$, 'ten years');
select throws_ok($$ select marketing._check_dates(null, '2026-03-01') $$, 'MM004', 'p_from is null', 'from when');
select throws_ok($$ select marketing._check_dates('2026-03-01', null) $$, 'MM004', 'p_to is null', 'to when');
select throws_ok($$ select marketing._check_dates('2026-03-02', '2026-03-01') $$, 'MM005', 'p_to 2026-03-01 is not accepted: it is not before 2026-03-02', 'backwards');
select throws_ok($$ select marketing._check_dates('2026-03-01', date '2026-03-01' + 3661) $$, 'MM005', null, 'too long');
select throws_ok($$ select marketing._check_dates('-infinity', '2026-03-01') $$, 'MM005', null, 'from ever');
select throws_ok($$ select marketing._check_dates('2026-03-01', 'infinity') $$, 'MM005', null, 'for ever');

select * from finish();
rollback;
