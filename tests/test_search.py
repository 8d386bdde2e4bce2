"""Searching hyperparameters: spaces, running trials anywhere, files, and errors."""

import json
import math
import os
import pickle
import re
import time
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from multiprocessing import get_context

import numpy as np
import pytest
from examples import rng
from threadpoolctl import threadpool_info

from dlbasics.datasets import make_moons
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD
from dlbasics.search import (
    Choice,
    Integers,
    LogUniform,
    Serial,
    Trial,
    Uniform,
    best,
    best_so_far,
    grid,
    halving,
    sample,
    search,
)
from dlbasics.training import fit

SPACE = {
    "lr": LogUniform(1e-3, 1),
    "width": Integers(4, 32, log=True),
    "activation": Choice("relu", "tanh"),
}


def bowl(*, x, rng):
    return (x - 1) ** 2


def training_loss(*, lr, width, activation, rng):
    """A real training, in float32: what depends on order or threads would show."""
    x, y = make_moons(200, rng=rng)
    model = mlp([2, width, 2], activation=activation, rng=rng)
    how = {"epochs": 3, "batch_size": 20, "rng": rng}
    return fit(model, SoftmaxCrossEntropy(), SGD(lr), x, y, **how)["loss"][-1]


class TestSpaces:
    def test_log_uniform_draws_as_many_from_each_decade(self):
        drawn = [c["lr"] for c in sample({"lr": SPACE["lr"]}, 3000, rng=rng())]
        shares = np.histogram(drawn, [1e-3, 1e-2, 1e-1, 1])[0] / 3000
        assert np.abs(shares - 1 / 3).max() < 0.03
        assert 0.001 <= min(drawn) < max(drawn) <= 1

    def test_uniform_draws_as_many_from_each_tenth(self):
        drawn = [c["x"] for c in sample({"x": Uniform(-2, 3)}, 3000, rng=rng())]
        counts = np.histogram(drawn, np.linspace(-2, 3, 11))[0]
        assert counts.sum() == 3000
        assert np.abs(counts - 300).max() < 70

    @pytest.mark.parametrize("log", [False, True])
    def test_integers_reach_both_ends(self, log):
        drawn = sample({"n": Integers(2, 5, log=log)}, 2000, rng=rng())
        counts = np.bincount([c["n"] for c in drawn])
        assert list(np.nonzero(counts)[0]) == [2, 3, 4, 5]
        even = np.abs(counts[2:] - 500).max() < 80
        assert even != log, "on a logarithmic scale small numbers are drawn more often"

    @pytest.mark.parametrize("share", [0, 0.2, 0.71, 1])
    @pytest.mark.parametrize(
        "dimension", [Uniform(-2, 3), LogUniform(1e-5, 10), Integers(1, 1000, log=True)]
    )
    def test_coordinates_undo_at(self, dimension, share):
        value = dimension.at(share)
        (where,) = dimension.coordinates(value)
        assert 0 <= where <= 1
        assert dimension.at(where) == pytest.approx(value)

    def test_choices_have_one_hot_coordinates(self):
        options = Choice("a", "b", "c")
        assert [options.at(s) for s in (0, 0.4, 1)] == ["a", "b", "c"]
        assert options.coordinates("b") == [0, 1, 0]

    def test_sampling_is_repeatable_and_changes_one_column_at_a_time(self):
        one = sample(SPACE, 5, rng=rng())
        assert one == sample(SPACE, 5, rng=rng())
        wider = SPACE | {"width": Integers(4, 64, log=True)}
        assert [c["lr"] for c in one] == [c["lr"] for c in sample(wider, 5, rng=rng())]

    def test_a_grid_is_all_combinations_from_end_to_end(self):
        found = grid({"lr": LogUniform(0.01, 1), "b": Choice(True, False)}, 3)
        rates = [c["lr"] for c in found]
        assert rates == pytest.approx([0.01, 0.01, 0.1, 0.1, 1, 1])
        assert [c["b"] for c in found] == [True, False] * 3
        assert len(grid(SPACE, {"lr": 4, "width": 3, "activation": 2})) == 24

    def test_levels_of_few_integers_are_not_repeated(self):
        assert Integers(1, 3).levels(9) == [1, 2, 3]


