/** Tests of the HTTP doors. */
@NullMarked
package weir.http;

import org.jspecify.annotations.NullMarked;
