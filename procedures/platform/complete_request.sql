create or replace function platform.complete_request(p_scope text, p_request_key text, p_response jsonb)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_request_key is null then
    return;
  end if;

  update platform.request_keys as k
  set response = coalesce(p_response, 'null')
  where k.scope = p_scope and k.request_key = p_request_key and k.response is null;

  if not found then
    perform platform.fail('request_not_claimed', jsonb_build_object('scope', p_scope, 'request_key', p_request_key));
  end if;
end;
$$;

comment on function platform.complete_request(text, text, jsonb) is $$
Store the answer of a request that platform.claim_request has given to this transaction.
p_scope: as claimed.
p_request_key: as claimed; null: nothing is stored.
p_response: the answer; SQL null is stored as JSON null.
Errors: MP054 request_not_claimed when there is no such key without an answer.
$$;
