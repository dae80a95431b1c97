"""A folder of runs: found, searched, tagged, compared, thrown away and mended."""

import datetime as dt
import shutil

import pytest

import wheatstone
from wheatstone.errors import ConfigurationError, StorageError


def sweep(store, name="IV curve", values=(1.0, 2.0, 3.0), description=""):
    with wheatstone.MeasurementSession(name, description=description, store=store) as session:
        session.parameter("voltage", list(values), unit="V")

        @session.acquire
        def measure(voltage):
            return {"current": voltage * 0.1}

        return session.run()


@pytest.fixture
def store(tmp_path):
    return wheatstone.Store(tmp_path / "runs")


@pytest.fixture
def runs(store):
    sweep(store.folder, "IV curve", description="the red diode")
    sweep(store.folder, "Überspannung 🚀", values=(5.0, 10.0))
    return store


def names(listed):
    return [run.name for run in listed]


def test_an_empty_or_missing_store_has_no_runs(store):
    assert store.runs() == []
    assert list(store) == []
    assert len(store) == 0
    assert store
    assert store.search("x") == []
    assert store.trashed == []
    assert store.empty_trash() == 0
    assert store.rebuild() == 0
    assert not store.folder.exists()
    with pytest.raises(StorageError, match="there is no run"):
        store["last"]
    store.folder.mkdir()
    with pytest.raises(StorageError, match="is no run: it holds no run.json"):
        store[str(store.folder)]
    store.folder.rmdir()
    assert "<table>" in store._repr_html_()


def test_lists_runs_with_what_is_known_of_them(runs):
    first, second = runs
    assert names(runs) == ["IV curve", "Überspannung 🚀"]
    assert (first.state, first.row_count, first.kind, first.description) == ("finished", 3, "sweep", "the red diode")
    assert first.started.tzinfo is dt.UTC
    assert first.started <= first.ended <= second.started
    [parameter] = first.parameters
    assert (parameter.name, parameter.unit, parameter.count) == ("voltage", "V", 3)
    assert (parameter.least, parameter.greatest) == (1.0, 3.0)
    assert first.size_bytes > 1000
    assert not first.trouble
    assert "IV curve" in repr(first)


def test_opens_a_run_by_what_names_it(runs):
    for which in ("IV curve", runs.runs()[0].id, runs.runs()[0].id[-6:], runs.runs()[0], runs.runs()[0].folder):
        assert runs[which].data["voltage"].to_list() == [1.0, 2.0, 3.0]
    assert runs["last"].name == "Überspannung 🚀"
    assert runs.open().name == "Überspannung 🚀"
    assert runs.summary("IV curve").row_count == 3
    assert "IV curve" in runs
    assert "nothing" not in runs
    assert 3 not in runs


def test_filters_by_keywords(runs):
    since = runs.runs()[1].started
    assert names(runs.runs("iv")) == ["IV curve"]
    assert names(runs.runs("über*")) == ["Überspannung 🚀"]
    assert names(runs.runs(since=since)) == ["Überspannung 🚀"]
    assert names(runs.runs(until=since)) == ["IV curve"]
    assert names(runs.runs(since=dt.date(2001, 1, 1), until="2001-02-03 04:05")) == []
    assert len(runs.runs(since="2001-01-01")) == 2
    assert len(runs.runs(state="finished")) == 2
    assert runs.runs(state=["failed", "killed"]) == []
    assert names(runs.runs(parameter={"voltage": 10})) == ["Überspannung 🚀"]
    assert names(runs.runs(parameter={"voltage": (None, 2)})) == ["IV curve"]
    assert len(runs.runs(parameter="voltage")) == 2
    assert runs.runs(parameter=["voltage", "current"]) == []
    assert runs.runs(instrument="dmm") == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"state": "done"}, "these are preparing, running"),
        ({"since": "yesterday"}, "is no time"),
        ({"until": 5}, "is no time"),
        ({"name": 5}, "is no text"),
        ({"tag": 5}, "nor several"),
        ({"parameter": {"v": (1, 2, 3)}}, "is no range"),
    ],
)
def test_a_filter_that_is_none_is_refused(runs, arguments, says):
    with pytest.raises(ConfigurationError, match=says):
        runs.runs(**arguments)


def test_searches_for_anything_that_people_type(runs):
    for words in ("IV-curve", "iv curve", '"red diode"', "diod", 'curv "the red'):
        assert [hit.run.name for hit in runs.search(words)] == ["IV curve"], words
    for words in ("überspannung", "ueberspannung", "🚀"):
        assert [hit.run.name for hit in runs.search(words)] == ["Überspannung 🚀"], words
    for words in ("", '"', "AND", "a OR", "(", "*", "col:x", "'; --", "\x00", "\udcff"):
        assert isinstance(runs.search(words), list), words
    assert runs.search("red")[0].excerpt == "the «red» diode"
    assert runs.search("voltage", name="über") != []


