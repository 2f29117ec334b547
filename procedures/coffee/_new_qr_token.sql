create or replace function coffee._new_qr_token()
  returns text
  language sql
  volatile
  return left(encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex'), 32);

comment on function coffee._new_qr_token() is $$
A code for a bag that nobody can guess: 128 random bits. One random uuid has 122 of them, so two are hashed.
Returns: 32 hexadecimal digits.
$$;
