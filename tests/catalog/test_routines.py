"""Rules for functions and procedures."""

from __future__ import annotations

import re

from catalog.rules import Catalog, Routine, refuse

PINNED = {"search_path=pg_catalog, pg_temp", "search_path=pg_catalog, extensions, pg_temp"}


def test_search_path_is_pinned(routines: list[Routine]) -> None:
    """A caller's path must not decide what a body means. Exempt: bodies bound at creation, procedures that commit."""
    refuse(
        "a routine pins set search_path = pg_catalog, pg_temp (with extensions between them where it needs one)",
        [r.identity for r in routines if not r.standard_body and not r.commits and not PINNED.intersection(r.settings)],
    )


def test_standard_bodies_pin_nothing(routines: list[Routine]) -> None:
    """A setting would keep them from being inlined, and would protect nothing."""
    refuse(
        "a routine with a body that is bound at creation has no settings of its own",
        [r.identity for r in routines if r.standard_body and r.settings and r.language == "sql" and not r.definer],
    )


def test_api_is_security_definer(catalog: Catalog) -> None:
    """What an application may call runs with the owner's rights: it has none on the tables. The clock needs none."""
    catalog.refuse(
        "a routine that is granted to a role is security definer, unless it is immutable or platform.now()",
        """
        select distinct p.oid::regprocedure::text || ' is granted to ' || a.grantee::regrole
        from pg_proc as p
        cross join lateral aclexplode(p.proacl) as a
        where p.pronamespace = any(%(schemas)s::regnamespace[])
          and a.grantee <> p.proowner
          and not p.prosecdef
          and p.provolatile <> 'i'
          and p.prokind = 'f'
          and p.oid <> 'platform.now()'::regprocedure
        """,
    )


def test_nothing_is_executable_by_everybody(catalog: Catalog) -> None:
    catalog.refuse(
        "execute is granted role by role, never to public",
        """
        select p.oid::regprocedure::text
        from pg_proc as p
        cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
        where p.pronamespace = any(%(schemas)s::regnamespace[]) and a.grantee = 0
        """,
    )


def test_internal_routines_are_granted_to_nobody(catalog: Catalog) -> None:
    catalog.refuse(
        "a routine whose name begins with _ is for its owner alone, or is asked by a policy of row-level security",
        r"""
        select p.oid::regprocedure || ' is granted to ' || a.grantee::regrole
        from pg_proc as p
        cross join lateral aclexplode(p.proacl) as a
        where p.pronamespace = any(%(schemas)s::regnamespace[]) and p.proname like '\_%%' and a.grantee <> p.proowner
          and not exists (
            select
            from pg_depend as d
            where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
          )
        """,
    )


def test_parameters_are_named(catalog: Catalog) -> None:
    catalog.refuse(
        "a parameter has a name that begins with p_",
        r"""
        select p.oid::regprocedure || ': ' || coalesce(nullif(a.name, ''), 'one without a name')
        from pg_proc as p
        cross join lateral unnest(
          coalesce(p.proargnames, array_fill(''::text, array[p.pronargs])),
          coalesce(p.proargmodes, array_fill('i'::"char", array[coalesce(cardinality(p.proargnames), p.pronargs)]))
        ) as a(name, mode)
        where p.pronamespace = any(%(schemas)s::regnamespace[])
          and a.mode in ('i', 'b', 'v')
          and a.name not like 'p\_%%'
        """,
    )


def test_comment_is_a_manual(routines: list[Routine]) -> None:
    """The comment names each parameter at the beginning of a line, says what comes back, and which errors."""
    missing: list[str] = []
    for r in routines:
        heads = re.findall(r"^(p_\w+(?:(?:, | and )p_\w+)*):", r.comment, re.MULTILINE)
        described = set(re.findall(r"p_\w+", " ".join(heads)))
        missing += [f"{r.identity}: no line {parameter}: …" for parameter in r.parameters if parameter not in described]
        if (
            r.kind == "f"
            and r.returns not in ("void", "trigger")
            and not re.search("^Returns:", r.comment, re.MULTILINE)
        ):
            missing.append(f"{r.identity}: no line Returns: …")
    refuse("a routine's comment describes its parameters and its result", missing)


