/**
 * The only durable state: decisions as append-only streams, evidence as checkpoints, feedback as
 * rows.
 *
 * <p>Owns the database, its schema and who may write when. Refuses to know what an entry or a
 * checkpoint means, to lose what it acknowledged, and to apply a half of anything. JDBC is seen
 * here and nowhere else. Entry: {@link weir.journal.Journal}. A change of the schema is a new file
 * in {@code weir/journal} and a line in {@link weir.journal.Migrations}; another engine is an
 * implementation that passes the contract test.
 */
@NullMarked
package weir.journal;

import org.jspecify.annotations.NullMarked;
