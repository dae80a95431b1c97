"""What acquisitions get and return, and the rows that are made of it."""

import enum
import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

import wheatstone
from wheatstone import MeasurementSession, Quantity, _native
from wheatstone.errors import DataError, Error, MeasurementError
from wheatstone.results import MeasurementResult, Reading


def test_parameters_arrive_as_the_objects_that_were_registered():
    class Mode(enum.Enum):
        CC = 1

    seen = []
    with MeasurementSession() as session:
        session.parameter("mode", [Mode.CC])
        session.parameter("x", np.array([1.5]))

        @session.acquire
        def measure(mode, x):
            seen.append((mode, x))
            return {"y": x}

        data = session.run().data
    assert seen == [(Mode.CC, 1.5)]
    assert type(seen[0][1]) is float
    assert data["mode"].to_list() == ["CC"]


def test_the_row_so_far_is_given_to_who_asks_for_ctx():
    seen = []
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda a: {"first": a * 10}, name="first")

        @session.acquire
        def second(ctx):
            seen.append((type(ctx), list(ctx), ctx["timestamp"]))
            return {"sum": ctx["a"] + ctx["first"]}

        data = session.run().data
    assert data["sum"].to_list() == [11, 22]
    assert [kind for kind, _, _ in seen] == [dict, dict]
    assert seen[0][1] == ["a", "timestamp", "first"]
    assert [time for _, _, time in seen] == data["timestamp"].cast(pl.Datetime("us", "UTC")).to_list()


def test_what_is_added_to_ctx_is_a_result_of_that_acquisition():
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])

        @session.acquire
        def first(ctx, a):
            ctx["added"] = a * 10
            ctx["both"] = 0

            return {"both": a, "returned": a}

        @session.acquire
        def second(ctx):
            ctx["sum"] = ctx["added"] + ctx["returned"]
            if ctx["a"] == 2:
                ctx["late"] = True

        data = session.run().data
    assert data.columns == ["a", "timestamp", "added", "both", "returned", "sum", "late"]
    assert data["both"].to_list() == [1, 2]
    assert data["sum"].to_list() == [11, 22]
    assert data["late"].to_list() == [None, True]


def test_what_the_row_holds_already_cannot_be_changed_through_ctx():
    def change(ctx):
        ctx["a"] += 1
        return {}

    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(change)
        with pytest.raises(MeasurementError, match="changed 'a' in ctx.*name of its own"):
            session.run()


def test_an_acquisition_that_gives_nothing_at_all_is_refused_with_ctx_too():
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda ctx: None, name="nothing")
        with pytest.raises(MeasurementError, match="None, which is no mapping"):
            session.run()


def test_units_and_uncertainties_become_columns():
    with MeasurementSession() as session:
        session.parameter("a", [1.0])

        @session.acquire
        def measure():
            reading = Reading(_native.Reading(1.5, "V", 0.25))
            return {"reading": reading, "values": reading.values, "quantity": Quantity(2, "A"), "plain": 1.0}

        experiment = session.run()
    columns = ["a", "timestamp", "reading", "reading_uncertainty", "values", "quantity", "plain"]
    assert experiment.data.columns == columns
    assert experiment.units == {"reading": "V", "reading_uncertainty": "V", "values": "V", "quantity": "A"}
    assert experiment.data["reading_uncertainty"].to_list() == [0.25]


def test_arrays_frames_and_complex_numbers_are_cells():
    frame = pl.DataFrame({"t": [0.0, 1.0], "v": [1.0, 2.0]})
    with MeasurementSession() as session:
        session.parameter("n", [1, 2])

        @session.acquire
        def measure(n):
            return {
                "array": np.arange(n, dtype="float32"),
                "matrix": np.eye(2),
                "frame": frame,
                "z": 1j * n,
                "bytes": b"\x00\x01",
                "nothing": None,
                "flag": n == 1,
                "list": [n, n],
            }

        data = session.run().data
    assert data["array"].to_list() == [[0.0], [0.0, 1.0]]
    assert data["frame"][0] == {"t": [0.0, 1.0], "v": [1.0, 2.0]}
    assert data["bytes"].to_list() == [b"\x00\x01"] * 2
    assert data["nothing"].to_list() == [None, None]
    assert data["flag"].to_list() == [True, False]
    assert data["list"].to_list() == [[1, 1], [2, 2]]


