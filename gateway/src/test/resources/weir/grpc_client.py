"""A stock gRPC client: classes made at run time from the build's descriptor set. Arguments: its path, host:port."""
import struct
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

pool = descriptor_pool.DescriptorPool()
with open(sys.argv[1], "rb") as file:
    for each in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(each)


def message(name):
    descriptor = pool.FindMessageTypeByName("inference." + name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


channel = grpc.insecure_channel(sys.argv[2], options=[("grpc.enable_http_proxy", 0)])


def unary(call):
    return channel.unary_unary(
        "/inference.GRPCInferenceService/" + call,
        request_serializer=message(call + "Request").SerializeToString,
        response_deserializer=message(call + "Response").FromString)


def stone(typed):
    request = message("ModelInferRequest")(model_name="diamond-price", id="7")
    numbers = dict(carat=0.5, depth=61.5, table=55, x=5.1, y=5.1, z=3.2)
    for name, value in numbers.items():
        tensor = request.inputs.add(name=name, datatype="FP32", shape=[1, 1])
        if typed:
            tensor.contents.fp32_contents.append(value)
        else:
            request.raw_input_contents.append(struct.pack("<f", value))
    for name, value in dict(cut=b"Ideal", color=b"E", clarity=b"SI1").items():
        tensor = request.inputs.add(name=name, datatype="BYTES", shape=[1, 1])
        if typed:
            tensor.contents.bytes_contents.append(value)
        else:
            request.raw_input_contents.append(struct.pack("<I", len(value)) + value)
    return request


print("live", unary("ServerLive")(message("ServerLiveRequest")(), timeout=10).live)
for typed in (False, True):
    answer, call = unary("ModelInfer").with_call(
        stone(typed), timeout=10, metadata=[("x-user-id", "ann")])
    price = struct.unpack("<f", answer.raw_output_contents[0])[0]
    variant = dict(call.initial_metadata())["weir-variant"]
    print("price", answer.model_version == variant, answer.id, variant, round(price, 3))
try:
    unary("ModelInfer")(message("ModelInferRequest")(model_name="nobody"), timeout=10)
except grpc.RpcError as error:
    print("refused", error.code().name)
stream = channel.stream_stream(
    "/inference.GRPCInferenceService/ModelStreamInfer",
    request_serializer=message("ModelInferRequest").SerializeToString,
    response_deserializer=message("ModelStreamInferResponse").FromString)
print("stream", sum(1 for each in stream(iter([stone(False)] * 5), timeout=10) if not each.error_message))
