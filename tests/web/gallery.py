"""The face without the house: a tiny application that keeps the templates' contract and draws the gallery.

`python tests/web/gallery.py 8130` serves it; tests ask it for every page in every language.
"""

import re
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, redirect, render_template, render_template_string, request, send_from_directory
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from inventory.web import charts  # noqa: E402
from inventory.web.listing import Column, Listing  # noqa: E402

TODAY = date(2026, 11, 23)
STATES = (
    "draft submitted approved posted reversed reversal cancelled in_transit in_order low out expiring expired quarantined reserved "
    "open acknowledged in_progress snoozed closed waiting refused retired revoked active locked unpriced practice not_in_service "
    "verified difference"
).split()
WORDS = {
    "ar": {
        "stock": "المخزون", "question": "ماذا يوجد في هذا المخزن، وكم بقي منه، وإلى متى يكفي؟", "receive": "استلام", "print": "طباعة",
        "papers": "السندات", "curve": "الرصيد عبر الزمن", "all": "الكل", "low": "دون العتبة", "out": "نفاد المخزون", "search": "اسم أو رمز أو رمز شريطي",
        "category": "الفئة", "cement": "إسمنت بورتلاندي مركب CPJ 45 في أكياس من 50 كيلوغراما للأشغال الطرقية والبناء", "insulin": "أنسولين سريع المفعول 100 وحدة/مل قلم معبأ مسبقا",
        "empty_title": "لا سندات دخول بعد", "empty_how": "تظهر هنا سندات الدخول بعد المصادقة عليها. ابدأ بقراءة رمز المكان ثم المواد، أو بإنشاء سند دخول.",
        "reorder": "عتبة التنبيه", "box": "علبة", "kilo": "كلغ", "facts": "المعطيات", "item": "المادة", "on_hand": "الموجود", "available": "المتوفر", "last": "آخر حركة", "paper": "السند",
        "note": "ملاحظة", "use": "الاستهلاك الشهري", "value": "القيمة", "to_receive": "للاستلام", "to_issue": "للإخراج", "expiring": "صلاحيتها تنتهي قريبا",
        "low_why": "العتبة 20 في المستودع الشمالي؛ المتوفر 14 = 18 موجودة − 3 محجوزة − 1 منتهية الصلاحية؛ 10 مطلوبة، تصل يوم 2 دجنبر.",
        "posted_title": "تمت المصادقة على سند الخروج 12/2026", "posted_words": "12 سطرا إلى مقاطعة أنفا.", "next": "السند التالي",
        "refusal": "في المستودع الشمالي 3 والمطلوب 7: استلم أو حوّل أولا.", "practice": "تدريب: لا شيء هنا يحتسب.", "step1": "الملف", "step2": "الأعمدة", "step3": "التحقق",
        "counted": "سطور معدودة", "bad_date": "30 فبراير ليس تاريخا.", "item_help": "اكتب جزءا من الاسم أو الرمز.", "quantity": "الكمية", "expires": "تاريخ انتهاء الصلاحية",
        "price_help": "لكل وحدة، مع احتساب الرسوم.", "service": "المصلحة", "service_long": "قسم حفظ الصحة والنظافة العمومية – مقاطعة سيدي بليوط", "lot": "رقم الحصة",
        "origin": "المصدر", "purchase": "شراء", "donation": "هبة", "recovery": "استرجاع", "note_help": "تطبع على السند.", "cold": "سلسلة التبريد", "cold_help": "بين 2 و8 درجات",
        "file": "ملف", "file_help": "CSV أو XLSX أو ODS، 10 ميغابايت على الأكثر.", "post": "مصادقة", "draft": "حفظ كمسودة", "reverse": "عكس السند", "confirm": "المصادقة على 12 سطرا إلى أنفا؟",
        "confirm_how": "السند المصادق عليه لا يعدّل؛ والخطأ يصحح بسند معاكس.", "state": "الحالة", "cover": "التغطية", "days": "يوما",
    },
    "fr": {
        "stock": "Stock", "question": "Que contient ce magasin, combien en reste-t-il et pour combien de temps ?", "receive": "Réceptionner", "print": "Imprimer",
        "papers": "Bons", "curve": "Le stock dans le temps", "all": "Tout", "low": "Sous le seuil", "out": "Rupture de stock", "search": "Nom, code ou code-barres",
        "category": "Catégorie", "cement": "Ciment Portland composé CPJ 45 en sacs de 50 kg pour travaux de voirie et de bâtiment", "insulin": "Insuline rapide 100 UI/ml, stylo prérempli",
        "empty_title": "Pas encore de bon d'entrée", "empty_how": "Les bons d'entrée validés apparaîtront ici. Commencez par scanner l'emplacement puis les articles, ou créez un bon.",
        "reorder": "Seuil d'alerte", "box": "boîte", "kilo": "kg", "facts": "Données", "item": "Article", "on_hand": "Existant", "available": "Disponible", "last": "Dernier mouvement", "paper": "Bon",
        "note": "Remarque", "use": "Consommation mensuelle", "value": "Valeur", "to_receive": "À réceptionner", "to_issue": "À servir", "expiring": "Bientôt périmés",
        "low_why": "Seuil 20 au Dépôt Nord ; 14 disponibles = 18 existants − 3 réservés − 1 périmé ; 10 commandés, attendus le 2 décembre.",
        "posted_title": "Bon de sortie 12/2026 validé", "posted_words": "12 lignes pour l'arrondissement d'Anfa.", "next": "Bon suivant",
        "refusal": "Le Dépôt Nord en détient 3, 7 demandés : réceptionnez ou transférez d'abord.", "practice": "Exercice : rien ici ne compte.", "step1": "Fichier", "step2": "Colonnes", "step3": "Vérification",
        "counted": "Lignes comptées", "bad_date": "Le 30 février n'existe pas.", "item_help": "Tapez une partie du nom ou du code.", "quantity": "Quantité", "expires": "Date de péremption",
        "price_help": "Par unité, TVA comprise.", "service": "Service", "service_long": "Division de l'hygiène et de la salubrité publique – arrondissement de Sidi Belyout", "lot": "Numéro de lot",
        "origin": "Origine", "purchase": "Achat", "donation": "Don", "recovery": "Récupération", "note_help": "Imprimée sur le bon.", "cold": "Chaîne du froid", "cold_help": "Entre 2 et 8 °C",
        "file": "Fichier", "file_help": "CSV, XLSX ou ODS, 10 Mo au plus.", "post": "Valider", "draft": "Garder en brouillon", "reverse": "Contre-passer", "confirm": "Valider 12 lignes pour Anfa ?",
        "confirm_how": "Un bon validé ne se modifie plus ; une erreur se corrige par un bon contraire.", "state": "État", "cover": "Couverture", "days": "jours",
    },
}  # fmt: skip
WORDS["en"] = WORDS["fr"]
DOORS = {
    "ar": "الرئيسية قراءة_الرمز المخزون السندات المزيد|المتابعة التنبيهات مدونة_المواد الاستيراد|الإدارة المستعملون سجل_العمليات الإعدادات",
    "fr": "Accueil Scanner Stock Bons Plus|Suivi Alertes Catalogue Imports|Administration Utilisateurs Audit Réglages",
}
DOORS["en"] = DOORS["fr"]
ICONS = (("home", "scan", "stock", "papers", "more"), ("alert", "item", "upload"), ("people", "audit", "settings"))


