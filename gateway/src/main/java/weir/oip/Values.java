package weir.oip;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the elements of one input are put, one JSON value after another. */
sealed interface Values permits FixedWidthValues, StringValues {
  /** How many elements there is room for; more are counted, but not put. */
  int capacity();

  /** Puts the current value of the parser as element {@code index}; indices come in order. */
  void put(JsonToken token, JsonText json, int index) throws IOException, Refusal;

  /**
   * Puts the elements of the array that starts at the parser's current token, if they are plain and
   * that many, for which there is room; the next token is then the array's end. Else nothing was
   * read, and what was put does not count.
   */
  boolean putRow(JsonText json, int first, int count);

  /** What an element looks like, as {@code a number}. */
  String expectation();

  /** The tensor's data, once every element was put. */
  ByteBuffer data();
}
