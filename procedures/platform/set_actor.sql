-- Transaction-local on purpose: behind a pooler the next transaction of the same connection belongs to somebody else.

create or replace function platform.set_actor(p_actor text, p_client_ip inet default null, p_user_agent text default null)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if coalesce(p_actor, '') = '' then
    perform platform.fail('actor_required');
  end if;

  perform
    set_config('moadb.actor', p_actor, true),
    set_config('moadb.client_ip', coalesce(host(p_client_ip), ''), true),
    set_config('moadb.user_agent', coalesce(p_user_agent, ''), true);
end;
$$;

comment on function platform.set_actor(text, inet, text) is $$
Say on whose behalf the rest of this transaction is done; audit records carry it. Call it first in the transaction, in each one.
p_actor: who, in the application's own terms, e.g. 'user:42' or 'admin:kim'.
p_client_ip: their address; null when it is not known.
p_user_agent: their program; null when it is not known.
Returns: nothing.
Errors: MP002 actor_required when p_actor is null or empty.
$$;
