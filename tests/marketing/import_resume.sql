begin;
select plan(12);

select has_function('marketing', 'import_resume', array['bytea']);
select function_returns('marketing', 'import_resume', array['bytea'], 'bigint');
select volatility_is('marketing', 'import_resume', array['bytea'], 'volatile');
select is_definer('marketing', 'import_resume', array['bytea']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_resume(bytea)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_resume(bytea)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_resume(bytea)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select is(marketing.import_resume(sha256('file')), null, 'what is not staged is read again');
select count(*) from marketing.import_stage(:import, 6, false, 2) \gset
select is(marketing.import_resume(sha256('file')), :import::bigint, 'what is staged can be gone on with');
select is(marketing.import_resume(sha256('other')), null, 'another file cannot');
select count(*) from marketing.import_load(:import, 1) \gset
select is(marketing.import_resume(sha256('file')), :import::bigint, 'half-way, too');
reset role;
select format('truncate marketing._import_%1$s, marketing._import_%1$s_campaigns', :import) as crash \gset
:crash;
set local role marketing_admin;
select is(marketing.import_resume(sha256('file')), null, 'after a crash of the server it is read again');

select * from finish();
rollback;
