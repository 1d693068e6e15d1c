"""What the types of Microsoft.ManagedIdentity have in common (both recorded).

In: a scope, a resource. Out: the scope as its IDs spell it, the headers of the answer to a create.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...state.resources import Resource


def lower_case_group(scope: str) -> str:
    """IDs say `resourcegroups`; every other provider says `resourceGroups`."""
    return scope.replace("/resourceGroups/", "/resourcegroups/")


def relative_location(resource: Resource) -> Mapping[str, str]:
    """The Location of a create has neither scheme nor host."""
    return {"Location": resource.id}