def navigation(language: str) -> list[dict[str, Any]]:
    doors = []
    for place, (group, icons) in enumerate(zip(DOORS[language].split("|"), ICONS, strict=True)):
        names = [name.replace("_", " ") for name in group.split()]
        title = "main" if place == 0 else names.pop(0)
        doors += [
            {"label": name, "icon": icon, "href": f"#{icon}", "is_current": icon == "stock", "group": title}
            for name, icon in zip(names, icons, strict=True)
        ]
    return doors


def figure(value: Any) -> str:
    whole, _, rest = f"{value:,}".partition(".")
    comma = "," if language() == "fr" else "."
    return whole.replace(",", "\u202f") + (comma + rest if rest else "")


def language() -> str:
    asked = request.args.get("language", "ar")
    return asked if asked in ("ar", "fr", "en") else "ar"


def rows(words: dict[str, str]) -> list[SimpleNamespace]:
    kinds = [("cement", "low", 18, 14, 9), ("insulin", "out", 0, 0, 0), ("cement", "in_order", 20412, 19800, 75), ("insulin", "expiring", 1250, 1250, 31)]
    return [
        SimpleNamespace(
            id=place, code=f"CPJ-{place:04d}/A", name=words[name], category=words["category"], state=state, unit=words["box"],
            on_hand=Decimal(held), available=Decimal(free), value=Decimal(held) * Decimal("12.50"),
            expires=TODAY + timedelta(days=40) if name == "insulin" else None,
            cover=charts.cover(Decimal(days), lead_days=10, full_days=90), cover_words=f"{days} {words['days']}",
        )
        for place, (name, state, held, free, days) in enumerate(kinds, 1)
    ]  # fmt: skip


