"""What is typed becomes a question that PostgreSQL takes, whatever it is; and both sides cut text alike."""

from django.db import connection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search import terms

KNOWN = terms.families([("水保", "水土保持"), ("环评", "环境影响评价"), ("环评", "环境影响报告")])


def stored_in_sql(text: str) -> set[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexeme, unnest(positions) FROM unnest(search_vector(%s, 'A'))", [text])
        return {(lexeme, place) for lexeme, place in cursor.fetchall()}


def finds(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_vector(%s, 'A') @@ %s::tsquery", [text, query])
        return bool(cursor.fetchone()[0])


def asked(text: str) -> str:
    return terms.tsquery(terms.pieces(text, KNOWN))


def test_a_chinese_run_is_stored_in_pairs_and_ends_with_its_last_character():
    assert [term for term, _place in terms.stored("水土保持，GB 50434")] == [
        "水土",
        "土保",
        "保持",
        "持",
        "gb",
        "50434",
    ]


def test_full_width_and_capitals_are_the_same_as_plain_letters():
    assert terms.runs("ＧＢ５０４３４") == ["gb50434"]


@pytest.mark.parametrize("word", ["环评", "环境影响评价", "环境影响报告"])
def test_a_family_is_reached_from_each_of_its_words(word):
    assert KNOWN[word] == {"环评", "环境影响评价", "环境影响报告"}


def test_a_known_word_is_a_piece_of_its_own_wherever_it_stands():
    assert terms.pieces("岷县水保方案", KNOWN) == [["岷县"], ["水保", "水土保持"], ["方案"]]


def test_initials_of_a_known_word_mean_its_family():
    [found] = terms.pieces("hjyxpj", KNOWN, {"hjyxpj": ["环境影响评价"]})
    assert found[0] == "hjyxpj"
    assert set(found[1:]) == KNOWN["环评"]


@pytest.mark.parametrize("text", ["", "   ", "？！……", "'\\\"();:*&|", "\x00\t"])
def test_text_without_words_asks_for_nothing(text):
    assert asked(text) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "title", "there"),
    [
        ("水保", "灌区水土保持方案编制", True),
        ("水土保持", "灌区水保方案", True),
        ("环评", "园区环境影响报告书", True),
        ("水", "防洪治水", True),
        ("境影", "环境影响评价", True),
        ("环影", "环境影响评价", False),
        ("方案编制", "方案，编制", False),
        ("岷县 水保", "岷县灌区水土保持", True),
        ("岷县 水保", "临夏灌区水土保持", False),
        ("GB504", "按 GB50434 编制", True),
    ],
)
def test_a_title_is_found_by_what_stands_in_it_and_by_nothing_else(typed, title, there):
    assert finds(title, asked(typed)) is there


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["水土保持方案（2026）编制，GB 50434-2018", "㐀𠀀〇々 a1B2", "a" * 99, "。，；", ""])
def test_the_database_cuts_text_as_the_question_is_cut(text):
    assert stored_in_sql(text) == set(terms.stored(text))


@pytest.mark.django_db
def test_no_text_at_all_is_an_error():
    @given(st.text(max_size=120) | st.text(alphabet="水保环评土持 '\\:*&|!()<>-a1\n％", max_size=60))
    def ask(text: str) -> None:
        query = asked(text)
        if query:
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::tsquery", [query])
        plain = text.replace("\x00", "")
        if not query or "\x00" in text or any("\ud800" <= c <= "\udfff" for c in plain):
            return
        if plain.isascii() or len(terms.runs(plain)) == 1:
            assert finds(plain, query)

    ask()


def test_whatever_holds_a_text_is_among_what_is_asked_within():
    part = st.text("水土保a1 ，豈々〇ﾊ\u3099", max_size=5)

    @given(part, part, part)
    def compare(before: str, text: str, after: str) -> None:
        words = [term for term, _place in terms.stored(before + text + after)]
        for wanted in filter(None, terms.within(text).split(" & ")):
            term, begins = wanted.split("'")[1:]
            assert any(word.startswith(term) if begins else word == term for word in words)

    compare()
