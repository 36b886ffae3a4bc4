"""What an audit found, in French, for those who read its report. Pure."""

from audit.findings import Check, Finding
from audit.report import RunSeen

CHECKS = {
    Check.REPLAY: "l’historique, rejoué par le programme d’aujourd’hui, donne les mêmes commandes",
    Check.CHAIN: "la chaîne d’empreintes du registre est entière, et tout ce qui la répète y est conforme",
    Check.EVENTS: "l’historique et le registre disent la même chose, événement par événement",
    Check.DECISIONS: "chaque décision, redemandée aux règles sur ses propres faits, est la même",
    Check.PROMISES: "aucun courrier hors de l’ordre, des heures ou des distances annoncés, ni après paiement",
}
_BEGINNINGS = {
    Check.CHAIN: (
        ("events.", "la colonne ne dit pas ce que dit l’événement"),
        ("cases.", "la ligne du dossier ne dit pas ce que disent ses événements"),
        ("contacts.", "le contact enregistré ne dit pas ce que dit l’événement"),
        ("policies.", "le texte de la politique n’est plus celui sous lequel le dossier a été conduit"),
        ("messages.document", "la copie du courrier manque, ou n’est pas celle qui est partie"),
        ("runs.", "l’historique conservé n’est pas celui dont le registre garde l’empreinte"),
        ("manifest", "le dossier judiciaire n’est plus tel qu’il a été préparé"),
        ("zip", "l’archive du dossier judiciaire n’est plus telle qu’elle a été préparée"),
        ("retained", "la facture gardée d’un débiteur effacé manque, ou n’est plus telle qu’elle a été écrite"),
        ("document", "la pièce manque ou ne peut être lue"),
        ("sealed", "la partie chiffrée ne s’ouvre pas sous sa clé"),
        ("row", "une ligne du dossier ne peut être lue"),
        ("hash", "l’empreinte n’est pas celle attendue"),
    ),
    Check.EVENTS: (("history", "l’historique ne peut être lu"), ("cases.decision", "la décision gardée a été changée")),
    Check.DECISIONS: (("policy", "la politique du dossier manque au registre"),),
    Check.PROMISES: (
        ("order", "l’ordre de l’échelle n’a pas été tenu"),
        ("hours", "le courrier est parti hors des heures permises"),
        ("distance", "le courrier est parti trop tôt après le précédent"),
        ("payment", "le courrier est parti après le paiement"),
    ),
}
_OTHERWISE = {
    Check.REPLAY: "l’historique, rejoué, ne donne pas les commandes enregistrées",
    Check.CHAIN: "ce qui répète la chaîne n’y est pas conforme",
    Check.EVENTS: "le registre et l’historique diffèrent",
    Check.DECISIONS: "sur les mêmes faits, les règles décident autrement",
    Check.PROMISES: "la boîte d’envoi ne dit pas ce que dit l’événement",
}
_STATUS = {
    "completed": "terminée", "failed": "échouée", "timed_out": "expirée", "canceled": "annulée",
    "terminated": "arrêtée", "continued_as_new": "continuée", "running": "en cours",
}  # fmt: skip


def wrong_in_french(one: Finding) -> str:
    """What is wrong, without its place."""
    begun = (said for beginning, said in _BEGINNINGS.get(one.check, ()) if one.field.startswith(beginning))
    return next(begun, _OTHERWISE[one.check])


def run_in_french(run: RunSeen) -> str:
    """What was read of a run, and where."""
    status = _STATUS.get(run.status, run.status)
    if run.problem is not None:
        known = {
            "forgotten": "effacée avec les données du débiteur",
            "destroyed at the end of its term": "détruite à son terme",
        }
        return f"{status} ; {known.get(run.problem, 'illisible')}"
    source = "de l’archive" if run.source == "archive" else "du serveur"
    return f"{status}, lue {source} : {run.events} événements, {run.decisions} décisions"
