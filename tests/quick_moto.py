"""moto's DynamoDB, without what it does again and again.

It parses an expression twice, copies what it has parsed, and looks it through ten times: that takes
longer than all the rest of a request. What it answers is the same.
"""

import pickle
from functools import cache
from importlib import import_module
from typing import Any, cast


@cache
def hurry() -> None:
    """From now on, in this process."""
    expressions: Any = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser
    parse = expressions.make

    @cache
    def parsed(expression: str) -> bytes:
        return pickle.dumps(parse(expression))

    def parsed_anew(expression: str) -> object:
        return pickle.loads(parsed(expression))

    def copied(tree: object) -> object:
        return pickle.loads(pickle.dumps(tree))

    expressions.make = parsed_anew
    validators: Any = import_module("moto.dynamodb.parsing.validators")
    validators.deepcopy = copied
    validators.DepthFirstTraverser.traverse = _traversed
    responses: Any = import_module("moto.core.responses")
    responses.method_names_from_class = cache(responses.method_names_from_class)
    picker: Any = responses.XFormedAttributePicker
    pick = picker.__call__

    def picked(its: object, wanted: Any) -> object:
        shape = getattr(wanted.shape, "parent", None)
        if getattr(shape, "name", "") == "AttributeValue" and isinstance(wanted.obj, dict):
            return cast("dict[str, object]", wanted.obj).get(wanted.key)  # keys have no other names
        return pick(its, wanted)

    picker.__call__ = picked


def _traversed(traverser: Any, root: Any) -> object:
    """Depth first, as moto does it, which asks of each node whether it is one of a class."""
    ways = traverser._processing_map()
    if type(root) in ways:  # it looks at all that is in an expression, and so again at each clause
        return ways[type(root)](root)

    def visit(node: Any, place: int) -> Any:
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            traverser.pre_processing_of_child(node, number)
            if hasattr(child, "parent"):
                visit(child, number)
        if way := ways.get(type(node)):
            node = way(node)
            node.parent = parent
            if parent:
                parent.children[place] = node
        return node

    return visit(root, -1)
