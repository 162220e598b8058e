@NullMarked
package weir.inference;

import org.jspecify.annotations.NullMarked;
