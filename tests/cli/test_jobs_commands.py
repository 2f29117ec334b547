"""moadb jobs: list, run, history, pause and resume."""

from __future__ import annotations

import json

import pytest

from moadb import jobs
from moadb.errors import Exit
from probing import (
    BLOCK,
    background,
    blocked,
    declare,
    moadb,
)


def test_list_run_and_history(probes: str) -> None:
    name = declare(probes, "tick")
    failing = declare(probes, "fail")
    assert "nothing has run yet" in moadb(probes, "jobs", "history", name)
    assert f"{name} succeeded: 1 rows" in moadb(probes, "jobs", "run", name)
    assert json.loads(moadb(probes, "jobs", "run", name, "--json"))["status"] == "succeeded"
    assert "division by zero" in moadb(probes, "jobs", "run", failing, code=Exit.FAILED)

    listed = {job["name"]: job for job in json.loads(moadb(probes, "jobs", "list", "--json"))}
    assert listed[name]["last_status"] == "succeeded"
    assert listed[failing]["last_error_sqlstate"] == "22012"
    assert listed["platform.prune_job_runs"]["state"] == "paused"
    assert listed["platform.prune_job_runs"]["next_slot"] is None
    assert name in moadb(probes, "jobs", "list")

    history = json.loads(moadb(probes, "jobs", "history", "--json"))
    assert [run["job_name"] for run in history] == [failing, name, name]
    assert len(json.loads(moadb(probes, "jobs", "history", name, "-n", "1", "--json"))) == 1
    assert "22012 division by zero" in moadb(probes, "jobs", "history", failing)


def test_a_job_that_is_running_is_refused(probes: str) -> None:
    name = declare(probes, "block")
    with blocked(probes) as lock, background(probes, name) as outcome:
        assert "is running already" in moadb(probes, "jobs", "run", name, code=Exit.REFUSED)
        [job] = [job for job in jobs.list_jobs(probes) if job.name == name]
        assert (job.is_running, job.last_status) == (True, "running")
        lock.execute("select pg_advisory_unlock(%s)", [BLOCK])
    assert isinstance(outcome[0], jobs.JobRun)


def test_pause_and_resume(probes: str) -> None:
    name = declare(probes, "tick")
    assert f"{name} paused" in moadb(probes, "jobs", "pause", name)
    assert json.loads(moadb(probes, "jobs", "pause", name, "--json")) == []
    assert "paused already" in moadb(probes, "jobs", "pause", "--all")
    resumed = json.loads(moadb(probes, "jobs", "resume", "--all", "--json"))
    assert resumed == sorted(job.name for job in jobs.list_jobs(probes))
    assert "name the jobs, or say --all" in moadb(probes, "jobs", "pause", code=Exit.USAGE)
    assert "name the jobs, or say --all" in moadb(probes, "jobs", "resume", "--all", name, code=Exit.USAGE)
    moadb(probes, "jobs", "pause", name, "no.such_job", code=Exit.USAGE)
    assert not any(job.is_paused for job in jobs.list_jobs(probes)), "one wrong name, and nothing is changed"


@pytest.mark.parametrize("command", [["run"], ["history"], ["pause"], ["resume"]])
def test_an_unknown_job_is_a_usage_error(probes: str, command: list[str]) -> None:
    assert "there is no job 'no.such_job'" in moadb(probes, "jobs", *command, "no.such_job", code=Exit.USAGE)


@pytest.mark.parametrize(
    "command", [["list"], ["run", "x.y"], ["history"], ["pause", "--all"], ["runner"], ["adopt", "--yes"]]
)
def test_a_database_without_moadb_is_one_message(empty_database: str, command: list[str]) -> None:
    assert "has no moadb in it" in moadb(empty_database, "jobs", *command, code=Exit.FAILED)
