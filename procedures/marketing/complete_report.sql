create or replace function marketing.complete_report(p_task_id bigint, p_lease_token uuid, p_files jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_report_id bigint;
  v_files     jsonb;
begin
  if jsonb_typeof(p_files) is distinct from 'array' or p_files = '[]' or exists (
    select
    from jsonb_array_elements(p_files) as f
    where jsonb_typeof(f.value) <> 'object' or not f.value ?& array['format', 'url', 'bytes', 'sha256']
      or jsonb_typeof(f.value -> 'url') <> 'string' or length(f.value ->> 'url') not between 1 and 500
  ) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_files', 'value', p_files, 'problem', 'it is a JSON array of {"format", "url", "bytes", "sha256"}, not empty'
    ));
  end if;

  v_report_id := marketing._end_report_task(p_task_id, p_lease_token);
  update marketing.reports as r
  set status = 'completed', completed_at = platform.now(), files = p_files, file_url = p_files -> 0 ->> 'url', error_message = null
  where r.id = v_report_id and r.status = 'processing';
  if not found then
    select r.files into v_files from marketing.reports as r where r.id = v_report_id;
    if v_files <> p_files then
      perform platform.fail('report_state_refused', jsonb_build_object(
        'report_id', v_report_id, 'status', 'completed', 'problem', 'it has other files'
      ));
    end if;
  end if;
end;
$$;

comment on function marketing.complete_report(bigint, uuid, jsonb) is $$
Say that a report is made. The files that this names are the report's, and no others ever are. Calling it again with the same files
changes nothing.
p_task_id: as claimed.
p_lease_token: as claimed.
p_files: its files, at least one: [{"format", "url", "bytes", "sha256"}]; the first one's url, 500 characters at most, is file_url.
Errors: MM005 marketing_argument_invalid; MP058 lease_lost when another worker has it by now, MM133 report_not_running when it was
cancelled, MM134 report_state_refused when it was completed with other files: delete the files.
Locks: the task, then the report.
$$;
