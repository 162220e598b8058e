@NullMarked
package weir.routing;

import org.jspecify.annotations.NullMarked;
