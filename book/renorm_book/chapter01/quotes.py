"""What chapter 1 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm_book.quote import quote

# %% after one-network
accuracy = net.accuracy(X_test, y_test)
quote("53,002 weights", net.n_weights)
quote("about 81 % of a thousand new ones", accuracy, se=trainings.binomial_error(accuracy))
assert net.accuracy(X, y) == 1

# %% after claims
for settings in trainings.EXPERIMENTS["grid"]:  # the test error climbs, in every step, draw by draw
    rise, error = trainings.mean_and_error(np.diff(trainings.final(settings["n"], settings["width"])[1], axis=1))
    assert np.all(rise > 4 * error)
assert np.all(train_end == 0)  # every label is fitted, whatever the corruption
stuck, its_error = trainings.mean_and_error(trainings.final(1000, 16)[0][:, -1])
assert abs(stuck - 0.45) + 4 * its_error < 0.15  # "does get stuck", half way
# a label drawn from the hat has nothing to do with any image: the expected error at p = 1 is exactly 0.9
assert abs(test[-1] - 0.9) < 3 * trainings.mean_and_error(test_end)[1][-1]
quote("from 19 %", test[0], se=uncertainty[0])
quote("to 90 %", test[-1], se=uncertainty[-1])


def known(pair):
    return {"value": pair[0], "se": pair[1]}


told_truth, told_nonsense = trainings.condition_draws(0.0), trainings.condition_draws(1.0)
mean, error = trainings.mean_and_error(told_truth["epochs"])
quote("33 ± 1 epochs", mean, se=error)
longer = trainings.mean_and_error(told_nonsense["epochs"])
quote("78 ± 2 for the last random one", **known(longer))
quote("a factor of 2.3", longer[0] / mean, se=longer[0] / mean * np.hypot(error / mean, longer[1] / longer[0]))
elsewhere, spread = np.mean(trainings.kept("elsewhere"), axis=2), np.std(trainings.kept("elsewhere"), axis=2, ddof=1)
factors = elsewhere[:, 1] / elsewhere[:, 0]
for factor, part in zip(factors, np.hypot(*(spread / elsewhere).T) / np.sqrt(trainings.DRAWS), strict=True):
    quote("give 1.8 ± 0.1", factor, se=factor * part)
quote("after 3 epochs with true labels", **known(trainings.mean_and_error(told_truth["early"])))
quote("after 33 with random ones", **known(trainings.mean_and_error(told_nonsense["early"])))
noisy = {name: found[:, -1, -1, 2] for name, found in trainings.draws("grid").items()}  # 1,000 images, 256 units, 40 %
quote("falls to 26 %", **known(trainings.measured_error(noisy["lowest"])))
quote("rises to 42 %", test[2], se=uncertainty[2])
copier = trainings.copyist()
(clean_copy, _, noisy_copy, *_), (clean_error, _, copy_error, *_) = trainings.measured_error(copier)
quote("errs on 22 %", clean_copy, se=clean_error)
quote("on 50 % at $p=40", noisy_copy, se=copy_error)
better, lead_error = trainings.ahead_of_copyist()  # the same labels told, the same test images
assert np.all(better[:-1] > 2.5 * lead_error[:-1])
unfitted, error = trainings.mean_and_error(trainings.final(1000, 16)[0][:, -1])
quote("43 % are still not fitted", unfitted, se=error)
falling = trainings.errors(trainings.trained(1000, 16, 1.0))[0]
assert falling[-1] < falling[-50] < falling[-100]
quote("3,322 weights", MLP((196, 16, 10), 0).n_weights)

# %% after symmetry
found = {name: trainings.condition_draws(condition) for name, condition in trainings.CONDITIONS.items()}
epochs = {name: trainings.mean_and_error(draws["epochs"]) for name, draws in found.items()}
for name in ("random pixels", "Gaussian noise"):
    quote("after 6.5 ± 0.2 epochs", **known(epochs[name]))
    assert epochs[name][0] + 3 * epochs[name][1] < epochs["true labels"][0]
assert epochs["random labels"][0] > epochs["true labels"][0] + 3 * epochs["true labels"][1]
assert all(np.all(draws["train"] == 0) for draws in found.values())
for name in ("random labels", "random pixels", "Gaussian noise"):  # nine in ten: they know nothing of new images, but
    # for how many pixels of a picture are how bright, which random pixels keep and this network does not find
    mean, error = trainings.mean_and_error(found[name]["test"])
    assert abs(mean - 0.9) < 3 * error
# shuffled or not: the same within 3 standard errors, which are 0.6 points and 5 epochs
for what in ("test", "epochs"):
    gap, error = trainings.mean_and_error(found["shuffled pixels"][what] - found["true labels"][what])
    assert abs(gap) < 3 * error
right = {name: 100 * (1 - draws["test"]) for name, draws in (("truth", told_truth), ("nonsense", told_nonsense))}
error = 100 * trainings.binomial_error(0.18)
quote("81 | 100", right["truth"].mean(), se=error)
quote("10 | Do not compare", right["nonsense"].mean(), se=error)

# %% after fig-decay
clean, noisy, nonsense = (trainings.decay_errors(p) for p in trainings.DECAY_CORRUPTIONS)
at = trainings.DECAYS.index
gain, error = trainings.mean_and_error(clean[1][:, :1] - clean[1])  # the same seeds, the same test images
assert np.all(gain + 2 * error < 0.01)
assert nonsense[0][:, at(0.001)].mean() < 0.01
found, error = trainings.mean_and_error(nonsense[1])
assert np.all(np.abs(found - 0.9) <= 3 * error + 1e-6)
quote("the test error is 21 %", **known(trainings.measured_error(clean[1][:, 0])))
quote("from 45 ± 2 %", **known(trainings.measured_error(noisy[1][:, 0])))
quote("down to 31 ± 2 %", **known(trainings.measured_error(noisy[1][:, at(0.03)])))
quote("29 % of the labels it was told", **known(trainings.mean_and_error(noisy[0][:, at(0.03)])))
quote("leaves 81 % of the labels unfitted", **known(trainings.mean_and_error(nonsense[0][:, at(0.1)])))

# %% after theorem
quote("2,196 numbers", memory.n_weights)
quote("198,000, so", 1000 * (196 + 2))  # a weight for each pixel, a threshold and an output weight for each unit
quote("24 here", 4 * np.ceil(1000 / 196))
assert fitted == 1 and np.abs(memory.weights).max() > 1e5 and memory.condition > 1e8

# %% after fig-kernel
results = {b: kernels.kernel_results(b) for b in kernels.KERNEL_WIDTHS}
assert all(found["train"][0].max() == 0 for found in results.values())
quote("from 0.9 %", **known(kernels.kernel_mean(1.6, "test", 0.0, 0.0)))
quote("to 90 %, the training", **known(kernels.kernel_mean(1.6, "test", 0.0, 1.0)))
quote("errs on 39 % of new digits", **known(kernels.kernel_mean(1.6, "test", 0.0, 0.5)))
quote("down to 7 %", **known(kernels.kernel_mean(1.6, "test", 1e-3, 0.5)))
quote("refuses to fit 33 % of the labels", **known(kernels.kernel_mean(1.6, "train", 1e-3, 0.5)))
quote("to 1.1 %: no gain", **known(kernels.kernel_mean(1.6, "test", 1e-3, 0.0)))
quote("is 26 %", **known(kernels.kernel_mean(0.7, "test", 0.0, 0.5)))
quote("from 20 to 99", **known(kernels.kernel_mean(1.6, "norm", 0.0, 0.0)))
quote("99. Across kernels", **known(kernels.kernel_mean(1.6, "norm", 0.0, 1.0)))
quote("a norm of 83", **known(kernels.kernel_mean(3.2, "norm", 0.0, 0.0)))
quote("a test error of 1.0 %", **known(kernels.kernel_mean(3.2, "test", 0.0, 0.0)))
quote("take only 48", **known(kernels.kernel_mean(1.0, "norm", 0.0, 1.0)))
refused = votes.argmax(axis=1) != told  # the last of the two machines above, with the ridge
assert np.mean(told[refused] != digits.train_labels[refused]) > 0.98
rise = np.diff(results[1.6]["test"][0], axis=0)  # from one share of random labels to the next, draw by draw
assert np.all(rise.mean(axis=1) > 4 * rise.std(axis=1, ddof=1) / np.sqrt(rise.shape[1]))
tangent, error = trainings.measured_error(trainings.tangent_machine())
quote("errs on 22 % of the clothes", tangent[0], se=error[0])
quote("on 50 % at $p=40\\,\\%$; the trained", tangent[2], se=error[2])
quote("network on 19 %", test[0], se=uncertainty[0])
ahead, error = trainings.mean_and_error(trainings.tangent_machine() - test_end[:3])  # draw by draw
assert np.all(ahead[[0, 2]] > 3 * error[[0, 2]])

# %% after exercise-classify
quote("gives 5 % at $p=0.5$", **known(kernels.kernel_mean(1.6, "test", 1e-2, 0.5)))
quote("3.9 % instead of 0.9 % with true labels", kernels.kernel_mean(1.6, "test", 1e-2, 0.0)[0])
p, e = np.array([0.2, 0.4, 0.6, 0.8]), clean_copy
formula = 1 - (1 - p) * (1 - e) - p / 10
np.testing.assert_allclose(formula, [0.35, 0.49, 0.63, 0.76], atol=0.005)
measured, error = trainings.mean_and_error(copier[:, 1:5])
assert np.all(np.abs(measured - formula) < 3 * error)
network = np.transpose([test, uncertainty])
quote("27 %, 42 %, 58 %, 74 %", **known(network[1]))
quote("42 %, 58 %, 74 %", **known(network[2]))
quote("58 %, 74 %", **known(network[3]))
quote("74 %. It is better", **known(network[4]))
quote("8, 8, 5 and 3 points (± 1", 100 * better[1], se=100 * lead_error[1])
np.testing.assert_allclose(better[2:5], [0.08, 0.05, 0.03], atol=0.005)
assert np.all((0.007 < lead_error[:5]) & (lead_error[:5] < 0.014))
quote("by 3 ± 1 points", 100 * better[0], se=100 * lead_error[0])
