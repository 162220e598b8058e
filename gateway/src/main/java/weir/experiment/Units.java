package weir.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What has been counted of each unit: an open-addressing table from a unit's hash to its marks.
 *
 * <p>Linear probing, load at most ½, 12 bytes a slot, so at most 48 bytes a unit after growth. A
 * unit that finds no room is unknown for good: it was turned away at its first exposure, before
 * anything depended on its variant, so that leaving it out keeps every test valid. Marks: bit 0 is
 * the first exposure, then one bit per check for its first event or outcome; bits 16–23 and 24–31
 * hold 1 + the step of the unit's last trial, for all measured requests and for those whose latency
 * is judged. Not thread-safe.
 */
final class Units {
  static final int CHECKS_MAX = 14;
  static final int STEPS_MAX = 250;

  /** Which trial of a unit in a step. */
  enum Trial {
    MEASURED(16),
    TIMED(24);

    private final int shift;

    Trial(int shift) {
      this.shift = shift;
    }

    private int of(int mark) {
      return mark >>> shift & BYTE;
    }
  }

  private static final int EXPOSED = 1;
  private static final int DIRTY = 1 << 15;
  private static final int BYTE = 0xff;
  private static final int START = 1 << 10;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final long max;
  private long[] hashes = new long[START];
  private int[] marks = new int[START];
  private int size;
  private boolean full;
  private long[] changed = new long[START];
  private int changes;
  private List<UnitMark> unwritten = new ArrayList<>();

  Units(long max) {
    this.max = max;
  }

  /** Whether a unit has been turned away. */
  boolean full() {
    return full;
  }

  /** Whether this is the unit's first exposure. */
  boolean exposed(long hash) {
    return first(hash, EXPOSED);
  }

  /** Whether this is the unit's first event or outcome of that check. */
  boolean counted(long hash, int check) {
    return first(hash, EXPOSED << (1 + check));
  }

  /** Whether this is the unit's first trial in that step; a step before its last one is over. */
  boolean tried(long hash, Trial trial, int step) {
    int slot = slot(hash);
    if (slot < 0 || trial.of(marks[slot]) > step) {
      return false;
    }
    mark(slot, (marks[slot] & ~(BYTE << trial.shift)) | ((step + 1) << trial.shift));
    return true;
  }

  private boolean first(long hash, int bit) {
    int slot = slot(hash);
    if (slot < 0 || (marks[slot] & bit) != 0) {
      return false;
    }
    mark(slot, marks[slot] | bit);
    return true;
  }

  /** Every unit in the table has a mark; 0 is a free slot. */
  private int slot(long hash) {
    int mask = hashes.length - 1;
    int slot = start(hash, mask);
    while (marks[slot] != 0) {
      if (hashes[slot] == hash) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    if (size >= max) {
      full = true;
      return -1;
    }
    if (2 * (size + 1) > hashes.length) {
      grow();
      return slot(hash);
    }
    hashes[slot] = hash;
    size++;
    return slot;
  }

  private static int start(long hash, int mask) {
    return (int) ((hash * MIX) >>> Integer.SIZE) & mask;
  }

  private void mark(int slot, int mark) {
    if ((mark & DIRTY) == 0) {
      if (changes == changed.length) {
        changed = Arrays.copyOf(changed, 2 * changes);
      }
      changed[changes++] = hashes[slot];
    }
    marks[slot] = mark | DIRTY;
  }

  private void grow() {
    long[] oldHashes = hashes;
    int[] oldMarks = marks;
    hashes = new long[2 * oldHashes.length];
    marks = new int[hashes.length];
    int mask = hashes.length - 1;
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldMarks[i] != 0) {
        int slot = start(oldHashes[i], mask);
        while (marks[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        hashes[slot] = oldHashes[i];
        marks[slot] = oldMarks[i];
      }
    }
  }

  /** The marks changed since {@link #written} was last told of an answer of this. */
  List<UnitMark> changed() {
    List<UnitMark> all = new ArrayList<>(unwritten);
    LongConsumer add =
        hash -> {
          int slot = slot(hash);
          marks[slot] &= ~DIRTY;
          all.add(new UnitMark(hash, marks[slot]));
        };
    Arrays.stream(changed, 0, changes).forEach(add);
    changes = 0;
    unwritten = all;
    return all;
  }

  /** The last answer of {@link #changed} is safe. */
  void written() {
    unwritten = new ArrayList<>();
  }

  /** {@code mark} as if that check had no event or outcome. */
  static int without(int mark, int check) {
    return mark & ~(EXPOSED << (1 + check));
  }

  /** Takes in what earlier processes counted: every mark they have, and the later steps. */
  void restore(UnitMark unit) {
    int slot = (unit.mark() & ~DIRTY) == 0 ? -1 : slot(unit.unitHash());
    if (slot >= 0) {
      int mark = (marks[slot] | unit.mark()) & ~DIRTY;
      for (Trial trial : Trial.values()) {
        int last = Math.max(trial.of(marks[slot]), trial.of(unit.mark()));
        mark = (mark & ~(BYTE << trial.shift)) | (last << trial.shift);
      }
      marks[slot] = mark;
    }
  }
}