def gallery() -> dict[str, Any]:
    words = WORDS[language()]
    kinds = (("name", "main"), ("state", "state"), ("on_hand", "number"), ("available", "number"), ("value", "number"), ("cover", "text"), ("expires", "day"))
    columns = [Column(key, words["item"] if key == "name" else words[key], kind, is_sortable=key in ("name", "on_hand")) for key, kind in kinds]
    points = [
        charts.Point(TODAY - timedelta(days=days), Decimal(quantity), f"BS {13 - place}/2026", "#")
        for place, (days, quantity) in enumerate([(170, 40), (151, 31), (120, 22), (96, 58), (70, 44), (41, 30), (20, 18), (4, 14)])
    ]
    months = [(date(2026 - (place < 1), (place + 11) % 12 + 1, 1), Decimal(value)) for place, value in enumerate([12, 18, 9, 22, 31, 14, 12, 27, 20, 16, 24, 8])]
    span = {"since": TODAY - timedelta(days=160), "until": TODAY, "reorder": Decimal(20)}
    return {
        "sample": words, "states": STATES, "today": TODAY, "now": datetime(2026, 11, 23, 9, 41, tzinfo=UTC),
        "listing": Listing("/gallery", MultiDict({**request.args, "sort": "-on_hand"}), columns, rows(words), next="abc", total=20412),
        "row_address": lambda row: f"#{row.id}",
        "curve_desk": charts.curve(points, **span), "curve_phone": charts.curve(points, **span, width=360, height=240),
        "bars_desk": charts.bars(months, today=TODAY), "bars_phone": charts.bars(months, today=TODAY, width=360, height=220),
        "icons": re.findall(r'symbol id="([^"]+)"', (ROOT / "inventory/static/src/icons.svg").read_text()),
    }  # fmt: skip


