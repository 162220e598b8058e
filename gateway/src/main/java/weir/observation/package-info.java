/**
 * What happened: one observation of each assigned request, and the metrics, traces and logs made
 * from it.
 *
 * <p>Owns the metric catalogue, the bounded way to slow observers, and the tracing of a request.
 * Refuses to judge what it measures, to make a request wait, and to hold a tensor's value: scalars
 * and names only. Micrometer, the Prometheus client and OpenTelemetry are seen here and in
 * start-up, nowhere else. Entry: {@link weir.observation.Observer}. A new metric is a line of
 * {@link weir.observation.Metric}.
 */
@NullMarked
package weir.observation;

import org.jspecify.annotations.NullMarked;
