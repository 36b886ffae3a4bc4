#!/bin/sh
# One-shot, after the Temporal server serves: the namespace, how long closed cases are kept, the search attributes.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the temporal command itself. Running it again changes nothing.
set -eu

RETENTION="${TEMPORAL_RETENTION:-3650d}"

# A server that has just started is not healthy yet, and knows a namespace only seconds after it was created.
eventually() {
    attempts=0
    until "$@" >/dev/null 2>&1; do
        attempts=$((attempts + 1))
        if [ "$attempts" -ge 60 ]; then
            echo "Still failing after $attempts attempts at $TEMPORAL_ADDRESS: $*" >&2
            "$@"
        fi
        sleep 1
    done
}

eventually temporal operator cluster health

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    eventually temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" \
        --description "Relance: one workflow per unpaid invoice"
fi

eventually temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE"
known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE")
for attribute in Creditor:Keyword Debtor:Keyword CaseStage:Keyword NextStep:Keyword \
    DueDate:Datetime NextStepAt:Datetime Outstanding:Double; do
    name=${attribute%%:*}
    if ! printf '%s\n' "$known" | grep -Eq "^ *$name +"; then
        temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
            --name "$name" --type "${attribute##*:}"
    fi
done
echo "Namespace $TEMPORAL_NAMESPACE is ready."
