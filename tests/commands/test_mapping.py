"""``mapping`` proposes, and says on the error stream what a person must still decide."""

from tests.commands.conftest import House, Run

HEADER = "N° facture;Date;TTC;Code client;Raison sociale"


def test_what_is_open_is_said_and_the_status_is_1(house: House, run: Run) -> None:
    file = house.folder / "export.csv"
    file.write_text(f"{HEADER};Type\nF-1;01/09/2026;12,00;C1;Martin;Association\n", encoding="utf-8")
    said = run("mapping", str(file))
    assert said.status == 1
    assert 'number = "N° facture"' in said.out
    assert said.err == "Still open: creditor, the kind of « Association ». Complete the file before it is used.\n"


def test_a_program_reads_the_same(house: House, run: Run) -> None:
    file = house.folder / "export.csv"
    file.write_text(f"{HEADER}\n", encoding="utf-8")
    said = run("mapping", str(file), "--json")
    assert said.json["open"] == ["creditor", "debtor_kind"]
    assert said.json["columns"]["total"] == "TTC"


def test_a_file_that_is_no_csv_is_refused_in_a_sentence(house: House, run: Run) -> None:
    assert "cannot be read" in run("mapping", str(house.folder / "none.csv")).err
    file = house.folder / "empty.csv"
    file.write_bytes(b"")
    said = run("mapping", str(file))
    assert said.status == 1
    assert "the file is empty" in said.err
