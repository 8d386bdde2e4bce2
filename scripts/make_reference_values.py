"""Write tests/reference/*.npz: what PyTorch computes for the same inputs, in float64.

    python -m pip install -e ".[reference]"
    python scripts/make_reference_values.py

The tests only read the files, so that they need no PyTorch. Arrays are named
`case.array`; images are stored with features last, as the package has them, and every
file says which version of PyTorch wrote it. Running it again changes no byte.
Chapter 08 compares with those of batch normalization itself, so these are also
written to src/dlbasics/recorded/batch_norm_pytorch.npz.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "reference"
RECORDED = ROOT / "src" / "dlbasics" / "recorded"
N_STEPS = 5

Values = dict[str, np.ndarray]


def tensor(array: np.ndarray, *, grad: bool = False) -> torch.Tensor:
    return torch.tensor(array, dtype=torch.float64, requires_grad=grad)


def features_first(x: torch.Tensor) -> torch.Tensor:
    return x.movedim(-1, 1)


def features_last(x: torch.Tensor) -> torch.Tensor:
    return x.movedim(1, -1)


def away_from_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    x = rng.standard_normal(shape)
    return x + 0.05 * np.sign(x)


def run(module: Callable, x: np.ndarray, dy: np.ndarray) -> Values:
    """Forward and backward through a module; its gradients too, if it has any."""
    leaf = tensor(x, grad=True)
    y = module(leaf)
    y.backward(tensor(dy))
    values = {"x": x, "dy": dy, "y": y, "dx": leaf.grad}
    if isinstance(module, nn.Module):
        values |= {f"d{name}": p.grad for name, p in module.named_parameters()}
    return values


def dense(rng: np.random.Generator) -> dict[str, Values]:
    W, b = rng.standard_normal((5, 3)), rng.standard_normal(3)
    layer = nn.Linear(5, 3, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(tensor(W.T))
        layer.bias.copy_(tensor(b))
    values = run(layer, rng.standard_normal((6, 5)), rng.standard_normal((6, 3)))
    dW, db = values.pop("dweight").T, values.pop("dbias")
    return {"dense": values | {"W": W, "b": b, "dW": dW, "db": db}}


def activations(rng: np.random.Generator) -> dict[str, Values]:
    kinds = {
        "identity": nn.Identity(),
        "sigmoid": nn.Sigmoid(),
        "tanh": nn.Tanh(),
        "relu": nn.ReLU(),
        "leaky_relu": nn.LeakyReLU(0.1),
        "elu": nn.ELU(1.5),
        "prelu_one": nn.PReLU(1, init=0.3, dtype=torch.float64),
    }
    cases = {}
    for name, module in kinds.items():
        x, dy = away_from_zero(rng, (6, 4)), rng.standard_normal((6, 4))
        cases[name] = run(module, 3 * x, dy)
    for name, shape in {"prelu": (6, 4), "prelu_images": (3, 2, 2, 4)}.items():
        module = nn.PReLU(4, dtype=torch.float64)
        with torch.no_grad():
            module.weight.copy_(tensor(alpha := rng.uniform(0.1, 0.6, 4)))
        cases[name] = {"alpha": alpha} | run_images(
            module, away_from_zero(rng, shape), rng.standard_normal(shape)
        )
    for name in ("prelu_one", "prelu", "prelu_images"):
        cases[name]["dalpha"] = cases[name].pop("dweight")
    return cases


def run_images(module: nn.Module, x: np.ndarray, dy: np.ndarray) -> Values:
    """Like `run`, with features last outside and features first for PyTorch."""
    leaf = tensor(x, grad=True)
    y = features_last(module(features_first(leaf)))
    y.backward(tensor(dy))
    gradients = {f"d{name}": p.grad for name, p in module.named_parameters()}
    return {"x": x, "dy": dy, "y": y, "dx": leaf.grad} | gradients


def batch_norm(rng: np.random.Generator) -> dict[str, Values]:
    cases = {}
    for name, kind, shape in (
        ("rows", nn.BatchNorm1d, (7, 4)),
        ("images", nn.BatchNorm2d, (3, 2, 5, 4)),
    ):
        module = kind(4, momentum=0.1, eps=1e-5, dtype=torch.float64)
        gamma, beta = rng.uniform(0.5, 2, 4), rng.standard_normal(4)
        with torch.no_grad():
            module.weight.copy_(tensor(gamma))
            module.bias.copy_(tensor(beta))
        case = {"gamma": gamma, "beta": beta}
        for k in range(3):
            x, dy = 2 + 3 * rng.standard_normal(shape), rng.standard_normal(shape)
            module.zero_grad()
            values = run_images(module, x, dy)
            values["dgamma"], values["dbeta"] = (
                values.pop("dweight"),
                values.pop("dbias"),
            )
            values |= {"mean": module.running_mean, "var": module.running_var}
            case |= {f"{key}{k}": numpy(value) for key, value in values.items()}
        x = rng.standard_normal(shape)
        y = features_last(module.eval()(features_first(tensor(x))))
        cases[name] = case | {"x_inference": x, "y_inference": y}
    return cases


def convolution(rng: np.random.Generator) -> dict[str, Values]:
    f8 = {"dtype": torch.float64}
    filters = {
        "valid": nn.Conv2d(3, 4, 3, **f8),
        "same": nn.Conv2d(3, 4, (2, 3), padding="same", **f8),
        "stride_2": nn.Conv2d(3, 4, (3, 2), stride=2, padding=1, **f8),
        "depthwise": nn.Conv2d(3, 3, 3, padding=1, groups=3, **f8),
        "pointwise": nn.Conv2d(3, 5, 1, **f8),
    }
    pools = {
        "max": nn.MaxPool2d(2),
        "max_overlap": nn.MaxPool2d(3, stride=2, padding=1),
        "average": nn.AvgPool2d(2),
        "average_overlap": nn.AvgPool2d(3, 2, padding=1, count_include_pad=False),
        "global_average": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "global_max": nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()),
    }
    cases = {}
    for name, module in (filters | pools).items():
        x = rng.standard_normal((2, 7, 6, 3))
        params = {}
        for key, w in module.named_parameters():
            params[key] = rng.standard_normal(w.shape)
            with torch.no_grad():
                w.copy_(tensor(params[key]))
        dy = rng.standard_normal(features_last(module(features_first(tensor(x)))).shape)
        values = run_images(module, x, dy)
        if params:
            values |= {"W": params["weight"].transpose(2, 3, 1, 0), "b": params["bias"]}
            values["dW"] = values.pop("dweight").permute(2, 3, 1, 0)
            values["db"] = values.pop("dbias")
        cases[name] = values
    return cases


def dropout(rng: np.random.Generator) -> dict[str, Values]:
    torch.manual_seed(0)
    x = away_from_zero(rng, (8, 6))
    values = run(nn.Dropout(0.3), x, rng.standard_normal((8, 6)))
    return {"dropout": values | {"kept": values["y"] != 0}}


def losses(rng: np.random.Generator) -> dict[str, Values]:
    outputs = 3 * rng.standard_normal((6, 4))
    soft = rng.dirichlet(np.ones(4), 6)
    classes = rng.integers(4, size=6)
    cases = {
        "mse": (F.mse_loss, rng.standard_normal((6, 4))),
        "mae": (F.l1_loss, rng.standard_normal((6, 4))),
        "bce": (F.binary_cross_entropy_with_logits, rng.random((6, 4))),
        "ce_labels": (F.cross_entropy, classes),
        "ce_soft": (F.cross_entropy, soft),
    }
    values = {}
    for name, (loss, targets) in cases.items():
        leaf = tensor(outputs, grad=True)
        result = loss(leaf, torch.tensor(targets))
        result.backward()
        values[name] = {
            "outputs": outputs,
            "targets": targets,
            "loss": result,
            "gradient": leaf.grad,
        }
    return values


def optimizers(rng: np.random.Generator) -> dict[str, Values]:
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-3),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.8, eps=1e-3),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3),
        "adamw": lambda p: torch.optim.AdamW(
            p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2
        ),
    }
    cases = {}
    for name, make in kinds.items():
        start = {"W": rng.standard_normal((3, 2)), "b": rng.standard_normal(2)}
        params = {key: tensor(w, grad=True) for key, w in start.items()}
        optimizer = make(list(params.values()))
        case = {f"{key}_start": w for key, w in start.items()}
        for k in range(N_STEPS):
            for key, w in params.items():
                case[f"d{key}{k}"] = rng.standard_normal(w.shape)
                w.grad = tensor(case[f"d{key}{k}"])
            optimizer.step()
            case |= {f"{key}{k}": numpy(w) for key, w in params.items()}
        cases[name] = case
    return cases


def schedules(rng: np.random.Generator) -> dict[str, Values]:
    looks = np.round(rng.random(20), 2)
    kinds = {
        "exponential": lambda o: lr_scheduler.ExponentialLR(o, 0.9),
        "staircase": lambda o: lr_scheduler.StepLR(o, 4, 0.5),
        "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, 20, 0.01),
        "warm_up": lambda o: lr_scheduler.LinearLR(o, 1 / 5, 1, 4),
        "plateau": lambda o: lr_scheduler.ReduceLROnPlateau(
            o, factor=0.5, patience=2, threshold=0, threshold_mode="abs"
        ),
    }
    cases = {}
    for name, make in kinds.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
        scheduler, rates = make(optimizer), []
        for look in looks:
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step(*([look] if name == "plateau" else []))
        cases[name] = {"rates": np.array(rates)}
    cases["plateau"]["looks"] = looks
    return cases


def network(rng: np.random.Generator) -> dict[str, Values]:
    """Dense, batch norm, ReLU, dense; trained by Adam on cross-entropy."""
    model = nn.Sequential(nn.Linear(12, 8), nn.BatchNorm1d(8), nn.ReLU())
    model = nn.Sequential(*model, nn.Linear(8, 4)).double()
    names = ("dense1.W", "dense1.b", "batchnorm1.gamma", "batchnorm1.beta")
    params = dict(
        zip((*names, "dense2.W", "dense2.b"), model.parameters(), strict=True)
    )
    case = {}
    for name, w in params.items():
        start = rng.normal(0.2, 0.5, w.T.shape if w.ndim == 2 else w.shape)
        case[f"{name}_start"] = start
        with torch.no_grad():
            w.copy_(tensor(start.T))
    # The gradient of a bias before batch normalization is rounding and nothing else;
    # without this eps, Adam would make whole steps of it, in directions of chance.
    optimizer, found = torch.optim.Adam(model.parameters(), lr=0.01, eps=1e-4), []
    for k in range(N_STEPS):
        case[f"x{k}"] = rng.standard_normal((10, 12))
        case[f"labels{k}"] = rng.integers(4, size=10)
        optimizer.zero_grad()
        loss = F.cross_entropy(
            model(tensor(case[f"x{k}"])), torch.tensor(case[f"labels{k}"])
        )
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    case["losses"] = np.array(found)
    case |= {f"{name}_end": numpy(w).T for name, w in params.items()}
    case["batchnorm1.mean_end"] = model[1].running_mean
    case["batchnorm1.var_end"] = model[1].running_var
    case["logits"] = model.eval()(tensor(case["x0"]))
    return {"network": case}


def numpy(value: torch.Tensor | np.ndarray) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        return value.detach().numpy().copy()
    return np.asarray(value)


FAMILIES = (
    dense,
    activations,
    batch_norm,
    dropout,
    losses,
    optimizers,
    schedules,
    network,
    convolution,
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    torch.set_num_threads(1)
    for seed, family in enumerate(FAMILIES):
        arrays = {"torch": np.array(torch.__version__)}
        for case, values in family(np.random.default_rng(seed)).items():
            arrays |= {f"{case}.{key}": numpy(value) for key, value in values.items()}
        path = FOLDER / f"{family.__name__}.npz"
        np.savez(path, **arrays)
        print(f"{path.name}: {len(arrays)} arrays, {path.stat().st_size / 1000:.0f} kB")
    ship(FOLDER / "batch_norm.npz", RECORDED / "batch_norm_pytorch.npz")


def ship(source: Path, target: Path) -> None:
    """Copy the numbers of a file, and the version of PyTorch as numbers too."""
    with np.load(source, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "torch"}
        release = str(stored["torch"]).partition("+")[0]
    np.savez(target, torch=np.array([int(n) for n in release.split(".")]), **arrays)


if __name__ == "__main__":
    main()
