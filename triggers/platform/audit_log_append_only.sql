-- A log that can be edited proves nothing. This holds against the owner too, as far as accidents go.

create or replace function platform._keep_audit_log()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' and current_setting('moadb.pruning_audit_log', true) = 'on' then
    return null;
  end if;
  perform platform.fail('audit_is_append_only', jsonb_build_object('operation', lower(tg_op)));
end;
$$;

comment on function platform._keep_audit_log() is $$
Trigger function, before update, delete or truncate for each statement on platform.audit_log: refuses, except to platform.prune_audit_log.
Returns: null.
Errors: MP003 audit_is_append_only.
$$;

create or replace trigger audit_log_append_only
  before update or delete or truncate on platform.audit_log
  for each statement execute function platform._keep_audit_log();