def create_gallery() -> Flask:
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = "gallery"
    app.config.update(TEMPLATES_AUTO_RELOAD=True, BABEL_DOMAIN="face", BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "inventory/translations"))
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(asset=lambda name: f"/assets/{name}", csrf_token=lambda: "token")
    app.jinja_env.filters.update(
        quantity=figure, number=figure, money=lambda value: figure(f"{value:.2f}" and Decimal(f"{value:.2f}")),
        day=lambda on: on.strftime("%d/%m/%Y"), instant=lambda at: at.strftime("%d/%m/%Y %H:%M"),
        month=lambda on: on.strftime("%m/%Y"), month_short=lambda on: on.strftime("%m"),
    )  # fmt: skip

    @app.context_processor
    def contract() -> dict[str, Any]:
        is_arabic = language() == "ar"
        places = [
            SimpleNamespace(code="CENTRAL", name="المخزن الجماعي المركزي" if is_arabic else "Magasin communal central"),
            SimpleNamespace(code="NORD", name="مستودع عين السبع" if is_arabic else "Dépôt d'Aïn Sebaâ"),
        ]
        return {
            "locale": language(), "direction": "rtl" if is_arabic else "ltr", "navigation": navigation(language()),
            "current_user": SimpleNamespace(is_authenticated=True, display_name="فاطمة الزهراء بنعلي" if is_arabic else "Fatima-Zahra Benali", username="f.benali"),
            "current_warehouse": places[0], "own_warehouses": places,
            "commune": SimpleNamespace(name_ar="جماعة الدار البيضاء", name_fr="Commune de Casablanca", arms=None),
        }  # fmt: skip

    @app.after_request
    def strict(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = (
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
        )
        return answer

    app.add_url_rule("/", "first", lambda: redirect("/gallery"))
    app.add_url_rule("/gallery", "gallery", lambda: render_template("gallery.html", **gallery()))
    app.add_url_rule("/sign-in", "sign_in", lambda: render_template("sign_in.html", next="/", errors=[{"message": "x"}] if "bad" in request.args else []))
    app.add_url_rule("/station", "station", station)
    app.add_url_rule("/error/<int:status>", "error", lambda status: (render_template("error.html", status=status, request_id="7F3K-22QD"), status))
    app.add_url_rule("/assets/<path:name>", "assets", lambda name: send_from_directory(ROOT / "inventory/static/dist", name))
    app.add_url_rule("/api/v1/scan", "scanned", scanned)
    app.add_url_rule("/api/v1/documents", "posted", posted, methods=["POST"])
    app.add_url_rule("/options", "options", options)
    return app


def station() -> str:
    words = WORDS[language()]
    return render_template(
        "scanning/station.html", kind="issue", warehouse="CENTRAL", title=words["to_issue"], today=TODAY.isoformat(), attach_href="/attach?code=",
        intents=[{"label": words["to_issue"], "icon": "issue", "href": "#", "is_current": True}, {"label": words["to_receive"], "icon": "receive", "href": "#", "is_current": False}],
        party={"side": "target", "key": "service", "label": words["service"], "search": "/options"},
    )  # fmt: skip


def scanned() -> Any:
    """The scan answers of a very small store: one place, two items, anything else unknown."""
    words, code = WORDS[language()], request.args["code"].upper()
    item = {"code": "INS-0002", "name": words["insulin"], "unit": words["box"], "decimals": 0, "photo": None}
    lot = {"code": "L2026-044", "expires_on": "2027-01-02"}
    answers = {
        "A-01-03": {"kind": "location", "location": {"code": "A-01-03", "name": "A-01-03"}},
        "6111234567890": {"kind": "lot", "item": item, "lot": lot, "on_hand": "18"},
        "CPJ-0001": {"kind": "item", "item": {**item, "code": "CPJ-0001", "name": words["cement"], "decimals": 1}, "on_hand": "20412.5"},
    }
    return answers.get(code, {"kind": "unknown", "code": code})


def posted() -> Any:
    """Posts a paper of the small store; every quantity leaves 5 behind."""
    paper = request.get_json()
    lines = [{**line, "balance": "5"} for line in paper["lines"]]
    return {**paper, "id": "p1", "number": "12/2026", "reference": "CENTRAL/BS/2026/000012", "lines": lines}, 201


def options() -> str:
    words = WORDS[language()]
    things = [
        {"value": "CPJ-0001", "label": words["cement"], "detail": "CPJ-0001", "href": None, "icon": "item"},
        {"value": "INS-0002", "label": words["insulin"], "detail": "INS-0002", "href": None, "icon": "item"},
    ]
    return render_template_string('{% import "_macros/forms.html" as forms %}{{ forms.options(things) }}', things=things)


if __name__ == "__main__":
    create_gallery().run(port=int(sys.argv[1]))