def test_a_key_that_appears_late_is_kept_and_one_that_stays_away_is_null():
    with MeasurementSession() as session:
        session.parameter("n", range(300))

        @session.acquire
        def measure(n):
            return {"v": float(n), **({"late": n} if n >= 200 else {})} if n != 250 else {"v": 0.0}

        data = session.run().data
    assert data["late"].null_count() == 201
    assert data["late"][299] == 299


def test_a_whole_number_column_that_meets_a_fraction_keeps_every_digit():
    with MeasurementSession() as session:
        session.parameter("n", range(10_001))
        session.acquire(lambda n: {"v": n if n < 10_000 else 2.5}, name="measure")
        data = session.run().data
    assert data["v"].dtype == pl.Float64
    assert data["v"][9_999] == 9_999.0
    assert data["v"][10_000] == 2.5


def test_a_number_column_that_meets_text_is_refused_by_name_and_keeps_its_rows():
    with MeasurementSession() as session:
        session.parameter("n", range(10))
        session.acquire(lambda n: {"v": float(n) if n < 7 else "OVLD"}, name="measure")
        with pytest.raises(Error, match="'v'") as caught:
            session.run()
        assert "text" in str(caught.value)
        assert session.data["v"][:7].to_list() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@pytest.mark.parametrize("returned", [None, 5, 2.5, "text", [1, 2], ("a", 1)])
def test_results_that_are_no_mapping_are_refused_with_the_acquisitions_name(returned):
    with MeasurementSession() as session:
        session.parameter("a", [1, 2])
        session.acquire(lambda: returned, name="careless")
        with pytest.raises(MeasurementError, match="'careless'.*no mapping") as caught:
            session.run()
    assert isinstance(caught.value.__cause__, DataError)


def test_a_result_that_no_cell_keeps_is_refused_with_its_key():
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: {"good": 1, "bad": object()}, name="measure")
        with pytest.raises(MeasurementError, match="'bad'.*object"):
            session.run()
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: {1: 1}, name="measure")
        with pytest.raises(MeasurementError, match="key 1"):
            session.run()


def test_any_mapping_is_taken():
    import types

    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: types.MappingProxyType({"b": 1}), name="measure")
        assert session.run().data["b"].to_list() == [1]


def test_a_clash_of_results_gets_the_acquisitions_name():
    with MeasurementSession() as session:
        session.parameter("v", [1])
        session.acquire(lambda: {"v": 2, "timestamp": 3}, name="first")
        session.acquire(lambda: {"v": 4}, name="second")
        data = session.run().data
    assert data.columns == ["v", "timestamp", "first.v", "first.timestamp", "second.v"]


def test_measurement_results_are_cells():
    with MeasurementSession() as session:
        session.parameter("a", [1])
        session.acquire(lambda: {"r": MeasurementResult(np.zeros(3), units="V")}, name="measure")
        experiment = session.run()
    assert experiment.units["r"] == "V"


@pytest.mark.parametrize("name", ["slot", "scheduled", "started", "finished", "missed", "index", "lateness"])
def test_parameters_and_results_may_be_called_like_columns_of_timing(name):
    with MeasurementSession("parameters") as session:
        session.parameter(name, [7, 8])
        session.acquire(lambda: {"x": 1}, name="one")
        assert session.run().data[name].to_list() == [7, 8]
        assert session.experiment.timing["slot"].to_list() == [0, 1]

    with MeasurementSession("results") as results:
        results.parameter("p", [1, 2])
        results.acquire(lambda p: {name: p + 8, "a.finished": p}, name="a")
        results.acquire(lambda p: {"x": p}, name="b")
        experiment = results.run()
    assert experiment.data[name].to_list() == [9, 10]
    assert experiment.data["a.finished"].to_list() == [1, 2]
    timing = experiment.timing
    assert timing["slot"].to_list() == [0, 1] and (timing["a.finished"] <= timing["b.finished"]).all()


