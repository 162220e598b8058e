package weir.oip;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import weir.inference.Datatype;

/** Jackson's parser of bytes, which can pass over the plain numbers of an array at once. */
final class RowParser extends UTF8StreamJsonParser {
  private RowParser(
      IOContext context,
      int features,
      @Nullable ObjectCodec codec,
      ByteQuadsCanonicalizer symbols,
      byte[] json,
      int from,
      int to) {
    super(context, features, null, codec, symbols, json, from, to, 0, false);
  }

  /** Makes parsers of UTF-8 that is in memory whole. */
  static final class Factory extends JsonFactory {
    private static final long serialVersionUID = 1L;

    Factory(JsonFactoryBuilder builder) {
      super(builder);
    }

    @Override
    public RowParser createParser(byte[] json, int from, int length) throws IOException {
      return (RowParser) super.createParser(json, from, length);
    }

    @Override
    protected JsonParser _createParser(byte[] json, int from, int length, IOContext context)
        throws IOException {
      return new RowParser(
          context,
          _parserFeatures,
          _objectCodec,
          _byteSymbolCanonicalizer.makeChild(_factoryFeatures),
          json,
          from,
          from + length);
    }
  }

  /**
   * Puts the numbers of the array that starts at the current token, if they are plain and that
   * many; the next token is then the array's end. Else the next is its first element.
   */
  boolean row(Datatype datatype, ByteBuffer data, int first, int count) {
    if (_currToken != JsonToken.START_ARRAY || count == 0) {
      return false;
    }
    int bracket =
        new NumberRow(_inputBuffer, _inputPtr, _inputEnd).read(datatype, data, first, count);
    if (bracket < 0) {
      return false;
    }
    _inputPtr = bracket;
    return true;
  }
}
