"""What a person reads first in the zip, in French and in English."""

README = """\
{creditor} – données vous concernant, arrêtées au {on}
(English below)

donnees.pdf    ce qui est conservé, en clair : identité, factures, faits, décisions, durées
donnees.json   la même chose, lisible par une machine (article 20 du RGPD)
factures/      la facture gardée pour les livres, quand vos données ont été effacées
courriers/     les copies des courriers qui vous ont été adressés, et de vos réponses
decisions/     ce que le programme a décidé, quand et pourquoi
judiciaire/    les dossiers préparés pour un juge

Pourquoi : exécution du contrat et intérêt légitime du créancier à être payé (RGPD, art. 6-1 b et f), obligations
comptables (art. 6-1 c). Les données viennent de vos factures, de vos réponses, de vos paiements et de la poste.
Qui les lit : le service de recouvrement du créancier et, si le dossier est remis à un juge, la juridiction.
Les relances sont envoyées selon des règles écrites à l'avance ; la mise en demeure et le dossier judiciaire sont
validés par une personne selon la politique du créancier.

Vos droits : rectification, effacement de ce que la loi n'oblige pas à garder, limitation, opposition. Écrivez au
créancier. Vous pouvez saisir la CNIL (www.cnil.fr).

--------------------------------------------------------------------------------------------------------------------

{creditor} – data about you, as of {on}

donnees.pdf    what is kept, in plain words (French): identity, invoices, facts, decisions, terms
donnees.json   the same for a machine (article 20 GDPR)
factures/      the invoice kept for the books, once your data were erased
courriers/     copies of the letters sent to you, and of your answers
decisions/     what the program decided, when and why
judiciaire/    files prepared for a judge

Why: performance of the contract and the creditor's legitimate interest in being paid (GDPR, art. 6-1 b and f),
bookkeeping obligations (art. 6-1 c). The data come from your invoices, your answers, your payments and the post.
Who reads them: the creditor's recovery service and, when the file goes to a judge, the court and its officers.
Reminders are sent by rules written beforehand; the formal notice and the judicial file are approved by a person as the
creditor's policy says.

Your rights: rectification, erasure of what the law does not oblige to keep, restriction, objection. Write to the
creditor. You may lodge a complaint with the CNIL (www.cnil.fr).
"""

KINDS = {
    "invoice": "facture",
    "correspondence": "courrier",
    "history": "décisions enregistrées",
    "judicial_file": "dossier judiciaire",
}
