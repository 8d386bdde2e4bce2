"""The NumPy core of *Deep Learning from the Basics*.

Read the modules in this order; each imports only from those above it.

functions     sigmoid, softmax, one-hot, toy surfaces
initializers  the size of the first random weights
layers        dense, activations, batch normalization, dropout, flatten
losses        what a network is told about its mistakes
models        layers in a row; looking inside; saving and loading
schedules     learning rates that change with time
optimizers    from gradients to smaller losses
training      minibatches, the training loop, early stopping
checkpoints   going on with a training that was interrupted
validation    which rows to learn from, and which to judge by
metrics       confusion, precision and recall, calibration
search        choosing hyperparameters, on many processors at a time
parallel      processes in a ring that train one network together
graph         single numbers, with values forward and derivatives backward
gradcheck     is a hand-written gradient right?
datasets      MNIST, cars, weather, and small sets to think with
landscape     one objective, looked up in a grid of real trainings
ablation      from a dense network to a deep one, one change at a time
transfer      what some digits are worth for learning others
pretrained    trained networks that travel with the package
recorded      results that take too long for a chapter, recorded once
plotting      figures for all of the above
explorers     figures with controls
exercises     checks that accept right answers and give hints for wrong ones
notebook      what the chapters use besides: style, sources, exercise checks

`arrays`, `files` and `palette` hold what several of them share.
"""

__version__ = "0.1.0"
