"""Six months of a municipal store, told day by day: what was bought, sent, received, issued, lost and put right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from inventory import replenishment
from inventory.catalogue import get_item
from inventory.cli.demo.clerk import Clerk
from inventory.cli.demo.goods import Good
from inventory.cli.demo.town import PRACTICE
from inventory.documents import Document, LineOrder, Side

DAYS = 183

FAMILIES = {
    "CENTRAL": ("FOB", "INF", "VAL", "ENT", "EPI", "FET", "DEN"),
    "ATELIER": ("ELE", "PLO", "PEI", "AUT"),
    "SANTE": ("BMH", "MED"),
    "ANFA": ("FOB", "ENT"),
    "BERNOUSSI": ("FOB", "ENT"),
}
"""What each store keeps. The district stores buy nothing: the central store sends it to them."""

DISTRICTS = ("ANFA", "BERNOUSSI")
SHARE = {
    "CENTRAL": Decimal(1),
    "ATELIER": Decimal(1),
    "SANTE": Decimal(1),
    "ANFA": Decimal("0.6"),
    "BERNOUSSI": Decimal("0.45"),
}
"""A store's use beside the use of one district that the list of goods states."""
KEEPER = {"CENTRAL": "central", "ANFA": "anfa", "BERNOUSSI": "bernoussi", "SANTE": "sante", "ATELIER": "atelier"}

ISSUES = {
    "CENTRAL": ((0, "DAF"), (1, "DRH"), (2, "DSI"), (3, "CULTURE"), (4, "DGS")),
    "ANFA": ((1, "ANFA-EC"), (3, "ANFA-TECH")),
    "BERNOUSSI": ((0, "BERN-EC"), (3, "BERN-TECH")),
    "SANTE": ((0, "CS-FIDA"), (2, "CS-MOUMEN"), (4, "BCH")),
    "ATELIER": ((0, "VOIRIE"), (2, "ECLAIRAGE"), (4, "PARC")),
}
"""Weekdays (Monday 0) and the services that draw on a store then."""

LINES_PER_ISSUE = 7
STARVED = {"INF-001", "PEI-005", "MED-001", "FOB-011", "ELE-003", "EPI-003", "DEN-003", "BMH-006"}
"""No longer delivered in the last weeks, so that something is low and something is out."""
STARVED_FOR = 70

OLD = {"BMH-006": 75, "ENT-008": 95, "BMH-005": DAYS - 6, "MED-003": DAYS + 20}
"""Bought too much of long ago: what is there when the books are opened, and in how many days it expires."""

SEASONS: dict[str, dict[int, str]] = {
    "FOB": {9: "1.5", 10: "1.2", 8: "0.5"},
    "BMH": {5: "1.2", 6: "1.5", 7: "1.7", 8: "1.6", 12: "0.6", 1: "0.5"},
    "PEI": {6: "1.4", 7: "1.5", 12: "0.7"},
    "DEN": {2: "1.6", 3: "1.8", 8: "0.6"},
    "ELE": {11: "1.3", 12: "1.4", 6: "0.8"},
}
"""How the use of a family differs from month to month."""

WRITE_OFF_DAY, ADJUSTMENT_DAY, REVERSAL_DAY, RETURN_DAYS = 115, 126, 97, (44, 88, 140)
DAMAGED_DAY, LOAN_DAY, HANDOVER_DAY = 70, 60, 75


def tell(clerk: Clerk) -> None:
    """Posts the whole history, from ``DAYS`` ago until yesterday; the last transfer is still on the road."""
    start = clerk.today - timedelta(days=DAYS)
    clerk.on = start
    _open(clerk)
    _set_rules(clerk)
    for number in range(1, DAYS):
        clerk.on = start + timedelta(days=number)
        if clerk.on.weekday() < 5:
            _working_day(clerk, number)
    _receive(clerk, clerk.on)
    _send(clerk, "BERNOUSSI")


