begin;
select plan(13);

select has_function('marketing', 'import_abandon', array['bigint']);
select function_returns('marketing', 'import_abandon', array['bigint'], 'void');
select volatility_is('marketing', 'import_abandon', array['bigint'], 'volatile');
select is_definer('marketing', 'import_abandon', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_abandon(bigint)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_abandon(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_abandon(bigint)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select lives_ok('select marketing.import_abandon(' || :import || ')', 'an open one');
reset role;
select is((select i.status::text from marketing.imports as i where i.id = :import), 'abandoned', 'is given up');
select is(to_regclass(:'staging'), null, 'its table is gone');
set local role marketing_admin;
select throws_ok('select marketing.import_abandon(' || :import || ')', 'MM055', null, 'once');
select i.import_id as staged from marketing.import_open('staged.csv', sha256('staged')) as i \gset
select count(*) from marketing.import_stage(:staged, 0) \gset
select lives_ok('select marketing.import_abandon(' || :staged || ')', 'a staged one');
reset role;
select is(to_regclass(format('marketing._import_%s_campaigns', :staged)), null, 'leaves nothing either');

select * from finish();
rollback;
