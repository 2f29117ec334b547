-- An actor that the application has named sits behind the application: the connection's own address would be the application
-- server's, and wrong in the record.

create or replace function platform._client_ip()
  returns inet
  language plpgsql
  stable
  parallel restricted
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_told text := nullif(current_setting('moadb.client_ip', true), '');
begin
  if coalesce(current_setting('moadb.actor', true), '') = '' then
    return inet_client_addr();
  elsif v_told is null then
    return null;
  end if;
  begin
    return v_told::inet;
  exception
    when invalid_text_representation then
      perform platform.fail('client_ip_invalid', jsonb_build_object('client_ip', v_told));
      return null;
  end;
end;
$$;

comment on function platform._client_ip() is $$
Where the actor of this transaction is: what platform.set_actor was told; when nobody was named, the address of the connection.
Returns: inet; null when it was not told, or the connection is over a socket.
Errors: MP004 client_ip_invalid, when moadb.client_ip was set by other means and is no address.
$$;
