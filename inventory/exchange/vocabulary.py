"""What people call the things we import, in Arabic, French and English, and the words they put into cells.

Spelling does not matter here (`folding`): one entry covers case, accents, hamza, ta marbuta and filling words.
"""

from __future__ import annotations

from .matching import Field


def _said(words: str) -> tuple[str, ...]:
    return tuple(words.split(", ")) if words else ()


def _named_in(said_arabic: str, said_latin: str) -> tuple[str, ...]:
    """What a column of names in one language is called: "Désignation (arabe)", "التسمية بالعربية"."""
    arabic = _said("الاسم, اسم المادة, اسم الصنف, التسمية, التعيين, البيان")
    latin = _said(
        "nom, nom article, designation, designation article, libelle, libelle article, intitule, name, item name"
    )
    own = [f"{name} {said_arabic}" for name in arabic]
    return (*own, *(f"{name} {said}" for name in latin for said in _said(said_latin)))


ITEM_FIELDS = (
    Field(
        "code",
        _said(
            "code article, code produit, item code, product code, reference, ref, code nomenclature, sku, رمز, "
            "الرمز, رمز المادة, رمز الصنف, الرقم المرجعي"
        ),
    ),
    Field(
        "name_fr",
        _said(
            "nom, designation, libelle, designation article, libelle article, nom article, nom commercial, article, "
            "produit, intitule, french name, name in french"
        )
        + _named_in("بالفرنسية", "fr, francais, francaise"),
        is_joined=True,
    ),
    Field(
        "name_ar",
        _said("الاسم, اسم المادة, اسم الصنف, المادة, الصنف, البيان, التسمية, التعيين, arabic name, name in arabic")
        + _named_in("بالعربية", "ar, arabe"),
        is_joined=True,
    ),
    Field(
        "name_en",
        _said(
            "name, description, item description, item name, item, product, product name, english name, name in english"
        )
        + _named_in("بالإنجليزية", "anglais, anglaise"),
        is_joined=True,
    ),
    Field(
        "category",
        _said(
            "famille, categorie, family, category, family code, group, item group, groupe, العائلة, الفئة, الصنف "
            "العام, النوع"
        ),
    ),
    Field(
        "unit",
        _said(
            "unite, unit, unite mesure, unit of measure, uom, stock unit, unite stock, unit fr, unite fr, الوحدة, "
            "وحدة القياس, وحدة, وحدة المخزون"
        ),
    ),
    Field(
        "decimals",
        _said("decimales, nombre decimales, عدد الكسور, المنازل العشرية"),
    ),
    Field(
        "tracking",
        _said("suivi, mode suivi, التتبع"),
    ),
    Field(
        "has_expiry",
        _said(
            "perissable, peremption, se perime, avec peremption, date limite, expires, has an expiry, perishable, "
            "له تاريخ صلاحية, قابل للتلف"
        ),
    ),
    Field(
        "storage_class",
        _said("stockage, storage, conservation, التخزين, classe stockage"),
    ),
    Field(
        "flags",
        _said("letters, lettres, الحروف"),
    ),
    Field(
        "barcode",
        _said(
            "code barre, code barres, codes barres, barcodes, ean, ean13, ean 13, gtin, gencod, upc, الرمز "
            "الشريطي, الباركود"
        ),
        is_many=True,
    ),
    Field(
        "packaging",
        _said("conditionnement, emballage, pack, التلفيف, التعليب"),
    ),
    Field(
        "packaging_contains",
        _said(
            "contenance, contenu conditionnement, quantite par conditionnement, pack size, contains, packaging holds, "
            "colisage, سعة التلفيف, محتوى التلفيف"
        ),
    ),
    Field(
        "packaging_barcode",
        _said("code barre conditionnement, pack barcode, ean colis, الرمز الشريطي للتلفيف"),
    ),
)

TRACKINGS = {
    "none": _said("none, aucun, non, quantite, by quantity, بدون, بالكمية"),
    "lot": _said("lot, lots, batch, by lot, حصة, دفعة, بالحصة"),
    "unit": _said(
        "unit, unite, numero inventaire, serial, by unit each with its number, "
        "a unite chacune avec son numero, وحدة, بالوحدة, رقم الجرد, بالوحدة لكل منها رقمها"
    ),
    "range": _said(
        "range, by numbered range, serie numeros, serie numerotee, plage, numeros, ارقام متسلسلة, بسلسلة مرقمة"
    ),
}
STORAGE = {
    "ordinary": _said("ordinary, ordinaire, normal, عادي"),
    "cold": _said("cold, froid, chaine froid, refrigere, تبريد"),
    "hazardous": _said("hazardous, dangereux, خطر"),
    "locked": _said("locked, under lock, sous cle, ferme a cle, مقفل, تحت القفل"),
}

