begin;
select plan(10);

select has_function('marketing', 'expire_insights', array['integer']);
select volatility_is('marketing', 'expire_insights', array['integer'], 'volatile');
select is_definer('marketing', 'expire_insights', array['integer']);
select function_privs_are('marketing', 'expire_insights', array['integer'], 'marketing_app', '{}');
select function_privs_are('marketing', 'expire_insights', array['integer'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql
\ir told.psql

update marketing.insights set expires_at = '2026-11-18 03:00+00' where id in (-899, -898);
update marketing.insights set expires_at = '2026-11-18 03:00:01+00' where id = -897;
update marketing.insights set expires_at = null where id = -896;
set local role marketing_admin;
select is(marketing.expire_insights(1), 1::bigint, 'as many as are asked for');
select is(marketing.expire_insights(), 1::bigint, 'the rest');
select is(marketing.expire_insights(), 0::bigint, 'and no more');
reset role;
select results_eq(
  $$ select i.id, i.closed_at from marketing.insights as i where i.closed_at is not null order by 1 $$,
  $$ values (-899::bigint, '2026-11-18 03:00+00'::timestamptz), (-898, '2026-11-18 03:00+00') $$, 'those that have expired'
);

select is(marketing.expire_insights(-1), 0::bigint, 'a limit below none closes none');

select * from finish();
rollback;
