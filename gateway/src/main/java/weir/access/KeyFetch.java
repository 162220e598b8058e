package weir.access;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/** Fetches an issuer's keys: no redirects, 64 KiB at most, two seconds for each step. */
final class KeyFetch implements ResourceRetriever {
  private static final int BYTES_MAX = 64 << 10;
  private static final int STEP_MILLIS = 2_000;

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    URLConnection opened = url.openConnection();
    if (!(opened instanceof HttpURLConnection connection)) {
      throw new IOException("jwks is not at an http address");
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(STEP_MILLIS);
    connection.setReadTimeout(STEP_MILLIS);
    connection.setRequestProperty("accept", "application/json");
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("the issuer answers " + connection.getResponseCode());
      }
      try (InputStream in = connection.getInputStream()) {
        byte[] body = in.readNBytes(BYTES_MAX + 1);
        if (body.length > BYTES_MAX) {
          throw new IOException("the issuer's keys are larger than " + BYTES_MAX + " bytes");
        }
        return new Resource(new String(body, StandardCharsets.UTF_8), "application/json");
      }
    } finally {
      connection.disconnect();
    }
  }
}
