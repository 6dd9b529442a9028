"""Who may do what: the whole law of access, action by action, and the one door that asks it."""

from __future__ import annotations

from dataclasses import dataclass, field

from inventory.errors import NotAllowed, ReadOnlyToken

ROLES = ("storekeeper", "requester", "buyer", "manager", "auditor", "administrator")
_STORE = frozenset({"storekeeper", "manager"})
_READ = frozenset({"storekeeper", "buyer", "manager", "auditor"})

POLICY: dict[str, frozenset[str]] = {
    "stock.read": _READ,
    "catalogue.read": frozenset(ROLES),
    "document.read": _READ,
    "opening.post": _STORE,
    "receipt.post": _STORE,
    "issue.post": _STORE,
    "move.post": _STORE,
    "transfer.post": _STORE,
    "transfer_receipt.post": _STORE,
    "return.post": _STORE,
    "conversion.post": _STORE,
    "write_off.post": frozenset({"manager"}),
    "adjustment.post": frozenset({"manager"}),
    "reversal.post": _STORE,
    "slip.read": _READ,
    "slip.write": _STORE,
    "slip.settle": _STORE,
    "slip.close": frozenset({"manager"}),
    "count.read": _READ,
    "count.write": _STORE,
    "import.run": frozenset({"manager", "administrator"}),
    "label.read": _READ,
    "label.print": _READ - {"auditor"},
    "label_sheet.write": _STORE,
    "badge.print": frozenset({"administrator"}),
    "alert.read": _READ,
    "alert.handle": frozenset({"storekeeper", "buyer", "manager"}),
    "rule.read": _READ,
    "rule.write": frozenset({"buyer", "manager"}),
    "catalogue.write": frozenset({"manager", "administrator"}),
    "place.write": frozenset({"manager", "administrator"}),
    "party.write": frozenset({"buyer", "manager", "administrator"}),
    "warehouse.write": frozenset({"administrator"}),
    "people.read": frozenset({"auditor", "administrator"}),
    "people.write": frozenset({"administrator"}),
    "device.enrol": _STORE | {"administrator"},
    "device.end": frozenset({"manager", "administrator"}),
    "settings.read": frozenset({"manager", "auditor", "administrator"}),
    "settings.write": frozenset({"administrator"}),
    "audit.read": frozenset({"auditor", "administrator"}),
    "ledger.verify": frozenset({"manager", "auditor", "administrator"}),
    "period.close": frozenset({"manager"}),
}
"""Who may do what: the whole law of access, action by action."""

READING = frozenset(action for action in POLICY if action.endswith(".read"))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is acting, with the roles held; what every verb takes as ``by``. Flask-Login's user.

    ``address`` is where they act from: the doors say it, the audit trail notes it.
    """

    id: int
    username: str
    display_name: str
    language: str
    session_version: int
    grants: frozenset[tuple[str, int | None]]
    is_read_only: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False
    address: str | None = field(default=None, compare=False)

    def get_id(self) -> str:
        return str(self.id)

    def may(self, action: str, warehouse_id: int | None = None) -> bool:
        """Whether the policy table allows an action, in a warehouse or (None) everywhere."""
        if self.is_read_only and action not in READING:
            return False
        roles = POLICY[action]
        return any(role in roles and (where is None or where == warehouse_id) for role, where in self.grants)

    def may_somewhere(self, action: str) -> bool:
        """Whether there is at least one warehouse where the action is allowed."""
        roles = POLICY[action]
        return not (self.is_read_only and action not in READING) and any(role in roles for role, _ in self.grants)

    def warehouses(self, action: str) -> frozenset[int] | None:
        """The ids of the warehouses where an action is allowed; None means everywhere."""
        roles = POLICY[action]
        places = {where for role, where in self.grants if role in roles}
        return None if None in places else frozenset(place for place in places if place is not None)

    def has_role(self, role: str) -> bool:
        return any(held == role for held, _ in self.grants)


def require_writing(by: Identity) -> None:
    """Raises ReadOnlyToken when ``by`` came with a token that only looks."""
    if by.is_read_only:
        raise ReadOnlyToken


def require(by: Identity, action: str, warehouse_id: int | None = None) -> None:
    """Raises NotAllowed unless the policy table allows it, ReadOnlyToken when the token is one that only looks."""
    if action not in READING:
        require_writing(by)
    if not by.may(action, warehouse_id):
        raise NotAllowed(action=action)


def require_somewhere(by: Identity, action: str) -> frozenset[int] | None:
    """The warehouses in which ``by`` may do it (None: all); NotAllowed when there are none."""
    if not by.may_somewhere(action):
        require(by, action)
    return by.warehouses(action)
