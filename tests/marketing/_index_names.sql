begin;
select plan(6);

select has_function('marketing', '_index_names', array['regclass']);
select volatility_is('marketing', '_index_names', array['regclass'], 'stable');
select isnt_definer('marketing', '_index_names', array['regclass']);
select function_privs_are('marketing', '_index_names', array['regclass'], 'marketing_app', '{}');
create table public.one (a integer primary key, b integer);
create table public.other (a integer primary key, b integer);
create index one_b on public.one (b) where a > 1;
create index b_of_other on public.other (b) where a > 1;
select results_eq(
  $$ select n.name from marketing._index_names('public.one') as n order by n.name $$, array['one_b', 'one_pkey'], 'all of them'
);
select results_eq(
  $$
    select n.name, o.name
    from marketing._index_names('public.one') as n
    join marketing._index_names('public.other') as o on o.definition = n.definition
    order by n.name
  $$,
  $$ values ('one_b', 'b_of_other'), ('one_pkey', 'other_pkey') $$, 'those that are alike'
);

select * from finish();
rollback;
