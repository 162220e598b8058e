package weir.oip;

/** An output that the caller selected, and whether it is to come as raw bytes. */
public record WantedOutput(String name, boolean binary) {}
