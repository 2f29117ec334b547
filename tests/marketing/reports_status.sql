begin;
select plan(15);

\ir team.psql
\ir reports.psql

select has_trigger('marketing', 'reports', 'reports_status', 'states are looked up');
select has_trigger('marketing', 'reports', 'reports_status_insert', 'also of a new one');
select pg_temp.ask() as report \gset
create function pg_temp.become(p_status text) returns text language sql as $$
  select format(
    'update marketing.reports set status = %L, completed_at = %s, file_url = %s, files = %3$s, error_message = %L',
    p_status, case when p_status in ('completed', 'failed') then 'now()' else 'null' end, case when p_status = 'completed' then quote_literal('[]') else 'null' end, 'x'
  )
$$;
select throws_ok(pg_temp.become('lost'), 'MP050', null, 'a state that there is not');
select throws_ok(pg_temp.become('completed'), 'MP050', null, 'nothing is completed that nobody made');
select lives_ok(pg_temp.become('processing'), 'it is made');
select lives_ok(pg_temp.become('pending'), 'it is tried again later');
select lives_ok(pg_temp.become('failed'), 'it is given up');
select throws_ok(pg_temp.become('completed'), 'MP050', null, 'that is not completed');
select lives_ok(pg_temp.become('processing'), 'but made after all');
select lives_ok(pg_temp.become('completed'), 'it is completed');
select lives_ok(pg_temp.become('completed'), 'the same is no change');
select throws_ok(pg_temp.become(s.status), 'MP050', null, 'and stays so: not ' || s.status) from (values ('pending'), ('processing'), ('failed')) as s (status);
select throws_ok(
  $$
    insert into marketing.reports (workspace_id, title, report_type, date_from, date_to, status, created_at)
    values (9001, 'A', 'daily', '2026-11-17', '2026-11-17', 'processing', now())
  $$, 'MP050', null, 'a new one is pending'
);

select * from finish();
rollback;
