@NullMarked
package weir.drift;

import org.jspecify.annotations.NullMarked;
