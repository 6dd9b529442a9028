"""A list keeps what its reader chose in the address."""

from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict

from inventory.web.listing import Column, Listing

COLUMNS = (
    Column("name", "Item", "main", is_sortable=True),
    Column("on_hand", "On hand", "number", is_sortable=True),
    Column("note", "Note", is_shown=False),
)


def listing(query: str = "") -> Listing:
    return Listing("/stock", MultiDict(parse_qsl(query)), COLUMNS, rows=[])


def asked(address: str) -> list[tuple[str, str]]:
    return sorted(parse_qsl(urlsplit(address).query))


def test_the_next_page_keeps_filters_and_order():
    address = listing("state=low&state=out&sort=-name&cursor=a").address(cursor="b")
    assert asked(address) == [("cursor", "b"), ("sort", "-name"), ("state", "low"), ("state", "out")]


def test_a_spreadsheet_takes_the_filters_but_not_the_page():
    assert asked(listing("search=ciment&cursor=a").address(format="csv")) == [("format", "csv"), ("search", "ciment")]


def test_a_head_sorts_up_then_down():
    name = COLUMNS[0]
    assert asked(listing().sort_address(name)) == [("sort", "name")]
    assert asked(listing("sort=name").sort_address(name)) == [("sort", "-name")]
    assert asked(listing("sort=-name").sort_address(name)) == [("sort", "name")]


def test_an_unknown_order_is_no_order():
    assert listing("sort=password").sort == ""
    assert not listing("sort=-password").is_descending


def test_chosen_columns_are_shown_and_the_name_always():
    assert [column.key for column in listing().shown] == ["name", "on_hand"]
    assert [column.key for column in listing("column=note").shown] == ["name", "note"]


def test_it_is_counted_how_many_filters_are_set():
    assert listing("category=&sort=name").set_of(["category", "state"]) == 0
    assert listing("category=a&state=low&search=b").set_of(["category", "state"]) == 2


def test_an_empty_answer_knows_whether_something_was_asked():
    assert not listing("sort=name&cursor=a&search=").is_filtered
    assert listing("search=ciment").is_filtered
