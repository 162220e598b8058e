/**
 * The tests of the Grafana dashboards: {@link weir.dashboards.Dashboard} reads one, a shape test
 * reads its JSON strictly, and a query test asks a real Prometheus about a real gateway. The rules
 * that the dashboards and alerts need, in {@code ops/prometheus}, are tested with promtool.
 *
 * <p>Every {@code *.json} in the module's folder is tested; a new dashboard needs no new test.
 */
@NullMarked
package weir.dashboards;

import org.jspecify.annotations.NullMarked;
