-- Transaction-local on purpose: behind a pooler the next transaction of the same connection belongs to somebody else.

create or replace function marketing.act_as(p_user_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_actor text := coalesce(current_setting('moadb.actor', true), '');
begin
  if p_user_id is not null and not exists (select from marketing.users as u where u.id = p_user_id and u.is_active) then
    perform platform.fail('marketing_user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;
  if v_actor in ('', 'user:' || marketing._acting_user()) then
    perform set_config('moadb.actor', coalesce('user:' || p_user_id, ''), true);
  end if;
  perform set_config('moadb.marketing_user', coalesce(p_user_id::text, ''), true);
end;
$$;

comment on function marketing.act_as(bigint) is $$
Say which user the rest of this transaction is for: who the application has signed in. Call it first in the transaction, in each one:
functions do what the user may do, views show what the user may see. Audit records name user:id, unless platform.set_actor said who.
p_user_id: the user; null: nobody, as before the first call.
Errors: MM009 marketing_user_not_found when there is none, or none that is active.
$$;
