"""Which answer holds what another operation asks for, so that a program can go on from it."""

from cissapp.oversee.api.rules import operations as op
from cissapp.oversee.api.rules.operations import Operation

BODY, FIRST, ASKED = "$response.body#/", "$response.body#/items/0/", "$request.path."
OF_COUNTRY = (op.REGIONS, op.COUNTRY_FIGURES, op.MONTHS, op.COUNTRY_BRIEF)
OF_REGION = (op.REGION_FIGURES, op.REGION_MONTHS, op.REGION_BRIEF)
OF_WEBHOOK = (op.WEBHOOK, op.REMOVE_WEBHOOK, op.TEST_WEBHOOK, op.MESSAGES)
OF_MESSAGE = (op.SEND_AGAIN,)
IN_COUNTRY = {"country_code": f"{ASKED}country_code"}
TO_WEBHOOK = {"webhook_id": f"{ASKED}webhook_id"}

# By operation: which follow from its answer, and where the values of their paths are.
LINKS: dict[str, tuple[tuple[Operation, ...], dict[str, str]]] = {
    op.COUNTRIES.name: (OF_COUNTRY, {"country_code": f"{FIRST}code"}),
    op.REGIONS.name: (OF_REGION, IN_COUNTRY | {"region_code": f"{FIRST}code"}),
    op.WEBHOOKS.name: (OF_WEBHOOK, {"webhook_id": f"{FIRST}id"}),
    op.ADD_WEBHOOK.name: (OF_WEBHOOK, {"webhook_id": f"{BODY}id"}),
    op.TEST_WEBHOOK.name: (OF_MESSAGE, TO_WEBHOOK | {"webhook_message_id": f"{BODY}id"}),
    op.MESSAGES.name: (OF_MESSAGE, TO_WEBHOOK | {"webhook_message_id": f"{FIRST}id"}),
}


def links_of(operation: Operation) -> dict[str, dict[str, object]]:
    """Return the links of an operation's answer, as OpenAPI writes them."""
    following, values = LINKS.get(operation.name, ((), {}))
    return {one.name: {"operationId": one.name, "parameters": values} for one in following}
