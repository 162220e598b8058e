/**
 * The life of a request: plan, assignment, backend, observation, answer.
 *
 * <p>Owns the order in which these happen and that each assigned request is observed once. Refuses
 * wire formats (the doors') and computing (the backends'). Entry: {@link
 * weir.serving.InferencePipeline}.
 */
@NullMarked
package weir.serving;

import org.jspecify.annotations.NullMarked;
