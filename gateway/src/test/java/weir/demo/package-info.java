/** Tests of the demo: its tallies, its pictures as text, and whole runs against a stub gateway. */
@NullMarked
package weir.demo;

import org.jspecify.annotations.NullMarked;
