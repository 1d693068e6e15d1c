"""Azure's resource types, one file each, found by a scan: there is no list to edit.

A module defines `TYPES`, a sequence of `ResourceType` (`..description.resource_type`); it may define `ROUTES`
(addresses outside of the resource scheme) and `GUARDS` (asked before every write and delete). Modules whose name
begins with an underscore are helpers. A module is written from the REST reference of its type, and cites it.

The smallest type that is of use (`network/application_security_group.py`, without its refusal of a delete):

    TYPES = (
        ResourceType(
            type="Microsoft.Network/applicationSecurityGroups",
            name=NETWORK_NAME,                                                    # ._shared
            body=Body(model="azure.mgmt.network.models:ApplicationSecurityGroup"),
            answers=ANSWERS,                                                      # ._shared
            on_write=WriteHooks(fill=add_resource_guid),                          # ._shared
        ),
    )

What the core does by itself, from that data: refuses unknown and mistyped properties, ignores read-only ones, spells
enum values canonically, checks name, location, tags, group, parent, locks, etags and running operations, applies
defaults, keeps read-only values through a PUT, checks immutable properties and references, reduces references to
their ID, runs the long-running operation, shows back-references, lists, pages, deletes with children, refuses
in-use deletes.

Hooks on writes (`..description.hooks`) get a `ResourceWrite` (`..arm.resource_write`): `change.body` is the whole new
body and may be altered in place; `change.before` is the stored `Resource` or None; `change.cloud` (`..arm.cloud`)
reads and writes other resources (`get`, `create`, `update`, `remove`), the links between them, the directory and the
clock, all inside the request's transaction. `validate` raises `ArmError`; `fill` sets what the first answer shows;
`finish` sets what appears when the operation ends, and an ArmError there fails it.
"""
