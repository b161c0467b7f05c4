"""What code reaches by name: members of modules that it names, closures, imports inside; and whose code is whose."""

import functools
import types

import numpy as np

from renorm._numerics import validate
from renorm.experiments import reach
from renorm.theory.population import Population

SCALE = 2.0


def helper(x):
    return SCALE * x


def test_of_a_module_only_what_is_named():
    def outer(x):
        return [validate.positive("x", helper(value)) for value in x] + [lambda: validate.matrix]

    found = reach.reached(outer)
    assert {id(value) for value in found} >= {id(helper), id(validate.positive), id(validate.matrix)}
    assert validate.number not in found and validate not in found


def test_a_module_that_is_passed_on_counts_as_a_whole_and_others_code_is_not_entered():
    assert reach.reached(lambda: print(validate)) == [validate]
    assert reach.reached(lambda: np.linalg.svd) == [np]


def test_closures_and_cells_that_are_still_empty():
    module, number = validate, 3

    def inner():
        return module.vector, number, later

    assert {id(value) for value in reach.reached(inner)} == {id(validate.vector), id(number)}
    later = 1
    assert later in reach.reached(inner)


def test_imports_inside_a_function():
    def whole():
        import renorm._numerics.validate as v

        return v

    def members():
        from renorm._numerics import products
        from renorm._numerics.validate import matrix

        return matrix, products

    import renorm
    from renorm import _numerics
    from renorm._numerics import products

    assert reach.reached(whole) == [renorm, _numerics, validate]
    assert all(value in reach.reached(members) for value in (validate.matrix, products))


def test_a_relative_import_is_found_from_the_package_of_the_function():
    code = compile("def f():\n    from .validate import matrix\n    return matrix", "<typed>", "exec")
    names = {"__package__": "renorm._numerics", "__name__": "renorm._numerics.typed"}
    exec(code, names)
    assert reach.reached(names["f"]) == [validate.matrix]


def test_whose_code_it_is():
    assert all(map(reach.is_foreign, (np, np.linalg.svd, functools.reduce, dict, types)))
    assert not any(map(reach.is_foreign, (validate, Population, helper, Population([1.0], [1.0]), 3)))
    assert reach.version(np.mean) == np.__version__ and reach.version(functools.reduce) == ""
    assert reach.home(np.linalg) == "numpy.linalg" and reach.home(helper) == __name__