def _working_day(clerk: Clerk, number: int) -> None:
    _buy(clerk)
    _special(clerk, number)
    if clerk.on.weekday() == 1 and clerk.on.isocalendar().week % 2:
        for district in DISTRICTS:
            sent = _send(clerk, district)
            is_early, is_late = 60 < number < 74, number > DAYS - 30
            is_short = district == "ANFA" and (is_early or is_late)
            if sent is not None:
                clerk.road.append((sent, district, is_short, is_short and is_early))
    _receive(clerk, clerk.on - timedelta(days=2))
    for store, plan in ISSUES.items():
        for weekday, service in plan:
            if weekday == clerk.on.weekday():
                _issue(clerk, store, service)


def demand(store: str, good: Good, month: int) -> Decimal:
    """What a store's services use of a good in a month."""
    return good.monthly_use * SHARE[store] * Decimal(SEASONS.get(good.family, {}).get(month, "1"))


def _kept(clerk: Clerk, store: str) -> Iterable[Good]:
    return (
        good
        for good in clerk.goods.values()
        if good.family in FAMILIES[store] and (store not in DISTRICTS or good.tracking in ("none", "lot"))
    )


def _expected(clerk: Clerk, store: str, good: Good, on: date | None = None) -> Decimal:
    """A month's use that a store must cover: its own, and that of the districts it supplies."""
    month = (on or clerk.on).month
    own = demand(store, good, month)
    if store == "CENTRAL" and good.family in FAMILIES["ANFA"]:
        own += sum((demand(district, good, month) for district in DISTRICTS), Decimal(0))
    return own


def _open(clerk: Clerk) -> None:
    """What was there when the books were opened. Some lots are old already; some come to their end in a few weeks."""
    for store in FAMILIES:
        lines: list[LineOrder] = []
        for good in _kept(clerk, store):
            quantity = clerk.rounded(good, _expected(clerk, store, good) * clerk.between(1.1, 1.9), ROUND_CEILING)
            if good.tracking == "unit":
                quantity = min(max(quantity, Decimal(3)), Decimal(8))
            expires_in = None
            if good.code in OLD and store not in DISTRICTS:
                expires_in = OLD[good.code]
                quantity = clerk.rounded(good, _more_than_used(clerk, store, good, expires_in), ROUND_CEILING)
            lines += _remembered(clerk, store, good, clerk.arriving(good, quantity, expires_in=expires_in))
        if store in DISTRICTS:
            lines = [_anywhere(line) for line in lines]
        clerk.post("opening", store, KEEPER[store], lines)
    practice = [LineOrder(code, Decimal(50), unit_cost=Decimal(10)) for code in ("FOB-001", "FOB-005", "ENT-004")]
    clerk.post("opening", PRACTICE[0], "central", practice)


def _more_than_used(clerk: Clerk, store: str, good: Good, days: int) -> Decimal:
    """What is not used up in so many days, in whatever season they fall."""
    used = (_expected(clerk, store, good, clerk.on + timedelta(days=day)) / 30 for day in range(days))
    return sum(used, Decimal(0)) * Decimal("1.4")


def _anywhere(line: LineOrder) -> LineOrder:
    """The same line on the default shelf: the named shelves belong to other stores."""
    return LineOrder(line.item, line.quantity, line.unit, line.lot, line.expires_on, unit_cost=line.unit_cost)


def _remembered(clerk: Clerk, store: str, good: Good, lines: list[LineOrder]) -> list[LineOrder]:
    if good.tracking == "unit":
        clerk.inventory.setdefault((store, good.code), []).extend(line.lot or "" for line in lines)
    return lines


def _set_rules(clerk: Clerk) -> None:
    for store in FAMILIES:
        for good in _kept(clerk, store):
            use = _expected(clerk, store, good)
            if good.tracking == "unit" or use < 5:
                continue
            replenishment.set_rule(
                get_item(good.code),
                clerk.stores[store],
                reorder_point=clerk.rounded(good, use * Decimal("0.5"), ROUND_HALF_UP),
                target=clerk.rounded(good, use * 2, ROUND_CEILING),
                by=clerk.people["acheteur"],
                on=clerk.on,
                at=clerk.instant(),
            )


def _buy(clerk: Clerk) -> None:
    """Each supplier delivers once a month, what is needed to cover two months again."""
    suppliers = sorted({good.supplier for good in clerk.goods.values()})
    day = {supplier: 3 + 2 * index for index, supplier in enumerate(suppliers)}
    for supplier in suppliers:
        if not _is_first_working_day(clerk.on, day[supplier]):
            continue
        for store in ("CENTRAL", "ATELIER", "SANTE"):
            _order_in(clerk, store, supplier)