def test_tags_and_notes_stand_in_the_runs_folder(runs):
    runs.tag("IV curve", "good", "golden sample")
    runs.tag("IV curve", "good")
    runs.annotate("IV curve", "the cable was loose")
    assert runs.summary("IV curve").tags == ["good", "golden sample"]
    [note] = runs.summary("IV curve").notes
    assert note.text == "the cable was loose"
    assert note.by
    assert abs(note.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert names(runs.runs(tag=["good", "golden sample"])) == ["IV curve"]
    assert [hit.run.name for hit in runs.search("loose")] == ["IV curve"]
    runs.untag("IV curve", "good", "never given")
    assert runs.summary("IV curve").tags == ["golden sample"]
    moved = runs.folder.parent / "elsewhere" / "run"
    shutil.copytree(runs.summary("IV curve").folder, moved)
    assert wheatstone.Store(moved.parent).runs()[0].tags == ["golden sample"]
    for tag in ("", "two\nlines", "x" * 201):
        with pytest.raises(ConfigurationError, match="a tag is"):
            runs.tag("IV curve", tag)


def test_a_copy_is_listed_beside_its_run_which_its_id_still_means(runs):
    run = runs.summary("IV curve")
    shutil.copytree(run.folder, runs.folder / "a copy")
    assert [(each.folder.name, each.is_copy) for each in runs if each.name == "IV curve"] == [
        (run.folder.name, False),
        ("a copy", True),
    ]
    assert runs[run.id].folder == run.folder
    assert runs["a copy"].folder == runs.folder / "a copy"
    shutil.rmtree(run.folder)
    assert runs[run.id].folder == runs.folder / "a copy"


def test_compares_two_runs(runs):
    sweep(runs.folder, "IV curve", values=(1.0, 2.0, 3.5), description="the red diode")
    first, _, third = runs
    difference = runs.compare(first, third)
    assert not difference.same
    assert ("plan", "parameter voltage, values", "1, 2, 3", "1, 2, 3.5") in [
        (each.part, each.what, each.first, each.second) for each in difference.differences
    ]
    [voltage, current] = difference.columns
    assert (voltage.name, voltage.different, voltage.compared, voltage.largest, voltage.largest_row) == (
        "voltage",
        1,
        3,
        0.5,
        2,
    )
    assert current.largest == pytest.approx(0.05)
    assert "voltage: 1 of 3 rows differ, most by 0.5 V in row 2" in str(difference)
    assert runs.compare(first, first).same
    assert "no difference" in str(runs.compare(first, first))


def test_throws_runs_away_and_brings_them_back(runs):
    run = runs.summary("IV curve")
    assert runs.trash("IV curve") == runs.folder / "trash" / run.folder.name
    assert names(runs) == ["Überspannung 🚀"]
    assert names(runs.trashed) == ["IV curve"]
    assert runs.restore() == run.folder
    assert len(runs) == 2
    runs.trash(run)
    assert runs.empty_trash() == 1
    assert runs.trashed == []
    assert len(runs) == 1


def test_verifies_a_run_and_names_what_is_damaged(runs):
    checked = runs.verify("IV curve")
    assert checked.whole
    assert (checked.row_count, checked.readable) == (3, [(0, 3)])
    assert "nothing is damaged" in str(checked)
    part = runs.summary("IV curve").folder / "rows-000000000000.arrow"
    content = bytearray(part.read_bytes())
    content[len(content) // 3] ^= 1
    part.write_bytes(content)
    checked = runs.verify("IV curve")
    assert not checked.whole
    [trouble] = checked.troubles
    assert trouble.file == part.name
    assert trouble.rows == (0, 3)
    assert checked.readable_count == 0
    assert runs.open_readable("IV curve").data.height == 0
    with pytest.raises(StorageError, match=part.name):
        _ = runs["IV curve"].data


def test_compacts_and_refuses_to_recover_what_has_ended(runs):
    done = runs.compact("IV curve")
    assert (done.files_before, done.files_after) == (1, 1)
    assert runs["IV curve"].data.height == 3
    with pytest.raises(ConfigurationError, match="has ended"):
        runs.recover("IV curve")


def test_says_once_that_a_damaged_catalogue_is_made_anew(runs):
    assert runs.rebuild() == 2
    file = runs.folder / "catalog.sqlite"
    file.write_bytes(b"no database")
    again = wheatstone.Store(runs.folder)
    with pytest.warns(RuntimeWarning, match=r"catalog\.sqlite' is damaged"):
        assert len(again.runs()) == 2
    assert len(again.runs()) == 2


def test_shows_itself_as_a_table_with_text_escaped(runs):
    sweep(runs.folder, "<b>bold</b>")
    table = runs._repr_html_()
    assert "<td>IV curve</td>" in table
    assert "&lt;b&gt;bold&lt;/b&gt;" in table
    assert repr(runs) == f"Store({str(runs.folder)!r})"


def test_known_stores_have_this_one(runs):
    assert runs.folder in wheatstone.Store.known()


def test_takes_an_experiment_for_its_run(runs):
    first = runs.open("IV curve")
    assert first in runs
    assert not runs.compare(first, runs["last"]).same
    runs.tag(first, "golden")
    assert names(runs.runs(tag="golden")) == ["IV curve"]
    runs.trash(first)
    assert names(runs) == ["Überspannung 🚀"]
    with pytest.raises(ConfigurationError, match="put together by hand"):
        runs.tag(wheatstone.experiments.Experiment("by hand"), "golden")
