package weir.demo;

/**
 * One stone of the data set: weight in carat, grades, proportions in percent, price in US dollars,
 * and size in millimetres. One component per column of the file.
 */
record Diamond(
    double carat,
    String cut,
    String color,
    String clarity,
    double depth,
    double table,
    double price,
    double x,
    double y,
    double z) {
  String description() {
    return "%s ct %s %s %s".formatted(carat, cut, color, clarity);
  }
}