class TestSearch:
    def test_candidates_come_back_in_their_order(self):
        trials = search(bowl, [{"x": 3}, {"x": 1}, {"x": 0}], executor=Serial())
        assert trials == [Trial({"x": x}, v) for x, v in ((3, 4), (1, 0), (0, 1))]
        assert best(trials) == trials[1]
        assert list(best_so_far(trials)) == [4, 0, 0]

    def test_the_result_does_not_depend_on_the_executor(self):
        candidates = sample(SPACE, 6, rng=rng())
        serial = search(training_loss, candidates, executor=Serial())
        assert len({trial.value for trial in serial}) == 6
        assert serial == search(training_loss, candidates)
        with ThreadPoolExecutor(3) as pool:
            assert serial == search(training_loss, candidates, executor=pool)
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            assert serial == search(training_loss, candidates, executor=pool)

    @pytest.mark.filterwarnings("default")  # those of the cluster's own machinery
    def test_the_identical_call_on_a_dask_cluster(self):
        distributed = pytest.importorskip("distributed")
        candidates = sample(SPACE, 6, rng=rng())
        local = search(training_loss, candidates, executor=Serial())
        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with (
            distributed.LocalCluster(**options) as cluster,
            distributed.Client(cluster) as client,
        ):
            there = client.get_executor()
            assert local == search(training_loss, candidates, executor=there)
            others = [{"x": 0}, {"x": "one"}]
            trials = search(bowl, others, executor=client.get_executor())
            assert [trial.status for trial in trials] == ["ok", "failed"]
            where = search(lambda *, k, rng: os.getpid(), [{"k": 0}], executor=there)
            assert where[0].value != os.getpid()

    def test_default_are_other_processes_and_closures_reach_them(self):
        power = 2

        def objective(*, x, rng):
            return x**power + (os.getpid() << 20)

        trials = search(objective, [{"x": 1}, {"x": 2}, {"x": 3}])
        values = [int(trial.value) for trial in trials]
        assert [v & 0xFFFFF for v in values] == [1, 4, 9]
        assert os.getpid() not in {v >> 20 for v in values}

    def test_every_trial_gets_the_same_stream(self):
        def draw(*, k, rng):
            return rng.random()

        def run(seed):
            trials = search(draw, [{"k": 0}, {"k": 1}], seed=seed, executor=Serial())
            return [trial.value for trial in trials]

        assert run(3) == [np.random.default_rng(3).random()] * 2
        assert run(3) != run(4)

    def test_a_trial_computes_with_one_thread(self):
        def n_threads(*, k, rng):
            return max(pool["num_threads"] for pool in threadpool_info())

        assert search(n_threads, [{"k": 0}], executor=Serial())[0].value == 1

    def test_numbers_of_numpy_become_python_numbers(self):
        (trial,) = search(bowl, [{"x": np.float32(0.5)}], executor=Serial())
        assert type(trial.params["x"]) is float
        assert type(trial.value) is float

    def test_bad_trials_are_recorded_and_stop_nothing(self):
        def fragile(*, x, rng):
            if x == 1:
                raise ZeroDivisionError("one is too much")
            return {2: math.nan, 3: -math.inf, 4: None}.get(x, 0.5)

        candidates = [{"x": x} for x in range(5)]
        trials = search(fragile, candidates, executor=Serial())
        assert [t.status for t in trials] == [
            "ok",
            "failed",
            "not finite",
            "not finite",
            "failed",
        ]
        assert trials[1].error == "ZeroDivisionError: one is too much"
        assert trials[2].error == "returned nan"
        assert trials[4].error.startswith("TypeError: float()")
        assert best(trials) == trials[0]
        assert list(best_so_far(trials)) == [0.5] * 5

    def test_best_says_what_went_wrong(self):
        trials = search(bowl, [{"y": 3}, {"y": 4}], executor=Serial())
        message = "none of 2 trials has a finite value; the first: TypeError: bowl()"
        with pytest.raises(ValueError, match=re.escape(message)):
            best(trials)
        with pytest.raises(ValueError, match="none of 0 trials"):
            best([])

    def test_best_so_far_is_nan_before_the_first_value(self):
        found = best_so_far([Trial({}, math.nan, "failed"), Trial({}, 2.0)])
        assert math.isnan(found[0])
        assert found[1] == 2

    def test_progress(self, capfd):
        def slow(*, x, rng):
            time.sleep(0.15)  # tqdm draws at most ten times a second
            return x

        search(slow, [{"x": 3}, {"x": 1}], executor=Serial(), progress=True)
        shown = capfd.readouterr()
        assert "2/2" in shown.err
        assert "trial" in shown.err
        search(bowl, [{"x": 3}], executor=Serial())
        assert capfd.readouterr() == ("", "")

    def test_a_pool_of_the_callers_stays_open(self):
        with ThreadPoolExecutor(1) as pool:
            search(bowl, [{"x": 1}], executor=pool)
            assert pool.submit(max, 1, 2).result() == 2


