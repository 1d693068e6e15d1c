"""The facts of a kind, grouped by what they are about.

In: nothing. Out: frozen dataclasses that ``Kind`` is made of; ``kinds/`` holds the instances. No I/O, no Azure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..base.values import Body, Leaf, Lookup, Path, Ref
from .entry import Context, Entry, Find

Impact = Literal["none", "live", "restart", "deallocate", "access-gap", "replace", "data-loss"]
IMPACTS: tuple[Impact, ...] = ("none", "live", "restart", "deallocate", "access-gap", "replace", "data-loss")
"""From harmless to worst: nothing to notice; noticed by nobody; a reboot; a stop; rights that are gone for a while; the
object is deleted, and nothing that cannot be created again is lost; something is lost for good."""


@dataclass(frozen=True)
class Output:
    """A value of a resource that expressions may name.

    path: where Azure puts it in the body.
    early: the first answer to a PUT has it already.
    made_of: the properties, as paths of differences without labels, whose update changes the value.
    needs: the key of an entry without which Azure never has the value.
    """

    path: Path
    early: bool = False
    made_of: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForwardedOutput:
    """A value that an entry doesn't have itself, but another one that it refers to or contains.

    key: where the entry names or contains the other one, or several.
    section: the section whose keys may stand there.
    output: the name of the value at the other one.
    what: a word for the other one.
    """

    key: str
    section: str
    output: str
    what: str


@dataclass(frozen=True)
class RefusedSecret:
    """A secret that Azure would refuse; its value is in none of the fields.

    at: the place in the entry.
    code: of the diagnostic.
    what: a word for the secret.
    reason: why Azure refuses it.
    """

    at: Path
    code: str
    what: str
    reason: str


@dataclass(frozen=True)
class AssignmentKey:
    """What a role assignment's name is made of: scope, principal and role; leaves are known once lookups are done."""

    scope: Ref | str
    principal: Ref | Lookup | str
    role: Lookup | Ref | str


def _no_body(entry: Entry, context: Context) -> Body:
    raise NotImplementedError(f"{entry.address} is read only")


@dataclass(frozen=True)
class Schema:
    """What a spec says about a kind, and the resource that an entry of the spec stands for.

    sections: where entries stand in a spec; ``*`` is any key (``vms/*/extensions/*``).
    body: the ARM body of an entry, with leaves.
    name_rule: the regular expression that a whole name matches, and the rule in words.
    default_name: the Azure name when the entry says none; the key by default.
    children: spec section to ARM segment of parts that live in the body (``{"subnets": "subnets"}``).
    outputs: the values that expressions may name, and where Azure puts them.
    exposes_all_properties: expressions may name any property by its path in ARM's JSON (``properties.vaultUri``).
    forwarded: values that expressions may name here, and that another entry has.
    shown: values that only ``show`` prints, and where Azure puts them.
    connection: the command that connects to an object, by its body; empty where it can't be reached.
    refused_secrets: the secrets of a body that is to be created and that Azure would refuse; the second argument
        reveals a leaf.
    referred_part: the child in whose place the keys of a section stand (``subnets``: references mean a subnet, never
        the network).
    after: addresses that go first although the body doesn't refer to them.
    expand: the entries that one entry of the spec stands for (a grant to three principals).
    assignment_key: what the name of a role assignment is made of.
    assignment_name: that name, by the IDs of scope, principal, and role.
    refer_instead: how a spec refers to an object that it doesn't own.
    resource_id: the ARM ID, where it isn't made of the group, the type, and the name.
    """

    sections: tuple[str, ...] = ()
    body: Callable[[Entry, Context], Body] = _no_body
    name_rule: tuple[str, str] = (r".{1,80}", "1 to 80 characters")
    default_name: Callable[[Entry], str] = lambda entry: entry.key_for_names
    children: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    exposes_all_properties: bool = False
    forwarded: Mapping[str, ForwardedOutput] = field(default_factory=dict)
    shown: Mapping[str, Path] = field(default_factory=dict)
    connection: Callable[[Body, Find], str] = lambda body, find: ""
    refused_secrets: Callable[[Body, Callable[[Leaf], str]], Sequence[RefusedSecret]] = lambda body, reveal: ()
    referred_part: str = ""
    after: Callable[[Entry], tuple[str, ...]] = lambda entry: ()
    expand: Callable[[Entry], list[Entry]] = lambda entry: [entry]
    assignment_key: Callable[[Entry, Context], AssignmentKey] | None = None
    assignment_name: Callable[[str, str, str], str] = lambda scope, principal, role: ""
    refer_instead: str = "refer to it under `existing:`"
    resource_id: Callable[[Entry, Context], str] | None = None


