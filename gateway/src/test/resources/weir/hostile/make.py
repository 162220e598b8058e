"""Writes the hostile models of this folder: python3 make.py (needs the package onnx).

Each but the crafted part is Weir's usual small model: x (FP32, [1, 1]) in, y (FP32, [1, 1]) out.
"""
import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
FLOAT = TensorProto.FLOAT


def value(name, shape=(1, 1), dtype=FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def save(name, nodes, constants=(), sparse=(), inputs=None, outputs=None, functions=()):
    graph = helper.make_graph(
        nodes,
        name,
        inputs or [value("x")],
        outputs or [value("y")],
        list(constants),
        sparse_initializer=list(sparse),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    model.functions.extend(functions)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs, outputs, **attributes)


def elsewhere(location, name="w"):
    tensor = TensorProto(name=name, data_type=FLOAT, dims=[1, 1])
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in (("location", location), ("offset", "0"), ("length", "4")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, text
    return tensor


def constant(name, values, dtype):
    return numpy_helper.from_array(np.array(values, dtype), name)


ADD = node("Add", ["x", "w"], ["y"])
save("external-absolute", [ADD], [elsewhere("/etc/passwd")])
save("external-parent", [ADD], [elsewhere("../../../etc/passwd")])
save("external-beside", [ADD], [elsewhere("weights.bin")])
save("external-in-node", [node("Constant", [], ["w"], value=elsewhere("/etc/passwd")), ADD])

branch = helper.make_graph(
    [node("Add", ["x", "inner"], ["out"])], "branch", [], [value("out")], [elsewhere("/etc/passwd", "inner")]
)
save(
    "external-in-branch",
    [node("If", ["true"], ["y"], then_branch=branch, else_branch=branch)],
    [constant("true", True, np.bool_)],
)
function = helper.make_function(
    "weir.test",
    "AddW",
    ["a"],
    ["b"],
    [node("Constant", [], ["w"], value=elsewhere("/etc/passwd")), node("Add", ["a", "w"], ["b"])],
    [helper.make_opsetid("", 13)],
)
save("external-in-function", [node("Identity", ["x"], ["y"])], functions=[function])

huge = TensorProto(name="w", data_type=FLOAT, dims=[1 << 20, 1 << 20], raw_data=b"\0" * 4)
save("declares-too-much", [ADD], [huge])
overflow = TensorProto(name="w", data_type=FLOAT, dims=[1 << 62, 1 << 62], raw_data=b"\0" * 4)
save("declares-beyond-counting", [ADD], [overflow])
negative = TensorProto(name="w", data_type=FLOAT, dims=[-4, -1], raw_data=b"\0" * 16)
save("declares-negative", [ADD], [negative])
few = helper.make_sparse_tensor(
    constant("w", [1], np.float32), constant("", [0], np.int64), [1 << 20, 1 << 20]
)
save("unpacks-to-terabytes", [ADD], sparse=[few])
save(
    "computes-terabytes",
    [
        node("ConstantOfShape", ["many"], ["zeros"]),
        node("ReduceSum", ["zeros"], ["sum"], keepdims=1),
        node("Add", ["x", "sum"], ["y"]),
    ],
    [constant("many", [1 << 20, 1 << 20], np.int64)],
)
save("takes-gigabytes", [node("ReduceSum", ["x"], ["y"], keepdims=1)], inputs=[value("x", (1, 1 << 30))])
save("takes-beyond-counting", [node("ReduceSum", ["x"], ["y"], keepdims=1)], inputs=[value("x", (1 << 62, 1 << 62))])
save("cycle", [node("Add", ["x", "b"], ["a"]), node("Add", ["a", "x"], ["b"]), node("Identity", ["b"], ["y"])])
save("unknown-operator", [node("Frobnicate", ["x"], ["y"])])
save("unknown-domain", [helper.make_node("RunShell", ["x"], ["y"], domain="evil.example")])
save("wrong-shape", [node("MatMul", ["x", "w"], ["y"])], [constant("w", np.zeros((7, 3)), np.float32)])
save("no-output", [node("Identity", ["x"], ["z"])], outputs=[value("nowhere")])
save("reads-nothing", [node("Add", ["x", "missing"], ["y"])])
save(
    "not-a-tensor",
    [node("SequenceConstruct", ["x"], ["y"])],
    outputs=[helper.make_tensor_sequence_value_info("y", FLOAT, [1, 1])],
)
deep = helper.make_graph([node("Identity", ["x"], ["out"])], "deep", [], [value("out")])
for level in range(60):
    deep = helper.make_graph(
        [node("If", ["true"], ["out"], then_branch=deep, else_branch=helper.make_graph([node("Identity", ["x"], ["out"])], "e", [], [value("out")]))],
        f"deep{level}",
        [],
        [value("out")],
    )
save("deep", [node("If", ["true"], ["y"], then_branch=deep, else_branch=deep)], [constant("true", True, np.bool_)])
