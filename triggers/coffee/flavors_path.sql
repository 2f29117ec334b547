-- The path is what the tree is asked by. It follows parent_id, which is what people write; whoever moves a flavour moves all below it.

create or replace function coffee._flavors_path()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_when = 'BEFORE' then
    new.path := coalesce((select f.path from coffee.flavors as f where f.id = new.parent_id), '{}') || new.id;
    if new.path[: cardinality(new.path) - 1] @> array[new.id] then
      perform platform.fail('coffee_argument_invalid',
        jsonb_build_object('argument', 'parent_id', 'value', new.parent_id, 'problem', 'it lies below the flavour itself'));
    end if;
    return new;
  end if;

  update coffee.flavors as f
  set path = new.path || f.path[cardinality(old.path) + 1 :]
  where f.path @> array[new.id] and f.id <> new.id;
  return null;
end;
$$;

comment on function coffee._flavors_path() is $$
Trigger function: path is the parent's with the flavour itself at its end; the paths below follow.
Returns: the new row before, null after the change.
Errors: MF002 coffee_argument_invalid (the parent lies below the flavour itself).
$$;

create or replace trigger flavors_path
  before insert or update of id, parent_id on coffee.flavors
  for each row
  execute function coffee._flavors_path();

create or replace trigger flavors_path_below
  after update of parent_id on coffee.flavors
  for each row
  when (old.path <> new.path)
  execute function coffee._flavors_path();
