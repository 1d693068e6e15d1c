"""What a resource is: the kind as data, and one declared thing.

In: nothing. Out: frozen dataclasses that every later room passes on. No I/O, no Azure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ..base.values import Body, Lookup, Path, Ref, value_at
from .steps import Step, SteppedChange

OWNER_TAG = "provisioner-deployment"
"""The tag that names the deployment which owns a resource; in a role assignment's description: ``[tag: name]``."""

Find = Callable[[str], Body | None]
"""The body of another object of the same resource group, by its ARM ID."""


@dataclass(frozen=True)
class Output:
    """Where Azure puts a value in a resource's body; ``early`` ones are in the first answer to a PUT.

    ``made_of`` are the properties, as paths of differences without labels, whose update changes the value.
    """

    path: Path
    early: bool = False
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operations:
    """The SDK operations of a kind: an attribute of a management client, and method names on it.

    ``patch`` names the operation for updates where a PATCH that merges is the safer way; otherwise updates are PUTs.
    ``etags`` says that the service keeps them: an update carries If-Match.
    """

    client: Literal["resource", "network", "compute", "msi", "authorization", "locks"]
    group: str
    put: str = "begin_create_or_update"
    patch: str = ""
    get: str = "get"
    delete: str = "begin_delete"
    list: str = "list"
    etags: bool = False


@dataclass(frozen=True, eq=False)
class Entry:
    """One thing that a spec declares: ``data`` is its validated mapping, ``path`` its place in the document."""

    address: str
    key: str
    data: Mapping[str, Any]
    path: Path
    parent: Entry | None = None

    @property
    def key_for_names(self) -> str:
        """The key as a part of names: that of a fleet's member (``web/0``) has a slash."""
        return self.key.replace("/", "-")


class Context(Protocol):
    """What a kind's pure functions may ask for beyond the entry: references, texts, files and the deployment."""

    @property
    def deployment(self) -> str: ...
    @property
    def location(self) -> str: ...
    @property
    def group(self) -> Ref: ...
    @property
    def subscription(self) -> str:
        """The ARM ID of the subscription."""

    def ref(self, section: str, value: str, *at: str | int) -> Ref | str:
        """A reference by bare key (``nic``, ``vnet/subnet``), address (``existing/x``) or ARM ID."""

    def address(self, value: str, *at: str | int) -> Ref:
        """A reference by full address, as in ``scope:`` and ``to:``."""

    def arm_id(self, reference: Ref) -> str:
        """The ARM ID that a reference stands for."""

    def declares(self, section: str, key: str) -> bool:
        """Whether a section has an entry of that key."""

    def read_text(self, value: Any, *at: str | int) -> str:
        """The text of a value that is a string or ``{file: path}``, not interpolated yet (``$${`` escapes)."""

    def interpolate(self, value: Any, *at: str | int) -> Any:
        """The value with its remaining ``${…}`` turned into leaves."""

    def error(self, code: str, summary: str, *at: str | int, reason: str = "", hint: str = "") -> None: ...
    def warn(self, code: str, summary: str, *at: str | int, reason: str = "", hint: str = "") -> None: ...


Impact = Literal["none", "live", "restart", "deallocate", "access-gap", "replace", "data-loss"]
IMPACTS: tuple[Impact, ...] = ("none", "live", "restart", "deallocate", "access-gap", "replace", "data-loss")
"""From harmless to worst: nothing to notice; noticed by nobody; a reboot; a stop; rights that are gone for a while; the
object is deleted, and nothing that cannot be created again is lost; something is lost for good."""


