/**
 * How many requests a variant is given at once, and whose.
 *
 * <p>Owns the rule by which that number follows what waiting does to latency, and the shares of
 * callers in it. Refuses to wait, to compute and to know what a request holds: backend and remote
 * do. Entry: {@link weir.admission.Admission}.
 */
@NullMarked
package weir.admission;

import org.jspecify.annotations.NullMarked;
