package weir.inference;

/** What a model declares of one input or output; −1 in the shape takes any size. */
public record TensorSpec(String name, Datatype datatype, Shape shape) {}
