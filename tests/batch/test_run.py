"""run: what is in the tables, and that the same is done once and comes out the same."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nibabel
import numpy as np
import pyarrow.parquet as parquet
import pytest

import skerry
from batch.compared import tables_of
from batch_maps import AFFINE, SHAPE, write_map
from skerry.batch import job_of, open_results, read_voxels, run
from skerry.batch.one_map import task as task_module
from skerry.batch.parts import part as parts_module
from skerry.errors import ArgumentError, ArgumentTypeError, MissingFileError
from skerry.tables.peak_table import peak_columns
from skerry.tables.region_table import atlases_of, region_columns

pytestmark = pytest.mark.usefixtures("without_summary")


def here(maps, out, **options):
    return run(maps, out, workers=0, quiet=True, **{"threshold": 2.5, **options})


def done_in(monkeypatch):
    """List the maps that are worked on from here."""
    done, find = [], task_module._find
    monkeypatch.setattr(
        task_module,
        "_find",
        lambda inputs, job: done.append(inputs.statmap.name) or find(inputs, job),
    )
    return done


def same_columns(ours, expected):
    """Compare rows of a table of all maps with the columns of one map."""
    for name, values in expected.items():
        found = np.array(ours[name].to_pylist(), dtype=values.dtype if len(values) else None)
        np.testing.assert_array_equal(found, values, err_msg=name)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"threshold": "fdr<0.2", "sign": "positive"},
        {"threshold": "90%", "connectivity": 6, "min_voxels": 4},
        {"split": True, "min_prominence": 0.5, "min_volume_mm3": 60.0},
        {"split": True, "smoothing_fwhm_mm": 5.0},
        {"atlas": ["schaefer200"], "min_distance_mm": 4.0, "max_peaks": None},
    ],
)
def test_tables_hold_what_skerry_regions_finds_in_each_map(small_maps, tmp_path, options):
    maps = small_maps(3)
    here(maps, tmp_path / "out", **options)
    regions = parquet.read_table(tmp_path / "out" / "regions.parquet")
    peaks = parquet.read_table(tmp_path / "out" / "peaks.parquet")
    asked = {"threshold": 2.5, **options}
    split, atlas = asked.pop("split", False), asked.pop("atlas", ())
    prominence, fwhm = asked.pop("min_prominence", 0.0), asked.pop("smoothing_fwhm_mm", None)
    listing = {name: asked.pop(name) for name in ("min_distance_mm", "max_peaks") if name in asked}
    n_regions = 0
    for path in maps:
        found = skerry.find_regions(path, **asked)
        if split:
            found = skerry.split_regions(
                found,
                min_prominence=prominence,
                min_volume_mm3=found.min_volume_mm3,
                smoothing_fwhm_mm=fwhm,
            )
        placed = atlases_of(found, list(atlas))
        is_own = np.array(regions["id"].to_pylist()) == path.name.split(".")[0]
        expected = region_columns(found, min_prominence=prominence, atlases=placed)
        assert regions.column_names == ["id", *expected]
        same_columns(regions.filter(is_own), expected)
        expected = peak_columns(found, min_prominence=prominence, atlases=placed, **listing)
        assert peaks.column_names == ["id", *expected]
        same_columns(
            peaks.filter(np.array(peaks["id"].to_pylist()) == path.name.split(".")[0]), expected
        )
        n_regions += len(found)
    assert n_regions > 3
    assert regions.num_rows == n_regions


def test_maps_table_counts_and_voxels_are_those_of_the_label_image(small_maps, tmp_path):
    maps, out = small_maps(3), tmp_path / "out"
    summary = here(maps, out, labels=True)
    results = open_results(out)
    assert results.ids == ["map_000", "map_001", "map_002"]
    for row, path in zip(parquet.read_table(out / "maps.parquet").to_pylist(), maps, strict=True):
        found = skerry.find_regions(path, 2.5)
        assert row["status"] == "done"
        assert row["n_regions"] == len(found) == row["n_positive"] + row["n_negative"]
        assert row["n_above_threshold"] == found.n_above_threshold
        assert row["volume_mm3"] == pytest.approx(found.columns["volume_mm3"].sum())
        assert row["sha256"] == found.statmap.sha256
        assert (row["threshold"], row["kind"], row["n_in_mask"]) == (2.5, "z", np.prod(SHAPE))
        labels = nibabel.load(out / "labels" / f"{row['id']}_regions.nii.gz")
        np.testing.assert_array_equal(np.asarray(labels.dataobj), found.labels)
        voxels, flat = read_voxels(out, row["id"]), found.labels.ravel()
        np.testing.assert_array_equal(
            voxels.positive, np.flatnonzero((flat > 0) & (flat <= row["n_positive"]))
        )
        np.testing.assert_array_equal(voxels.negative, np.flatnonzero(flat > row["n_positive"]))
        assert results.grid(row["grid"]).same_as(found.grid)
    assert summary.n_regions == len(summary.table("regions"))
    record = json.loads((out / "run.json").read_text())
    assert record["counts"]["done"] == 3
    assert record["parameters"]["threshold"] == "2.5"
    with pytest.raises(ArgumentError, match="no finished map 'nope'"):
        read_voxels(out, "nope")
    with pytest.raises(MissingFileError, match="ran to its end"):
        open_results(tmp_path)


def test_a_bad_map_is_a_row_with_its_reason_and_changes_no_other(small_maps, tmp_path):
    good = small_maps(3)
    cut = tmp_path / "cut.nii.gz"
    cut.write_bytes(good[0].read_bytes()[:-40])
    text = tmp_path / "text.nii"
    text.write_text("no image")
    summary = here([good[0], cut, good[1], tmp_path / "gone.nii", text, good[2]], tmp_path / "out")
    assert (summary.n_done, summary.n_failed) == (3, 3)
    assert "cut short" in summary.failures["cut"]
    assert "File not found" in summary.failures["gone"]
    here(good, tmp_path / "clean")
    both = [tables_of(tmp_path / name) for name in ("out", "clean")]
    assert both[0][0] == both[1][0]
    rows = {row["id"]: row for row in both[0][1]}
    assert [row["status"] for row in rows.values()] == "done failed done failed failed done".split()
    assert rows["text"]["n_regions"] is None
    assert "text.nii" in rows["text"]["reason"]


def test_all_failed_gives_empty_tables_with_their_columns(tmp_path):
    summary = here([tmp_path / "a.nii", tmp_path / "b.nii"], tmp_path / "out")
    assert (summary.n_done, summary.n_failed, summary.n_regions) == (0, 2, 0)
    regions = parquet.read_table(tmp_path / "out" / "regions.parquet")
    assert regions.num_rows == 0
    assert regions.column_names[:3] == ["id", "region", "sign"]


def test_the_same_run_does_nothing_twice(small_maps, tmp_path, monkeypatch):
    maps, out = small_maps(6), tmp_path / "out"
    here(maps[:4], out)
    before = tables_of(out)
    done = done_in(monkeypatch)
    assert here(maps[:4], out).n_before == 4
    assert done == []
    assert tables_of(out) == before
    here(maps, out)  # two more
    assert done == ["map_004", "map_005"]
    here(maps[::-1], tmp_path / "other")
    assert here(maps[::-1], out).n_before == 6
    assert tables_of(out) == tables_of(tmp_path / "other")


def test_what_changed_is_done_anew_and_nothing_else(small_maps, tmp_path, monkeypatch):
    maps = [shutil.copy(path, tmp_path / path.name) for path in small_maps(4)]
    mask = tmp_path / "mask.nii"
    inside = np.ones(SHAPE, np.uint8)
    nibabel.save(nibabel.Nifti1Image(inside, AFFINE), mask)
    lines = ["path\tmask\tthreshold", *(f"{path}\tn/a\t2.5" for path in maps[:3])]
    table = tmp_path / "list.tsv"

    def again(row):
        table.write_text("\n".join([*lines, row]) + "\n")
        n_before = len(done)
        here(table, tmp_path / "out")
        return done[n_before:]

    done = done_in(monkeypatch)
    row = f"{maps[3]}\tmask.nii\t2.5"
    assert again(row) == ["map_000", "map_001", "map_002", "map_003"]
    assert again(row) == []
    inside[:3] = 0
    nibabel.save(nibabel.Nifti1Image(inside, AFFINE), mask)
    assert again(row) == ["map_003"]  # its mask
    assert again(f"{maps[3]}\tmask.nii\t3") == ["map_003"]  # its option
    write_map(tmp_path / "map_001.nii.gz", 77)
    assert again(f"{maps[3]}\tmask.nii\t3") == ["map_001"]  # its content
    monkeypatch.setattr(skerry, "__version__", "99")
    assert len(again(f"{maps[3]}\tmask.nii\t3")) == 4  # the version


def test_the_other_file_of_a_mask_and_names_that_come_to_an_atlas_are_noticed(
    small_maps, tmp_path, monkeypatch
):
    done, maps, out = done_in(monkeypatch), small_maps(1), tmp_path / "out"
    inside = np.ones(SHAPE, np.uint8)
    inside[:4] = 2

    def again():
        found = here(maps, out, mask=tmp_path / "mask.hdr", atlas=tmp_path / "atlas.nii")
        assert not found.failures
        return set(found.table("regions")["atlas_peak"])

    nibabel.save(nibabel.Nifti1Pair(inside, AFFINE), tmp_path / "mask.hdr")
    nibabel.save(nibabel.Nifti1Image(inside, AFFINE), tmp_path / "atlas.nii")
    assert again() == {"label 1", "label 2"}
    (tmp_path / "atlas.tsv").write_text("index\tname\n1\tBack\n2\tFront\n")
    assert again() == {"Back", "Front"}
    assert len(done) == 2
    inside[:4] = 0  # the header stays as it is
    nibabel.save(nibabel.Nifti1Pair(inside, AFFINE), tmp_path / "mask.hdr")
    assert again() == {"Back"}
    again()
    assert len(done) == 3


def test_a_touched_or_moved_file_is_read_again_but_not_done_again(
    small_maps, tmp_path, monkeypatch
):
    maps = [shutil.copy(path, tmp_path / path.name) for path in small_maps(3)]
    here(maps, tmp_path / "out")
    done = done_in(monkeypatch)
    os.utime(maps[1], (1, 1))
    assert here(maps, tmp_path / "out").n_before == 2
    assert here(maps, tmp_path / "out").n_before == 3  # it was noted
    (tmp_path / "moved").mkdir()
    moved = [shutil.copy(path, tmp_path / "moved" / path.name) for path in small_maps(3)]
    assert here(moved, tmp_path / "out").n_before == 0
    assert done == []
    assert here(moved, tmp_path / "out").n_before == 3


def test_notes_call_files_by_their_names_wherever_the_map_was_read(tmp_path):
    maps = [write_map(tmp_path / folder / "z.nii.gz", 1) for folder in ("a", "b")]
    img = nibabel.load(maps[0])
    values = img.get_fdata()
    values[3, 3, 3] = np.inf
    for path in maps:
        nibabel.save(nibabel.Nifti1Image(values, img.affine, img.header), path)
    notes = here(maps, tmp_path / "out").table("maps")["notes"].tolist()
    assert notes[0] == notes[1]
    assert notes[0].startswith("z.nii.gz: 1 values in its mask are infinite")


def test_fresh_does_all_anew(small_maps, tmp_path, monkeypatch):
    here(small_maps(2), tmp_path / "out")
    done = done_in(monkeypatch)
    assert here(small_maps(2), tmp_path / "out", fresh=True).n_before == 0
    assert done == ["map_000", "map_001"]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "swap"])
def test_a_damaged_part_is_noticed_and_done_anew(small_maps, tmp_path, monkeypatch, capsys, damage):
    maps, out = small_maps(6), tmp_path / "out"
    here(maps, out)
    clean = tables_of(out)
    parts = sorted((out / ".parts").glob("*.part"))
    assert len(parts) > 1
    data = bytearray(parts[0].read_bytes())
    data[len(data) // 2] ^= 4
    parts[0].write_bytes(
        {"flip": bytes(data), "cut": bytes(data[:-9]), "empty": b"", "swap": b"SKERRYP1" * 9}[
            damage
        ]
    )
    done = done_in(monkeypatch)
    run(maps, out, workers=0, threshold=2.5)
    assert 0 < len(done) < 6
    assert "1 damaged part" in capsys.readouterr().err
    assert tables_of(out) == clean


def test_label_images_are_mended_from_the_parts(small_maps, tmp_path, monkeypatch):
    maps, out = small_maps(3), tmp_path / "out"
    here(maps, out, labels=True)
    images = sorted((out / "labels").iterdir())
    clean = [path.read_bytes() for path in images]
    assert len(clean) == 3
    images[0].unlink()
    images[1].write_bytes(clean[1][:-3])
    done = done_in(monkeypatch)
    here(maps, out, labels=True)
    assert [path.read_bytes() for path in images] == clean
    here(maps, tmp_path / "later")
    n_done = len(done)
    here(maps, tmp_path / "later", labels=True)  # wanted only now
    assert [
        path.read_bytes() for path in sorted((tmp_path / "later" / "labels").iterdir())
    ] == clean
    assert len(done) == n_done


def test_label_images_of_what_the_tables_do_not_hold_go(small_maps, tmp_path):
    maps = [Path(shutil.copy(path, tmp_path / path.name)) for path in small_maps(4)]
    out = tmp_path / "out"

    def after(given, **options):
        here(given, out, **options)
        return {path.name[:7]: path.stat().st_mtime_ns for path in (out / "labels").iterdir()}

    first = after(maps[:3], labels=True)
    assert sorted(first) == ["map_000", "map_001", "map_002"]
    (out / "labels" / "mine.txt").touch()
    maps[1].write_bytes(b"no map any more")
    (out / "labels" / "map_003_regions.nii.gz").write_bytes(b"of an earlier run")
    kept = after(maps)  # a map that has none yet, none wanted
    assert sorted(kept) == ["map_000", "map_002", "mine.tx"]
    assert after([maps[0]], labels=True)["map_000"] == first["map_000"]
    assert sorted(after([maps[0]], threshold=3)) == ["mine.tx"]
    made = after([maps[0]], threshold=3, labels=True)  # from the parts
    assert after([maps[0]], threshold=3, labels=True) == made
    assert after([maps[0]], threshold=3) == made


def test_maps_that_differ_in_kind_share_one_table(tmp_path):
    z = write_map(tmp_path / "z.nii.gz", 1)
    other = write_map(tmp_path / "other.nii.gz", 1, intent="")
    here([other, z], tmp_path / "out")
    table = parquet.read_table(tmp_path / "out" / "regions.parquet")
    is_z = np.array(table["id"].to_pylist()) == "z"
    assert table.filter(is_z)["q_fdr"].null_count == 0
    assert table.filter(~is_z)["q_fdr"].null_count == (~is_z).sum() > 0
    shared = [name for name in table.column_names if name not in ("id", "tdp", "q_fdr")]
    shared = [name for name in shared if not name.startswith("p_")]
    assert table.filter(is_z).select(shared) == table.filter(~is_z).select(shared)


def test_columns_of_the_manifest_ride_along(small_maps, tmp_path):
    maps = small_maps(2)
    table = tmp_path / "list.tsv"
    table.write_text(
        "id\tpath\tsite\tmass\n"
        f"../../x\t{maps[0]}\t=cmd|' /C calc'!A0\theavy\n"
        f"b\t{maps[1]}\t007\t\n"
    )
    here(table, tmp_path / "out", labels=True)
    regions = parquet.read_table(tmp_path / "out" / "regions.parquet")
    assert regions.column_names[-2:] == ["site", "manifest_mass"]
    first, *_, last = regions.to_pylist()
    assert first["id"] == "../../x"
    assert (first["site"], first["manifest_mass"]) == ("=cmd|' /C calc'!A0", "heavy")
    assert (last["site"], last["manifest_mass"]) == ("007", None)
    maps_table = parquet.read_table(tmp_path / "out" / "maps.parquet")
    assert maps_table["mass"].to_pylist() == ["heavy", None]
    assert maps_table.column_names[-1] == "seconds"
    names = sorted(path.name for path in (tmp_path / "out" / "labels").iterdir())
    assert len(names) == 2
    assert all(name.endswith("_regions.nii.gz") and ".." not in name[:2] for name in names)
    assert not (tmp_path / "x").exists()
    asked = job_of(tmp_path / "out", "../../x")
    assert (asked.location, asked.choices.threshold) == (str(maps[0]), "2.5")
    with pytest.raises(ArgumentError, match="has no map 'c'"):
        job_of(tmp_path / "out", "c")


def test_an_atlas_called_id_takes_no_column_from_the_ids_of_maps(small_maps, tmp_path):
    labels = np.ones(SHAPE, np.uint8)
    nibabel.save(nibabel.Nifti1Image(labels, AFFINE), tmp_path / "id.nii")
    table = here(small_maps(1), tmp_path / "out", atlas=tmp_path / "id.nii").table("peaks")
    assert set(table["id"]) == {"map_000"}
    assert set(table.iloc[:, -1]) == {"label 1"}


def test_every_engine_reads_the_tables_as_one(small_maps, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    polars = pytest.importorskip("polars")
    out = tmp_path / "out"
    summary = here(small_maps(4), out)
    path = str(out / "regions.parquet")
    by_duck = duckdb.sql(
        f"select count(*), sum(r.mass) from '{path}' r join '{out}/maps.parquet' m using (id) "  # noqa: S608
        "where m.status = 'done'"
    ).fetchall()[0]
    by_polars = polars.read_parquet(path)
    by_pandas = summary.table("regions")
    assert by_duck[0] == len(by_polars) == len(by_pandas) == summary.n_regions
    assert by_duck[1] == pytest.approx(by_polars["mass"].sum()) == by_pandas["mass"].sum()


def test_a_wrong_option_is_said_before_any_work(small_maps, tmp_path):
    with pytest.raises(ArgumentError, match="'treshold' is no option of a batch"):
        here(small_maps(1), tmp_path / "out", treshold=3)
    with pytest.raises(ArgumentError, match="workers must be a whole number"):
        run(small_maps(1), tmp_path / "out", workers=-1)
    with pytest.raises(ArgumentError, match="min_voxels, not both"):
        here(small_maps(1), tmp_path / "out", min_voxels=3, min_volume_mm3=4)
    (path,) = small_maps(1)
    with pytest.raises(ArgumentError, match=r"map_000\.nii\.gz is an image, not a list of maps"):
        here(path, tmp_path / "out")
    with pytest.raises(ArgumentTypeError, match="map 2 is Nifti1Image, not a path"):
        here([path, nibabel.load(path)], tmp_path / "out")
    with pytest.raises(ArgumentTypeError, match="maps must be paths, or a manifest, got Nifti1"):
        here(nibabel.load(path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_parts_that_nobody_asks_for_any_more_go(small_maps, tmp_path):
    out = tmp_path / "out"
    for threshold in (2.0, 2.5, 3.0):
        here(small_maps(3), out, threshold=threshold)
    keys = parquet.read_table(out / "maps.parquet")["key"].to_pylist()
    assert set(parts_module.PartShelf(out / ".parts").where()) == set(keys)
