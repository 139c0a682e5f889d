"""Deciding when a fault happens; the same seed and the same requests give the same faults."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from fnmatch import fnmatchcase

from .grammar import ALTERATIONS, JOB_FAULTS, TARGETS, TOKEN_FAULTS, Fault
from .pace import JobFaults

DELAYS = ("latency", "delay-answer")


class _Trigger:
    """One HTTP fault with its dice and its counts of requests; not safe for threads."""

    def __init__(self, fault: Fault, dice: random.Random) -> None:
        self.fault = fault
        self._dice = dice
        self._matched = 0
        self._fired = 0

    def decide(self, method: str, path: str) -> bool:
        """Return whether the fault happens to this request, and count it."""
        fault = self.fault
        only, anywhere = TARGETS.get(fault.name, (method, "*"))
        if method != fault.keys.get("method", only):
            return False
        if not fnmatchcase(path, fault.keys.get("path", anywhere)):
            return False
        self._matched += 1
        if self._matched <= (fault.read_count("after") or 0):
            return False
        most = fault.read_count("count")
        if most is not None and self._fired >= most:
            return False
        share = 1.0 if fault.name in DELAYS else fault.value
        if self._dice.random() >= share:
            return False
        self._fired += 1
        return True


class HttpFaultPlan:
    """Chooses the faults of each request."""

    def __init__(self, faults: Sequence[Fault], seed: int) -> None:
        """Take the HTTP faults among `faults`, in their order."""
        self._triggers = [
            _Trigger(fault, random.Random(f"{seed}/{number}/{fault.name}"))
            for number, fault in enumerate(faults)
            if fault.name not in JOB_FAULTS
        ]
        self._lock = threading.Lock()
        self._revoked: set[str] = set()

    def choose(self, method: str, path: str, bearer: str = "") -> list[Fault]:
        """Return what happens to a request: delays, alterations, and at most one other fault.

        The first that fires wins, except that a revoked token stays revoked whatever else is on.
        bearer: its `Authorization` header; a request without one has nothing to be revoked.
        """
        delays: list[Fault] = []
        others: list[Fault] = []
        with self._lock:
            for trigger in self._triggers:
                if trigger.fault.name in TOKEN_FAULTS and not bearer:
                    continue
                if trigger.fault.name in (*DELAYS, *ALTERATIONS):
                    if trigger.decide(method, path):
                        delays.append(trigger.fault)
                elif trigger.fault.name == "revoke":
                    if trigger.decide(method, path):
                        self._revoked.add(bearer)
                elif not others and trigger.decide(method, path):
                    others.append(trigger.fault)
            if bearer in self._revoked:
                others = [Fault("revoke", 1)]
        return delays + others


class JobFaultPlan:
    """Chooses the faults of each import job; `after` and `count` go by job id."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Take the job faults among `faults`; of two with one name the later counts."""
        self._faults = [fault for fault in faults if fault.name in JOB_FAULTS]

    def choose(self, job_id: int) -> JobFaults:
        """Return the faults of a job."""
        chosen: dict[str, Fault] = {}
        for fault in self._faults:
            number = job_id - (fault.read_count("after") or 0)
            most = fault.read_count("count")
            if number >= 1 and (most is None or number <= most):
                chosen[fault.name] = fault
        values = {name: fault.value for name, fault in chosen.items()}
        is_timed = "stall" in chosen and "seconds" in chosen["stall"].keys
        return JobFaults(
            stall_share=values.get("stall"),
            stall_s=chosen["stall"].read_seconds("seconds", 0) if is_timed else None,
            fail_share=values.get("fail"),
            queue_s=values.get("queue", 0.0),
            finalize_s=values.get("finalize", 0.0),
            batch_rows=int(values["batch"]) if "batch" in values else None,
            silent="silent" in chosen,
        )

    def is_silent(self, job_id: int) -> bool:
        """Return whether the counters of a running job are hidden."""
        return self.choose(job_id).silent
