@NullMarked
package weir.observation;

import org.jspecify.annotations.NullMarked;