def test_an_uncertainty_whose_name_is_taken_gets_a_longer_one():
    v, u = (Reading(_native.Reading(value, "V", value / 2)) for value in (1.5, 2.5))
    with MeasurementSession() as session:
        session.parameter("u_uncertainty", [1, 2])
        session.acquire(lambda: {"v_uncertainty": 7.0, "v": v, "u": u}, name="m")
        experiment = session.run()
    named = ["u_uncertainty", "timestamp", "v_uncertainty", "v", "m.v_uncertainty", "u", "m.u_uncertainty"]
    assert experiment.data.columns == named
    assert experiment.data.row(1)[2:] == (7.0, 1.5, 0.75, 2.5, 1.25)
    assert experiment.units["m.u_uncertainty"] == "V"


@pytest.mark.parametrize(
    ("results", "kept"),
    [
        ([[1, 2], [], [3]], [[1, 2], [], [3]]),
        ([["a"], [], ["b", "c"]], [["a"], [], ["b", "c"]]),
        ([[], [1], [2]], [[], [1], [2]]),
        ([[], ["a"], []], [[], ["a"], []]),
        ([[], [], [True]], [[], [], [True]]),
        ([[1], [0.5], [2]], [[1.0], [0.5], [2.0]]),
        ([[0.5, 1.5], [1, 2], []], [[0.5, 1.5], [1.0, 2.0], []]),
        ([[True], []], [[True], []]),
    ],
)
def test_a_list_of_no_elements_and_whole_numbers_among_others_fit_a_column_of_lists(results, kept):
    with MeasurementSession() as session:
        session.parameter("i", range(len(results)))
        session.acquire(lambda i: {"x": results[i]}, name="a")
        assert session.run().data["x"].to_list() == kept


@pytest.mark.parametrize("results", [([0.5], [2**53 + 1]), ([2**53 + 1], [0.5]), ([True], [1]), (["a"], [1])])
def test_a_list_that_does_not_fit_a_column_of_lists_is_refused(results):
    with MeasurementSession() as session:
        session.parameter("i", range(2))
        session.acquire(lambda i: {"x": results[i]}, name="a")
        with pytest.raises(DataError, match="row 1, column 'x': an array of .* met one of"):
            session.run()
        assert session.data["x"].to_list() == [results[0]]


def test_results_named_as_timing_or_errors_are_told_apart_from_them():
    with MeasurementSession("names") as session:
        session.parameter("a", [1])

        @session.acquire(on_error="skip")
        def measure():
            return {"timing.slot": 7, "slot": 8, "measure.error": 9}

        @session.acquire
        def after():
            return {"x": 1}

        experiment = session.run()
    assert experiment.data.columns == [
        "a", "timestamp", "measure.timing.slot", "slot", "measure.measure.error", "measure.error", "x",
    ]  # fmt: skip
    assert experiment.data["measure.timing.slot"].to_list() == [7]
    assert experiment.timing["slot"].to_list() == [0]


@pytest.mark.parametrize(
    ("dtypes", "widest"),
    [
        (["int8", "int16", "int32", "int64", "int8"], "int64"),
        (["uint8", "uint32", "uint16"], "uint32"),
        (["uint8", "int8", "uint8"], "int16"),
        (["int32", "uint32", "int32"], "int64"),
        (["uint64", "int64"], "uint64"),
        (["int64", "uint64"], "int64"),
        (["float32", "float64", "float32"], "float64"),
        (["int16", "float32", "int16"], "float32"),
        (["int32", "float32", "int32"], "float64"),
        (["int64", "float64"], "float64"),
        (["complex64", "complex128"], "complex128"),
    ],
)
def test_arrays_of_several_types_become_a_column_of_one_that_holds_them_all(dtypes, widest, tmp_path):
    arrays = [np.array([[k, 2], [3, k]]).astype(dtype) for k, dtype in enumerate(dtypes)]
    frames = [pl.DataFrame({"v": array[0]}) for array in arrays] if "complex64" not in dtypes else None
    with MeasurementSession(store=tmp_path) as session:
        session.parameter("i", range(len(dtypes)))
        session.acquire(
            lambda i: {"x": arrays[i], "flat": arrays[i][0], **({"f": frames[i]} if frames else {})}, name="a"
        )
        experiment = session.run()
    for found in (experiment, wheatstone.load("last", store=tmp_path)):
        for k, array in enumerate(arrays):
            cell = found._stored.at(k, "x")
            assert cell.dtype == widest and (cell == array).all()
            assert found._stored.at(k, "flat").dtype == widest
            if frames:
                assert found._stored.at(k, "f")["v"].to_numpy().dtype == widest
        data = found.data
        if frames:
            assert data["flat"].to_list() == [array[0].tolist() for array in arrays]
            assert [cell["v"] for cell in data["f"]] == [array[0].tolist() for array in arrays]
            assert data["x"].to_list() == [array.tolist() for array in arrays]


