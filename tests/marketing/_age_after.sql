begin;
select plan(13);

select has_function('marketing', '_age_after', array['date', 'timestamp with time zone', 'text']);
select function_returns('marketing', '_age_after', array['date', 'timestamp with time zone', 'text'], 'integer');
select volatility_is('marketing', '_age_after', array['date', 'timestamp with time zone', 'text'], 'stable');
select isnt_definer('marketing', '_age_after', array['date', 'timestamp with time zone', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._age_after(date, timestamp with time zone, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._age_after(date, timestamp with time zone, text)', 'execute'), 'operators may not');

select is(marketing._age_after('2026-03-02', '2026-03-02 23:00+09', 'Asia/Seoul'), 0, 'known during the day: at its end');
select is(marketing._age_after('2026-03-02', '2026-03-03 00:00+09', 'Asia/Seoul'), 0, 'at the midnight itself');
select is(marketing._age_after('2026-03-02', '2026-03-03 00:01+09', 'Asia/Seoul'), 1, 'after it: at the next');
select is(marketing._age_after('2026-03-02', '2026-03-10 12:00+09', 'Asia/Seoul'), 8, 'later');
select is(marketing._age_after('2026-03-02', '2026-03-01 12:00+09', 'Asia/Seoul'), -1, 'before the day');
select is(marketing._age_after('2026-03-07', '2026-03-09 00:00-07', 'America/Los_Angeles'), 1, 'a midnight after a day of 23 hours');
select is(marketing._age_after('2026-03-02', null, 'Asia/Seoul'), null, 'never');

select * from finish();
rollback;
