package weir;

import java.nio.file.Path;

/** A real gateway for the tests of other packages. */
public final class PublicGateway implements AutoCloseable {
  private final TestGateway gateway;

  private PublicGateway(TestGateway gateway) {
    this.gateway = gateway;
  }

  public static PublicGateway start(Path state) throws Exception {
    return new PublicGateway(
        TestGateway.start(TestGateway.REPOSITORY, state, "plain-30: {}\ndiamond-price: {}"));
  }

  public int grpcPort() {
    return gateway.gateway().grpcPort();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
