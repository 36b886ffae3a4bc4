"""The fields of the forms on a case, and the answers they offer. Data."""

from dataclasses import dataclass
from typing import Final

from console import words_judicial
from console.i18n import noted as _

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """A field. ``kind``: money, date, number, text, long, select or radio; ``start``: today, principal or a value."""

    name: str
    label: str
    kind: str = "text"
    options: Options = ()
    hint: str = ""
    required: bool = False
    start: str = ""
    missing: str = ""
    wrong: str = ""
    least: int = 1
    most: int = 60


def money(name: str, label: str, *, required: bool = False, hint: str = "", start: str = "") -> Field:
    """An amount, above zero."""
    wrong = _("Saisissez un montant, par exemple 1 234,56")
    return Field(
        name, label, "money", required=required, hint=hint or _("Exemple : 1 234,56"), start=start, missing=wrong,
        wrong=wrong,
    )  # fmt: skip


def day(name: str, label: str, *, required: bool = False, start: str = "", hint: str = "") -> Field:
    """A date."""
    wrong = _("Saisissez une date, jour, mois et année")
    return Field(name, label, "date", required=required, start=start, missing=wrong, wrong=wrong, hint=hint)


def choice(name: str, label: str, *options: tuple[str, str], kind: str = "radio", start: str = "") -> Field:
    """One of several answers."""
    wrong = _("Choisissez une réponse")
    return Field(name, label, kind, options, required=True, start=start or options[0][0], missing=wrong, wrong=wrong)


def long(name: str, label: str, *, required: bool = False) -> Field:
    """Some words, on several lines."""
    return Field(name, label, "long", required=required, missing=_("Écrivez quelques mots"))


def text(name: str, label: str, *, required: bool = False, hint: str = "") -> Field:
    """Some words."""
    return Field(name, label, required=required, hint=hint, missing=_("Remplissez ce champ"))


METHODS: Final = (
    ("virement", _("Virement")),
    ("chèque", _("Chèque")),
    ("carte", _("Carte")),
    ("espèces", _("Espèces")),
)
OUTCOMES: Final = (
    ("promise", _("Promesse de payer")), ("payment_announced", _("Paiement annoncé")), ("dispute", _("Conteste")),
    ("reached", _("Joint, rien de convenu")), ("message_left", _("Message laissé")), ("no_answer", _("Sans réponse")),
    ("wrong_number", _("Faux numéro")),
)  # fmt: skip
COURT: Final = (
    ("filed", _("Déposé")), ("ordered", _("Ordonnance rendue")), ("served", _("Signifié")),
    ("opposed", _("Opposition formée")), ("not_opposed", _("Sans opposition")), ("enforceable", _("Exécutoire")),
    ("hearing", _("Audience fixée")), ("rejected", _("Rejeté")), ("withdrawn", _("Désistement")),
    ("paid", _("Payé")), ("lapsed", _("Caduc")), ("appealed", _("Appel formé")),
)  # fmt: skip
TO_THE_PERSON: Final = (
    ("", _("Non dit, ou sans objet")), ("true", _("Remise à la personne")), ("false", _("Remise autrement")),
)  # fmt: skip
KINDS: Final = (
    ("business", _("Professionnel")), ("consumer", _("Consommateur")), ("public_body", _("Personne publique")),
)  # fmt: skip
CAUSES: Final = (
    ("unclaimed", _("Non réclamé")), ("refused", _("Refusé")), ("unknown_address", _("Inconnu à l’adresse")),
    ("incomplete_address", _("Adresse incomplète")), ("deceased", _("Décédé")),
)  # fmt: skip
WAYS: Final = tuple(
    (code, words_judicial.PROCEDURES[code])
    for code in ("injonction_de_payer", "petites_creances", "refere_provision", "assignation", "l126")
)
PROCEEDINGS: Final = (
    ("", _("Celle du dossier")),
    *((code, name) for code, name in words_judicial.PROCEDURES.items() if code != "none"),
)
PROCEDURES: Final = (
    ("safeguard", _("Sauvegarde")), ("reorganisation", _("Redressement")), ("liquidation", _("Liquidation")),
    ("consumer_over_indebtedness", _("Surendettement")),
)  # fmt: skip
