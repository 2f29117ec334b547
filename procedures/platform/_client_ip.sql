-- An actor that the application has named sits behind the application: the connection's own address would be the application
-- server's, and wrong in the record.

create or replace function platform._client_ip()
  returns inet
  language sql
  stable
  parallel restricted
  return case
    when coalesce(current_setting('moadb.actor', true), '') = '' then inet_client_addr()
    else nullif(current_setting('moadb.client_ip', true), '')::inet
  end;

comment on function platform._client_ip() is $$
Where the actor of this transaction is: what platform.set_actor was told; when nobody was named, the address of the connection.
Returns: inet; null when it was not told, or the connection is over a socket.
Errors: 22P02 when moadb.client_ip was set by other means and is no address.
$$;
