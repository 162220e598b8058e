/**
 * The HTTP doors: the inference protocol on one port, management on another.
 *
 * <p>Owns reading bodies, decoding, encoding, status codes and headers. Refuses decisions: what
 * happens to a request is the pipeline's. Entry: {@link weir.http.HttpDoors}. A new path is a
 * handler class and one line in {@link weir.http.HttpDoors}.
 */
@NullMarked
package weir.http;

import org.jspecify.annotations.NullMarked;
