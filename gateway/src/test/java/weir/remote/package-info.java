@NullMarked
package weir.remote;

import org.jspecify.annotations.NullMarked;
