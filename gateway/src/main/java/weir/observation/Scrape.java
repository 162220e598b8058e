package weir.observation;

/** All metrics at one moment, in the format of {@code contentType}; sent as UTF-8. */
public record Scrape(String contentType, String body) {}
