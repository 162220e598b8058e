@NullMarked
package weir.config;

import org.jspecify.annotations.NullMarked;
