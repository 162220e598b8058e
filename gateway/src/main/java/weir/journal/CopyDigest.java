package weir.journal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * A digest of a set of rows: the sum of their SHA-256, so that the order in which a database gives
 * them does not matter.
 */
final class CopyDigest {
  private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

  private final MessageDigest sha256;
  private BigInteger sum = BigInteger.ZERO;
  private long count;

  CopyDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Writes the fields of one row, each so that it ends where it says. */
  private interface Fields {
    void write(DataOutputStream row) throws IOException;
  }

  private void add(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream row = new DataOutputStream(bytes)) {
      fields.write(row);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    sum = sum.add(new BigInteger(1, sha256.digest(bytes.toByteArray()))).mod(MODULUS);
    count++;
  }

  void add(Recorded entry) {
    add(row -> {
      texts(
          row,
          entry.stream(),
          entry.entry().type(),
          entry.entry().actor(),
          entry.entry().why(),
          entry.entry().json());
      row.writeLong(entry.revision());
      row.writeLong(entry.position());
      row.writeLong(Micros.of(entry.at()));
    });
  }

  void add(String key, byte[] state, List<UnitMark> units, List<ClaimTable.Claimed> claims) {
    add(row -> {
      texts(row, key);
      row.writeInt(state.length);
      row.write(state);
      for (UnitMark unit : units) {
        row.writeLong(unit.unitHash());
        row.writeInt(unit.mark());
      }
      for (ClaimTable.Claimed claim : claims) {
        row.writeLong(claim.mark().unitHash());
        row.writeInt(claim.mark().mark());
        row.writeLong(claim.claimant());
      }
    });
  }

  void add(FeedbackRow feedback) {
    add(row -> {
      texts(
          row,
          feedback.prediction(),
          feedback.kind(),
          feedback.model(),
          feedback.version(),
          feedback.scoreLabel(),
          feedback.valueLabel());
      row.writeLong(feedback.generation());
      row.writeDouble(feedback.probability());
      row.writeLong(Micros.of(feedback.predictedAt()));
      row.writeLong(feedback.unitHash());
      row.writeDouble(feedback.score());
      row.writeDouble(feedback.value());
      row.writeLong(Micros.of(feedback.receivedAt()));
    });
  }

  private static void texts(DataOutputStream row, String... texts) throws IOException {
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      row.writeInt(bytes.length);
      row.write(bytes);
    }
  }

  long count() {
    return count;
  }

  String text() {
    return sum.toString(16);
  }
}
