"""The ladder as data: what a policy file says, parsed and cross-checked. Pure."""

from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator, model_validator

from rules.base import Frozen
from rules.law.days import MAINLAND, public_holidays
from rules.law.kinds import DebtorKind
from rules.law.procedures import Procedure
from rules.money import ZERO, Money
from rules.profile import Habits, Manner, Profile
from rules.refusals import Refused
from rules.when import Anchor, When, parse_when

_ANY_YEAR = 2026
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Channel(StrEnum):
    """How a rung reaches the debtor."""

    EMAIL = "email"
    LETTER = "letter"
    REGISTERED_LETTER = "registered_letter"
    CALL = "call"
    SMS = "sms"


BY_TELEPHONE = (Channel.CALL, Channel.SMS)
"""Channels that a person serves: a task with the words to say or to send, and a coded answer."""


class Claims(StrEnum):
    """What a rung asks for: the principal; the principal with rate and 40 € announced; everything."""

    PRINCIPAL = "principal"
    MENTION = "mention"
    ALL = "all"


class Role(StrEnum):
    """Whose approval a rung needs, and who owns a task."""

    NONE = "none"
    OPERATOR = "operator"
    MANAGER = "manager"


Moment = Annotated[
    When,
    BeforeValidator(lambda value: parse_when(value) if isinstance(value, str) else value),
]
Clock = Annotated[time, PlainSerializer(lambda value: value.strftime("%H:%M"))]


Distance = Annotated[str, Field(pattern=r"^[1-9][0-9]?[my]$")]
"""How long ahead of the last useful day: ``6m`` six months, ``1y`` a year."""


class SendWindow(Frozen):
    """Days and hours at which the policy writes, in its time zone. ``days``: week days, dates 1…28, ``month_end``."""

    days: tuple[str | int, ...] = ("mon", "tue", "wed", "thu", "fri")
    from_: Clock = Field(default=time(9), alias="from")
    to: Clock = time(17, 30)
    holidays: str = MAINLAND

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "SendWindow":
        if self.from_ >= self.to:
            raise ValueError(f"from {self.from_:%H:%M} is not before to {self.to:%H:%M}")
        for day in self.days:
            known = day in WEEKDAYS or day == "month_end" if isinstance(day, str) else 1 <= day <= 28
            if not known:
                raise ValueError(f"days: « {day} » is neither a week day (mon…sun), a date 1…28 nor month_end")
        if not self.days:
            raise ValueError("days is empty: nothing could ever be sent")
        if self.holidays != MAINLAND:
            try:
                public_holidays(_ANY_YEAR, self.holidays)
            except Refused as refused:
                raise ValueError(f"holidays: {refused.sentence}") from None
        return self


class Spacing(Frozen):
    """Least days between two written notices to a debtor, one at least whatever is written here; most contacts in a
    rolling week, of any kind and by channel."""

    minimum_days: int = Field(default=7, ge=0, le=90)
    per_week: int = Field(default=2, ge=1, le=7)
    channel: dict[Channel, Annotated[int, Field(ge=1, le=7)]] = Field(default_factory=dict)


class PromiseRule(Frozen):
    """What a promise to pay may be, and the grace after its day."""

    max_days: int = Field(default=30, ge=1)
    max_count: int = Field(default=2, ge=0)
    grace_business_days: int = Field(default=2, ge=0)


class PlanRule(Frozen):
    """How a payment plan is watched: grace after each instalment, then a notice, then it breaks."""

    grace_business_days: int = Field(default=3, ge=0)
    notice_days: int = Field(default=8, ge=0)
    remind_days: int | None = Field(default=None, ge=1, le=30)
    max_months: int = Field(default=24, ge=1)
    broken_resumes: Literal["where_it_stood", "mise_en_demeure"] = "where_it_stood"


class DisputeRule(Frozen):
    """What happens while a part is disputed, and by when someone answers."""

    undisputed_part: Literal["continues", "pauses"] = "continues"
    answer_days: int = Field(default=15, ge=1)
    owner: str = "operator"


class ApprovalAbove(Frozen):
    """Above this amount, a rung that needs a person (its principal), or a waiver (what is given up), needs this one."""

    amount: Money
    by: Role


class AnswerAbove(Frozen):
    """Above this principal, or to a debtor abroad, the answer period of the mise en demeure, in days."""

    amount: Money
    days: int = Field(ge=1)


Ahead = Annotated[str, Field(pattern=r"^[1-9][0-9]?[dmy]$")]
"""How long ahead of a legal deadline: ``14d`` fourteen days, ``1m`` a month."""


class JudicialRule(Frozen):
    """The judicial file and its clocks. ``minimum``, ``approval``: in place of the rung's own; ``preferred``: proposed
    before the injonction when it is open; ``expected_cost_ratio``: a dearer procedure advises the write-off, 0 to 1;
    ``grouped``: the invoices of a debtor approved on one day stand in one file."""

    minimum: Money | None = None
    approval: Role | None = None
    preferred: Procedure | None = None
    expected_cost_ratio: Decimal = Field(default=Decimal("0.30"), gt=0, le=1)
    recall_hours: int = Field(default=24, ge=0, le=240)
    alerts: tuple[Ahead, ...] = ("1m", "14d", "7d", "2d")
    grouped: bool = False