@dataclass(frozen=True)
class Operations:
    """The SDK operations of a kind: an attribute of a management client, and method names on it.

    client, group: the client's short name, and its attribute.
    put, get, delete, list: the methods; a name that begins with ``begin_`` is a long-running operation.
    patch: the operation for updates where a PATCH that merges is the safer way; otherwise updates are PUTs.
    etags: the service keeps them: an update carries If-Match.
    has_instance_view: the service says with ``$expand=instanceView`` why an operation failed.
    start, deallocate: the operations that start an object, and that stop it and give its hardware back; empty where
        it has no power state.
    needs_running_parent: a write succeeds only while the parent runs.
    one_at_a_time_in_parent: the parent refuses a write while another one runs in it.
    details_in: the ID of the object that holds what a body doesn't say (the OS disk of a stopped machine), or nothing;
        ``with_details`` is that body together with what that other object's body says.
    """

    client: Literal["resource", "network", "compute", "msi", "authorization", "locks"]
    group: str
    put: str = "begin_create_or_update"
    patch: str = ""
    get: str = "get"
    delete: str = "begin_delete"
    list: str = "list"
    etags: bool = False
    has_instance_view: bool = False
    start: str = ""
    deallocate: str = ""
    needs_running_parent: bool = False
    one_at_a_time_in_parent: bool = False
    details_in: Callable[[Body], str] = lambda body: ""
    with_details: Callable[[Body, Body], Body] = lambda body, other: body


def shrinks(before: object, after: object) -> bool:
    """Whether a number becomes smaller, for ``Rules.immutable_if``: disks grow in place and never shrink."""
    return isinstance(before, int) and isinstance(after, int) and after < before


@dataclass(frozen=True)
class Leaving:
    """What becomes of an optional property that the deployment wrote, once the spec no longer has it.

    default: the value that Azure has where nobody sets it; None where it is absent then.
    stays: why it is left as it is, in words; empty where it goes.
    """

    default: object = None
    stays: str = ""


GOES = Leaving()


@dataclass(frozen=True)
class Rules:
    """How desired and actual bodies compare. Paths are dotted; ``[]`` stands for every item of a list.

    immutable: a difference here means that the object must be replaced.
    immutable_if: properties of which some changes mean that the object must be replaced: a test of both values.
    read_only: set by the service; never compared, never sent back.
    write_only: accepted and never echoed; never compared, sent with every write.
    create_only: write-only values that only a create takes (a machine's first password).
    list_keys: lists whose items are matched by a property (``{"properties.subnets": "name"}``).
    unique_in_parent: properties that no two children of one parent have alike (the handler of an extension).
    unique: a property that no two items of a keyed list share (the LUN of a disk), by the list.
    set_elsewhere: what a PATCH leaves out, since it is written on another object (a machine's OS disk).
    unordered: lists of scalars whose order means nothing.
    case_insensitive: enum values, which Azure answers in a casing of its own.
    optional: what a spec may say or not, and what becomes of it then; with the links to others, not the parts. Of a
        keyed list each item is one.
    whole: values that the spec has whole or not at all: nothing of others is kept in them.
    impacts: what an update of a property means for who uses the object, by path, and why; ``live`` where
        nothing is said.
    normalize_desired: what the desired body becomes in view of the actual one, where others keep things of theirs in
        it; its third argument tells whether this deployment owns an ID or the name of a part.
    """

    immutable: tuple[str, ...] = ()
    immutable_if: Mapping[str, Callable[[object, object], bool]] = field(default_factory=dict)
    read_only: tuple[str, ...] = ()
    write_only: tuple[str, ...] = ()
    create_only: tuple[str, ...] = ()
    list_keys: Mapping[str, str] = field(default_factory=dict)
    unique_in_parent: tuple[str, ...] = ()
    unique: Mapping[str, str] = field(default_factory=dict)
    set_elsewhere: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    case_insensitive: tuple[str, ...] = ()
    optional: Mapping[str, Leaving] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    impacts: Mapping[str, tuple[Impact, str]] = field(default_factory=dict)
    normalize_desired: Callable[[Body, Body, Callable[[str], bool]], Body] = lambda desired, actual, is_ours: desired


