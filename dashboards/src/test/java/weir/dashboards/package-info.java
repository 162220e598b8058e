/**
 * The tests of the Grafana dashboards: {@link weir.dashboards.Dashboard} reads one, a shape test
 * reads its JSON strictly, and a query test asks a real Prometheus about a real gateway.
 *
 * <p>Every {@code *.json} in the module's folder is tested; a new dashboard needs no new test.
 */
@NullMarked
package weir.dashboards;

import org.jspecify.annotations.NullMarked;
