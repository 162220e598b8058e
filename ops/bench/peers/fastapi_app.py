"""FastAPI, pydantic and scikit-learn: how a model is commonly served in Python."""

from typing import List, Optional

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel, validator

from plain30 import score


class Tensor(BaseModel):
    name: str
    shape: List[int]
    datatype: str
    data: List[float]

    @validator("data")
    def fits_shape(cls, data, values):
        if np.prod(values.get("shape", [])) != len(data):
            raise ValueError("shape does not match data")
        return data


class Request(BaseModel):
    id: Optional[str] = None
    inputs: List[Tensor]


def answer(request):
    tensor = request.inputs[0]
    scores = score(np.asarray(tensor.data, dtype=np.float32).reshape(tensor.shape))
    output = {"name": "probability", "shape": [len(scores), 1], "datatype": "FP32", "data": [float(s) for s in scores]}
    return {"model_name": "plain-30", "model_version": "1", "id": request.id, "outputs": [output]}


app = FastAPI()


@app.post("/v2/models/plain-30/infer")
async def infer(request: Request):
    return answer(request)