@dataclass(frozen=True)
class Rules:
    """How desired and actual bodies compare. Paths are dotted; ``[]`` stands for every item of a list.

    immutable: a difference here means that the object must be made anew.
    grow_only: numbers that can grow in place; a smaller one means that the object must be made anew.
    read_only: set by the service; never compared, never sent back.
    write_only: accepted and never echoed; never compared, sent with every write.
    create_only: write-only values that only a create takes (a machine's first password).
    keyed: lists whose items are matched by a property (``{"properties.subnets": "name"}``).
    set_elsewhere: what a PATCH leaves out, since it is written on another object (a machine's OS disk).
    unordered: lists of scalars whose order means nothing.
    any_case: enum values, which Azure answers in a casing of its own.
    """

    immutable: tuple[str, ...] = ()
    grow_only: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    write_only: tuple[str, ...] = ()
    create_only: tuple[str, ...] = ()
    list_keys: Mapping[str, str] = field(default_factory=dict)
    set_elsewhere: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    case_insensitive: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssignmentKey:
    """What a role assignment's name is made of; leaves are known once lookups are done."""

    scope: Ref | str
    principal: Ref | Lookup | str
    role: Lookup | Ref | str


@dataclass(frozen=True)
class Repair:
    """What helps an object whose last operation failed.

    ``write`` it again; ``remake`` it: delete and make it, which loses nothing; ``replace`` it, which needs consent.
    ``why`` says why writing it is not enough.
    """

    how: Literal["write", "remake", "replace"] = "write"
    why: str = ""


@dataclass(frozen=True)
class LockFacts:
    """For a kind whose objects forbid changes: at which scope, by the lock's ID; whether of all or of deletes alone;
    what people wrote on it, by its body.
    """

    scope: Callable[[str], str]
    is_read_only: Callable[[Body | None], bool]
    notes: Callable[[Body | None], str]


def _no_body(entry: Entry, context: Context) -> Body:
    raise NotImplementedError(f"{entry.address} is read only")


StepsHook = Callable[[SteppedChange, tuple[Step, ...]], tuple[Step, ...]]
_SECTIONS = frozenset({"properties", "sku", "tags", "identity", "plan", "extendedLocation", "zones", "kind", "name"})
"""What a resource's body has at its top besides its ID, location and type."""


