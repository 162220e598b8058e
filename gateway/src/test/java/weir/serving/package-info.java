@NullMarked
package weir.serving;

import org.jspecify.annotations.NullMarked;
