"""The weights of models/repository/plain-30 as scikit-learn's own logistic regression."""

import pathlib
import struct

import numpy as np
from sklearn.linear_model import LogisticRegression

FEATURES = 30
MODEL = pathlib.Path(__file__).resolve().parents[3] / "models" / "repository" / "plain-30" / "1" / "model.onnx"


def classifier():
    raw = MODEL.read_bytes()
    mark = b"weightsJ" + bytes([4 * FEATURES])  # the tensor's name, then the tag and length of its raw data
    at = raw.index(mark) + len(mark)
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_ = np.array([struct.unpack_from(f"<{FEATURES}f", raw, at)])
    model.intercept_ = np.zeros(1)
    model.n_features_in_ = FEATURES
    return model


CLASSIFIER = classifier()


def score(rows):
    return CLASSIFIER.predict_proba(rows)[:, 1]