@dataclass(frozen=True)
class Kind:
    """One kind of Azure resource, as data plus pure functions. See ``kinds/`` for the instances.

    name: ours (``virtual_network``); type: ARM's (``Microsoft.Network/virtualNetworks``).
    sections: where entries stand in a spec; ``*`` is any key (``vms/*/extensions/*``).
    body: the entry's ARM body, with leaves.
    nested: the ARM resource is a child of the parent entry's resource (an extension of its VM).
    listed: it takes no tags, and a tag of what it lies in lists it.
    default_name: the Azure name when the entry says none; the key by default.
    name_rule: the regular expression that a whole name matches, and the rule in words.
    children: spec section to ARM segment of parts that live in the body (``subnets``).
    parts: the keyed lists whose items can be somebody else's; ``part_names`` names those of a desired body.
    api_version: what the SDK sends, for the documents cited in the kind.
    after: addresses that go first although the body does not refer to them.
    expand: the entries that one entry of the spec stands for (a grant to three principals).
    grantee: what the name of a role assignment is made of.
    identity: the ARM ID, where it is not made of the group, the type and the name.
    owner: the deployment that an object's body names, where it takes no tags that could.
    adjust: what the desired body becomes in view of the actual one, where others keep things of theirs in it;
        it is handed a test for IDs and part names of what this deployment owns.
    follows: kinds that this one holds in a way that it cannot let go of: when they are made anew, so is it.
    impacts: what an update of a property means for who uses it, by path; ``live`` where nothing is said.
    when_deleted, when_replaced: what that means for who uses the object, and why in words; ``data-loss`` is what no
        later apply brings back. A plain delete has no words: its line in a plan says it.
    entry: the other way round: what the spec says of an object that is there, but for its name, location and tags, with
        ``Link`` and ``Secret`` leaves; or why the spec cannot say it, in words (empty where it goes without saying).
    defaults: what the service sets where nobody speaks, by path, with the values that are not worth a mention in an
        imported spec; no values stand for any.
    typical_s: typical seconds of a create, for priorities and progress; measured medians.
    has_view: the service tells by ``$expand=instanceView`` why an operation failed.
    mend: what helps an object whose last operation failed, by the codes that its instance view gives.
    steps: completes the steps of a change by default, where a change needs a detour.
    lock: what the objects forbid at their scope.
    is_identity: the object is nothing but a principal, which others use.
    is_run_by_agent: the agent of the machine that it lies in carries it out: one at a time, while the machine runs.
    has_power_state: its objects are started and stopped.
    principal_granted: the principal's object ID to which an object gives a role.
    used_by: where a body names the objects that use this one, and without which Azure does not delete it.
    deletes_along: the IDs of other objects that Azure deletes together with one, by its body.
    any_property: expressions may name any property by its path in ARM's JSON (``properties.vaultUri``).
    """

    name: str
    type: str
    operations: Operations
    sections: tuple[str, ...] = ()
    body: Callable[[Entry, Context], Body] = _no_body
    scope: Literal["subscription", "group", "any"] = "group"
    nested: bool = False
    listed: bool = False
    taggable: bool = True
    default_name: Callable[[Entry], str] = lambda entry: entry.key_for_names
    name_rule: tuple[str, str] = (r".{1,80}", "1 to 80 characters")
    children: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    part_names: Callable[[Body], list[str]] = lambda desired: []
    outputs: Mapping[str, Output] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    after: Callable[[Entry], tuple[str, ...]] = lambda entry: ()
    expand: Callable[[Entry], list[Entry]] = lambda entry: [entry]
    assignment_key: Callable[[Entry, Context], AssignmentKey] | None = None
    identity: Callable[[Entry, Context], str] | None = None
    owner: Callable[[Body], str] | None = None
    normalize_desired: Callable[[Body, Body, Callable[[str], bool]], Body] = lambda desired, actual, is_ours: desired
    replace_triggered_by: tuple[str, ...] = ()
    impacts: Mapping[str, tuple[Impact, str]] = field(default_factory=dict)
    when_deleted: tuple[Impact, str] = ("replace", "")
    when_replaced: tuple[Impact, str] = ("replace", "it is deleted and made anew")
    entry: Callable[[Body, Find], Body | str] | None = None
    defaults: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    typical_s: float = 5.0
    has_instance_view: bool = False
    mend: Callable[[Sequence[str]], Repair] = lambda codes: Repair()
    steps: StepsHook = lambda change, default: default
    lock: LockFacts | None = None
    is_identity: bool = False
    is_run_by_agent: bool = False
    has_power_state: bool = False
    principal_granted: Callable[[Body], str] = lambda body: ""
    used_by: tuple[str, ...] = ()
    deletes_along: Callable[[Body], tuple[str, ...]] = lambda body: ()
    exposes_all_properties: bool = False

    def output(self, attribute: str) -> Output | None:
        """Where a value that expressions may name is; None where there is no such value."""
        found = self.outputs.get(attribute)
        if found is None and self.exposes_all_properties:
            steps = tuple(int(step) if step.isdecimal() else step for step in attribute.split("."))
            found = Output(steps, early=True) if steps[0] in _SECTIONS else None
        return found

    def value(self, attribute: str, body: Any) -> Any:
        """That value in an object's body; None where it is not there (yet)."""
        output = self.output(attribute)
        return value_at(body, output.path) if output is not None else None


def name_of(kind: Kind, entry: Entry) -> str:
    """The Azure name of an entry: ``name:`` when given, else the kind's default (the key)."""
    name = entry.data.get("name") if isinstance(entry.data, Mapping) else None
    return str(name) if name else kind.default_name(entry)


@dataclass(frozen=True)
class Resource:
    """One declared thing, resolved: its ID and the body that Azure should hold.

    ``id`` is empty for a role assignment until its role has been looked up; ``assignment_key`` then says what makes its
    name. ``path`` is its place in the spec, for diagnostics. ``after`` holds addresses that go first without being
    referred to. ``managed`` is false for things that are only read. ``unlisted`` says what becomes of parts of others.
    """

    address: str
    kind: Kind
    id: str
    body: Body
    path: Path = ()
    assignment_key: AssignmentKey | None = None
    after: tuple[str, ...] = ()
    managed: bool = True
    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    unlisted: Literal["keep", "warn", "remove"] = "keep"
    timeouts: Mapping[str, str] = field(default_factory=dict)
