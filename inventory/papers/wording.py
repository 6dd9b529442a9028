"""What papers say: titles, roles, column heads and dates, in Arabic and French.

These words are not translations of a screen: both languages stand on every paper, so they live here side by side,
taken from the trade's own glossary, and not in a catalogue.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inventory.names import Names

MONTHS_AR = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]
MONTHS_FR = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def long_date(day: date) -> Names:
    """A day in words: 3 نونبر 2026, 3 novembre 2026, 1er novembre 2026."""
    first = "er" if day.day == 1 else ""
    return Names(
        ar=f"{day.day} {MONTHS_AR[day.month - 1]} {day.year}",
        fr=f"{day.day}{first} {MONTHS_FR[day.month - 1]} {day.year}",
    )


def short_date(day: date) -> str:
    """A day in figures, as in tables: 03/11/2026."""
    return f"{day:%d/%m/%Y}"


class Role(StrEnum):
    """In what quality somebody signs."""

    AUTHORISES = "authorises"
    ISSUES = "issues"
    RECEIVES = "receives"
    SUPPLIER = "supplier"
    SERVICE = "service"
    STOREKEEPER = "storekeeper"
    SENDER = "sender"
    CARRIER = "carrier"
    RECEIVER = "receiver"
    DECLARANT = "declarant"
    HEAD = "head"
    COMMISSION = "commission"
    CONTROLLER = "controller"


ROLES = {
    Role.AUTHORISES: Names(ar="الإذن بالخروج", fr="Autorise la sortie"),
    Role.ISSUES: Names(ar="تسليم المواد", fr="Délivre"),
    Role.RECEIVES: Names(ar="تسلم المواد", fr="Reçoit"),
    Role.SUPPLIER: Names(ar="الممون أو المصلحة", fr="Fournisseur ou service"),
    Role.SERVICE: Names(ar="المصلحة", fr="Service"),
    Role.STOREKEEPER: Names(ar="أمين المخزن", fr="Magasinier"),
    Role.SENDER: Names(ar="المرسل", fr="Expéditeur"),
    Role.CARRIER: Names(ar="الناقل", fr="Transporteur"),
    Role.RECEIVER: Names(ar="المستلم", fr="Destinataire"),
    Role.DECLARANT: Names(ar="المصرح", fr="Déclarant"),
    Role.HEAD: Names(ar="رئيس المصلحة", fr="Chef de service"),
    Role.COMMISSION: Names(ar="اللجنة", fr="Commission"),
    Role.CONTROLLER: Names(ar="المراقب", fr="Contrôleur"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of paper: its title, what its places are called, which columns it has, who signs."""

    title: Names
    warehouse: Names
    other_side: Names
    columns: tuple[str, ...]
    roles: tuple[Role, ...]


_STORE = Names(ar="المخزن", fr="Magasin")
_VALUED = ("unit_cost", "value")

FORMS = {
    "opening": Form(
        Names(ar="سند المخزون الأولي", fr="Bon de stock initial"),
        _STORE,
        Names(),
        ("lot", "quantity", *_VALUED),
        (Role.STOREKEEPER, Role.HEAD),
    ),
    "receipt": Form(
        Names(ar="سند الدخول", fr="Bon d’entrée"),
        _STORE,
        Names(ar="الممون", fr="Provenance"),
        ("lot", "quantity", *_VALUED),
        (Role.SUPPLIER, Role.STOREKEEPER),
    ),
    "issue": Form(
        Names(ar="سند الخروج", fr="Bon de sortie"),
        _STORE,
        Names(ar="المصلحة المستفيدة", fr="Service bénéficiaire"),
        ("lot", "quantity", *_VALUED),
        (Role.AUTHORISES, Role.ISSUES, Role.RECEIVES),
    ),
    "move": Form(
        Names(ar="سند نقل داخلي", fr="Bon de mouvement interne"),
        _STORE,
        Names(),
        ("lot", "location", "target_location", "quantity"),
        (Role.STOREKEEPER, Role.CONTROLLER),
    ),
    "transfer": Form(
        Names(ar="سند التحويل", fr="Bon de transfert"),
        Names(ar="المخزن المرسل", fr="Magasin expéditeur"),
        Names(ar="المخزن المستلم", fr="Magasin destinataire"),
        ("lot", "sent", "received", "difference", "value"),
        (Role.SENDER, Role.CARRIER, Role.RECEIVER),
    ),
    "transfer_receipt": Form(
        Names(ar="سند تسلم التحويل", fr="Bon de réception de transfert"),
        Names(ar="المخزن المستلم", fr="Magasin destinataire"),
        Names(ar="المخزن المرسل", fr="Magasin expéditeur"),
        ("lot", "sent", "received", "difference", "value"),
        (Role.SENDER, Role.CARRIER, Role.RECEIVER),
    ),
    "return": Form(
        Names(ar="سند الإرجاع", fr="Bon de réintégration"),
        _STORE,
        Names(ar="المصلحة", fr="Service"),
        ("lot", "quantity", *_VALUED),
        (Role.SERVICE, Role.STOREKEEPER),
    ),
    "write_off": Form(
        Names(ar="سند الشطب", fr="Bon de mise hors stock"),
        _STORE,
        Names(),
        ("lot", "quantity", *_VALUED),
        (Role.DECLARANT, Role.HEAD, Role.COMMISSION),
    ),
    "adjustment": Form(
        Names(ar="سند التسوية", fr="Bon de régularisation"),
        _STORE,
        Names(),
        ("lot", "in", "out", "value"),
        (Role.STOREKEEPER, Role.CONTROLLER, Role.HEAD),
    ),
    "conversion": Form(
        Names(ar="سند تغيير المادة", fr="Bon de conversion"),
        _STORE,
        Names(),
        ("lot", "in", "out", "value"),
        (Role.STOREKEEPER, Role.CONTROLLER, Role.HEAD),
    ),
}