@dataclass(frozen=True)
class Ownership:
    """How an object shows which deployment it belongs to.

    taggable: it takes tags.
    in_parent_tag: it takes no tags, and a tag of the resource that it lies in lists it.
    owner: the deployment that an object's body names, where it takes no tags that could.
    parts: the keyed lists whose items can belong to others; ``part_names`` names those of a desired body.
    """

    taggable: bool = True
    in_parent_tag: bool = False
    owner: Callable[[Body], str] | None = None
    parts: tuple[str, ...] = ()
    part_names: Callable[[Body], list[str]] = lambda desired: []


@dataclass(frozen=True)
class Repair:
    """What helps an object whose last operation failed.

    how: ``write`` it again; ``remake`` it: delete and create it, which loses nothing; ``replace`` it, which needs
        consent.
    why: the reason that writing it is not enough.
    """

    how: Literal["write", "remake", "replace"] = "write"
    why: str = ""


@dataclass(frozen=True)
class Replacement:
    """When an object is replaced or deleted, and what that means for who uses it.

    triggered_by: names of kinds that this one holds in a way that it can't let go of: when they are replaced, so is it.
    when_deleted, when_replaced: the impact, and why in words; ``data-loss`` is what no later apply brings back. A plain
        delete has no words: its line in a plan says it.
    used_by: where a body names the objects that use this one, and without which Azure doesn't delete it.
    name_kept: the name of what a deleted object leaves behind, and a new one of the same desired body could not have
        (an OS disk), by the desired and the actual body; empty where nothing is in the way.
    attached_along: those of them that exist without it too, and can be kept (a data disk of a VM).
    deletes_along: the IDs of other objects that Azure deletes together with one, by its body.
    repair: what helps an object whose last operation failed, by the codes that its instance view gives.
    """

    triggered_by: tuple[str, ...] = ()
    when_deleted: tuple[Impact, str] = ("replace", "")
    when_replaced: tuple[Impact, str] = ("replace", "it is deleted and created again")
    used_by: tuple[str, ...] = ()
    deletes_along: Callable[[Body], tuple[str, ...]] = lambda body: ()
    attached_along: Callable[[Body], tuple[str, ...]] = lambda body: ()
    name_kept: Callable[[Body, Body], str] = lambda desired, actual: ""
    repair: Callable[[Sequence[str]], Repair] = lambda codes: Repair()


@dataclass(frozen=True)
class Import:
    """How an existing object becomes an entry of a spec.

    entry: what the spec says of an object, except its name, location, and tags, with ``Link`` and ``Secret`` leaves; or
        why the spec can't express it, in words (empty where no reason is needed).
    defaults: what the service sets where nobody sets it, by path, with the values that an imported spec doesn't
        mention; no values stand for any.
    remark: what a comment says about every imported object, because Azure never shows it.
    """

    entry: Callable[[Body, Find], Body | str] | None = None
    defaults: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class LockFacts:
    """What a lock forbids.

    scope: where, by its ID.
    is_read_only: whether it forbids changes, and not deletes alone.
    notes: what people wrote on it.
    """

    scope: Callable[[str], str]
    is_read_only: Callable[[Body | None], bool]
    notes: Callable[[Body | None], str]


@dataclass(frozen=True)
class Rights:
    """What objects have to do with rights.

    lock: for a kind whose objects forbid changes.
    is_identity: an object is nothing but a principal, which other objects use.
    principal_granted: the object ID, in lower case, of the principal to which an object gives a role.
    granted_by: the deployment that gave the role, according to the object.
    defines_role: an object is a role.
    """

    lock: LockFacts | None = None
    is_identity: bool = False
    principal_granted: Callable[[Body], str] = lambda body: ""
    granted_by: Callable[[Body], str] = lambda body: ""
    defines_role: bool = False


@dataclass(frozen=True)
class Hardware:
    """What a machine takes of its region.

    size, zones: its size, and where in the region it runs.
    is_spot: it draws on the quota of spot machines.
    data_disks, interfaces: how many its size has to have places for.
    """

    size: str
    zones: tuple[str, ...]
    is_spot: bool
    data_disks: int
    interfaces: int


@dataclass(frozen=True)
class Timing:
    """How long operations take.

    typical_s: typical seconds of a create, for priorities and progress; measured medians.
    least_poll_s: the least seconds between two looks at a running operation.
    """

    typical_s: float = 5.0
    least_poll_s: float = 1.0
