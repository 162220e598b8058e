@NullMarked
package weir.notice;

import org.jspecify.annotations.NullMarked;
