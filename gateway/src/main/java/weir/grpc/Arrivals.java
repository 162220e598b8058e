package weir.grpc;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler.Sharable;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import weir.observation.CutReason;
import weir.observation.DoorMeters;

/**
 * Sits where connections arrive: closes those for which there is no room, and knows the others by
 * the address that they come from.
 */
@Sharable
final class Arrivals extends ChannelInboundHandlerAdapter {
  private static final int PREFACE_BYTES = 24;

  private final GrpcSettings settings;
  private final DoorMeters meters;
  private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();
  private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

  Arrivals(GrpcSettings settings, DoorMeters meters) {
    this.settings = settings;
    this.meters = meters;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof Channel arrived)
        || !(arrived.remoteAddress() instanceof InetSocketAddress from)) {
      context.fireChannelRead(message);
      return;
    }
    String address = from.getAddress().getHostAddress();
    if (enter(from, address, arrived)) {
      arrived.pipeline().addLast(new FirstBytes(address));
      context.fireChannelRead(message);
    } else {
      meters.cut(CutReason.TOO_MANY, address);
      arrived.unsafe().closeForcibly();
    }
  }

  private boolean enter(InetSocketAddress from, String address, Channel arrived) {
    int held = byAddress.merge(address, 1, Integer::sum);
    if (held > settings.maxConnectionsPerAddress() || open.size() >= settings.maxConnections()) {
      forget(address);
      return false;
    }
    open.put(from, arrived);
    var _ =
        arrived
            .closeFuture()
            .addListener(_ -> {
              open.remove(from, arrived);
              forget(address);
            });
    return true;
  }

  private void forget(String address) {
    byAddress.computeIfPresent(address, (_, held) -> held > 1 ? held - 1 : null);
  }

  /** Ends the connection from there, without the farewell that would wait for its calls. */
  void cut(@Nullable SocketAddress from) {
    Channel channel = from == null ? null : open.get(from);
    if (channel != null) {
      channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
    }
  }

  /** Tells of a connection that the server gave up before a preface, or as much of a TLS hello. */
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    private final String address;
    private final long since = System.nanoTime();
    private int come;

    FirstBytes(String address) {
      this.address = address;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      come += bytes instanceof ByteBuf buffer ? buffer.readableBytes() : PREFACE_BYTES;
      if (come >= PREFACE_BYTES) {
        context.pipeline().remove(this);
      }
      context.fireChannelRead(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (System.nanoTime() - since >= settings.firstByteTimeout().toNanos()) {
        meters.cut(CutReason.SLOW_START, address);
      }
      context.fireChannelInactive();
    }
  }
}