NEVER_SEEN = {
    "of a routine that leaves out its own half of a request": {"request_not_completed", "request_not_claimed"},
    "it returns before, for a coupon that is cancelled": {"coupon.cancel_coupon coupon_cancelled"},
    "these terms are its own, and valid": {
        f"coupon.{verb}_policy {name}"
        for verb in ("close", "pause", "resume")
        for name in ("coupon_terms_invalid", "coupon_code_taken")
    },
    "what it divides is cut to whole units, and something was spent": {
        f"marketing.propose_reallocation {name}" for name in ("amount_not_in_units", "weights_invalid")
    },
    "it leaves to the queue when to try again": {"marketing.fail_report lease_invalid"},
    "what schedules compare with was looked at when they were made": {
        "marketing.run_report_schedules marketing_argument_invalid"
    },
}


def test_comment_names_the_errors(routines: list[Routine], catalog: Catalog) -> None:
    """Those that the body raises itself, and of the API also those that what it calls raises. All exist.

    "those of coupon.issue_coupon" stands for what the comment of that routine lists.
    """
    codes = dict(catalog.rows("select e.name, e.sqlstate from platform.error_codes as e"))
    granted = {
        name
        for (name,) in catalog.rows(
            """
            select distinct p.oid::regprocedure::text
            from pg_proc as p
            cross join lateral aclexplode(p.proacl) as a
            where p.pronamespace = any(%(schemas)s::regnamespace[]) and a.grantee <> p.proowner
            """
        )
    }
    raised: dict[str, set[str]] = {}
    for r in routines:
        raised.setdefault(r.name, set()).update(re.findall(r"platform\.fail\(\s*'(\w+)'", r.source))
    errors = {r.name: " ".join(r.comment.partition("\nErrors:")[2].split()) for r in routines}
    never_seen = set().union(*NEVER_SEEN.values())
    missing: list[str] = []
    invented: list[str] = []
    for r in routines:
        listed = errors[r.name]
        names = set(raised[r.name])
        if r.identity in granted:
            listed = " ".join([listed, *(errors[name] for name in re.findall(r"those of (\w+\.\w+)", listed))])
            called = set().union(*(raised.get(name, set()) for name in re.findall(r"\b\w+\.\w+(?=\()", r.source)))
            names |= {name for name in called if not never_seen & {name, f"{r.name} {name}"}}
        missing += [
            f"{r.identity}: {codes.get(name)} {name}"
            for name in names
            if not re.search(rf"\b{codes.get(name)} {name}\b", listed)
        ]
        invented += [
            f"{r.identity}: {code} {name}"
            for code, name in re.findall(r"\b(M[A-Z]\d{3}) (\w+)", listed)
            if codes.get(name) != code
        ]
    refuse("a routine's comment lists the errors that it raises, as Errors: MC001 unknown_policy, …", missing)
    refuse("a routine's comment lists errors that exist, code and name", invented)


def test_pages_begin_at_an_index_key(routines: list[Routine]) -> None:
    """In a generic plan, and SQL functions have no other before PostgreSQL 18, an alternative is no index condition."""
    refuse(
        "a page begins at id < coalesce(p_before_id, …), not at (p_before_id is null or …)",
        [r.identity for r in routines if re.search(r"\bp_\w+ is null or \w+\.\w+ [<>]", r.source)],
    )


def test_immutable_routines_call_nothing_else(catalog: Catalog) -> None:
    """Seen where the body is bound at creation: the server keeps the functions and operators that it calls."""
    catalog.refuse(
        "an immutable routine with a body that is bound at creation calls immutable functions only",
        r"""
        select p.oid::regprocedure || ' calls ' || f.oid::regprocedure
        from pg_proc as p
        cross join lateral regexp_matches(p.prosqlbody::text, ':(?:funcid|opfuncid) (\d+)', 'g') as m (ids)
        join pg_proc as f on f.oid = m.ids[1]::oid and f.provolatile <> 'i'
        where p.pronamespace = any(%(schemas)s::regnamespace[]) and p.provolatile = 'i'
        union all
        select p.oid::regprocedure || ' converts by way of text'
        from pg_proc as p
        where p.pronamespace = any(%(schemas)s::regnamespace[]) and p.provolatile = 'i'
          and p.prosqlbody::text ~ 'COERCEVIAIO'
        """,
    )


