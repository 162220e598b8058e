"""Writes the small models of this folder: python3 make.py (needs the package onnx).

All take x (FP32, [1, 1]) and answer y (FP32, [1, 1]).
"""
import pathlib

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


def constant(name, values, dtype):
    return numpy_helper.from_array(np.array(values, dtype), name)


def save(name, nodes, constants):
    one = [1, 1]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, one)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, one)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    checker.check_model(model)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


def gather(name, row):
    """Answers x, or fails where the computed row is not 0."""
    nodes = row + [
        helper.make_node("Cast", ["row_f"], ["row_i"], to=TensorProto.INT64),
        helper.make_node("Reshape", ["row_i", "flat"], ["row"]),
        helper.make_node("Gather", ["x", "row"], ["y"], axis=0),
    ]
    constants = [
        constant("zero", 0, np.float32),
        constant("far", 99, np.float32),
        constant("flat", [1], np.int64),
        constant("half", 0.5, np.float32),
    ]
    used = {name for node in nodes for name in node.input}
    save(name, nodes, [c for c in constants if c.name in used])


save("healthy", [helper.make_node("Add", ["x", "x"], ["y"])], [])
gather(
    "failing",
    [
        helper.make_node("Mul", ["x", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "far"], ["row_f"]),
    ],
)
# Fails where x is at least 0.5.
gather(
    "half-failing",
    [
        helper.make_node("GreaterOrEqual", ["x", "half"], ["bad"]),
        helper.make_node("Cast", ["bad"], ["bad_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["bad_f", "far"], ["row_f"]),
    ],
)
save(
    "invalid",
    [
        helper.make_node("Abs", ["x"], ["positive"]),
        helper.make_node("Neg", ["positive"], ["negative"]),
        helper.make_node("Sub", ["negative", "one"], ["below"]),
        helper.make_node("Log", ["below"], ["y"]),
    ],
    [constant("one", 1, np.float32)],
)
# Counts to x times a thousand million: minutes for x = 1, nothing for the zeros of a warm-up.
body = helper.make_graph(
    [
        helper.make_node("Identity", ["go"], ["go_on"]),
        helper.make_node("Add", ["sum", "step"], ["next"]),
    ],
    "body",
    [
        helper.make_tensor_value_info("i", TensorProto.INT64, []),
        helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        helper.make_tensor_value_info("sum", TensorProto.FLOAT, [1, 1]),
    ],
    [
        helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
        helper.make_tensor_value_info("next", TensorProto.FLOAT, [1, 1]),
    ],
    [constant("step", [[1]], np.float32)],
)


def counting(name, first):
    save(
        name,
        first
        + [
            helper.make_node("Cast", ["count_f"], ["count_i"], to=TensorProto.INT64),
            helper.make_node("Reshape", ["count_i", "flat"], ["count"]),
            helper.make_node("Loop", ["count", "true", "x"], ["y"], body=body),
        ],
        [
            constant("many", 1e9, np.float32),
            constant("flat", [1], np.int64),
            constant("true", True, np.bool_),
        ],
    )


counting("hanging", [helper.make_node("Mul", ["x", "many"], ["count_f"])])
# The other way round: its warm-up takes as long as it is let, an x of a thousand million nothing.
counting("slow-start", [helper.make_node("Sub", ["many", "x"], ["count_f"])])
