"""What people call the things we import, in Arabic, French and English, and the words they put into cells.

Spelling does not matter here (`folding`): one entry covers case, accents, hamza, ta marbuta and filling words.
"""

from __future__ import annotations

from .matching import Field

ITEM_FIELDS = (
    Field("code", ("code article", "code produit", "item code", "product code", "reference", "ref", "code nomenclature", "sku",
                   "رمز", "الرمز", "رمز المادة", "رمز الصنف", "الرقم المرجعي")),
    Field("name_fr", ("nom", "designation", "libelle", "designation article", "libelle article", "nom fr", "nom article",
                      "designation fr", "nom commercial", "article", "produit", "intitule", "name fr")),
    Field("name_ar", ("الاسم", "اسم المادة", "اسم الصنف", "المادة", "الصنف", "البيان", "التسمية", "التعيين", "nom ar", "nom arabe",
                      "designation ar", "designation arabe", "name ar", "libelle ar")),
    Field("name_en", ("name", "description", "item description", "item name", "item", "product", "product name", "name en")),
    Field("category", ("famille", "categorie", "family", "category", "family code", "group", "item group", "groupe",
                       "العائلة", "الفئة", "الصنف العام", "النوع")),
    Field("unit", ("unite", "unit", "unite mesure", "unit of measure", "uom", "unite stock", "unit fr", "unite fr",
                   "الوحدة", "وحدة القياس", "وحدة")),
    Field("decimals", ("decimales", "nombre decimales", "عدد الكسور")),
    Field("tracking", ("suivi", "mode suivi", "التتبع")),
    Field("has_expiry", ("perissable", "peremption", "date limite", "expires", "perishable", "له تاريخ صلاحية", "قابل للتلف")),
    Field("storage_class", ("stockage", "storage", "conservation", "التخزين", "classe stockage")),
    Field("flags", ()),
    Field("barcode", ("code barre", "code barres", "codes barres", "barcodes", "ean", "ean13", "ean 13", "gtin", "gencod", "upc",
                      "الرمز الشريطي", "الباركود"), is_many=True),
    Field("packaging", ("conditionnement", "emballage", "pack", "التلفيف", "التعليب")),
    Field("packaging_contains", ("contenance", "quantite par conditionnement", "pack size", "contains", "colisage", "سعة التلفيف")),
    Field("packaging_barcode", ("code barre conditionnement", "pack barcode", "ean colis")),
)  # fmt: skip
TRACKINGS = {
    "none": ("none", "aucun", "non", "بدون"),
    "lot": ("lot", "lots", "batch", "حصة", "دفعة"),
    "unit": ("unit", "unite", "serie", "numero inventaire", "serial", "رقم الجرد"),
    "range": ("range", "serie numeros", "plage", "numeros", "ارقام متسلسلة"),
}
STORAGE = {
    "ordinary": ("ordinary", "ordinaire", "normal", "عادي"),
    "cold": ("cold", "froid", "chaine froid", "refrigere", "تبريد"),
    "hazardous": ("hazardous", "dangereux", "خطر"),
    "locked": ("locked", "sous cle", "ferme a cle", "مقفل"),
}
