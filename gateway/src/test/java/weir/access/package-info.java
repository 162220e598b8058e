@NullMarked
package weir.access;

import org.jspecify.annotations.NullMarked;
