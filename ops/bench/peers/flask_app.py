"""Flask and scikit-learn, with the same checks and answer as fastapi_app."""

from flask import Flask, jsonify, request
from pydantic import ValidationError

from fastapi_app import Request, answer

app = Flask(__name__)


@app.post("/v2/models/plain-30/infer")
def infer():
    try:
        return jsonify(answer(Request(**request.get_json())))
    except ValidationError as e:
        return jsonify(error=str(e)), 400
