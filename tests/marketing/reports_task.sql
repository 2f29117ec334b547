begin;
select plan(6);

\ir team.psql
\ir reports.psql

select has_trigger('marketing', 'reports', 'reports_task', 'whoever asks');
select has_trigger('marketing', 'reports', 'reports_task_again', 'whoever asks again');
create function pg_temp.tasks() returns text language sql as $$
  select string_agg(format('%s %s', t.dedupe_key = (t.payload ->> 'report_id') || ':' || (t.payload ->> 'round'), t.payload ->> 'round'), ', ' order by t.id)
  from platform.tasks as t
  where t.topic = 'marketing.report'
$$;
insert into marketing.reports (id, workspace_id, title, report_type, date_from, date_to, created_at)
values (-1, 9001, 'A', 'daily', '2026-11-17', '2026-11-17', now());
select is(pg_temp.tasks(), 't 1', 'a task for the round, by whatever statement');
update marketing.reports set status = 'failed', round = 2, completed_at = now(), error_message = 'x' where id = -1;
select is(pg_temp.tasks(), 't 1', 'none for what is given up');
update marketing.reports set status = 'pending', round = 3, completed_at = null where id = -1;
select is(pg_temp.tasks(), 't 1, t 3', 'one for the next round');
update marketing.reports set round = 3 where id = -1;
select is(pg_temp.tasks(), 't 1, t 3', 'the same round has one');

select * from finish();
rollback;