CARD_TITLE = Names(ar="بطاقة المخزون", fr="Fiche de stock")
REVERSAL = Names(ar="إلغاء", fr="Annulation")

COLUMNS = {
    "item": Names(ar="الرمز", fr="Code"),
    "names": Names(ar="تعيين المادة", fr="Désignation"),
    "unit": Names(ar="الوحدة", fr="Unité"),
    "lot": Names(ar="رقم الحصة والصلاحية", fr="Lot, péremption"),
    "location": Names(ar="من الموقع", fr="De"),
    "target_location": Names(ar="إلى الموقع", fr="Vers"),
    "quantity": Names(ar="الكمية", fr="Quantité"),
    "sent": Names(ar="المرسل", fr="Envoyé"),
    "received": Names(ar="المستلم", fr="Reçu"),
    "difference": Names(ar="الفارق", fr="Écart"),
    "in": Names(ar="الدخول", fr="Entrée"),
    "out": Names(ar="الخروج", fr="Sortie"),
    "unit_cost": Names(ar="ثمن الوحدة", fr="Prix unitaire"),
    "value": Names(ar="القيمة بالدرهم", fr="Valeur (DH)"),
    "on": Names(ar="التاريخ", fr="Date"),
    "paper": Names(ar="السند", fr="Pièce"),
    "other_side": Names(ar="المصدر أو الوجهة", fr="Origine ou destination"),
    "balance": Names(ar="الرصيد", fr="Solde"),
    "checked_by": Names(ar="راقبه", fr="Contrôlé par"),
}

FIELDS = {
    "on": Names(ar="التاريخ", fr="Date"),
    "reference": Names(ar="المرجع", fr="Référence"),
    "origin": Names(ar="الأصل", fr="Nature de l’entrée"),
    "report": Names(ar="محضر التسلم", fr="PV de réception"),
    "reason": Names(ar="السبب", fr="Motif"),
    "commission": Names(ar="اللجنة", fr="Commission"),
    "cites": Names(ar="السند المرجعي", fr="Pièce citée"),
    "reverses": Names(ar="يلغي السند", fr="Annule la pièce"),
    "reversed_by": Names(ar="ملغى بالسند", fr="Annulé par"),
    "note": Names(ar="ملاحظات", fr="Observations"),
    "item": Names(ar="المادة", fr="Article"),
    "unit": Names(ar="وحدة القياس", fr="Unité de mesure"),
    "period": Names(ar="الفترة", fr="Période"),
    "reorder_point": Names(ar="عتبة التنبيه", fr="Seuil d’alerte"),
    "recorded": Names(ar="سجل بتاريخ", fr="Enregistré le"),
    "by": Names(ar="من طرف", fr="par"),
}

MARKS = {
    "draft": Names(ar="مسودة", fr="BROUILLON"),
    "practice": Names(ar="تدريب", fr="EXERCICE"),
    "reversed": Names(ar="ملغى", fr="ANNULÉ"),
}

OPENING_BALANCE = Names(ar="الرصيد الأولي", fr="Solde initial")
CLOSING_BALANCE = Names(ar="المجموع والرصيد النهائي", fr="Totaux et solde final")
TOTAL = Names(ar="المجموع", fr="Total")
NET = Names(ar="الدخول ناقص الخروج", fr="Entrées moins sorties")
AMOUNT = Names(ar="حصر هذا السند في مبلغ", fr="Arrêté le présent bon à la somme de")
ITEMS = Names(ar="عدد المواد", fr="Nombre d’articles")
UNPRICED = Names(ar="بدون ثمن", fr="sans prix")
