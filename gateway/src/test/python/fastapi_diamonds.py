"""Prices of diamonds with FastAPI: fastapi_diamonds.py MODEL.onnx PORT

    POST /predict {"instances": [{"carat": 0.5, "depth": 61.5, ...}, ...]} -> {"predictions": [{"price": 1712.3}, ...]}
"""

import socket
import sys
from typing import List

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from diamonds_model import Diamonds


class Stone(BaseModel):
    carat: float
    depth: float
    table: float
    x: float
    y: float
    z: float
    cut: str
    color: str
    clarity: str


class Stones(BaseModel):
    instances: List[Stone]


model = Diamonds(sys.argv[1])
app = FastAPI()


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/predict")
def predict(stones: Stones):
    prices = model.prices([stone.dict() for stone in stones.instances])
    return {"predictions": [{"price": price} for price in prices]}


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
    print(f"ready on port {listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning")).run(sockets=[listener])