def _is_first_working_day(on: date, day: int) -> bool:
    """Whether ``on`` is the first working day of its month from ``day`` on."""
    due = on.replace(day=day)
    while due.weekday() > 4:
        due += timedelta(days=1)
    return on == due


def _order_in(clerk: Clerk, store: str, supplier: str) -> None:
    supplied = [good for good in _kept(clerk, store) if good.supplier == supplier]
    free = clerk.free(store) if supplied else {}
    lines: list[LineOrder] = []
    is_late = (clerk.today - clerk.on).days < STARVED_FOR
    for good in supplied:
        if (good.code in STARVED and is_late) or clerk.dice.random() < 0.12:
            continue
        use = _expected(clerk, store, good)
        missing = use * 2 - free.get(good.code, Decimal(0))
        if good.tracking == "unit":
            missing = min(missing, Decimal(4))
        if missing >= max(use / 4, Decimal(1)):
            expires_in = 215 if good.code == "MED-002" else None
            goods_in = clerk.arriving(good, clerk.rounded(good, missing, ROUND_CEILING), expires_in=expires_in)
            lines += _remembered(clerk, store, good, goods_in)
    if lines:
        clerk.post("receipt", store, KEEPER[store], lines, source=Side("supplier", supplier), origin="purchase")


def _issue(clerk: Clerk, store: str, service: str) -> None:
    free = clerk.free(store)
    kept = [good for good in _kept(clerk, store) if good.family != "FET"]
    times = len(ISSUES[store]) * Decimal("4.3") * LINES_PER_ISSUE / len(kept)
    lines = []
    for good in clerk.dice.sample(kept, min(LINES_PER_ISSUE, len(kept))):
        wanted = clerk.rounded(
            good, demand(store, good, clerk.on.month) / times * clerk.between(0.7, 1.4), ROUND_CEILING
        )
        line = _issued(clerk, store, good, wanted, free)
        if line is not None:
            lines.append(line)
    if lines:
        clerk.post("issue", store, KEEPER[store], lines, target=Side("service", service))


def _issued(clerk: Clerk, store: str, good: Good, wanted: Decimal, free: dict[str, Decimal]) -> LineOrder | None:
    if good.tracking == "range":
        return clerk.next_numbers(good.code, int(wanted))
    if good.tracking == "unit":
        things = clerk.inventory.get((store, good.code), [])
        keeps = good.family in ("INF", "FET") or len(things) < 2
        return None if keeps else LineOrder(good.code, Decimal(1), lot=things.pop(0))
    quantity = min(wanted, free.get(good.code, Decimal(0)))
    return LineOrder(good.code, quantity) if quantity > 0 else None


def _send(clerk: Clerk, district: str) -> Document | None:
    """The central store sends a district what brings it back to six weeks of use, as far as it has it itself."""
    there, here = clerk.free(district), clerk.free("CENTRAL")
    lines = []
    for good in _kept(clerk, district):
        missing = demand(district, good, clerk.on.month) * Decimal("1.5") - there.get(good.code, Decimal(0))
        quantity = clerk.rounded(good, min(missing, here.get(good.code, Decimal(0)) / 2))
        if quantity >= 1 and (good.code not in STARVED or clerk.dice.random() < 0.5):
            lines.append(LineOrder(good.code, quantity))
    if not lines:
        return None
    return clerk.post("transfer", "CENTRAL", "central", lines, target=Side("warehouse", district))


def _receive(clerk: Clerk, last_on: date) -> None:
    """What was sent some days ago arrives; now and then it is less than was sent."""
    for sent, district, is_short, is_settled in [one for one in clerk.road if one[0].on <= last_on]:
        lines = [
            LineOrder(line["item"], _arrived(line["base_quantity"], is_short=is_short and index == 0), lot=line["lot"])
            for index, line in enumerate(sent.lines)
        ]
        clerk.post("transfer_receipt", district, KEEPER[district], lines, source=Side("document", sent.id))
        if is_settled:
            _settle_road(clerk, sent)
    clerk.road = [one for one in clerk.road if one[0].on > last_on]


