"""Prices of diamonds with Flask: flask_diamonds.py MODEL.onnx PORT

    POST /price {"carat": 0.5, "depth": 61.5, ...} or an array of such -> {"price": [1712.3, ...]}
"""

import logging
import sys

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

from diamonds_model import Diamonds

NUMBERS = ("carat", "depth", "table", "x", "y", "z")
WORDS = ("cut", "color", "clarity")

model = Diamonds(sys.argv[1])
app = Flask(__name__)


def problem(stone):
    """What is wrong with one stone; empty when nothing is."""
    if not isinstance(stone, dict):
        return "a stone is an object"
    wrong = [name for name in NUMBERS if not isinstance(stone.get(name), (int, float))]
    wrong += [name for name in WORDS if not isinstance(stone.get(name), str)]
    return f"missing or of the wrong type: {', '.join(wrong)}" if wrong else ""


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.post("/price")
def price():
    given = request.get_json()
    stones = given if isinstance(given, list) else [given]
    problems = [each for each in map(problem, stones) if each]
    if problems:
        return jsonify(error=problems[0]), 400
    return jsonify(price=model.prices(stones))


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", int(sys.argv[2]), app, threaded=True)
    print(f"ready on port {server.port}", flush=True)
    server.serve_forever()
