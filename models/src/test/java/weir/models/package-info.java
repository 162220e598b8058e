/**
 * Checks the committed models: digests, signatures and held-out quality, in the runtime that serves
 * them.
 *
 * <p>Refuses to train or to write anything: {@code train} does. Enter at {@link
 * weir.models.DiamondPriceTest}; a new version of the model is a row there, a new model a test of
 * its own.
 */
@NullMarked
package weir.models;

import org.jspecify.annotations.NullMarked;
