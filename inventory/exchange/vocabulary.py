"""What people call the things we import, in Arabic, French and English, and the words they put into cells.

Spelling does not matter here (`folding`): one entry covers case, accents, hamza, ta marbuta and filling words.
"""

from __future__ import annotations

from .matching import Field


def _said(words: str) -> tuple[str, ...]:
    return tuple(words.split(", ")) if words else ()


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
            "nom, designation, libelle, designation article, libelle article, nom fr, nom article, designation "
            "fr, nom commercial, article, produit, intitule, name fr"
        ),
    ),
    Field(
        "name_ar",
        _said(
            "الاسم, اسم المادة, اسم الصنف, المادة, الصنف, البيان, التسمية, التعيين, nom ar, nom arabe, "
            "designation ar, designation arabe, name ar, libelle ar"
        ),
    ),
    Field(
        "name_en",
        _said("name, description, item description, item name, item, product, product name, name en"),
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
            "unite, unit, unite mesure, unit of measure, uom, unite stock, unit fr, unite fr, الوحدة, وحدة القياس, وحدة"
        ),
    ),
    Field(
        "decimals",
        _said("decimales, nombre decimales, عدد الكسور"),
    ),
    Field(
        "tracking",
        _said("suivi, mode suivi, التتبع"),
    ),
    Field(
        "has_expiry",
        _said("perissable, peremption, date limite, expires, perishable, له تاريخ صلاحية, قابل للتلف"),
    ),
    Field(
        "storage_class",
        _said("stockage, storage, conservation, التخزين, classe stockage"),
    ),
    Field(
        "flags",
        _said(""),
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
        _said("contenance, quantite par conditionnement, pack size, contains, colisage, سعة التلفيف"),
    ),
    Field(
        "packaging_barcode",
        _said("code barre conditionnement, pack barcode, ean colis"),
    ),
)

TRACKINGS = {
    "none": _said("none, aucun, non, بدون"),
    "lot": _said("lot, lots, batch, حصة, دفعة"),
    "unit": _said("unit, unite, serie, numero inventaire, serial, رقم الجرد"),
    "range": _said("range, serie numeros, plage, numeros, ارقام متسلسلة"),
}
STORAGE = {
    "ordinary": _said("ordinary, ordinaire, normal, عادي"),
    "cold": _said("cold, froid, chaine froid, refrigere, تبريد"),
    "hazardous": _said("hazardous, dangereux, خطر"),
    "locked": _said("locked, sous cle, ferme a cle, مقفل"),
}
