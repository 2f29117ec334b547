-- Of rejected rows the database has none. What the importer knows of them it would tell at its end, which it may not live to see: whoever
-- goes on tells it instead.

create or replace function marketing.import_tell(p_import_id bigint, p_told jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if jsonb_typeof(p_told) is distinct from 'object' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_told', 'value', jsonb_typeof(p_told), 'problem', 'it is a JSON object'
    ));
  end if;
  update marketing.imports as i set told = p_told where i.id = p_import_id and i.status in ('open', 'staged');
  if not found then
    perform platform.fail('import_not_found', jsonb_build_object('import_id', p_import_id));
  end if;
end;
$$;

comment on function marketing.import_tell(bigint, jsonb) is $$
Write down what is to be told of a file at the end of its import, whoever ends it; marketing.import_progress gives it back. Best in the
transaction of marketing.import_stage: what is staged is then told.
p_import_id: the import, open or staged.
p_told: a JSON object; what is in it is the importer's own business. What was told before is replaced.
Errors: MM005 marketing_argument_invalid, MM055 import_not_found.
Locks: the import.
$$;