NOTEBOOK = """
import os
from dlbasics.search import Uniform, grid, search
power = 2
def objective(*, x, rng):
    return x**power + (os.getpid() == here)
here = os.getpid()
print([trial.value for trial in search(objective, grid({"x": Uniform(0, 2)}, 3))])
"""


@pytest.mark.filterwarnings("default")  # those of the Jupyter machinery
def test_functions_typed_in_a_notebook_reach_other_processes():
    nbformat, nbclient = map(pytest.importorskip, ("nbformat", "nbclient"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.text == "[0.0, 1.0, 4.0]\n"


class TestFile:
    CANDIDATES = tuple({"x": x} for x in range(5))

    def run(self, objective, path, candidates=CANDIDATES, **how):
        return search(objective, candidates, executor=Serial(), path=path, **how)

    def test_an_interrupted_search_goes_on_where_it_stopped(self, tmp_path):
        path = tmp_path / "trials.json"
        work = InterruptedAt(3, tmp_path / "calls")
        with pytest.raises(KeyboardInterrupt):
            self.run(work, path)
        assert len(json.loads(path.read_text())["trials"]) == 3
        trials = self.run(work, path)
        assert [trial.value for trial in trials] == [0, 1, 2, 3, 4]
        assert work.calls() == [0, 1, 2, 3, 3, 4], "what was finished ran again"
        assert self.run(work, path) == trials
        assert len(work.calls()) == 6
        assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []

    def test_more_candidates_later(self, tmp_path):
        path = tmp_path / "trials.json"
        work = InterruptedAt(None, tmp_path / "calls")
        self.run(work, path, self.CANDIDATES[:2])
        trials = self.run(work, path)
        assert [trial.value for trial in trials] == [0, 1, 2, 3, 4]
        assert work.calls() == [0, 1, 2, 3, 4]

    def test_trials_without_a_value_survive_the_file(self, tmp_path):
        def fragile(*, x, rng):
            return {0: math.nan, 1: math.inf}.get(x) or 1 / (x - 2)

        first = self.run(fragile, tmp_path / "t.json")
        again = self.run(fragile, tmp_path / "t.json")
        assert [t.status for t in first] == ["not finite"] * 2 + ["failed", "ok", "ok"]
        assert list(map(repr, again)) == list(map(repr, first))
        assert "NaN" not in (tmp_path / "t.json").read_text()

    def test_another_objective_or_seed_is_refused(self, tmp_path):
        path = tmp_path / "t.json"
        self.run(bowl, path)
        before = path.read_bytes()
        for objective, how in ((bowl, {"seed": 1}), (math.hypot, {})):
            with pytest.raises(ValueError, match=r"holds trials of .*'bowl'.*expected"):
                self.run(objective, path, **how)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", '{"objective": "bowl", "seed": 0}', "\xff"]
    )
    def test_a_damaged_file_is_refused_and_left_alone(self, tmp_path, content):
        path = tmp_path / "t.json"
        path.write_text(content, encoding="latin-1")
        with pytest.raises(ValueError, match="not a readable file of trials"):
            self.run(bowl, path)
        assert path.read_text(encoding="latin-1") == content

    def test_values_that_a_file_cannot_hold_are_refused_before_work(self, tmp_path):
        with pytest.raises(ValueError, match="expected numbers, strings, True"):
            self.run(bowl, tmp_path / "t.json", [{"x": bowl}])
        assert not (tmp_path / "t.json").exists()

    def test_a_missing_folder_is_named(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            self.run(bowl, tmp_path / "nowhere" / "t.json")


class InterruptedAt:
    """Return x and note each call in a file; be interrupted once, at one x."""

    def __init__(self, x, notes):
        self.x, self.notes = x, notes

    def calls(self):
        return [int(line) for line in self.notes.read_text().split()]

    def __call__(self, *, x, rng):
        with self.notes.open("a") as file:
            file.write(f"{x}\n")
        if x == self.x and self.calls().count(x) == 1:
            raise KeyboardInterrupt
        return x


class TestTrouble:
    def test_a_dying_worker_is_not_taken_for_a_failed_trial(self, tmp_path):
        def deadly(*, x, rng):
            if x == 1:
                os._exit(1)
            return x

        candidates, how = [{"x": x} for x in range(3)], {"path": tmp_path / "t.json"}
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        with pool, pytest.raises(BrokenExecutor):
            search(deadly, candidates, executor=pool, **how)
        stored = json.loads((tmp_path / "t.json").read_text())["trials"]
        assert [trial["params"]["x"] for trial in stored] == [0]

    def test_what_is_left_is_canceled(self):
        canceled = []

        class Slow(Executor):
            def submit(self, fn, /, *args, **kwargs):
                future = Future()
                future.add_done_callback(
                    lambda f: canceled.append(f) if f.cancelled() else None
                )
                if len(self.made) == 0:
                    future.set_exception(BrokenExecutor("gone"))
                self.made.append(future)
                return future

            made: list = []  # noqa: RUF012

        with pytest.raises(BrokenExecutor, match="gone"):
            search(bowl, [{"x": 0}, {"x": 1}], executor=Slow())
        assert len(canceled) == len(Slow.made) - 1

    def test_what_cannot_travel_is_refused_before_any_trial(self):
        import threading

        lock = threading.Lock()
        with pytest.raises(TypeError, match="cannot pickle"):
            search(lambda *, x, rng: lock.locked(), [{"x": 0}])
        with pytest.raises(TypeError):
            pickle.dumps(lock)

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: search(bowl, []), "at least one candidate, got none"),
            (lambda: Uniform(1, 1), "Uniform expected finite low < high, got 1 and 1"),
            (lambda: Uniform(0, math.inf), "finite low < high, got 0 and inf"),
            (lambda: LogUniform(0, 1), "LogUniform expected 0 < low < high, got 0"),
            (lambda: Integers(0.5, 2), "Integers expected whole low < high, got 0.5"),
            (lambda: Integers(3, 2), "whole low < high, got 3, 2"),
            (lambda: Integers(0, 2, log=True), "log=True expected low >= 1, got 0"),
            (lambda: Choice("a"), "Choice expected at least 2 options"),
            (lambda: Uniform(0, 1).levels(1), "expected at least 2 levels, got 1"),
            (
                lambda: grid(SPACE, {"lr": 2}),
                "levels for each of lr, width, activation",
            ),
            (
                lambda: sample({}, 3, rng=rng()),
                "a space of at least one hyperparameter",
            ),
            (
                lambda: halving(bowl, [{"x": 1}], budget="n", rungs=[3, 1]),
                "budgets that grow, got [3, 1]",
            ),
            (
                lambda: halving(bowl, [{"x": 1}], budget="n", rungs=[1], keep=1),
                "a share keep between 0 and 1, got 1",
            ),
        ],
    )
    def test_misuse(self, call, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            call()


class TestHalving:
    def noisy(*, x, steps, rng):
        return (x - 3) ** 2 + 4 / steps

    def test_each_rung_keeps_the_best_third(self):
        candidates = [{"x": x} for x in range(9)]
        trials = halving(
            TestHalving.noisy,
            candidates,
            budget="steps",
            rungs=[1, 3, 9],
            executor=Serial(),
        )
        steps = [trial.params["steps"] for trial in trials]
        assert steps == [1] * 9 + [3] * 3 + [9]
        assert sum(steps) == 27, "as much work in every rung"
        assert sorted(t.params["x"] for t in trials[9:12]) == [2, 3, 4]
        assert trials[-1] == Trial({"x": 3, "steps": 9}, pytest.approx(4 / 9))

    def test_failed_trials_do_not_rise(self):
        def fragile(*, x, steps, rng):
            return math.nan if x % 2 else x

        how = {"budget": "steps", "rungs": [1, 2], "keep": 0.5, "executor": Serial()}
        trials = halving(fragile, [{"x": x} for x in range(4)], **how)
        assert [t.params["x"] for t in trials[4:]] == [0, 2]
        all_bad = halving(fragile, [{"x": 1}, {"x": 3}], **how)
        assert [t.status for t in all_bad] == ["not finite"] * 2

    def test_one_file_for_all_rungs(self, tmp_path):
        how = {"budget": "steps", "rungs": [1, 2], "keep": 0.5, "executor": Serial()}
        candidates = [{"x": x} for x in range(4)]
        path = tmp_path / "t.json"
        one = halving(TestHalving.noisy, candidates, path=path, **how)
        assert len(json.loads(path.read_text())["trials"]) == 6
        assert halving(TestHalving.noisy, candidates, path=path, **how) == one

    def test_processes_serve_all_rungs(self):
        def where(*, x, steps, rng):
            return float(os.getpid())

        candidates = [{"x": x} for x in range(4)]
        how = {"budget": "steps", "rungs": [1, 2, 3, 4], "keep": 0.5}
        trials = halving(where, candidates, **how)
        assert len({trial.value for trial in trials}) <= (os.cpu_count() or 1)
