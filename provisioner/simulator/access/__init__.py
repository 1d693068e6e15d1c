"""Azure RBAC, enforced when asked: which permissions a request needs, and who has them.

In: requests with a caller, role assignments and definitions as they are stored. Out: nothing, or the 403 that Azure
gives. A principal has only the roles that it was given; owners may do everything.
"""
