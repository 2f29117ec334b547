-- Whoever asks for a report, and by whatever statement, has its task in the same transaction.

create or replace function marketing._reports_task()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.enqueue_task(
    'marketing.report', jsonb_build_object('report_id', new.id, 'round', new.round), format('%s:%s', new.id, new.round), null, 5
  );
  return null;
end;
$$;

comment on function marketing._reports_task() is $$
Trigger function: enqueue the task of a report's round.
Returns: null (after trigger).
$$;

create or replace trigger reports_task
  after insert on marketing.reports
  for each row
  execute function marketing._reports_task();

create or replace trigger reports_task_again
  after update of round on marketing.reports
  for each row
  when (new.round > old.round and new.status = 'pending')
  execute function marketing._reports_task();
