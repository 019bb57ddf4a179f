"""Mistakes in the catalog's YAML are told by file, entry and field, in Japanese; nothing raises."""

from pathlib import Path

import pytest

from knowledge import seed

ENTRY = """\
  - id: bulky-waste
    title: 粗大ごみの申込み
    audience: [市民]
    summary: 粗大ごみは電話で申し込みます。
    body: 大きなごみを集めます。
    phrasings: [粗大ごみを出したい]
    contact: {department: 廃棄物対策課}
    owner: 廃棄物対策課
    review_by: 2027-03-31
"""
HEAD = "category: ごみ・くらし\nentries:\n"


def written(folder: Path, text: str, name: str = "living.yaml") -> Path:
    """A catalog file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read_without_problems(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + ENTRY)

    catalog = seed.load([path])

    assert catalog.problems == ()
    assert [entry.title for entry in catalog.entries] == ["粗大ごみの申込み"]
    assert catalog.file_of == {"bulky-waste": "living.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "    title: 粗大ごみの申込み\n",
            "",
            "living.yaml：bulky-waste：書き方：項目 title：必要な項目がありません",
            id="missing-field",
        ),
        pytest.param(
            "contact: {department: 廃棄物対策課}",
            "contact: {phone: 095-829-1153}",
            "living.yaml：bulky-waste：書き方：項目 contact.department：必要な項目がありません",
            id="missing-field-inside",
        ),
        pytest.param(
            "    owner:",
            "    colour: 青\n    owner:",
            "living.yaml：bulky-waste：書き方：項目 colour：知らない項目です",
            id="unknown-field",
        ),
        pytest.param(
            "category: ごみ・くらし",
            "category: ごみ",
            "living.yaml：bulky-waste：書き方：項目 category：決められた言葉ではありません",
            id="wrong-category",
        ),
        pytest.param(
            "category: ごみ・くらし\n",
            "",
            "living.yaml：bulky-waste：書き方：項目 category：決められた言葉ではありません",
            id="no-category",
        ),
        pytest.param(
            "audience: [市民]",
            "audience: [住民]",
            "living.yaml：bulky-waste：書き方：項目 audience.0：決められた言葉ではありません",
            id="wrong-audience",
        ),
        pytest.param(
            "phrasings: [粗大ごみを出したい]",
            "phrasings: 粗大ごみを出したい",
            "living.yaml：bulky-waste：書き方：項目 phrasings：一覧（行頭に「- 」）で書いてください",
            id="no-list",
        ),
        pytest.param(
            "summary: 粗大ごみは電話で申し込みます。",
            "summary: 5",
            "living.yaml：bulky-waste：書き方：項目 summary：文字で書いてください",
            id="number-for-text",
        ),
        pytest.param(
            "review_by: 2027-03-31",
            "review_by: 来年",
            "living.yaml：bulky-waste：書き方：項目 review_by：書き方が正しくありません",
            id="no-date",
        ),
        pytest.param(
            "id: bulky-waste\n    title",
            "title",
            "living.yaml：1番目：書き方：項目 id：必要な項目がありません",
            id="no-id",
        ),
        pytest.param(
            HEAD + ENTRY,
            HEAD + "  - 粗大ごみ\n",
            "living.yaml：1番目：形式：項目の形になっていません",
            id="text-for-entry",
        ),
        pytest.param(
            "entries:",
            "項目:",
            "living.yaml：全体：entries：項目の一覧がありません",
            id="no-entries",
        ),
        pytest.param(
            HEAD + ENTRY,
            "",
            "living.yaml：全体：entries：項目の一覧がありません",
            id="empty-file",
        ),
    ],
)
def test_a_mistake_is_told_by_file_entry_and_field(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = written(tmp_path, (HEAD + ENTRY).replace(old, new))

    catalog = seed.load([path])

    assert [str(problem) for problem in catalog.problems] == [told]
    assert catalog.entries == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("entries: [", id="open-bracket"),
        pytest.param("entries:\n\t- a", id="tab"),
        pytest.param("a: b: c", id="two-colons"),
        pytest.param("\x00", id="nul"),
        pytest.param("entries: *nobody", id="unknown-alias"),
        pytest.param("!!python/object/apply:os.getcwd []", id="python-object"),
        pytest.param(HEAD + ENTRY.replace("2027-03-31", "2027-02-30"), id="impossible-date"),
        pytest.param("entries: !!int 五", id="wrong-number"),
        pytest.param("[" * 3000, id="endless-nesting"),
    ],
)
def test_a_file_that_is_no_yaml_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)

    catalog = seed.load([path])

    assert [problem.file for problem in catalog.problems] == ["living.yaml"]
    assert catalog.problems[0].message.startswith("YAML として読めません")


def test_a_yaml_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + ENTRY + "  bad: [\n")

    catalog = seed.load([path])

    assert "行目" in catalog.problems[0].message


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", "ごみ".encode("cp932")])
def test_a_file_that_is_not_utf8_is_told_by_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "living.yaml"
    path.write_bytes(content)

    catalog = seed.load([path])

    assert [problem.file for problem in catalog.problems] == ["living.yaml"]


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"

    catalog = seed.load([path])

    assert [problem.file for problem in catalog.problems] == ["nowhere.yaml"]


def test_an_id_that_stands_twice_in_one_file_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + ENTRY + ENTRY.replace("粗大ごみの申込み", "もう一つ"))

    catalog = seed.load([path])

    assert [str(p) for p in catalog.problems] == [
        "living.yaml：bulky-waste：id：同じ id が二つあります"
    ]
    assert [entry.title for entry in catalog.entries] == ["粗大ごみの申込み"]


def test_an_id_that_stands_in_two_files_is_told_for_the_second(tmp_path: Path) -> None:
    first = written(tmp_path, HEAD + ENTRY)
    second = written(tmp_path, HEAD + ENTRY, name="more.yaml")

    catalog = seed.load([first, second])

    assert [(p.file, p.entry_id, p.field) for p in catalog.problems] == [
        ("more.yaml", "bulky-waste", "id")
    ]


def test_one_bad_entry_leaves_its_neighbours(tmp_path: Path) -> None:
    good = ENTRY.replace("bulky-waste", "waste-days")
    path = written(tmp_path, HEAD + ENTRY.replace("市民", "住民") + "  - 5\n" + good)

    catalog = seed.load([path])

    assert [entry.id for entry in catalog.entries] == ["waste-days"]
    assert [problem.entry_id for problem in catalog.problems] == ["bulky-waste", "2番目"]


def test_one_bad_file_leaves_its_neighbours(tmp_path: Path) -> None:
    bad = written(tmp_path, "entries: [", name="bad.yaml")
    good = written(tmp_path, HEAD + ENTRY)

    catalog = seed.load([bad, good])

    assert [entry.id for entry in catalog.entries] == ["bulky-waste"]
    assert [problem.file for problem in catalog.problems] == ["bad.yaml"]