def _arrived(sent: str, *, is_short: bool) -> Decimal:
    return Decimal(sent) - (min(Decimal(2), Decimal(sent) - 1) if is_short else 0)


def _settle_road(clerk: Clerk, sent: Document) -> None:
    """Somebody who neither sent nor received the goods settles what is missing."""
    first = sent.lines[0]
    lost = Decimal(first["base_quantity"]) - _arrived(first["base_quantity"], is_short=True)
    if lost:
        clerk.post(
            "write_off", "CENTRAL", "responsable", [LineOrder(first["item"], lost)],
            source=Side("document", sent.id), target=Side("reason", "lost_on_the_road"),
        )  # fmt: skip


def _special(clerk: Clerk, number: int) -> None:
    """What happens once: each on the first working day from its day on."""
    due = range(number - 2 if clerk.on.weekday() == 0 else number, number + 1)
    if any(day in due for day in RETURN_DAYS):
        clerk.post("return", "CENTRAL", "central", [LineOrder("FOB-006", Decimal(4))], source=Side("service", "DRH"))
    for day, happens in (
        (WRITE_OFF_DAY, _write_off),
        (ADJUSTMENT_DAY, _adjust),
        (REVERSAL_DAY, _reverse),
        (DAMAGED_DAY, _damage),
        (LOAN_DAY, _lend),
        (HANDOVER_DAY, _hand_out),
    ):
        if day in due:
            happens(clerk)


def _write_off(clerk: Clerk) -> None:
    """The lots that expired meanwhile go, whatever is left of them."""
    for store, code in (("SANTE", "BMH-006"), ("CENTRAL", "ENT-008")):
        lines = clerk.expired(store, code)
        if lines:
            clerk.post("write_off", store, "responsable", lines, target=Side("reason", "expired"))


def _most(clerk: Clerk, family: str) -> str:
    """The good of a family of which the central store can give most: which one, the season says."""
    free = clerk.free("CENTRAL")
    codes = (good.code for good in clerk.goods.values() if good.family == family)
    return max(codes, key=lambda code: free.get(code, 0))


def _adjust(clerk: Clerk) -> None:
    lines = [
        LineOrder(_most(clerk, "FOB"), Decimal(3), direction="out"),
        LineOrder("FOB-012", Decimal(2), direction="in"),
    ]
    clerk.post("adjustment", "CENTRAL", "responsable", lines, reason="Comptage tournant · جرد دوري")


def _reverse(clerk: Clerk) -> None:
    lines = [LineOrder(_most(clerk, "FOB"), Decimal(40))]
    wrong = clerk.post("issue", "CENTRAL", "central", lines, target=Side("service", "DRH"))
    clerk.reverse(wrong, "central", "Mauvais service · مصلحة غير صحيحة")
    clerk.post("issue", "CENTRAL", "central", lines, target=Side("service", "DAF"))


def _damage(clerk: Clerk) -> None:
    """Broken goods wait in quarantine, where nobody can issue them."""
    lines = [LineOrder(_most(clerk, "ENT"), Decimal(3), target_location="QUARANTAINE")]
    clerk.post("move", "CENTRAL", "central", lines, reason="Emballages percés · عبوات مثقوبة")


def _lend(clerk: Clerk) -> None:
    """Chairs and a tent leave for a celebration; most of the chairs come back."""
    tent = clerk.inventory["CENTRAL", "FET-001"][0]
    away = [
        LineOrder("FET-002", Decimal(300), target_location="PRETS"),
        LineOrder("FET-001", Decimal(1), lot=tent, target_location="PRETS"),
    ]
    clerk.post("move", "CENTRAL", "central", away, reason="Fête du Trône · عيد العرش")
    back = [LineOrder("FET-002", Decimal(284), location="PRETS", target_location="MAG")]
    clerk.post("move", "CENTRAL", "central", back)


def _hand_out(clerk: Clerk) -> None:
    """Computers get a holder: they stay in the books, in the office that uses them."""
    lines = [
        LineOrder("INF-006", Decimal(1), lot=number, target_location="BUREAU-DSI")
        for number in clerk.inventory["CENTRAL", "INF-006"][:2]
    ]
    clerk.post("move", "CENTRAL", "central", lines)
