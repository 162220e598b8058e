/**
 * Start-up and command line: puts the packages together and reads as a table of contents.
 *
 * <p>Owns the settings' root and the moment when a changed file becomes a new plan. Refuses logic
 * of its own. Entry: {@link weir.Weir}. Nothing uses this package.
 */
@NullMarked
package weir;

import org.jspecify.annotations.NullMarked;
