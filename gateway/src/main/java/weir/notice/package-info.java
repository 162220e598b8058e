/**
 * Events out: what happened, told as a live stream and to webhooks.
 *
 * <p>Owns the numbering of notices, the last ones in memory, the bounded way to each subscriber,
 * and the delivery to webhooks. Refuses to decide anything, to delay who tells it, and to show a
 * secret. Entry: {@link weir.notice.Notices}. A new source is a function that makes a {@link
 * weir.notice.Notice}, and a call of {@code publish} in start-up.
 */
@NullMarked
package weir.notice;

import org.jspecify.annotations.NullMarked;
