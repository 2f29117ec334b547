-- Users are given what is named here, so it can be nothing but the report's own files, in a place that the worker could have put them: not
-- another file of its machine, nor another workspace's.

create or replace function marketing.complete_report(p_task_id bigint, p_lease_token uuid, p_files jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_report_id bigint;
  v_report    marketing.reports;
  v_name      text;
  v_formats   jsonb;
begin
  if jsonb_typeof(p_files) is distinct from 'array' or exists (
    select
    from jsonb_array_elements(p_files) as f
    where (
        jsonb_typeof(f.value) = 'object' and jsonb_typeof(f.value -> 'format') = 'string' and jsonb_typeof(f.value -> 'url') = 'string'
        and f.value ->> 'bytes' ~ '^[0-9]{1,18}$' and f.value ->> 'sha256' ~ '^[0-9a-f]{64}$'
      ) is not true
  ) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_files', 'value', p_files, 'problem', 'it is a JSON array of {"format", "url", "bytes", "sha256"}'
    ));
  end if;

  v_report_id := marketing._end_report_task(p_task_id, p_lease_token);
  select r.* into v_report from marketing.reports as r where r.id = v_report_id;
  if v_report.status = 'completed' then
    if v_report.files <> p_files then
      perform platform.fail('report_state_refused', jsonb_build_object(
        'report_id', v_report_id, 'status', 'completed', 'problem', 'it has other files'
      ));
    end if;
    return;
  end if;

  v_name := marketing._report_file(v_report.workspace_id, v_report_id, v_report.date_from, v_report.date_to, v_report.attempts);
  v_formats := coalesce(v_report.config -> 'formats', '["xlsx", "pdf"]');
  if exists (
    select
    from jsonb_array_elements(p_files) as f
    cross join format('/%s.%s', v_name, f.value ->> 'format') as n (name)
    where length(f.value ->> 'url') > 500 or right(f.value ->> 'url', length(n.name)) <> n.name
      or left(f.value ->> 'url', -length(n.name)) !~ '^(file://|(s3|gs)://[^/]+)(/[^[:cntrl:]]*)?$'
  ) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_files', 'value', p_files,
      'problem', format('an url is file:///folder or s3:// or gs://bucket/folder, and then /%s.<format>, 500 characters at most', v_name)
    ));
  end if;
  if jsonb_array_length(p_files) <> jsonb_array_length(v_formats) or exists (
    select from jsonb_array_elements(v_formats) as w where w.value not in (select f.value -> 'format' from jsonb_array_elements(p_files) as f)
  ) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_files', 'value', p_files, 'problem', 'the report has one file for each of ' || v_formats::text
    ));
  end if;

  update marketing.reports as r
  set status = 'completed', completed_at = platform.now(), files = p_files, file_url = p_files -> 0 ->> 'url', error_message = null
  where r.id = v_report_id;
end;
$$;

comment on function marketing.complete_report(bigint, uuid, jsonb) is $$
Say that a report is made. The files that this names are the report's, and no others ever are. Calling it again with the same files
changes nothing.
p_task_id: as claimed.
p_lease_token: as claimed.
p_files: its files, one for each format that was asked for: [{"format", "url", "bytes", "sha256"}]. An url is file:///folder, or
s3:// or gs://bucket/folder, and then / and the file_name of marketing.claim_report with .format; 500 characters at most. The first one's is
file_url.
Errors: MM005 marketing_argument_invalid; MP058 lease_lost when another worker has it by now, MM133 report_not_running when it was
cancelled, MM134 report_state_refused when it was completed with other files: delete the files.
Locks: the task, then the report.
$$;
