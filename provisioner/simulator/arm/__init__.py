"""Azure Resource Manager itself: what it does with every resource, whatever its type.

In: a request, a `Cloud` (`cloud`). Out: the answer, and the new state. `dispatch` finds the function that answers;
what differs between types it takes from their descriptions (`description`), never from their names.
"""