class Rung(Frozen):
    """One step of the ladder."""

    step: str = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
    when: Moment
    channel: tuple[Channel, ...] = ()
    copy_: tuple[Channel, ...] = Field(default=(), alias="copy")
    tone: str = "courtois"
    claims: Claims = Claims.PRINCIPAL
    minimum: Money = ZERO
    approval: Role = Role.NONE
    answer_within: int | None = Field(default=None, ge=1, le=90)
    answer_above: AnswerAbove | None = None
    prepares: Literal["judicial_file"] | None = None
    owner: str | None = None
    variants: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,20}$")], ...] = Field(default=(), max_length=4)

    @property
    def is_call(self) -> bool:
        """Whether the rung is a task for a person with a telephone (a call, a text message), and not a letter."""
        return bool(self.channel) and self.channel[0] in BY_TELEPHONE

    @property
    def is_formal(self) -> bool:
        """Whether the rung is the mise en demeure: registered, with an answer period."""
        return self.answer_within is not None


class Policy(Frozen):
    """A ladder and its manners. ``version`` is the content hash, pinned when a case opens."""

    name: str
    version: str = ""
    debtors: tuple[DebtorKind, ...] = (DebtorKind.BUSINESS, DebtorKind.UNKNOWN)
    timezone: str = "Europe/Paris"
    send: SendWindow = Field(default_factory=SendWindow)  # made when asked for: it reads the calendar
    calls: SendWindow | None = None
    spacing: Spacing = Spacing()
    tolerance: Money = ZERO
    entry: Literal["sequential", "by_age"] = "sequential"
    accessories: Literal["waive", "invoice", "pursue"] = "waive"
    spread_minutes: int = Field(default=0, ge=0, le=480)
    promise: PromiseRule = PromiseRule()
    plan: PlanRule = PlanRule()
    dispute: DisputeRule = DisputeRule()
    reply_days: int = Field(default=5, ge=1)
    approval_above: ApprovalAbove | None = None
    waiver_above: ApprovalAbove | None = None
    approval_lapses: int = Field(default=3, ge=1)
    call_lapses: int = Field(default=5, ge=1)
    call_attempts: int = Field(default=2, ge=1, le=10)
    tray_days: int = Field(default=2, ge=1)
    delivery_news_days: int = Field(default=15, ge=1)
    bank_data_max_age_days: int | None = Field(default=None, ge=1, le=90)
    limitation_alerts: tuple[Distance, ...] = ("12m", "6m", "4m", "2m")
    formal_notice: Literal["alone", "grouped"] = "alone"
    habits: Habits = Habits()
    profile: dict[Profile, Manner] = Field(default_factory=dict)
    judicial: JudicialRule = JudicialRule()
    rung: tuple[Rung, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except Exception as error:
            raise ValueError(f"« {name} » is not a time zone such as Europe/Paris") from error
        return name

    @model_validator(mode="after")
    def _rungs_agree(self) -> "Policy":
        seen: dict[str, Rung] = {}
        for rung in self.rung:
            _check_rung(rung, seen)
            seen[rung.step] = rung
        for profile, manner in self.profile.items():
            unknown = set(manner.tone) - set(seen)
            if unknown:
                raise ValueError(f"profile {profile}: tone names {min(unknown)}, which is no step of this policy")
        return self

    def at(self, step: str) -> Rung | None:
        """The rung of that step; None when the ladder has none."""
        return next((rung for rung in self.rung if rung.step == step), None)

    @property
    def zone(self) -> ZoneInfo:
        """The creditor's time zone."""
        return ZoneInfo(self.timezone)


def _check_rung(rung: Rung, seen: dict[str, Rung]) -> None:
    where = f"rung {rung.step}"
    if rung.step in seen:
        raise ValueError(f"{where} stands twice; give each step once")
    if not seen and rung.when.follows_step:
        raise ValueError(f"{where} is the first and cannot count from an earlier step")
    if rung.when.step is not None and rung.when.step not in seen:
        raise ValueError(f"{where} counts from {rung.when.step}, which does not stand before it")
    if rung.when.anchor is Anchor.UNANSWERED and not seen[rung.when.step or ""].is_formal:
        raise ValueError(f"{where} waits for the answer to {rung.when.step}, which has no answer_within")
    if rung.prepares is None and not rung.channel:
        raise ValueError(f"{where} has no channel; name at least one")
    if rung.prepares is not None and rung.when.anchor is not Anchor.UNANSWERED:
        raise ValueError(f"{where} prepares a judicial file, so it must follow unanswered(mise_en_demeure)")
    if rung.is_formal and (rung.channel != (Channel.REGISTERED_LETTER,)):
        raise ValueError(
            f"{where} has an answer period, so its only channel is registered_letter; e-mail may be a copy"
        )
    if rung.is_call and (len(rung.channel) > 1 or rung.copy_):
        raise ValueError(f"{where} is a call or a text message and can have no other channel; give each its own rung")
    if set(BY_TELEPHONE) & {*rung.channel[1:], *rung.copy_}:
        raise ValueError(f"{where}: call and sms are tasks for a person, no copy and no second choice")
    if len(rung.variants) == 1 or len(set(rung.variants)) != len(rung.variants):
        raise ValueError(f"{where}: variants compares two letters or more, each named once")
    if rung.variants and (rung.is_call or rung.is_formal or rung.prepares is not None):
        raise ValueError(f"{where} has variants, which only a reminder may have")


def validate_policy(data: dict[str, Any]) -> Policy:
    """The policy of parsed TOML; raises pydantic.ValidationError (policy_file.py turns it into file and line)."""
    return Policy.model_validate(data, extra="forbid")
