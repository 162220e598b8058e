/**
 * Settings: one YAML text becomes a tree of settings records, or every problem at once.
 *
 * <p>Owns the reading, the writing back, the JSON Schema and the watch on a file. Refuses to know
 * any setting: it binds whatever record it is given, by the record's components. Entry: {@link
 * weir.config.ConfigReader}. A new type of component is a constant or record of {@code Kind}; the
 * compiler then names the places that read, write and describe it.
 */
@NullMarked
package weir.config;

import org.jspecify.annotations.NullMarked;
