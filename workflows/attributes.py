"""Registering the search attributes at worker start: asked for again, a no-op; of another type, a sentence."""

from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client

from rules.refusals import Refused
from workflows.options import KEYS


async def register_search_attributes(client: Client) -> None:
    """Register what is missing in the client's namespace. Raises Refused when one exists with another type, which the
    server cannot change."""
    service = client.operator_service
    known = (
        await service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    ).custom_attributes
    for key in KEYS:
        there = known.get(key.name)
        if there is not None and there != int(key.indexed_value_type):
            raise Refused(
                f"search attribute {key.name} exists in namespace {client.namespace} with another type; "
                "use a namespace of its own for Relance."
            )
    missing = {key.name: int(key.indexed_value_type) for key in KEYS if key.name not in known}
    if missing:
        await service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)  # type: ignore[arg-type]
        )