MOVEMENT_FIELDS = (
    Field(
        "kind",
        _said(
            "type, nature, operation, mouvement, type mouvement, nature mouvement, nature operation, type operation, "
            "type bon, movement type, kind of paper, النوع, نوع العملية, العملية, نوع الحركة, الحركة, نوع السند"
        ),
    ),
    Field(
        "warehouse",
        _said(
            "magasin, depot, entrepot, store, code magasin, code depot, warehouse code, المخزن, رمز المخزن, المستودع, "
            "رمز المستودع"
        ),
    ),
    Field("on", _said("date, date mouvement, date operation, movement date, le, jour, التاريخ, تاريخ, تاريخ العملية")),
    Field(
        "reference",
        _said(
            "ref, numero, piece, numero piece, bon, numero bon, paper, document, numero document, المرجع, الرقم, "
            "رقم السند, السند, سند, رقم البون, رقم الوصل, رقم الوثيقة"
        ),
    ),
    Field(
        "item", _said("code, code article, article, item code, produit, code produit, الرمز, المادة, رمز المادة, الصنف")
    ),
    Field("quantity", _said("quantite, qte, qty, quantites, الكمية")),
    Field(
        "unit",
        _said(
            "unite, unite mesure, uom, conditionnement, unit or packaging, unite ou conditionnement, الوحدة, "
            "وحدة القياس, الوحدة او التلفيف"
        ),
    ),
    Field(
        "unit_cost",
        _said(
            "prix unitaire, pu, prix, unit price, price, cout unitaire, cost, ثمن الوحدة, الثمن, الثمن الأحادي, "
            "سعر الوحدة, السعر"
        ),
    ),
    Field(
        "lot",
        _said(
            "numero lot, lots, batch, batch number, lot number, serie, inventaire, numero inventaire, inventory "
            "number, الحصة, رقم الحصة, الدفعة, رقم الدفعة, رقم الجرد"
        ),
        is_many=True,  # numbers of lots in one column, of single things in another
    ),
    Field(
        "expires_on",
        _said(
            "peremption, date peremption, expiration, date expiration, expiry, expiry date, تاريخ انتهاء الصلاحية, "
            "انتهاء الصلاحية, تاريخ الصلاحية, الصلاحية, صلاحية"
        ),
    ),
    Field("location", _said("emplacement, place, etagere, rayon, shelf, bin, الموقع, المكان, الرف")),
    Field(
        "target_location",
        _said(
            "emplacement destination, nouvel emplacement, vers emplacement, to location, new place, الموقع الجديد, "
            "المكان الجديد"
        ),
    ),
    Field(
        "target_warehouse",
        _said(
            "magasin destination, magasin destinataire, vers magasin, depot destination, to warehouse, "
            "المخزن المستقبل, المخزن المرسل إليه"
        ),
    ),
    Field(
        "transfer",
        _said(
            "transfert, bon transfert, transfer note, reference transfert, transfer reference, التحويل, سند التحويل, "
            "مرجع التحويل"
        ),
    ),
    Field(
        "service",
        _said(
            "service beneficiaire, beneficiaire, demandeur, code service, division, department, المصلحة, رمز المصلحة, "
            "المصلحة المستفيدة, المستفيد"
        ),
    ),
    Field("supplier", _said("fournisseur, vendor, code fournisseur, الممون, رمز الممون, المورد, رمز المورد, المزود")),
    Field("reason", _said("motif, cause, raison, السبب")),
    Field("origin", _said("origine, provenance, المصدر")),
    Field("direction", _said("sens, in out, entree sortie, الاتجاه")),
    Field("first_number", _said("du numero, premier numero, from number, من رقم, الرقم الاول")),
    Field("last_number", _said("au numero, dernier numero, to number, الى رقم, الرقم الاخير")),
    Field(
        "note", _said("observation, observations, remarque, remarques, commentaire, notes, comment, ملاحظة, ملاحظات")
    ),
)

KINDS_OF_PAPER = {
    "opening": _said(
        "opening, opening stock, ouverture, stock ouverture, stock initial, solde ouverture, افتتاح, رصيد الافتتاح, "
        "رصيد افتتاحي, مخزون افتتاحي, المخزون الاولي, مخزون اولي, bon stock initial, سند المخزون الاولي"
    ),
    "receipt": _said(
        "receipt, receipt note, entree, reception, bon entree, be, دخول, سند دخول, سند الدخول, "
        "إدخال, وارد, استلام, توريد"
    ),
    "issue": _said(
        "issue, issue note, sortie, bon sortie, bs, خروج, سند خروج, سند الخروج, إخراج, صادر, صرف, "
        "تسليم, بون خروج, إذن صرف"
    ),
    "move": _said(
        "move, internal move, deplacer, deplacement, mouvement interne, bon mouvement interne, changement emplacement, "
        "نقل, نقل داخلي, سند نقل داخلي"
    ),
    "transfer": _said("transfer, transfer note, transfert, bon transfert, bt, تحويل, سند التحويل"),
    "transfer_receipt": _said(
        "transfer receipt, reception transfert, bon reception transfert, rt, استلام تحويل, استلام التحويل, "
        "تسلم التحويل, سند استلام التحويل, سند تسلم التحويل"
    ),
    "return": _said("return, return note, retour, reintegration, bon reintegration, ارجاع, سند الارجاع"),
    "write_off": _said(
        "write off, mise hors stock, bon mise hors stock, perte, reforme, rebut, casse, perime, destruction, "
        "sortie inventaire, ضياع, اتلاف, شطب, الشطب, سند الشطب"
    ),
    "adjustment": _said(
        "adjustment, ajustement, regularisation, bon regularisation, ecart inventaire, تسوية, سند التسوية"
    ),
}
DIRECTIONS = {
    "in": _said("in, entree, plus, +, دخول"),
    "out": _said("out, sortie, moins, -, خروج"),
}
ORIGINS = {
    "purchase": _said("purchase, achat, شراء"),
    "donation": _said("donation, don, هبة"),
    "recovery": _said("recovery, recuperation, استرجاع"),
}
