-- Written by every call, so a body that is put in its place when the statement is planned: it costs what it says and no call.
-- What the application stated, and null otherwise: the connection's own address (platform._client_ip) would be the application server's.

create or replace function coupon._audit_address()
  returns text
  language sql
  stable
  parallel safe
  return left(nullif(current_setting('moadb.client_ip', true), ''), 45);

comment on function coupon._audit_address() is $$
Where the actor of this transaction is, for coupon_issue_audit.client_ip: what platform.set_actor was told, as text.
Returns: text, 45 characters at most, or null.
$$;
