"""Version 1 of the diamonds model, for services in Python: the coefficients come from its ONNX file."""

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Diamonds:
    """The linear model of log(price); prices many stones at once."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
        self.carat_range = constants["carat_least"], constants["carat_most"]
        self.weights, self.intercept = constants["weights"], constants["intercept"]
        self.effects = {}
        for node in graph.node:
            if node.op_type == "LabelEncoder":
                given = {each.name: helper.get_attribute_value(each) for each in node.attribute}
                words = [word.decode() for word in given["keys_strings"]]
                self.effects[node.input[0]] = dict(zip(words, given["values_floats"]))

    def prices(self, stones):
        """US dollars for each stone, a mapping of feature to value."""
        features = [[np.log(np.clip(stone["carat"], *self.carat_range)), stone["depth"], stone["table"],
                     *(self.effects[grade].get(stone[grade], 0.0) for grade in ("cut", "color", "clarity"))]
                    for stone in stones]
        log_price = np.asarray(features, dtype=np.float32).reshape(-1, len(self.weights)) @ self.weights + self.intercept
        return [float(price) for price in np.exp(log_price[:, 0])]
