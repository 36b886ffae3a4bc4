"""What a task asks, as the choices its form offers; the rules know the codes (``rules.admit_tasks``). Data."""

from collections.abc import Iterable, Mapping
from typing import Final

from console.fields import Field, choice
from console.i18n import noted as _
from rules.admit_tasks import REMEDIES
from rules.decision import Task

QUESTIONS: Final[Mapping[str, Field]] = {
    "performance_date": choice(
        "outcome", _("La prestation est"), ("earlier", _("antérieure au jugement : elle est à déclarer")),
        ("later", _("postérieure : elle se poursuit")),
    ),
    "factor_consent": choice(
        "outcome", _("L’affactureur"), ("granted", _("donne son accord")), ("refused", _("le refuse")),
    ),
    "check_account": choice(
        "outcome", _("Le compte est"), ("confirmed", _("confirmé par son titulaire")), ("rejected", _("démenti")),
    ),
    "probable_duplicate": choice(
        "outcome", _("Ce paiement est"), ("same", _("celui qui est déjà connu")),
        ("another", _("un autre : il compte")),
    ),
    "offset": choice(
        "outcome", _("La compensation est"), ("accepted", _("admise")), ("rejected", _("rejetée")),
    ),
    "settlement_shaken": choice(
        "outcome", _("La transaction"), ("stands", _("tient")), ("void", _("est anéantie")),
    ),
}  # fmt: skip
"""By kind of task; what ``in_doubt`` and ``grant`` ask has actions of their own."""
_OF_THEIR_OWN: Final = ("grant", "in_doubt", *REMEDIES)


def closable(tasks: Iterable[Task]) -> Task | None:
    """The first task that a person ends by saying that it is done; the others end with their cause or by an action."""
    return next((task for task in tasks if task.kind not in _OF_THEIR_OWN), None)
