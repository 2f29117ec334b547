-- The unique index does the waiting: an insert that meets the same key of a transaction at work waits for its end, and then either
-- finds the answer or, after a rollback, gets the key. The key's length is compared before the table's constraint sees it, because
-- catching the violation would cost every call a subtransaction.

create or replace function platform.claim_request(p_scope text, p_request_key text, p_request jsonb)
  returns jsonb
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_hash   bytea;
  v_stored platform.request_keys;
begin
  if p_request_key is null then
    return null;
  end if;
  if length(p_request_key) not between 1 and 200 then
    perform platform.fail('request_key_invalid', jsonb_build_object('scope', p_scope, 'length', length(p_request_key)));
  end if;

  v_hash := sha256(convert_to(coalesce(p_request::text, ''), 'UTF8'));
  loop
    insert into platform.request_keys (scope, request_key, request_hash)
    values (p_scope, p_request_key, v_hash)
    on conflict (scope, request_key) do nothing;
    if found then
      return null;
    end if;

    select k.* into v_stored
    from platform.request_keys as k
    where k.scope = p_scope and k.request_key = p_request_key;
    exit when found;  -- else it was pruned between the two statements
  end loop;

  if v_stored.request_hash <> v_hash then
    perform platform.fail('request_key_reused', jsonb_build_object('scope', p_scope, 'request_key', p_request_key));
  end if;
  if v_stored.response is null then
    perform platform.fail('request_not_completed', jsonb_build_object('scope', p_scope, 'request_key', p_request_key));
  end if;
  return v_stored.response;
end;
$$;

comment on function platform.claim_request(text, text, jsonb) is $$
Claim a request key, or get the answer that was given under it. What is called with a key begins with this and, when it gets null, does
its work and ends with platform.complete_request, in the same transaction.
p_scope: what is called, e.g. 'coupon.issue_coupon'.
p_request_key: the caller's key, 1 to 200 characters; null when there is none: then nothing is stored and the result is null.
p_request: what decides the answer, so everything that the caller said but the key. Two requests are the same when they are equal as
jsonb text: the order of keys does not matter, 1 and 1.0 differ.
Returns: null: the key is new and belongs to this transaction. Else the stored answer.
Errors: MP051 request_key_invalid; MP052 request_key_reused when another request was made under the key; MP053 request_not_completed
when the key was claimed before and no answer was stored: a routine claims twice, or ended without platform.complete_request.
Locks: while another transaction is at work under the same key, waits for its end (lock_timeout applies, 55P03): gets its answer when
it committed, the key when it rolled back. In repeatable read and serializable a key that another transaction committed since this
one began is 40001: try the transaction again, and it gets the answer.
$$;
