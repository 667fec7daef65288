"""A short run on the server, for the tests of what becomes of it."""

from dataclasses import replace
from typing import Any

from app.views.training.runs.plan import Plan
from app.views.training.runs.run import Run
from app.views.training.tasks.offers import TaskChoice
from rnn_core.training import Settings

PLAN = Plan(
    TaskChoice("parity"), Settings(length=5, hidden=4, batch=8, updates=120, judge_every=20)
)
WAIT_S = 120.0  # until a test gives up: a process that computes stands back on a full machine


def plan(**changed: Any) -> Plan:
    return replace(PLAN, settings=replace(PLAN.settings, **changed))


def finished(run: Run) -> Run:
    run.go()
    run.wait(WAIT_S)
    return run
