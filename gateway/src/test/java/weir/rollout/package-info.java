@NullMarked
package weir.rollout;

import org.jspecify.annotations.NullMarked;