def test_tables_in_cells_keep_missing_values_in_every_form(tmp_path):
    cells = [
        pl.DataFrame({"n": [1, 2], "s": ["a", "b"]}),
        pl.DataFrame({"n": [None, 4], "s": [None, ""], "late": [True, None]}),
        pd.DataFrame({"n": pd.array([None, 2**40], dtype="Int64"), "s": [None, "c"]}),
        pl.DataFrame({"n": [0.5, None], "s": pl.Series([None, None], dtype=pl.Null)}),
    ]
    with MeasurementSession("tables", store=tmp_path) as session:
        session.parameter("i", range(len(cells)))
        session.acquire(lambda i: {"f": cells[i]}, name="a")
        experiment = session.run()
    shown = [
        {"n": [1.0, 2.0], "s": ["a", "b"], "late": []},
        {"n": [None, 4.0], "s": [None, ""], "late": [True, None]},
        {"n": [None, 2.0**40], "s": [None, "c"], "late": []},
        {"n": [0.5, None], "s": [None, None], "late": []},
    ]
    loaded = wheatstone.load("last", store=tmp_path)
    assert experiment.data["f"].to_list() == loaded.data["f"].to_list() == shown
    loaded.export(tmp_path / "t.parquet")
    assert pl.read_parquet(tmp_path / "t.parquet")["f"].to_list() == shown
    loaded.export(tmp_path / "t.arrow")
    assert pl.read_ipc(tmp_path / "t.arrow")["f"].to_list() == shown
    loaded.export(tmp_path / "t.csv")
    kept = [json.loads(cell) for cell in pl.read_csv(tmp_path / "t.csv")["f"]]
    assert kept == [{key: value for key, value in row.items() if value} for row in shown]
    dataset = loaded.to_xarray(columns=["f"])
    np.testing.assert_array_equal(dataset["f.n"].values[1], [np.nan, 4])
    assert pd.isna(dataset["f.s"].values[1]).tolist() == [True, False]
    assert loaded._stored.at(1, "f").rows() == [(None, None, True), (4.0, "", None)]
    with wheatstone.MeasurementDatabase(tmp_path / "kept") as db:
        again = db.retrieve_experiment(db.store_experiment("t", loaded))
        assert again.data["f"].to_list() == shown


def test_whole_numbers_beyond_a_float_are_told_apart_in_tables_and_arrays_too():
    cells = [
        pl.DataFrame({"n": [2**53 + 1], "m": [1]}),
        pl.DataFrame({"n": [1], "m": [0.5]}),
        pl.DataFrame({"n": [0.5]}),
    ]
    with MeasurementSession() as session:
        session.parameter("i", range(3))
        session.acquire(lambda i: {"f": cells[i]}, name="a")
        with pytest.raises(
            DataError, match=r"row 2, column 'f': the frame's column 'n' of int64 met one of float64, and"
        ):
            session.run()
        assert session.data["f"].to_list() == [{"n": [2**53 + 1], "m": [1.0]}, {"n": [1], "m": [0.5]}]


def test_whole_numbers_beyond_a_float_and_missing_ones_are_no_array_together():
    with MeasurementSession() as session:
        session.parameter("i", [0])
        session.acquire(lambda i: {"f": pl.DataFrame({"n": [2**53 + 1, None]})}, name="a")
        experiment = session.run()
    with pytest.raises(DataError, match="column 'f': whole numbers beyond 2\\*\\*53 and missing ones fit no array"):
        experiment.to_xarray()
