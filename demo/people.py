"""The simulated people of the creditor: what an operator and a manager would do each working morning.

Nothing here is part of Relance: it stands in for the people who approve, telephone and go to the post office, so that
a demonstration runs by itself. Everything they do goes through the same door as a real person's act.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from zlib import crc32

from demo.speech import Speech
from ledger.reads import OpenTask, Reads
from rules.case import Stage
from rules.law.days import add_business_days, next_business_day

OPERATOR = "opératrice simulée"
MANAGER = "responsable simulée"
POST_OFFICE = "Poste simulée"
DELIVERY_DAYS = 3
KEPT_DAYS = 12
LODGING_DAYS = 5
COURT_FEE = "30.23"
"""What the greffe of a commercial court asks for a requête."""
MOVING_DAYS = 6

FATES = {
    "F-2025-0757": "refused",
    "F-2025-0783": "unclaimed",
    "F-2025-0786": "unclaimed",
    "F-2025-0853": "unknown_address",
}
"""What becomes of some registered letters; all others are delivered."""
NEW_ADDRESS = {"lines": ["4 rue de la Gare"], "postal_code": "69120", "city": "Vaulx-en-Velin", "country": "FR"}
NEW_EMAIL = "salon@salonchezmona.example"
_TIDIED = ("signal_refused", "plan_broken", "act_gave_up", "write_answer", "debtor_kind")


class Errand(NamedTuple):
    """Something to say to a case on a later day. ``if_open``: nobody does it any more once the case is closed."""

    case: str
    body: dict[str, Any]
    id: str
    if_open: bool = True


class People:
    """They look at the task list each working morning; each task is taken up once."""

    def __init__(self, reads: Reads, speech: Speech) -> None:
        self._reads = reads
        self._speech = speech
        self._taken: set[tuple[str, str, date | None]] = set()
        self._later: defaultdict[date, list[Errand]] = defaultdict(list)
        self._kinds: dict[str, Callable[[OpenTask, date], None]] = {
            "call": self._call,
            "lodge_file": self._lodge,
            "check_address": self._move,
            "fix_contact": self._write_anew,
            **dict.fromkeys(_TIDIED, self._tidy),
        }

    async def morning(self, today: date) -> None:
        """Do what was planned for today, then take up what is new; nothing on a day off."""
        if next_business_day(today) != today:
            return
        for day in sorted(day for day in self._later if day <= today):
            for errand in self._later.pop(day):
                row = await self._reads.row(errand.case) if errand.if_open else None
                if row is None or row.stage is not Stage.CLOSED:
                    self._speech.submit(errand.case, {"on": today.isoformat(), **errand.body}, errand.id, by_hand=True)
        for task in await self._reads.tasks(limit=1000):
            # A letter written anew lies in the tray under the same task: another day, another visit to the post office.
            key = (task.case.id, task.task.id, task.task.due_on if task.task.kind == "post_letter" else None)
            if key in self._taken:
                continue
            self._taken.add(key)
            if task.task.kind == "approve":
                await self._approve(task, today)
            elif task.task.kind == "post_letter":
                await self._post(task, today)
            elif task.task.kind in self._kinds:
                self._kinds[task.task.kind](task, today)

    def _say(self, task: OpenTask, today: date, body: dict[str, Any]) -> None:
        said = {"on": today.isoformat(), "by": MANAGER if task.task.owner == "manager" else OPERATOR, **body}
        self._speech.submit(task.case.id, said, f"people/{task.task.id}/{body['kind']}", by_hand=True)

    async def _approve(self, task: OpenTask, today: date) -> None:
        recorded = await self._reads.case(task.case.id)
        asked = recorded.case.approval if recorded is not None else None
        if asked is not None:
            self._say(task, today, {"kind": "approve", "step": asked.step, "passage": asked.passage})

    async def _post(self, task: OpenTask, today: date) -> None:
        """To the post office today; what becomes of the letter is known some days later."""
        passage, step = task.task.id.split("/")[1:]
        recorded = await self._reads.case(task.case.id)
        taken = recorded.case.taken(step, int(passage)) if recorded is not None else None
        letter = {"step": step, "passage": int(passage)}
        visit = f"people/{task.task.id}/{today}"
        # One envelope may speak for several invoices: its number comes from the message, not from the case.
        tracking = f"2C {crc32((taken.message_id or '').encode() if taken else b''):010d}"
        posted = {"kind": "letter_posted", **letter, "posted_on": today.isoformat(), "tracking": tracking}
        posted |= {"on": today.isoformat(), "by": OPERATOR, "proof": f"preuve de dépôt {tracking}"}
        self._speech.submit(task.case.id, posted, f"{visit}/letter_posted", by_hand=True)
        presented = add_business_days(today, DELIVERY_DAYS)
        moved = recorded is not None and recorded.case.returns > 0
        fate = "delivered" if moved else FATES.get(task.case.number, "delivered")
        if fate == "delivered":
            body = {"kind": "letter_delivered", **letter, "delivered_on": presented.isoformat(), "tracking": tracking}
            body["proof"] = f"avis de réception {tracking}"
        else:
            body = {"kind": "letter_returned", **letter, "cause": fate, "presented_on": presented.isoformat()}
        known = add_business_days(presented, KEPT_DAYS) if fate == "unclaimed" else presented
        said = {**body, "by": POST_OFFICE}
        errand = Errand(task.case.id, said, f"{visit}/{body['kind']}", if_open=False)
        self._later[known].append(errand)

    def _call(self, task: OpenTask, today: date) -> None:
        self._say(task, today, {"kind": "task_done", "task": task.task.id, "outcome": "appelé, message laissé"})

    def _lodge(self, task: OpenTask, today: date) -> None:
        """The manager reads the file, signs it and lodges it some days later."""
        body = {"kind": "judicial_event", "event": "filed", "by": MANAGER, "reference": f"dépôt {task.case.number}"}
        body |= {"costs": COURT_FEE} if "greffe" in task.task.summary else {}
        day = add_business_days(today, LODGING_DAYS)
        self._later[day].append(Errand(task.case.id, body, f"people/{task.task.id}/filed"))

    def _move(self, task: OpenTask, today: date) -> None:
        """The new address is found in the register."""
        body = {"kind": "contact_changed", "address": NEW_ADDRESS, "by": OPERATOR}
        day = add_business_days(today, MOVING_DAYS)
        self._later[day].append(Errand(task.case.id, body, f"people/{task.task.id}/moved"))

    def _write_anew(self, task: OpenTask, today: date) -> None:
        """The debtor gives another e-mail address when asked."""
        body = {"kind": "contact_changed", "email": NEW_EMAIL, "by": OPERATOR}
        day = add_business_days(today, MOVING_DAYS)
        self._later[day].append(Errand(task.case.id, body, f"people/{task.task.id}/moved"))

    def _tidy(self, task: OpenTask, today: date) -> None:
        self._say(task, today, {"kind": "task_done", "task": task.task.id, "outcome": "vu"})
