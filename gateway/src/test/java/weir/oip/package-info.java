@NullMarked
package weir.oip;

import org.jspecify.annotations.NullMarked;
