"""What has become of letters, what tells them apart as the report on them names it, and kinds of payers."""

from collections.abc import Mapping
from typing import Final

from console.i18n import noted as _

PROFILES: Final[Mapping[str, str]] = {
    "fidele": _("Fidèle"),
    "standard": _("Ordinaire"),
    "retardataire": _("Retardataire"),
    "sensible": _("Particulier"),
    "public": _("Personne publique"),
}
FACETS: Final[Mapping[str, str]] = {
    "rung": _("Étape"),
    "variant": _("Rédaction"),
    "channel": _("Canal"),
    "profile": _("Profil du débiteur"),
}
WAYS: Final[Mapping[str, str]] = {
    "rung": _("Par étape"),
    "rung variant": _("Par étape et rédaction"),
    "rung variant channel": _("Par étape, rédaction et canal"),
    "rung variant profile": _("Par étape, rédaction et profil"),
    "rung variant channel profile": _("Par étape, rédaction, canal et profil"),
}
SENT: Final[Mapping[str, str]] = {
    "sending": _("En cours d’envoi"),
    "sent": _("Parti"),
    "failed": _("Refusé"),
    "in_doubt": _("Incertain"),
}
