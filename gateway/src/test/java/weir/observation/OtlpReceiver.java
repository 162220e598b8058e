package weir.observation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** An OpenTelemetry collector as far as tests need one: OTLP over HTTP in protobuf, decoded. */
final class OtlpReceiver implements AutoCloseable {
  /** A received span; ids in hexadecimal, {@code parentId} empty at the root of a trace. */
  record Span(
      String traceId,
      String spanId,
      String parentId,
      String name,
      int kind,
      Map<String, String> attributes,
      List<Event> events,
      int status) {}

  record Event(String name, Map<String, String> attributes) {}

  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final Map<String, String> resource = new LinkedHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final int status;

  OtlpReceiver(int status) throws IOException {
    this.status = status;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Span> spans() {
    return spans;
  }

  Span span(String name) {
    List<Span> named = spans.stream().filter(span -> span.name().equals(name)).toList();
    if (named.size() != 1) {
      throw new AssertionError(named.size() + " spans '" + name + "' in " + spans);
    }
    return named.getFirst();
  }

  Map<String, String> resource() {
    return resource;
  }

  List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + type);
    if (status == 200) {
      fields(
          ByteBuffer.wrap(body),
          (field, resourceSpans) ->
              fields(
                  bytes(resourceSpans),
                  (inner, value) -> {
                    if (inner == 1) {
                      resource.putAll(attributes(bytes(value), 1));
                    } else if (inner == 2) {
                      fields(
                          bytes(value),
                          (scoped, span) -> {
                            if (scoped == 2) {
                              spans.add(span(bytes(span)));
                            }
                          });
                    }
                  }));
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static Span span(ByteBuffer message) {
    String[] text = {"", "", "", ""};
    int[] number = new int[2];
    List<Event> events = new ArrayList<>();
    fields(
        message.duplicate(),
        (field, value) -> {
          switch (field) {
            case 1 -> text[0] = hex(bytes(value));
            case 2 -> text[1] = hex(bytes(value));
            case 4 -> text[2] = hex(bytes(value));
            case 5 -> text[3] = text(bytes(value));
            case 6 -> number[0] = ((Long) value).intValue();
            case 11 -> events.add(event(bytes(value)));
            case 15 ->
                fields(
                    bytes(value),
                    (inner, code) -> {
                      if (inner == 3) {
                        number[1] = ((Long) code).intValue();
                      }
                    });
            default -> {}
          }
        });
    return new Span(
        text[0],
        text[1],
        text[2],
        text[3],
        number[0],
        attributes(message, 9),
        List.copyOf(events),
        number[1]);
  }

  private static Event event(ByteBuffer message) {
    String[] name = {""};
    fields(
        message.duplicate(),
        (field, value) -> {
          if (field == 2) {
            name[0] = text(bytes(value));
          }
        });
    return new Event(name[0], attributes(message, 3));
  }

  /** The string attributes in that field of a message. */
  private static Map<String, String> attributes(ByteBuffer message, int field) {
    Map<String, String> attributes = new LinkedHashMap<>();
    fields(
        message,
        (number, pair) -> {
          if (number == field) {
            String[] entry = {"", ""};
            fields(
                bytes(pair),
                (part, value) -> {
                  if (part == 1) {
                    entry[0] = text(bytes(value));
                  } else {
                    fields(bytes(value), (_, any) -> entry[1] = String.valueOf(shown(any)));
                  }
                });
            attributes.put(entry[0], entry[1]);
          }
        });
    return attributes;
  }

  private static Object shown(Object any) {
    return any instanceof ByteBuffer bytes ? text(bytes) : any;
  }

  /** Calls {@code each} with every field's number and its Long or ByteBuffer. */
  private static void fields(ByteBuffer message, BiConsumer<Integer, Object> each) {
    ByteBuffer in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      int field = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> each.accept(field, varint(in));
        case 1 -> each.accept(field, in.getLong());
        case 2 -> {
          int length = (int) varint(in);
          each.accept(field, in.slice(in.position(), length));
          in.position(in.position() + length);
        }
        case 5 -> each.accept(field, (long) in.getInt());
        default -> throw new IllegalStateException("wire type of tag " + tag);
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static ByteBuffer bytes(Object value) {
    return (ByteBuffer) value;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }
}