def test_volatility_of_routines_that_write(routines: list[Routine], catalog: Catalog) -> None:
    stable = {
        name
        for (name,) in catalog.rows(
            "select p.oid::regprocedure::text from pg_proc as p where p.provolatile <> 'v' and p.prokind = 'f'"
        )
    }
    writes = re.compile(
        r"\b(insert\s+into|update\s+\w+\.\w+|delete\s+from|for\s+update|nextval\(|set_config\((?!'transaction_read_only'))",
        re.IGNORECASE,
    )
    refuse(
        "a routine that writes or locks is volatile",
        [r.identity for r in routines if r.identity in stable and writes.search(r.source)],
    )


WRITTEN_BY = {
    "timestamp with time zone": "TimeZone",
    "bytea": "bytea_output",
    "interval": "IntervalStyle",
}


def test_requests_are_written_the_same_way(routines: list[Routine]) -> None:
    """The same request from a session with other settings is the same request: what it is compared by says so."""
    missing: list[str] = []
    for r in routines:
        if r.kind != "f" or "claim_request(" not in r.source or r.name == "platform.claim_request":
            continue
        pinned = {setting.partition("=")[0].lower() for setting in r.settings}
        missing += [
            f"{r.identity}: {setting}"
            for type_, setting in WRITTEN_BY.items()
            if type_ in r.identity and setting.lower() not in pinned
        ]
    refuse("a routine with a request key pins how timestamps, intervals and bytes are written", missing)


def test_no_when_others(routines: list[Routine]) -> None:
    """A handler names the conditions that it expects."""
    allowed = {
        "platform.run_job": "the last place that can record why a job's command failed; it raises the error again",
        "platform.check_invariants": "the queries are data; one that fails is reported as violated and hides no other",
    }
    refuse(
        f"no handler catches everything, except in {', '.join(allowed)}",
        [r.identity for r in routines if re.search(r"\bothers\b", r.source) and r.name not in allowed],
    )


CLOCK = re.compile(
    r"(?<![\w.])(pg_catalog\.)?(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\)"
    r"|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b",
    re.IGNORECASE,
)

REAL_TIME = {
    "it is the clock": {"platform.now"},
    "when a job really ran, however the clock is moved": {
        "platform._cancel_overdue_runs",
        "platform._live_installation",
        "platform._start_job_run",
        "platform.job_health",
        "platform.prune_job_runs",
        "platform.reconcile_job_runs",
        "platform.resume_job",
        "platform.run_job",
    },
    "how long locks have really been waited for": {"platform._lock_partition_set"},
    "when something was really recorded": {"platform.prune_audit_log", "platform.prune_request_keys"},
}


def test_business_time_is_platform_now(catalog: Catalog, routines: list[Routine]) -> None:
    """So that tests and forecasts can move the clock. A column's default is for rows that no routine has written."""
    views = catalog.rows(
        """
        select c.oid::regclass::text, pg_get_viewdef(c.oid)
        from pg_class as c
        where c.relkind in ('v', 'm') and c.relnamespace = any(%(schemas)s::regnamespace[])
        """
    )
    sources = [(r.name, r.source) for r in routines] + views
    allowed = set().union(*REAL_TIME.values())
    refuse(
        "business rules go by platform.now(); what goes by the real time is listed in REAL_TIME",
        [name for name, source in sources if CLOCK.search(source) and name not in allowed],
    )
    refuse(
        "REAL_TIME lists nothing that does not go by the real time",
        sorted(allowed - {name for name, source in sources if CLOCK.search(source)}),
    )


def test_dynamic_sql_is_formatted(routines: list[Routine]) -> None:
    refuse(
        "dynamic SQL is put together with format(%I, %L) and using, not by gluing a string",
        [r.identity for r in routines if re.search(r"\bexecute\s+'(?:[^']|'')*'\s*\|\|", r.source)],
    )
