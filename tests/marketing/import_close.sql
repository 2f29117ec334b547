begin;
select plan(14);

select has_function('marketing', 'import_close', array['bigint']);
select function_returns('marketing', 'import_close', array['bigint'], 'void');
select volatility_is('marketing', 'import_close', array['bigint'], 'volatile');
select is_definer('marketing', 'import_close', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_close(bigint)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_close(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_close(bigint)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select throws_ok('select marketing.import_close(' || :import || ')', 'MM055', null, 'it is not staged');
select count(*) from marketing.import_stage(:import, 6, false, 2) \gset
select throws_ok('select marketing.import_close(' || :import || ')', 'MM057', '2 slices of import ' || :import || ' are not loaded yet', 'nor loaded');
select count(*) from marketing.import_load(:import, 1) \gset
select throws_ok('select marketing.import_close(' || :import || ')', 'MM057', '1 slices of import ' || :import || ' are not loaded yet', 'one is');
select count(*) from marketing.import_load(:import, 2) \gset
select lives_ok('select marketing.import_close(' || :import || ')', 'both are');
reset role;
select is((select i.status::text from marketing.imports as i where i.id = :import), 'completed', 'it is completed');
select is(to_regclass(:'staging'), null, 'its table is gone');
set local role marketing_admin;
select throws_ok('select marketing.import_close(' || :import || ')', 'MM055', null, 'once');

select * from finish();
rollback;
