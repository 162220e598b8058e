@NullMarked
package weir.stats;

import org.jspecify.annotations.NullMarked;
