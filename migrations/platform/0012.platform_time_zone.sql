-- depends: 0001.platform_schema
--
-- AT TIME ZONE takes more than names: 'KST' is an offset without its history, and 'UTC+9' is a POSIX rule that means nine hours to the
-- west. So the form comes first (IANA names but those of the Etc zones have no digits, every POSIX rule has), then the server is asked:
-- in a tenth of a microsecond, where reading pg_timezone_names takes 50 ms. Functions of the server alone, so that whoever may write
-- a column may have it checked.

create domain platform.time_zone as text
  constraint time_zone_check check (
    value ~ '^(UTC|Etc/GMT(\+([1-9]|1[0-2])|-([1-9]|1[0-4]))|[A-Z][A-Za-z_-]*(/[A-Z][A-Za-z_-]*)+)$'
    and isfinite(timestamptz 'epoch' at time zone value)
  );

comment on domain platform.time_zone is
  'IANA name of a time zone, area/place as in Asia/Seoul, or UTC. Not an abbreviation (KST), not an offset (+09), not a POSIX rule (UTC+9), not an old name without an area (ROK). 23514 for what is no such name, 22023 for a name that the server does not know; platform.to_time_zone makes one API error of both.';
