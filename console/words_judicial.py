"""What the judicial codes of the ledger are called on a page."""

from collections.abc import Mapping
from typing import Final

from console.i18n import noted as _

PROCEDURES: Final[Mapping[str, str]] = {
    "injonction_de_payer": _("Injonction de payer"),
    "petites_creances": _("Petites créances"),
    "refere_provision": _("Référé-provision"),
    "assignation": _("Assignation au fond"),
    "l126": _("Créance commerciale incontestée"),
    "declaration_de_creance": _("Déclaration de créance"),
    "releve_de_forclusion": _("Relevé de forclusion"),
    "none": _("Aucune"),
}
JUDGES: Final[Mapping[str, str]] = {
    "tribunal_de_commerce": _("Tribunal de commerce"),
    "tribunal_des_activites_economiques": _("Tribunal des activités économiques"),
    "tribunal_judiciaire": _("Tribunal judiciaire"),
    "juge_des_contentieux_de_la_protection": _("Juge des contentieux de la protection"),
    "chambre_commerciale_tribunal_judiciaire": _("Chambre commerciale du tribunal judiciaire"),
    "tribunal_administratif": _("Tribunal administratif"),
}
CRITERIA: Final[Mapping[str, str]] = {
    "certain": _("Certaine"),
    "liquid": _("Liquide"),
    "due": _("Exigible"),
    "in_time": _("Non prescrite"),
    "solvent": _("Débiteur solvable"),
    "address": _("Adresse connue"),
    "formal_notice": _("Mise en demeure restée vaine"),
}
LACKS: Final[Mapping[str, str]] = {
    "debtor_kind": _("la qualité du débiteur"),
    "merchant": _("si le débiteur est commerçant"),
    "postal_code": _("le siège du débiteur"),
    "court_name": _("le nom exact de la juridiction, à confirmer"),
    "limitation": _("la date de prescription"),
    "demande_prealable": _("une demande préalable écrite à l’administration"),
    "publication_bodacc": _("la date de publication au BODACC"),
    "fees": _("les frais de cette voie, à demander au greffe et au commissaire de justice"),
    "employees": _("l’effectif du demandeur, pour la contribution"),
    "turnover": _("le chiffre d’affaires moyen du demandeur, pour la contribution"),
    "profit": _("le bénéfice moyen du demandeur, pour la contribution"),
}
COURT: Final[Mapping[str, str]] = {
    "filed": _("déposé"),
    "ordered": _("ordonnance rendue"),
    "served": _("signifié"),
    "opposed": _("opposition formée"),
    "enforceable": _("exécutoire"),
    "rejected": _("rejeté"),
    "paid": _("payé"),
    "hearing": _("audience fixée"),
    "withdrawn": _("désistement"),
    "lapsed": _("caduc"),
    "not_opposed": _("sans opposition"),
    "appealed": _("appel formé"),
}
JUDICIAL_TASKS: Final[Mapping[str, str]] = {
    "declare_claim": _("Déclarer la créance"),
    "lodge_file": _("Déposer le dossier"),
    "over_indebtedness": _("Surendettement"),
    "find_publication": _("Trouver la publication"),
    "order_deposit": _("Consigner les frais de greffe"),
    "opposition_deposit": _("Consigner après l’opposition"),
    "late_opposition": _("Opposition tardive"),
    "lawyer_constitution": _("Constituer avocat"),
    "summons_service": _("Faire signifier l’assignation"),
    "summons_filing": _("Remettre l’assignation au greffe"),
    "hearing": _("Préparer l’audience"),
    "follow_court": _("Suivre la procédure"),
    "follow_appeal": _("Suivre l’appel"),
    "enforce": _("Faire exécuter"),
    "serve_decision": _("Faire signifier la décision"),
    "partial_order": _("Ordonnance partielle"),
    "order_lapsed": _("Ordonnance caduque"),
    "serve_order": _("Faire signifier l’ordonnance"),
    "not_to_person": _("Signification non remise à personne"),
    "ask_certificate": _("Demander le certificat"),
    "ask_title": _("Demander la formule exécutoire"),
    "follow_declaration": _("Suivre la déclaration"),
    "foreclosed": _("Forclusion"),
    "foreclosure_relief": _("Relevé de forclusion"),
    "follow_relief": _("Suivre le relevé"),
    "follow_hand_over": _("Suivre le dossier confié"),
    "follow_mediation": _("Suivre la médiation"),
    "vat_bad_debt": _("Récupérer la TVA"),
    "stop_procedure": _("Arrêter la procédure"),
    "do_not_lodge": _("Ne plus déposer"),
    "recover_costs": _("Recouvrer les frais"),
    "declaration": _("Déclarer la créance"),
}
CLOCKS: Final[Mapping[str, str]] = {
    **{name: JUDICIAL_TASKS[name] for name in (
        "order_deposit", "lawyer_constitution", "hearing", "summons_service", "summons_filing", "declaration",
    )},
    "order_service": JUDICIAL_TASKS["serve_order"],
    "title": JUDICIAL_TASKS["enforce"],
    "foreclosure_relief": _("Demander le relevé de forclusion"),
    "opposition": _("Opposition du débiteur"),
    "order_enforceable": _("Ordonnance exécutoire"),
    "majoration": _("Majoration de cinq points"),
    "small_claim_answer": _("Réponse du débiteur"),
    "l126_answer": _("Réponse au commandement"),
    "l126_report": _("Procès-verbal de non-contestation"),
}  # fmt: skip
HOLDERS: Final[Mapping[str, str]] = {
    "collection_agency": _("Société de recouvrement"),
    "avocat": _("Avocat"),
    "commissaire_de_justice": _("Commissaire de justice"),
}
NATURES: Final[Mapping[str, str]] = {
    "court_fee": _("Frais de greffe"),
    "service": _("Signification"),
    "enforcement": _("Exécution"),
    "lawyer": _("Avocat"),
    "agency": _("Société de recouvrement"),
    "postage": _("Affranchissement"),
}
JUDICIAL_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "court": COURT,
    "procedure": PROCEDURES,
    "judge": JUDGES,
    "criterion": CRITERIA,
    "lack": LACKS,
    "clock": CLOCKS,
    "holder": HOLDERS,
    "nature": NATURES,
}
