"""The town of the demonstration: entities, services, suppliers, stores, shelves, people. All are invented."""

from __future__ import annotations

from datetime import datetime

from inventory import access, parties, warehouses
from inventory.access import Identity
from inventory.warehouses import Warehouse

PASSWORD = "demo-makhazine"  # noqa: S105 - shown to everybody who runs the demonstration, and only there

# code, French, Arabic, English
ENTITIES = (
    ("ANFA", "Arrondissement Anfa", "مقاطعة أنفا", "Anfa district"),
    ("HAY-HASSANI", "Arrondissement Hay Hassani", "مقاطعة الحي الحسني", "Hay Hassani district"),
    ("BERNOUSSI", "Arrondissement Sidi Bernoussi", "مقاطعة سيدي البرنوصي", "Sidi Bernoussi district"),
)

# code, entity, parent, French, Arabic, English
SERVICES = (
    ("DGS", "COMMUNE", None, "Direction générale des services", "المديرية العامة للمصالح", "General services"),
    ("DAF", "COMMUNE", "DGS", "Division des affaires financières", "قسم الشؤون المالية", "Finance"),
    ("DRH", "COMMUNE", "DGS", "Division des ressources humaines", "قسم الموارد البشرية", "Human resources"),
    ("DSI", "COMMUNE", "DGS", "Division des systèmes d’information", "قسم نظم المعلومات", "Information systems"),
    ("MARCHES", "COMMUNE", "DAF", "Régie des droits de place", "وكالة حقوق الوقوف بالأسواق", "Market dues office"),
    ("CULTURE", "COMMUNE", "DGS", "Service des fêtes et de la culture", "مصلحة الحفلات والثقافة", "Culture and events"),
    ("DTX", "COMMUNE", "DGS", "Division des travaux", "قسم الأشغال", "Public works"),
    ("ECLAIRAGE", "COMMUNE", "DTX", "Service de l’éclairage public", "مصلحة الإنارة العمومية", "Street lighting"),
    ("VOIRIE", "COMMUNE", "DTX", "Service de la voirie", "مصلحة الطرق", "Roads"),
    ("PARC", "COMMUNE", "DTX", "Parc automobile", "حظيرة السيارات", "Vehicle fleet"),
    ("BCH", "COMMUNE", "DGS", "Bureau communal d’hygiène", "المكتب الجماعي لحفظ الصحة", "Municipal hygiene office"),
    ("CS-FIDA", "COMMUNE", "BCH", "Centre de santé Al Fida", "المركز الصحي الفداء", "Al Fida health centre"),
    ("CS-MOUMEN", "COMMUNE", "BCH", "Centre de santé Moumen", "المركز الصحي سيدي مومن", "Moumen health centre"),
    ("ANFA-EC", "ANFA", None, "État civil d’Anfa", "الحالة المدنية أنفا", "Anfa civil registry"),
    ("ANFA-TECH", "ANFA", None, "Service technique d’Anfa", "المصلحة التقنية أنفا", "Anfa works"),
    ("BERN-EC", "BERNOUSSI", None, "État civil de Bernoussi", "الحالة المدنية البرنوصي", "Bernoussi civil registry"),
    ("BERN-TECH", "BERNOUSSI", None, "Service technique de Bernoussi", "المصلحة التقنية البرنوصي", "Bernoussi works"),
)  # fmt: skip

# code, French, Arabic, ICE
SUPPLIERS = (
    ("PAP", "Papeterie de l’Exemple", "وراقة المثال", "000000000000011"),
    ("INF", "Exemple Informatique", "المثال للمعلوميات", "000000000000022"),
    ("IMP", "Imprimerie de l’Exemple", "مطبعة المثال", "000000000000033"),
    ("HYG", "Exemple Hygiène et Protection", "المثال للنظافة والوقاية", "000000000000044"),
    ("ELE", "Électricité de l’Exemple", "كهرباء المثال", "000000000000055"),
    ("QUI", "Quincaillerie de l’Exemple", "عقاقير المثال", "000000000000066"),
    ("CAR", "Exemple Auto et Carburants", "المثال للسيارات والمحروقات", "000000000000077"),
    ("PHA", "Exemple Pharma", "المثال للأدوية", "000000000000088"),
    ("DEN", "Épicerie de l’Exemple", "مواد غذائية المثال", "000000000000099"),
)

