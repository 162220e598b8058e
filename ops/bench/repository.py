"""Folders of models that the bench makes."""

import hashlib
import shutil


def model_folder(own, model, features, variants):
    """A model of equal versions with its digests, as `ops/weir digest` writes them."""
    for version in range(1, variants + 1):
        (own / str(version)).mkdir(parents=True)
        shutil.copy(model, own / str(version) / "model.onnx")
    config = (f'name: "{own.name}"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 0\n'
              f'input [ {{ name: "input", data_type: TYPE_FP32, dims: [ -1, {features} ] }} ]\n'
              'output [ { name: "probability", data_type: TYPE_FP32, dims: [ -1, 1 ] } ]\nversion_policy { all { } }\n')
    (own / "config.pbtxt").write_text(config)
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    lines = [f"{digest}  {version}/model.onnx" for version in range(1, variants + 1)]
    lines.append(f"{hashlib.sha256(config.encode()).hexdigest()}  config.pbtxt")
    (own / "SHA256SUMS").write_text("\n".join(lines) + "\n")
