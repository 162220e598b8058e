"""FastAPI and httpx as a proxy: a weighted coin for each request, over kept connections."""

import os
import random

import httpx
from fastapi import FastAPI, Request, Response

upstream = f"http://127.0.0.1:{os.environ['BENCH_UPSTREAM_PORT']}"
client = httpx.AsyncClient(limits=httpx.Limits(max_connections=256, max_keepalive_connections=256), timeout=10)
app = FastAPI()


@app.post("/{path:path}")
async def proxy(path: str, request: Request):
    variant = "a" if random.random() < 0.8 else "b"
    headers = {"content-type": request.headers.get("content-type", "application/json"), "x-variant": variant}
    answer = await client.post(f"{upstream}/{path}", content=await request.body(), headers=headers)
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))
