"""The folder of a run: empty at the start, never shared, gone with nothing else."""

from pathlib import Path

from demo.house import claimed_house


def test_each_run_starts_clean(tmp_path: Path) -> None:
    var = tmp_path / "un dossier" / "var"
    with claimed_house(var) as house:
        assert house.folder == var / "demo"
        (house.mail / "0001.eml").write_text("x", encoding="utf-8")
        (house.folder / "relance.db").write_text("x", encoding="utf-8")
    with claimed_house(var) as again:
        assert again.folder == house.folder
        assert list(again.mail.iterdir()) == []
        assert not (again.folder / "relance.db").exists()
        assert str(again.folder) in again.database_url


def test_two_at_once_have_two_folders(tmp_path: Path) -> None:
    with claimed_house(tmp_path) as one, claimed_house(tmp_path) as two:
        assert (one.folder.name, two.folder.name) == ("demo", "demo-2")
        (one.mail / "kept.eml").write_text("x", encoding="utf-8")
        with claimed_house(tmp_path, fresh=True) as three:
            assert three.folder.name == "demo-3"
            assert (one.mail / "kept.eml").exists()
            assert two.folder.exists()
    with claimed_house(tmp_path, fresh=True):
        assert [path.name for path in tmp_path.glob("demo*")] == ["demo"]


def test_the_mail_is_found_under_var_mail(tmp_path: Path) -> None:
    with claimed_house(tmp_path) as house:
        (house.mail / "a.eml").write_text("x", encoding="utf-8")
        assert (tmp_path / "mail" / "a.eml").exists()


def test_a_real_mail_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "mine.eml").write_text("x", encoding="utf-8")
    with claimed_house(tmp_path):
        assert (tmp_path / "mail" / "mine.eml").exists()
