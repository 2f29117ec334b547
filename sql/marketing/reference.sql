-- What marketing needs to begin with, in full and idempotent: a second run adds nothing. Its channels and platforms come with their tables.

select;