# code, entity, French, Arabic, English
STORES = (
    ("CENTRAL", "COMMUNE", "Magasin central", "المخزن المركزي", "Central store"),
    ("ANFA", "ANFA", "Magasin d’Anfa", "مخزن أنفا", "Anfa store"),
    ("BERNOUSSI", "BERNOUSSI", "Magasin de Sidi Bernoussi", "مخزن سيدي البرنوصي", "Sidi Bernoussi store"),
    ("SANTE", "COMMUNE", "Magasin de la santé et de l’hygiène", "مخزن الصحة وحفظ الصحة", "Health store"),
    ("ATELIER", "COMMUNE", "Magasin des ateliers", "مخزن الأوراش", "Works yard store"),
)
PRACTICE = ("EX-1", "COMMUNE", "Magasin d’exercice", "مخزن التدريب", "Practice store")

# store, code, kind, French, Arabic, English
SHELVES = (
    ("CENTRAL", "A-01", "shelf", "Allée A, travée 1", "الممر أ، الرف 1", "Aisle A, bay 1"),
    ("CENTRAL", "A-02", "shelf", "Allée A, travée 2", "الممر أ، الرف 2", "Aisle A, bay 2"),
    ("CENTRAL", "B-01", "shelf", "Allée B, travée 1", "الممر ب، الرف 1", "Aisle B, bay 1"),
    ("CENTRAL", "COFFRE", "shelf", "Coffre des valeurs", "خزنة القيم", "Safe"),
    ("CENTRAL", "BUREAU-DSI", "office", "Bureaux de la DSI", "مكاتب قسم نظم المعلومات", "IT offices"),
    ("CENTRAL", "PRETS", "loan", "Matériel prêté", "معدات معارة", "On loan"),
    ("SANTE", "FROID-1", "shelf", "Chambre froide 1", "غرفة التبريد 1", "Cold room 1"),
    ("SANTE", "CLE-1", "shelf", "Armoire fermée à clé", "خزانة مقفلة", "Locked cabinet"),
    ("ATELIER", "CUVE", "shelf", "Cuve à carburant", "خزان الوقود", "Fuel tank"),
    ("ATELIER", "COUR", "shelf", "Cour couverte", "الساحة المغطاة", "Covered yard"),
)

# username, role, store (None: everywhere), language, display name
PEOPLE = (
    ("admin", "administrator", None, "fr", "Nadia Exemple · نادية المثال"),
    ("responsable", "manager", None, "fr", "Youssef Exemple · يوسف المثال"),
    ("central", "storekeeper", "CENTRAL", "ar", "Brahim Exemple · إبراهيم المثال"),
    ("anfa", "storekeeper", "ANFA", "ar", "Fatima Exemple · فاطمة المثال"),
    ("bernoussi", "storekeeper", "BERNOUSSI", "ar", "Hamid Exemple · حميد المثال"),
    ("sante", "storekeeper", "SANTE", "ar", "Khadija Exemple · خديجة المثال"),
    ("atelier", "storekeeper", "ATELIER", "ar", "Said Exemple · سعيد المثال"),
    ("acheteur", "buyer", None, "fr", "Karim Exemple · كريم المثال"),
    ("demandeur", "requester", None, "ar", "Salma Exemple · سلمى المثال"),
    ("auditeur", "auditor", None, "fr", "Amina Exemple · أمينة المثال"),
)


def found() -> dict[str, Warehouse]:
    """Builds the town's parties and its stores, none of them in service yet; returns the stores by code."""
    for code, fr, ar, en in ENTITIES:
        parties.add_entity(code, parent=parties.COMMUNE, name_fr=fr, name_ar=ar, name_en=en)
    for code, entity, parent, fr, ar, en in SERVICES:
        parties.add_service(code, entity=entity, parent=parent, name_fr=fr, name_ar=ar, name_en=en)
    for code, fr, ar, ice in SUPPLIERS:
        parties.add_supplier(code, name_fr=fr, name_ar=ar, ice=ice)
    stores = {}
    for code, entity, fr, ar, en in (*STORES, PRACTICE):
        stores[code] = warehouses.add_warehouse(
            code, entity=entity, in_service_on=None, is_practice=code == PRACTICE[0],
            name_fr=fr, name_ar=ar, name_en=en,
        )  # fmt: skip
    for store, code, kind, fr, ar, en in SHELVES:
        warehouses.add_location(stores[store], code, kind=kind, name_fr=fr, name_ar=ar, name_en=en)
    return stores


def populate(stores: dict[str, Warehouse], at: datetime) -> dict[str, Identity]:
    """Gives the town its people, one per role and one per store; all share one password. Returns them by username."""
    people = {}
    for username, role, store, language, name in PEOPLE:
        user = access.add_user(username, PASSWORD, at=at, display_name=name, language=language)
        access.grant(user, role, stores[store] if store else None, at=at)
        if role == "storekeeper":
            access.grant(user, role, stores[PRACTICE[0]], at=at)
        people[username] = access.identity_of(user)
    return people
