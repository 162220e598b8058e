@NullMarked
package weir.backend;

import org.jspecify.annotations.NullMarked;
