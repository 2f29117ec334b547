begin;
select plan(5);

select has_function('coffee', '_keep_billed', array[]::text[]);
select function_returns('coffee', '_keep_billed', array[]::text[], 'trigger');
select isnt_definer('coffee', '_keep_billed', array[]::text[]);
select ok(not has_function_privilege('coffee_app', 'coffee._keep_billed()', 'execute'), 'nobody may call it');
-- what it refuses is tested where it is used: period_changes_keep.sql, subscription_items_keep.sql
select set_eq(
  $$
    select t.tgrelid::regclass::text, encode(t.tgargs, 'escape')
    from pg_trigger as t
    where t.tgfoid = 'coffee._keep_billed'::regproc
  $$,
  $$values ('coffee.period_changes', 'period_index\000'), ('coffee.subscription_items', 'valid_from\000')$$, 'by these columns'
);

select * from finish();
rollback;
